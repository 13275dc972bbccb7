"""The health of incoming events: types that are missing, late or malformed, and what was turned away."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import asyncpg
from msgspec import Struct

from festoon.base.errors import LANGUAGES, text_of
from festoon.base.vocabulary import VOCABULARY
from festoon.insight.board.counters import DAY, MINUTES, PLATFORM, Counters, Span
from festoon.outbox.minutes import EVER, MINUTE
from festoon.plan.compiled import CompiledCampaign

Texts = Mapping[str, str]
State = Literal["fine", "missing", "never", "late", "malformed"]
EXPECTED = 5
"""So many in the same hour yesterday, and none now, is missing."""
LATE_SHARE = 10
MALFORMED_SHARE = 2
"""Of a hundred."""
BUSY = frozenset({"queue.full", "store.gone", "engine.contended", "engine.member_busy", "server.closing"})
"""Codes of an event that was right and may be sent again: we were busy."""
MOST = 12
Refused = tuple[str, str]
"""A code, and the type of the events it turned away."""


class TypeHealth(Struct, frozen=True):
    """One type of event that the campaign listens to or that came in: how many, how many of them late (they had
    happened more than five minutes before), and how many were turned away."""

    type: str
    title: Texts
    state: State
    came: Span
    late: Span
    malformed: Span
    listened: bool


class TurnedAway(Struct, frozen=True):
    """Events that were turned away for one reason, by code. `ours` says that we were busy, and they were right."""

    code: str
    title: Texts
    times: Span
    ours: bool


class Health(Struct, frozen=True):
    """All types, those with something to look at first; and why events were turned away."""

    types: list[TypeHealth]
    turned_away: list[TurnedAway]


def health(campaign: CompiledCampaign, counters: Counters, refused: Mapping[Refused, Span]) -> Health:
    """The health of what a campaign listens to, and of everything else that comes in, with what was turned away."""
    types = states_of(listened_types([campaign]), counters, refused)
    codes = {code: _sum(span for (each, _), span in refused.items() if each == code) for code, _ in refused}
    away = [
        TurnedAway(code, {each: _said(code, each) for each in LANGUAGES}, span, code in BUSY)
        for code, span in sorted(codes.items(), key=lambda pair: -pair[1].hour)
        if span.hour or span.before
    ]
    return Health(types, away[:MOST])


def listened_types(campaigns: Iterable[CompiledCampaign]) -> frozenset[str]:
    """The types that campaigns listen for and somebody sends."""
    mechanics = (mechanic for each in campaigns for mechanic in each.mechanics)
    return frozenset(type_ for each in mechanics for type_ in each.awaits if _sent(type_))


def states_of(
    listened: frozenset[str], counters: Counters, refused: Mapping[Refused, Span]
) -> list[TypeHealth]:
    """The types that are listened to, that came in and that were turned away; those with something to look at first."""
    came, late = (dict(counters.of(PLATFORM, what)) for what in ("event", "late"))
    seen = {type_ for type_, span in came.items() if _sent(type_) and (span.hour or span.before)}
    types = []
    for name in listened | seen | {type_ for _, type_ in refused if type_}:
        bad = _sum(span for (code, type_), span in refused.items() if type_ == name and code not in BUSY)
        spans = came.get(name, Span()), late.get(name, Span()), bad
        state = _state(*spans)
        if state == "fine" and name in listened and _is_fact(name) and not spans[0].total:
            state = "never"
        types.append(TypeHealth(name, _title(name), state, *spans, name in listened))
    types.sort(key=lambda each: (each.state == "fine", not each.listened, -each.came.hour, each.type))
    return types


def _sent(type_: str) -> bool:
    """Whether somebody sends it: what Festoon makes itself does not come in."""
    known = VOCABULARY.get(type_)
    return known is None or known.kind != "internal"


def _is_fact(type_: str) -> bool:
    """Whether the platform is to send it of itself; a request comes when a member asks for something."""
    known = VOCABULARY.get(type_)
    return known is None or known.kind == "fact"


def _state(came: Span, late: Span, malformed: Span) -> State:
    if malformed.hour and 100 * malformed.hour >= MALFORMED_SHARE * (came.hour + malformed.hour):
        return "malformed"
    if not came.hour and came.before >= EXPECTED:
        return "missing"
    if late.hour and 100 * late.hour >= LATE_SHARE * came.hour:
        return "late"
    return "fine"


def _title(type_: str) -> Texts:
    known = VOCABULARY.get(type_)
    return known.title if known is not None else {"en": type_}


def _said(code: str, language: str) -> str:
    """A code in words, as far as they say something without the data of one event; the code itself otherwise."""
    text = text_of(code, {}, language)
    return code if "<" in text else text


def _sum(spans: Iterable[Span]) -> Span:
    return sum(spans, Span())


async def turned_away(connection: asyncpg.Connection, at: datetime) -> dict[Refused, Span]:
    """By code and type, over this hour and the same one yesterday."""
    hour = EVER + (at - EVER) // MINUTE * MINUTE - (MINUTES - 1) * MINUTE
    rows = await connection.fetch(
        """SELECT code, type, coalesce(sum(times) FILTER (WHERE minute >= $1), 0)::bigint AS hour,
                  coalesce(sum(times) FILTER (WHERE minute < $1), 0)::bigint AS before
           FROM intake_count
           WHERE minute BETWEEN $1 AND $2 OR minute BETWEEN $3 AND $4 GROUP BY code, type""",
        hour, at, hour - DAY, at - DAY,
    )  # fmt: skip
    return {(row["code"], row["type"]): Span(row["hour"], row["before"]) for row in rows}
