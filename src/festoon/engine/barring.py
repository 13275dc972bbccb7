"""Who may take part at all: a member is blocked, let in again, or erased.

Blocking refuses what a member asks for. What happened is taken as ever, and what was set aside for an order that he
placed before can be settled.
"""

from collections.abc import Callable, Collection

from festoon.base.errors import Refused, define
from festoon.engine.outcome import MechanicOutcome
from festoon.engine.view import EventView
from festoon.engine.world import Trail
from festoon.ledger.transfers import Transfer
from festoon.members.profile import BLOCKED

MEMBER_BLOCKED = define(
    "member.blocked",
    200,
    "this account cannot take part at the moment",
    "该账号目前不能参与",
    todo="ask the platform's support",
    todo_zh="如有疑问请联系客服",
)
BLOCKED_ALREADY = define("member.blocked_already", 200, "this member is blocked already", "该会员已被封禁")
NOT_BLOCKED = define("member.not_blocked", 200, "this member is not blocked", "该会员未被封禁")
SETTLING = frozenset({"hold.posted", "hold.released"})
"""Requests by which something is brought to an end that was begun before."""

Moved = tuple[MechanicOutcome, list[Transfer]]


def refuses_blocked(type_: str, requests: Collection[str]) -> bool:
    """Whether an event of this type is refused when its member is blocked."""
    return type_ in requests and type_ not in SETTLING


def member_object(number: int) -> str:
    """How the audit trail names a member: by what stays when he is erased."""
    return f"member/{number}"


def _block(view: EventView) -> Moved:
    if BLOCKED in view.person.profile:
        raise Refused(BLOCKED_ALREADY)
    view.person.profile = {**view.person.profile, BLOCKED: True}
    return _noted(view, "member.block")


def _unblock(view: EventView) -> Moved:
    if BLOCKED not in view.person.profile:
        raise Refused(NOT_BLOCKED)
    view.person.profile = {name: known for name, known in view.person.profile.items() if name != BLOCKED}
    return _noted(view, "member.unblock")


def _erase(view: EventView) -> Moved:
    """The profile goes with the batch's rows, everything else with `engine/erased_rows.py`."""
    view.person.profile = {}
    view.person.personal = {}
    view.person.erased = True
    view.world.erased.append(view.number)
    return _noted(view, "member.erase")


def _noted(view: EventView, act: str) -> Moved:
    view.person.touched_profile = True
    data, event = view.event.data, view.event
    after = {"reason": data["reason"], "event": event.id}
    if by := data.get("checked_by"):
        after["checked_by"] = by
    view.world.trail.append(
        Trail(
            view.now, str(data.get("made_by") or event.source), act, member_object(view.number), None, after
        )
    )
    return MechanicOutcome(f"festoon/{event.type}", note={"reason": data["reason"]}), []


BARRING: dict[str, Callable[[EventView], Moved]] = {
    "member.blocked": _block,
    "member.unblocked": _unblock,
    "member.erased": _erase,
}
