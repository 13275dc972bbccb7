"""为什么没发给我: why a member was or was not given something by a mechanic, asked question by question.

The questions are those of the engine, in its order, so that the first that fails is the answer. What an event came to
is read off its stored outcome; the values behind a condition are those of the event as it came and of the member as he
is now, and each answer says which.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import asyncpg
from msgspec import Struct

from festoon.base.errors import text_of
from festoon.base.events import Event
from festoon.base.expressions import Condition
from festoon.base.expressions.explaining import Explained, explain
from festoon.engine.barring import MEMBER_BLOCKED
from festoon.engine.decide import NO_SUCH_MECHANIC, NOT_FOR_YOU
from festoon.engine.listener import Listener
from festoon.engine.outcome import MechanicOutcome, Outcome, Refusal
from festoon.engine.program import GRANTED, Program
from festoon.engine.risk import BLOCKED as ON_BLOCK_LIST
from festoon.engine.risk import TOO_RISKY
from festoon.engine.view import EventView
from festoon.insight.member.called import ByCode, Called
from festoon.insight.member.details import Detail, details, words_of
from festoon.insight.member.events import MemberEvent, Taken, events
from festoon.insight.member.looking import looked
from festoon.insight.member.texts import text
from festoon.ledger.book import BUDGET_SHORT, STOCK_EMPTY
from festoon.mechanics.limits import CAP_REACHED, LIMIT_MEMBER, LIMIT_PERIOD, LIMIT_TOTAL, SHARED_CAP

QUESTIONS = (
    "runs", "event", "blocked", "paused", "visitor", "phase", "condition", "rollout", "exclusive", "holdout",
    "audience", "limits", "risk", "rule", "caps", "stock", "budget",
)  # fmt: skip
"""In the order in which they are asked."""
BEHIND = {
    MEMBER_BLOCKED: "blocked", LIMIT_MEMBER: "limits", LIMIT_PERIOD: "limits", LIMIT_TOTAL: "limits",
    CAP_REACHED: "caps", SHARED_CAP: "caps", STOCK_EMPTY: "stock", BUDGET_SHORT: "budget", TOO_RISKY: "risk",
    ON_BLOCK_LIST: "risk",
}  # fmt: skip
"""The question that a refusal's code answers; any other is the mechanic's own."""
State = Literal["passed", "failed", "not_asked"]
SHOWN = 20
FOLLOWED = 200
"""Events among which those are looked for in which a mechanic heard of what another gave."""


class Check(Struct, frozen=True):
    """One question. `basis` says whether the answer is the one that was given `then`, or how it is `now`; `behind` is
    the condition taken apart."""

    name: str
    question: str
    state: State
    basis: str = ""
    detail: str = ""
    behind: Explained | None = None


class Looked(Taken, frozen=True):
    """An event that the mechanic listens to, and in a word what the mechanic made of it."""

    answer: str


class Why(Struct, frozen=True):
    """The whole answer. `verdict` is given, held, counted, or the question that failed; `text` says it in words, and
    `code` is the refusal's, when there was one."""

    campaign: str
    mechanic: str
    verdict: str
    text: str
    code: str
    event: Looked | None
    checks: list[Check]
    events: list[Looked]


class Asked(Struct, frozen=True):
    """What is asked: a member, a mechanic, perhaps an event or an instant; as of `now`, in a language, and
    with the names that `called` has."""

    number: int
    campaign: str
    mechanic: str
    now: datetime
    language: str
    event: str | None = None
    at: datetime | None = None
    called: Called = ByCode()

    @property
    def key(self) -> str:
        return f"{self.campaign}/{self.mechanic}"


async def why(connection: asyncpg.Connection, program: Program, asked: Asked) -> Why:
    """The latest event that the mechanic could have answered (or the one asked for), and what became of it."""
    listener = program.by_key.get(asked.key)
    if listener is None:
        said = text("verdict", "not_running", asked.language, mechanic=asked.key)
        return _answer(asked, "runs", said, "", None, [], {})
    types = listener.plan.awaits
    follows = GRANTED in types  # what others gave is told in the outcome of the event behind it
    found = await events(
        connection,
        asked.number,
        types=None if asked.event or follows else types,
        id=asked.event,
        until=asked.at,
        limit=FOLLOWED if follows else SHOWN,
    )
    found = [each for each in found if _concerns(each, listener, asked)][:SHOWN]
    there = await details(
        connection, program, listener, asked.number, asked.now, asked.language, asked.called
    )
    if not found:
        name = "event_gone" if asked.event else "no_event"
        said = text("verdict", name, asked.language, types=_types(types, asked))
        return _answer(
            asked, "event", said, "", None, [], await _as_of_now(connection, program, listener, asked, there)
        )
    happened = found[0]
    failed, refusal = judged(happened.outcome, asked.key)
    event = Event(happened.source, happened.id, happened.type, "", happened.time, happened.data)
    if failed in ("condition", "absent") and happened.type in types and listener.plan.when is not None:
        behind = await _taken_apart(connection, program, listener, asked, event, listener.plan.when)
        there = {**there, "condition": _with(asked, behind)}
        if failed == "absent" and not behind.holds:
            failed = "condition"
    if failed == "audience" and listener.campaign.audience is not None:
        behind = await _taken_apart(connection, program, listener, asked, event, listener.campaign.audience)
        there = {**there, "audience": _with(asked, behind)}
    if happened.type not in types and failed == "absent":
        names = {"type": asked.called.event(happened.type), "types": _types(types, asked)}
        said = text("verdict", "not_of_type", asked.language, **names)
        return _answer(asked, "event", said, "", happened, found, there)
    verdict, said = _said(asked, listener, happened, failed, refusal, there)
    code = "" if refusal is None or refusal.code == NOT_FOR_YOU else refusal.code
    return _answer(asked, verdict, said, code, happened, found, there)


