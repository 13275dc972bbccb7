"""The figures of what members did, computed from the facts: one pass over the events for all of them.

The declarations are in `plan/behaviour.py`. Times are instants; days are local days of the campaign's zone, whose
offsets go into the query as numbers.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import reduce
from operator import and_
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.datatypes as dt
from ibis import Table
from ibis.expr.types import BooleanValue, Value
from msgspec import Struct

from festoon.base.times import local_day
from festoon.base.vocabulary.activity import NOT_ACTIVITY
from festoon.insight.scope import Window, local_date
from festoon.plan.behaviour import FIGURES, Figure, Taken

_OWN: tuple[str, ...] = ()
"""Stands for every type that is of a member's own doing."""


class When(Struct, frozen=True):
    """The instant figures are taken at, and the campaign they are taken for."""

    at: datetime
    zone: ZoneInfo
    start: datetime
    currency: str = ""


def behaviour(events: Table, wanted: Iterable[Taken], away: Iterable[Sequence[str]], when: When) -> Table:
    """One row for each member with an event: `member`, a column for each figure, and the instant at which he was last
    there (`away_column`) for each set of types.

    `events` has the columns of the facts; what happened at or after the instant does not count.
    """
    figures, lasts = sorted(set(wanted)), sorted(set(map(tuple, away)))
    rows = _prepared(_concerned(events, figures, lasts, when), events, figures, when)
    aggregates: dict[str, Value] = {}
    for each in figures:
        aggregates[each.column] = _aggregate(rows, FIGURES[each.figure], _start(each, when))
    for types in lasts:
        aggregates[away_column(types)] = rows.time.max(where=_of(rows, types))
    if not aggregates:
        return rows.select("member").distinct()
    found = rows.group_by("member").aggregate(**aggregates)
    return _in_whole_numbers(found, events, figures, when)


def away_column(types: Sequence[str]) -> str:
    """What the instant at which a member was last there is called."""
    return f"last@{'|'.join(types)}"


def _start(each: Taken, when: When) -> datetime | None:
    return each.over.since(when.at, when.start, when.zone)


def _concerned(
    events: Table, figures: Sequence[Taken], lasts: Sequence[tuple[str, ...]], when: When
) -> Table:
    """The rows that move any of the figures. `own` says whether an event is of its member's own doing: told once,
    since every figure of activity asks."""
    rows = events.filter(events.time < _literal(when.at))
    starts = [_start(each, when) for each in figures] + [None for _ in lasts]
    if starts and all(start is not None for start in starts):
        rows = rows.filter(rows.time >= _literal(min(start for start in starts if start is not None)))
    sets = [FIGURES[each.figure].every for each in figures] + list(lasts)
    named = sorted({type_ for types in sets for type_ in types})
    if _OWN not in sets:
        return rows.filter(rows.type.isin(named))
    rows = rows.mutate(own=rows.type.notin(NOT_ACTIVITY))
    return rows.filter(rows.own | rows.type.isin(named)) if named else rows.filter(rows.own)


def _prepared(rows: Table, events: Table, figures: Sequence[Taken], when: When) -> Table:
    """With what several figures read, made once a row: `day`, the local day, right from the earliest that is counted
    on; and `money`, what an event is worth in the campaign's currency. The JSON of other events is not looked at."""
    made: dict[str, Value] = {}
    starts = [_start(each, when) for each in figures if FIGURES[each.figure].what == "days"]
    if starts:
        known = [start for start in starts if start is not None]
        first = min(known) if len(known) == len(starts) else _earliest(events, when)
        made["day"] = local_date(rows.time, Window(first, max(first, when.at)), when.zone)
    paid = [FIGURES[each.figure].every for each in figures if FIGURES[each.figure].what == "amount"]
    if paid:
        counts = rows.type.isin(sorted({type_ for types in paid for type_ in types}))
        ours = _said(rows.data, "$.currency") == when.currency
        amount = _said(rows.data, "$.amount").try_cast("int64")
        worth = counts & (rows.status == "accepted") & ours
        made["money"] = ibis.ifelse(worth, amount, ibis.null("int64"))
    return rows.mutate(**made) if made else rows


@ibis.udf.scalar.builtin(name="json_extract_string")  # type: ignore[untyped-decorator]
def _said(data: dt.string, path: dt.string) -> dt.string:
    """DuckDB's own: a text or a number inside JSON, as text."""


def _earliest(events: Table, when: When) -> datetime:
    """When the first of all events happened, which the files know without being read."""
    found = events.aggregate(first=events.time.min()).to_pyarrow().to_pylist()[0]["first"]
    return min(found.astimezone(UTC), when.at) if found is not None else when.at


def _aggregate(rows: Table, figure: Figure, start: datetime | None) -> Value:
    since = [] if start is None else [rows.time >= _literal(start)]
    match figure.what:
        case "count":
            return rows.count(where=reduce(and_, [_of(rows, figure.types), *since]))
        case "days":
            return rows.day.nunique(where=reduce(and_, [_of(rows, figure.types), *since]))
        case "since":
            return rows.time.max(where=_of(rows, figure.types))
    signed = (
        ibis.ifelse(rows.type.isin(figure.minus), -rows.money, rows.money) if figure.minus else rows.money
    )
    return signed.sum(where=reduce(and_, [rows.type.isin(figure.every), *since]))


def _of(rows: Table, types: Sequence[str]) -> BooleanValue:
    """Whether an event is one of these types and was accepted, or shows that its member did something."""
    return rows.type.isin(types) & (rows.status == "accepted") if types else rows.own


def _in_whole_numbers(found: Table, events: Table, figures: Sequence[Taken], when: When) -> Table:
    """Instants become days since, amounts whole numbers again; there are far fewer members than events."""
    columns: dict[str, Value] = {}
    since = [each for each in figures if FIGURES[each.figure].what == "since"]
    for each in figures:
        if each not in since:
            columns[each.column] = found[each.column].fill_null(0).cast("int64")
    if since:
        span = Window(_earliest(events, when), when.at)
        today = ibis.date(local_day(when.at, when.zone))
        for each in since:
            day = local_date(found[each.column], span, when.zone)
            columns[each.column] = today.delta(day, unit="day").cast("int64")
    return found.mutate(**columns) if columns else found


def _literal(at: datetime) -> Value:
    return ibis.literal(at.astimezone(UTC), type="timestamp('UTC')")
