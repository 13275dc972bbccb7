"""The rows of a file in any of the three formats, widened by what the map looks up beside it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from festoon.base.errors import Invalid
from festoon.intake.files.cells import written
from festoon.intake.files.compiled import Compiled
from festoon.intake.files.csv_rows import csv_rows
from festoon.intake.files.errors import LOOKUP_DUPLICATE, LOOKUP_TOO_LARGE, NOT_SORTED_HERE, shown
from festoon.intake.files.mapping import Lookup
from festoon.intake.files.ndjson_rows import ndjson_rows
from festoon.intake.files.parquet_rows import parquet_rows, sorted_parquet_rows
from festoon.intake.files.rows import Chunk, Chunks, Format, Row, format_of, require_file

MAX_LOOKUP = 1_000_000
"""Rows of a lookup: what is held in memory."""

Widen = Callable[[list[list[Any]]], list[list[Any]]]
"""From a chunk's columns to those that are looked up for them."""


def chunks_of(path: Path, made: Compiled) -> Chunks:
    """The file's rows as `made` wants them, with what is looked up for them, a group's rows together if
    asked.

    Raises NotFound `file.missing`, and Invalid for whatever keeps the file or a lookup from being read.
    """
    require_file(path)
    lookups = [_lookup(path.parent, name, lookup, made) for name, lookup in made.map.lookups.items()]
    form = format_of(path, made.map.format)
    group = made.map.group
    if group is None or not group.scattered:
        chunks = _chunks(path, made.columns, made, form)
    elif form == "parquet":
        chunks = sorted_parquet_rows(path, made.columns, made.missing, group.column)
    else:
        raise Invalid(NOT_SORTED_HERE, path.name, column=group.column)
    for chunk in chunks:
        columns = chunk.columns
        for look_up in lookups:
            columns = [*columns, *look_up(columns)]
        yield Chunk(chunk.numbers, columns, chunk.unread)


def _chunks(path: Path, columns: Sequence[str], made: Compiled, form: Format) -> Chunks:
    if form == "csv":
        return csv_rows(path, columns, made.missing, made.map.encoding, made.map.csv)
    if form == "ndjson":
        return ndjson_rows(path, columns, made.missing, made.map.encoding)
    return parquet_rows(path, columns, made.missing)


def _lookup(folder: Path, name: str, lookup: Lookup, made: Compiled) -> Widen:
    wanted = made.looked_up[name]
    table = _table(folder / Path(lookup.file).name, lookup, wanted, made)
    position = made.positions[lookup.column or lookup.key]
    nothing = (None,) * len(wanted)

    def look_up(columns: list[list[Any]]) -> list[list[Any]]:
        found = [nothing if key is None else table.get(written(key), nothing) for key in columns[position]]
        return [[row[at] for row in found] for at in range(len(wanted))]

    return look_up


def _table(path: Path, lookup: Lookup, wanted: Sequence[str], made: Compiled) -> dict[str, Row]:
    """A lookup's rows by key.

    Raises Invalid: `file.lookup_too_large`, `file.lookup_duplicate`, or what its rows raise.
    """
    require_file(path)
    table: dict[str, Row] = {}
    for chunk in _chunks(path, [*wanted, lookup.key], made, format_of(path, None)):
        for position, error in chunk.unread.items():
            error.place = f"{path.name}:{chunk.numbers[position]}"
            raise error
        for *cells, key in zip(*chunk.columns, strict=True):
            name = written(key)
            if name in table:
                said = {"file": path.name, "column": lookup.key, "value": shown(key)}
                raise Invalid(LOOKUP_DUPLICATE, path.name, **said)
            table[name] = tuple(cells)
        if len(table) > MAX_LOOKUP:
            raise Invalid(LOOKUP_TOO_LARGE, path.name, file=path.name, limit=MAX_LOOKUP)
    return table
