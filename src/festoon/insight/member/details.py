"""What is known now behind each question of `why`: times, limits used, what is left of stock and budget."""

from datetime import datetime
from typing import Any

import asyncpg
from msgspec import Struct

from festoon.base.expressions.explaining import Explained, why_not
from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.hints import reads_of
from festoon.engine.listener import HOLDOUT_PARTS, Listener
from festoon.engine.program import Program
from festoon.engine.view import EventView
from festoon.insight.member.called import Called
from festoon.insight.member.looking import looked
from festoon.insight.member.texts import text
from festoon.insight.wording import share
from festoon.members.profile import BLOCKED
from festoon.plan.money import CURRENCIES, money


class Detail(Struct, frozen=True):
    """What is known about one question: the answer as of now, words, and a condition taken apart."""

    passed: bool | None = None
    text: str = ""
    behind: Explained | None = None


async def details(
    connection: asyncpg.Connection,
    program: Program,
    listener: Listener,
    number: int,
    now: datetime,
    language: str,
    called: Called,
) -> dict[str, Detail]:
    """By question, where there is something to say."""

    def ask(view: EventView) -> dict[str, Detail]:
        view.listener = listener
        schedule, opening = listener.campaign.schedule, listener.opening
        tester = opening is not None and view.subject in opening.testers
        start = listener.warm_up if tester else schedule.start
        return {
            "runs": Detail(passed=True),
            "blocked": Detail(BLOCKED not in view.person.profile),
            "paused": Detail(not listener.paused),
            "visitor": Detail(listener.plan.everyone or number < FIRST_NUMBER),
            "phase": Detail(start <= now < schedule.end, _times(listener)),
            "rollout": Detail(opening is None or tester or opening.admits(view.subject, now)),
            "holdout": Detail(not (listener.holdout and listener.holds_out(view.person) and not tester)),
            "limits": _limits(listener, view, language),
        }

    found = await looked(connection, program, number, None, now, ask)
    return {**found, **await _left(connection, program, listener, language, called)}


def _limits(listener: Listener, view: EventView, language: str) -> Detail:
    limit = listener.per_member
    if limit is None:
        return Detail()
    return Detail(view.times < limit, text("note", "limits", language, given=view.times, limit=limit))


async def _left(
    connection: asyncpg.Connection, program: Program, listener: Listener, language: str, called: Called
) -> dict[str, Detail]:
    """What is left of the budget lines and the stocks behind what the mechanic gives."""
    accounts = [program.shared[key].id for key in reads_of(listener).shared if key in program.shared]
    if not accounts:
        return {}
    parts: dict[str, list[str]] = {}
    passed: dict[str, bool] = {}
    for row in await connection.fetch(
        "SELECT holder, asset, balance FROM shared_account WHERE id = ANY($1::bigint[]) ORDER BY id", accounts
    ):
        kind = "budget" if "/budget/" in row["holder"] else "stock" if "/stock/" in row["asset"] else ""
        if not kind:
            continue
        name = (row["holder"] if kind == "budget" else row["asset"]).rpartition("/")[2]
        if kind == "stock" and ":" in name:
            sort, _, thing = name.partition(":")
            name = called.thing(listener.campaign.campaign, sort, f"{listener.campaign.campaign}/{thing}")
        known = row["asset"] in CURRENCIES
        left = money(row["balance"], row["asset"]) if known else f"{row['balance']:,}"
        parts.setdefault(kind, []).append(text("note", "left", language, left=left, name=name))
        passed[kind] = passed.get(kind, True) and row["balance"] > 0
    now = text("note", "now", language)
    return {
        kind: Detail(passed[kind], text("note", "as_of", language, said=", ".join(said), at=now))
        for kind, said in parts.items()
    }


def _times(listener: Listener) -> str:
    start, end = (_local(listener, at) for at in (listener.start, listener.end))
    return f"{start} – {end}"


def _local(listener: Listener, at: datetime) -> str:
    return f"{at.astimezone(listener.zone):%Y-%m-%d %H:%M}"


def words_of(listener: Listener, failed: str, there: dict[str, Detail], language: str) -> dict[str, Any]:
    """What fills in the sentence of a question that failed."""
    if failed == "phase":
        times = {"start": listener.start, "end": listener.end, "settle": listener.settle}
        return {name: _local(listener, at) for name, at in times.items()}
    if failed == "holdout":
        return {"share": share(listener.holdout / HOLDOUT_PARTS, 2)}
    if failed == "exclusive":
        return {"group": listener.group}
    if failed in ("condition", "audience"):
        known = there.get(failed)
        return {"text": "" if known is None or known.behind is None else in_words(known.behind, language)}
    return {}


def in_words(behind: Explained, language: str) -> str:
    """The parts that are behind it, each with the values it read: `event.amount >= 100 (event.amount: 90)`."""
    missing = text("note", "missing", language)
    said = []
    for part in why_not(behind):
        values = ", ".join(
            f"{name}: {missing if value is None else value}" for name, value in part.values.items()
        )
        said.append(f"{part.text} ({values})" if values else part.text)
    return "; ".join(said)
