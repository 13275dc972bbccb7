"""Rows as the readers of the three formats hand them on: some at a time, column by column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from festoon.base.errors import Invalid, NotFound
from festoon.intake.files.errors import COLUMN_MISSING, FILE_MISSING, FORMAT_UNKNOWN, near

Row = tuple[Any, ...]

Format = Literal["csv", "ndjson", "parquet"]

CHUNK = 4_096
"""How many rows are handed on at a time: what bounds memory, whatever the size of the file."""


class Chunk(Struct, frozen=True):
    """Some rows of a file, by column, in the order in which the columns were asked for.

    None is a missing cell. `numbers` are the rows' own: lines of text, or rows of Parquet counted from 1.
    `unread` says, by position in the chunk, which rows could not be read and why; their cells are all
    missing.
    """

    numbers: Sequence[int]
    columns: list[list[Any]]
    unread: dict[int, Invalid] = {}


Chunks = Iterator[Chunk]

_ENDINGS: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "ndjson",
    ".parquet": "parquet",
    ".pq": "parquet",
}


def format_of(path: Path, said: Format | None) -> Format:
    """What is said, or else what the file's ending says. Raises Invalid `file.format_unknown`."""
    found = said or _ENDINGS.get(path.suffix.lower())
    if found is None:
        raise Invalid(FORMAT_UNKNOWN, file=path.name)
    return found


def require_file(path: Path) -> None:
    """Raises NotFound `file.missing`."""
    if not path.is_file():
        raise NotFound(FILE_MISSING, file=path.name)


def require_columns(wanted: Sequence[str], known: Sequence[str], file: str) -> None:
    """Raises Invalid `file.column_missing` for the first column that is not there."""
    for column in wanted:
        if column not in known:
            listed = ", ".join(known[:40])
            raise Invalid(COLUMN_MISSING, file, column=column, near=near(column, known), known=listed)


def chunked(records: Iterator[tuple[int, Row | Invalid]], width: int, missing: frozenset[str]) -> Chunks:
    """Numbered rows in chunks. When the records break off with an error, what came before goes first."""
    waiting: list[tuple[int, Row | Invalid]] = []
    try:
        for record in records:
            waiting.append(record)
            if len(waiting) == CHUNK:
                yield _by_column(waiting, width, missing)
                waiting = []
    except Invalid:
        yield _by_column(waiting, width, missing)
        raise
    yield _by_column(waiting, width, missing)


def _by_column(records: list[tuple[int, Row | Invalid]], width: int, missing: frozenset[str]) -> Chunk:
    nothing = (None,) * width
    unread = {position: row for position, (_, row) in enumerate(records) if isinstance(row, Invalid)}
    rows = [nothing if isinstance(row, Invalid) else row for _, row in records]
    columns = [without_missing(cells, missing) for cells in zip(*rows, strict=True)] or [[] for _ in nothing]
    return Chunk([number for number, _ in records], columns, unread)


def without_missing(cells: Iterable[Any], missing: frozenset[str]) -> list[Any]:
    """The cells with None for those that say that there is nothing."""
    return [None if cell.__class__ is str and cell in missing else cell for cell in cells]
