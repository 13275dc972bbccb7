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
from ibis import Table
from ibis.expr.types import BooleanValue, Value
from msgspec import Struct

from festoon.base.expressions.to_ibis import duckdb_local
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
    """One row for each member with an event: `member`, a column for each figure, and the local day on which he was
    last there (`away_column`) for each set of types.

    `events` has the columns of the facts; what happened at or after the instant does not count.
    """
    figures, lasts = sorted(set(wanted)), sorted(set(map(tuple, away)))
    rows = _concerned(events, figures, lasts, when)
    days = _Days(rows, figures, when)
    aggregates: dict[str, Value] = {}
    for each in figures:
        aggregates[each.column] = _aggregate(rows, FIGURES[each.figure], _start(each, when), days, when)
    for types in lasts:
        aggregates[away_column(types)] = rows.time.max(where=_of(rows, types))
    if not aggregates:
        return rows.select("member").distinct()
    return _in_days(rows.group_by("member").aggregate(**aggregates), figures, lasts, when)


def away_column(types: Sequence[str]) -> str:
    """What the day on which a member was last there is called."""
    return f"last@{'|'.join(types)}"


def _start(each: Taken, when: When) -> datetime | None:
    return each.over.since(when.at, when.start, when.zone)


def _concerned(
    events: Table, figures: Sequence[Taken], lasts: Sequence[tuple[str, ...]], when: When
) -> Table:
    """The rows that move any of the figures."""
    rows = events.filter(events.time < _literal(when.at))
    starts = [_start(each, when) for each in figures] + [None for _ in lasts]
    if starts and all(start is not None for start in starts):
        rows = rows.filter(rows.time >= _literal(min(start for start in starts if start is not None)))
    sets = [FIGURES[each.figure].every for each in figures] + list(lasts)
    named = sorted({type_ for types in sets for type_ in types})
    if _OWN not in sets:
        return rows.filter(rows.type.isin(named))
    # What takes something off again is nothing a member does himself.
    others = [type_ for type_ in NOT_ACTIVITY if type_ not in named]
    return rows.filter(rows.type.notin(others))


class _Days:
    """The local day of every row, made once, and right from the earliest day that is counted on."""

    def __init__(self, rows: Table, figures: Sequence[Taken], when: When) -> None:
        starts = [_start(each, when) for each in figures if FIGURES[each.figure].what == "days"]
        self.day: Value | None = None
        if starts:
            known = [start for start in starts if start is not None]
            first = min(known) if len(known) == len(starts) else _earliest(rows, when)
            self.day = local_date(rows.time, Window(first, max(first, when.at)), when.zone)


def _earliest(rows: Table, when: When) -> datetime:
    found = rows.aggregate(first=rows.time.min()).to_pyarrow().to_pylist()[0]["first"]
    return found.astimezone(UTC) if found is not None else when.at


def _aggregate(rows: Table, figure: Figure, start: datetime | None, days: _Days, when: When) -> Value:
    counts = [_of(rows, figure.types)]
    if start is not None:
        counts.append(rows.time >= _literal(start))
    where = reduce(and_, counts)
    match figure.what:
        case "count":
            return rows.count(where=where)
        case "days":
            assert days.day is not None
            return days.day.nunique(where=where)
        case "since":
            return rows.time.max(where=where)
    return _amount(rows, figure, start, when)


def _amount(rows: Table, figure: Figure, start: datetime | None, when: When) -> Value:
    """Amounts in the campaign's currency. The JSON of other events is not looked at."""
    counts = [rows.type.isin(figure.every), rows.status == "accepted"]
    if start is not None:
        counts.append(rows.time >= _literal(start))
    data = rows.data.cast("json")
    ours = data["currency"].unwrap_as("string") == when.currency
    amount = data["amount"].unwrap_as("int64")
    signed = ibis.ifelse(rows.type.isin(figure.minus), -amount, amount) if figure.minus else amount
    return ibis.ifelse(reduce(and_, counts) & ours, signed, ibis.null("int64")).sum()


def _of(rows: Table, types: Sequence[str]) -> BooleanValue:
    """Whether an event is one of these types and was accepted, or shows that its member did something."""
    if not types:
        return rows.type.notin(NOT_ACTIVITY)
    return rows.type.isin(types) & (rows.status == "accepted")


def _in_days(found: Table, figures: Sequence[Taken], lasts: Sequence[tuple[str, ...]], when: When) -> Table:
    """Instants become local days, amounts whole numbers again; there are far fewer members than events."""
    today = ibis.date(local_day(when.at, when.zone))
    columns: dict[str, Value] = {}
    for each in figures:
        what = FIGURES[each.figure].what
        if what == "since":
            columns[each.column] = today.delta(_day(found[each.column], when), unit="day").cast("int64")
        else:
            columns[each.column] = found[each.column].fill_null(0).cast("int64")
    for types in lasts:
        columns[away_column(types)] = _day(found[away_column(types)], when)
    return found.mutate(**columns)


def _day(at: Value, when: When) -> Value:
    """The local day of an instant, whenever it was."""
    return duckdb_local(at, when.zone.key).date()


def _literal(at: datetime) -> Value:
    return ibis.literal(at.astimezone(UTC), type="timestamp('UTC')")
