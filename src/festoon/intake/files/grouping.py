"""Rows that belong to one event, put together while a file streams by."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from festoon.base.errors import Invalid
from festoon.intake.files.errors import CELL_MISSING, GROUP_SCATTERED, shown
from festoon.intake.files.rows import Row

REMEMBERED = 200_000
"""How many groups back a row that comes too late is still noticed. Bounded, so that memory is."""


Numbered = tuple[int, Row, Invalid | None, bool]
"""A row with its number before it, then what is wrong with it, and whether anything of it could be read."""


class Rows(Struct, frozen=True):
    """The rows of one event, from the row with that number on; or a row that spoils one, and why."""

    number: int
    rows: Sequence[Row] = ()
    wrong: Invalid | None = None


def each_row(numbered: Iterable[Numbered]) -> Iterator[Rows]:
    """Every row an event of its own."""
    for number, row, wrong, _ in numbered:
        yield Rows(number, (row,), wrong)


def grouped(numbered: Iterable[Numbered], position: int, column: str) -> Iterator[Rows]:
    """Rows that stand together with the same cell in `column` make one event.

    A row with something wrong spoils its group. One that could not be read may have belonged to the group
    before it or after it, so it spoils both. When the rows break off, so does the group they break off in.
    Raises Invalid `file.group_scattered`.
    """
    closed = _Closed(column)
    key: object = None
    start, rows, spoilt = 0, [], False  # type: tuple[int, list[Row], bool]
    for number, row, wrong, read in numbered:
        if not read or row[position] is None:
            yield Rows(number, (), wrong or Invalid(CELL_MISSING, column=column, field="group_by"))
            key, rows, spoilt = None, [], True
            continue
        if row[position] != key:
            if rows and not spoilt:
                yield Rows(start, rows)
            if key is not None:
                closed.add(key)
                spoilt = False
            key, start, rows = row[position], number, []
            closed.check(key, number)
        if wrong is not None:
            yield Rows(number, (), wrong)
            spoilt = True
        rows.append(row)
    if rows and not spoilt:
        yield Rows(start, rows)


class _Closed:
    """The groups that have ended, as far back as is remembered."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._order: deque[int] = deque()
        self._keys: set[int] = set()

    def add(self, key: object) -> None:
        mark = hash(key)
        self._order.append(mark)
        self._keys.add(mark)
        if len(self._order) > REMEMBERED:
            self._keys.discard(self._order.popleft())

    def check(self, key: object, number: int) -> None:
        if hash(key) in self._keys:
            raise Invalid(GROUP_SCATTERED, str(number), group=shown(key), column=self._column)