def _concerns(happened: MemberEvent, listener: Listener, asked: Asked) -> bool:
    """A request that names another mechanic is none of this one's, unless it was asked for."""
    types = listener.plan.types
    if asked.event or (happened.type in types and not listener.request):
        return True
    if happened.type not in types:
        return judged(happened.outcome, asked.key)[0] != "absent"
    return bool(happened.data.get("mechanic", asked.mechanic) == asked.mechanic)


def judged(outcome: Outcome, key: str) -> tuple[str, Refusal | None]:
    """What a mechanic made of an event: given, held, counted, the question that failed, or `absent`."""
    result = next((made for made in outcome.mechanics if made.mechanic == key), None)
    if result is not None:
        if result.refused is not None:
            return BEHIND.get(result.refused.code, "rule"), result.refused
        return ("given" if result.given else "held" if result.held else "counted"), None
    reason = next((reason for reason, keys in outcome.passed_over.items() if key in keys), None)
    if reason is not None:
        return reason, None
    no = outcome.refused
    if no is None or no.code == NO_SUCH_MECHANIC:
        return "absent", no
    if no.code == NOT_FOR_YOU:
        return str(no.data.get("reason", "rule")), no
    return BEHIND.get(no.code, "rule"), no


def _said(
    asked: Asked,
    listener: Listener,
    happened: MemberEvent,
    failed: str,
    refusal: Refusal | None,
    there: dict[str, Detail],
) -> tuple[str, str]:
    """The verdict, and its sentence."""
    language = asked.language
    if failed in ("given", "held"):
        return failed, text("verdict", failed, language, what=_what(happened.outcome, asked))
    if failed == "absent":
        begun = happened.received >= listener.start and refusal is None
        return ("counted", text("verdict", "counted", language)) if begun else (
            "runs", text("verdict", "not_looked_at", language)
        )  # fmt: skip
    if failed == "counted":
        return failed, text("verdict", failed, language)
    if refusal is not None and refusal.code != NOT_FOR_YOU:
        return failed, text_of(refusal.code, refusal.data, language)
    return failed, text("verdict", failed, language, **words_of(listener, failed, there, language))


def _what(outcome: Outcome, asked: Asked) -> str:
    made: MechanicOutcome = next(made for made in outcome.mechanics if made.mechanic == asked.key)
    return ", ".join(asked.called.given(asked.campaign, each) for each in (made.given or made.held))


def _types(types: Sequence[str], asked: Asked) -> str:
    """The types of events by what they are called; two that are called the same are said once."""
    return ", ".join(dict.fromkeys(map(asked.called.event, types)))


async def _taken_apart(
    connection: asyncpg.Connection, program: Program, listener: Listener, asked: Asked, event: Event,
    condition: Condition,
) -> Explained:  # fmt: skip
    def ask(view: EventView) -> Explained:
        view.listener = listener
        return explain(condition, event.data, view, view)

    return await looked(connection, program, asked.number, event, asked.now, ask)


def _with(asked: Asked, behind: Explained) -> Detail:
    note = text("note", "event_then_member_now", asked.language)
    return Detail(None, note, behind)


async def _as_of_now(
    connection: asyncpg.Connection,
    program: Program,
    listener: Listener,
    asked: Asked,
    there: dict[str, Detail],
) -> dict[str, Detail]:
    """What would be answered if an event came now, as far as that can be said without one."""
    audience = listener.campaign.audience
    if audience is None:
        return {**there, "audience": Detail(passed=True)}
    event = Event("festoon/why", "", "", "", asked.now)
    behind = await _taken_apart(connection, program, listener, asked, event, audience)
    return {**there, "audience": Detail(behind.holds, text("note", "now", asked.language), behind)}


def _answer(
    asked: Asked, verdict: str, said: str, code: str, happened: MemberEvent | None, found: Sequence[MemberEvent],
    there: dict[str, Detail],
) -> Why:  # fmt: skip
    whole = verdict not in QUESTIONS
    stop = len(QUESTIONS) if whole else QUESTIONS.index(verdict)
    checks = [
        _check(asked, name, place, stop, there.get(name), decided=happened is not None)
        for place, name in enumerate(QUESTIONS)
    ]
    return Why(
        asked.campaign, asked.mechanic, verdict, said, code, None if happened is None else _shown(happened, asked),
        checks, [_shown(each, asked) for each in found],
    )  # fmt: skip


def _check(asked: Asked, name: str, place: int, stop: int, detail: Detail | None, *, decided: bool) -> Check:
    """Up to the one that failed all have passed; what comes after was not asked then, and may be known for now."""
    state: State = "passed" if place < stop else "failed" if place == stop else "not_asked"
    basis = "then" if decided and place <= stop else ""
    if state == "not_asked" and not decided and detail is not None and detail.passed is not None:
        state, basis = ("passed" if detail.passed else "failed"), "now"
    said = "" if detail is None else detail.text
    behind = None if detail is None else detail.behind
    return Check(name, text("check", name, asked.language), state, basis, said, behind)


def _shown(happened: MemberEvent, asked: Asked) -> Looked:
    return Looked(
        happened.seq, happened.source, happened.id, happened.type, happened.time, happened.received,
        judged(happened.outcome, asked.key)[0],
    )  # fmt: skip
