"""An operator changes a balance. What one person may do alone is declared in the plan, a member and a day; beyond that
it takes a second signature, and the rule sees to it under the member's lock, whichever way the event came.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from festoon.base.errors import Refused, define
from festoon.base.times import end_of_day
from festoon.engine.apply import start_lot_timers
from festoon.engine.barring import member_object
from festoon.engine.view import EventView
from festoon.engine.world import Trail
from festoon.ledger.accounts import ISSUER, MEMBER, SPENT
from festoon.ledger.book import post
from festoon.ledger.transfers import Transfer

ASSET_UNKNOWN = define("asset.unknown", 200, "there is no asset '{asset}'", "不存在资产“{asset}”")
ALONE = define(
    "adjust.needs_second",
    200,
    "one person may change {limit} {asset} of a member a day; {used} of it are used today",
    "单人每日最多可调整每位会员{limit}{asset}，今日已用{used}",
    todo="ask for a second signature",
    todo_zh="请提交他人审核",
)
ADJUSTED = "festoon/adjusted"
"""Where it is kept how much was adjusted with one signature."""


def adjust(view: EventView) -> list[Transfer]:
    """Add to a balance, or take from it. Raises Refused, and then nothing has changed."""
    data = view.event.data
    asset, amount = data["asset"], data["amount"]
    if asset not in view.program.assets:
        raise Refused(ASSET_UNKNOWN, asset=asset)
    if not data.get("checked_by") and asset in view.program.alone:
        _room(view, asset, abs(amount))
    before = view.person.book.balance(asset)
    done = post(view.person.book, view.world.shared, _moves(view, asset, amount), view.program.expiring)
    start_lot_timers(view.person)
    if not data.get("checked_by") and asset in view.program.alone:
        _count(view, asset, abs(amount))
    view.world.trail.append(
        Trail(
            view.now,
            str(data.get("made_by") or view.event.source),
            "balance.adjust",
            member_object(view.number),
            {"asset": asset, "balance": before},
            {
                "asset": asset,
                "amount": amount,
                "reason": data["reason"],
                "checked_by": data.get("checked_by"),
                "event": view.event.id,
            },
        )
    )
    return list(done)


def _moves(view: EventView, asset: str, amount: int) -> list[Transfer]:
    why = "festoon/balance.adjusted"
    if amount < 0:
        return [Transfer(asset, MEMBER, SPENT, -amount, None, why)]
    lot, expires = None, view.event.data.get("expires")
    if expires and asset in view.program.expiring:
        lot = end_of_day(datetime.fromisoformat(str(expires)).date(), ZoneInfo("UTC"))
    return [Transfer(asset, ISSUER, MEMBER, amount, lot, why)] if amount else []


def _today(view: EventView, asset: str) -> str:
    return f"{asset} {view.now.astimezone(UTC).date()}"


def _room(view: EventView, asset: str, amount: int) -> None:
    """Raises Refused when it is more than one person may change in a day."""
    progress = view.person.progress_of(ADJUSTED)
    used = 0 if progress is None else progress.capped.get(_today(view, asset), 0)
    limit = view.program.alone[asset]
    if used + amount > limit:
        raise Refused(ALONE, limit=limit, asset=asset, used=used)


def _count(view: EventView, asset: str, amount: int) -> None:
    progress = view.person.progress_to_change(ADJUSTED)
    today = _today(view, asset)
    day = today.rpartition(" ")[2]
    kept = {name: used for name, used in progress.capped.items() if name.endswith(day)}
    progress.capped = {**kept, today: kept.get(today, 0) + amount}
