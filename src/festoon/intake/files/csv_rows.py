"""Rows of a CSV file (RFC 4180) with a header."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from festoon.base.errors import Invalid
from festoon.intake.files.errors import CUT_OFF, EMPTY, HEADER_DUPLICATE, ROW_UNREADABLE, ROW_WIDTH
from festoon.intake.files.mapping import Csv
from festoon.intake.files.rows import Chunks, Row, chunked, require_columns
from festoon.intake.files.text_lines import TextLines

_BUFFER = 1024 * 1024


def csv_rows(
    path: Path, columns: Sequence[str], missing: frozenset[str], encoding: str, style: Csv
) -> Chunks:
    """The cells of these columns, as text.

    Raises Invalid: `file.empty`, `file.header_duplicate`, `file.column_missing`, `file.encoding`,
    `file.line_too_long`, `file.row_unreadable`, and `file.cut_off` at a last line that is not whole.
    """
    with path.open("rb", buffering=_BUFFER) as file:
        yield from chunked(_records(file, path.name, columns, encoding, style), len(columns), missing)


def _records(
    file: BinaryIO, name: str, columns: Sequence[str], encoding: str, style: Csv
) -> Iterator[tuple[int, Row | Invalid]]:
    lines = TextLines(file, name, encoding)
    records = csv.reader(lines, delimiter=style.delimiter, strict=True)
    header = _header(records, lines, name)
    require_columns(columns, header, name)
    pick, width = picker([header.index(column) for column in columns]), len(header)
    while (cells := _next(records, lines)) is not None:
        whole = len(cells) == width
        if not lines.ended and (style.last_line == "ended" or not whole):
            raise Invalid(CUT_OFF, lines.place, events=0)
        if whole:
            yield lines.number, pick(cells)
        elif cells:  # an empty line is no row
            yield lines.number, Invalid(ROW_WIDTH, cells=len(cells), columns=width)


def _header(records: Iterator[list[str]], lines: TextLines, name: str) -> list[str]:
    header = _next(records, lines)
    if not header:
        raise Invalid(EMPTY, name)
    if not lines.ended:
        raise Invalid(CUT_OFF, lines.place, events=0)
    twice = [column for column, times in Counter(header).items() if times > 1 and column]
    if twice:
        raise Invalid(HEADER_DUPLICATE, lines.place, column=twice[0])
    return header


def _next(records: Iterator[list[str]], lines: TextLines) -> list[str] | None:
    try:
        return next(records, None)
    except csv.Error as error:
        # An open quote makes one row of all that follows, so that nothing after it can be trusted.
        if "unexpected end of data" in str(error):
            raise Invalid(CUT_OFF, lines.place, events=0) from None
        raise Invalid(ROW_UNREADABLE, lines.place, reason=str(error)) from None


def picker(positions: Sequence[int]) -> Callable[[Sequence[str]], Row]:
    """A function that takes the cells at these positions out of a row."""
    if len(positions) == 1:
        only = positions[0]
        return lambda cells: (cells[only],)
    return itemgetter(*positions)
