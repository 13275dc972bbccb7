"""A map made ready for a file: which columns to read, which rows count, and how rows become an event."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from festoon.base.errors import Invalid
from festoon.base.events import Event
from festoon.base.vocabulary import VOCABULARY, decode_data
from festoon.intake.files.conditions import condition
from festoon.intake.files.derived import Derived, translator
from festoon.intake.files.errors import CELL_INVALID, CELL_MISSING, GROUP_DIFFERS, shown
from festoon.intake.files.fields import columns_read, of_row, of_rows
from festoon.intake.files.mapping import FileMap, TypeOf
from festoon.intake.files.moments import moment_reader
from festoon.intake.files.rows import Row
from festoon.intake.files.templates import columns_of

LONGEST_NAME = 256
"""Characters of an event's id and of a member's, as over HTTP."""


class Compiled:
    """`columns` are those of the file, then those of each lookup; what the map derives stands behind them."""

    def __init__(self, map: FileMap) -> None:
        self.map = map
        self.missing = frozenset(map.missing)
        named = [column for column in dict.fromkeys(_columns(map)) if column]
        self.looked_up = {
            name: [column.removeprefix(f"{name}.") for column in named if column.startswith(f"{name}.")]
            for name in map.lookups
        }
        theirs = [f"{name}.{column}" for name, columns in self.looked_up.items() for column in columns]
        self.columns = [column for column in named if column not in theirs]
        self.positions = {column: position for position, column in enumerate((*self.columns, *theirs))}
        self.derived = Derived(self.positions)
        self.keep = [condition(each, self.positions[each.column]) for each in map.where]
        self.group = self.positions[map.group.column] if map.group else None
        self._id = self.derived.template(map.id)
        self._member = self.derived.template(map.member)
        self._type = self._types()
        self._time = self._times()
        self._data = of_rows(map.data, self.derived)
        self._line = of_row(map.lines, self.derived)
        self._once = [column for column in _once(map) if column]
        self._same = itemgetter(*(self.positions[column] for column in self._once))

    def event(self, rows: Sequence[Row]) -> Event | None:
        """The event that these rows make, or None when its type is to be skipped.

        Raises Invalid: `file.cell_missing`, `file.group_differs`, or what is wrong with the data of its type.
        """
        first = rows[0]
        type = self._type(first)
        if type is None:
            return None
        data = self._data(rows)
        if self.map.lines:
            line = self._line
            data["lines"] = [line(row) for row in rows]
        if len(rows) > 1:
            self._check_same(rows)
        if type in VOCABULARY:
            decode_data(type, data)
        id, member, time = first[self._id], first[self._member], first[self._time]
        if id is None or member is None or time is None:
            raise self._missing_part(id, member)
        for column, name in ((self.map.id, id), (self.map.member, member)):
            if not 0 < len(name) <= LONGEST_NAME or "\0" in name:
                raise Invalid(CELL_INVALID, column=column, value=shown(name), expected="id")
        return Event(self.map.source, id, type, member, time, data, time.isoformat())

    def _missing_part(self, id: Any, member: Any) -> Invalid:
        if id is None:
            return Invalid(CELL_MISSING, column=self.map.id, field="id")
        if member is None:
            return Invalid(CELL_MISSING, column=self.map.member, field="member")
        return Invalid(CELL_MISSING, column=self.map.clock.column, field="time")

    def _check_same(self, rows: Sequence[Row]) -> None:
        """What an event has once must be the same in all its rows. Raises Invalid `file.group_differs`."""
        first = self._same(rows[0])
        for row in rows:
            if self._same(row) != first:
                raise self._difference(rows[0], row)

    def _difference(self, first: Row, row: Row) -> Invalid:
        assert self.group is not None
        at = self.positions
        column = next(column for column in self._once if row[at[column]] != first[at[column]])
        return Invalid(GROUP_DIFFERS, column=column, group=shown(row[self.group]))

    def _types(self) -> Callable[[Row], str | None]:
        said = self.map.type
        if isinstance(said, str):
            return lambda _: said
        column, values, refuse = said.column, said.values, said.other == "refuse"
        position = self.derived.converted(column, translator(column, values, strict=refuse))

        def type(row: Row) -> str | None:
            found: str | None = row[position]
            if found is None and refuse:
                raise Invalid(CELL_MISSING, column=column, field="type")
            return found

        return type

    def _times(self) -> int:
        clock, local = self.map.clock, self.map.local_time()
        if (constant := clock.constant()) is not None:
            moment = local.utc(constant, "time")
            return self.derived.add(lambda columns, _: [moment] * len(columns[0]))
        read = moment_reader(clock.column, local, clock.format, clock.time_of_day())
        # Neighbours often share their time: the lines of a basket, the rows of a day.
        return self.derived.converted(clock.column, lru_cache(maxsize=1_024, typed=True)(read))


def _columns(map: FileMap) -> Iterator[str]:
    """Every column a map reads."""
    yield from _once(map)
    yield from columns_read(map.data, totals=True)
    yield from columns_read(map.lines, totals=False)
    for each in map.where:
        yield each.column
    for lookup in map.lookups.values():
        yield lookup.column or lookup.key


def _once(map: FileMap) -> list[str]:
    """The columns of which an event has one value, however many rows it is made from."""
    found = [*columns_of(map.id), *columns_of(map.member), map.clock.column]
    if isinstance(map.type, TypeOf):
        found.append(map.type.column)
    if map.group:
        found.append(map.group.column)
    return list(dict.fromkeys((*found, *columns_read(map.data, totals=False))))
