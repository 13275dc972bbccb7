"""Rows of a Parquet file, read a piece at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from festoon.base.errors import Invalid
from festoon.base.scratch import scratch
from festoon.intake.files.errors import CUT_OFF, DAMAGED, HEADER_DUPLICATE
from festoon.intake.files.rows import CHUNK, Chunk, Chunks, require_columns, without_missing

_BUFFER = 1024 * 1024
_SORT_MEMORY = "512MB"
_NUMBER = "file_row_number"


def parquet_rows(path: Path, columns: Sequence[str], missing: frozenset[str]) -> Chunks:
    """The cells of these columns: moments with an offset in UTC, without one as they are, decimals exact.

    Raises Invalid: `file.cut_off` without a footer, `file.column_missing`, and `file.damaged` where a page
    cannot be read.
    """
    with open_parquet(path) as file:
        _check(columns, file, path.name)
        done = 0
        batches = file.iter_batches(CHUNK, columns=list(columns), use_threads=False)
        for batch in guarded(batches, path.name):
            numbers = range(done + 1, done + 1 + batch.num_rows)
            yield Chunk(numbers, [_cells(batch.column(column), missing) for column in columns])
            done += batch.num_rows


def sorted_parquet_rows(path: Path, columns: Sequence[str], missing: frozenset[str], by: str) -> Chunks:
    """The same with the rows of a group together, in the order of the file within it.

    Sorted by DuckDB within bounded memory; what does not fit goes to a temporary folder. Raises the same.
    """
    with open_parquet(path) as file:
        _check([*columns, by], file, path.name)
    with scratch("sort") as room, duckdb.connect() as engine:
        engine.execute(f"SET memory_limit = '{_SORT_MEMORY}'")
        engine.execute("SET temp_directory = ?", [str(room)])
        wanted = ", ".join(_quoted(column) for column in (*columns, _NUMBER))
        source = "read_parquet($path, file_row_number = true)"
        found = engine.sql(
            f"SELECT {wanted} FROM {source} ORDER BY {_quoted(by)}, {_NUMBER}",
            params={"path": str(path)},
        )
        for batch in guarded(found.to_arrow_reader(CHUNK), path.name):
            numbers = [number + 1 for number in batch.column(_NUMBER).to_pylist()]
            yield Chunk(numbers, [_cells(batch.column(column), missing) for column in columns])


def open_parquet(path: Path) -> pq.ParquetFile:
    """The file with its footer read. Raises Invalid `file.cut_off` when there is none."""
    try:
        # Reading through a buffer keeps a large row group from being held whole.
        return pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER)
    except (pa.ArrowInvalid, OSError):
        # The footer is written last: a file that is cut anywhere has none.
        raise Invalid(CUT_OFF, path.name, events=0) from None


def _check(columns: Sequence[str], file: pq.ParquetFile, name: str) -> None:
    known = file.schema_arrow.names
    require_columns(columns, known, name)
    twice = [column for column in columns if known.count(column) > 1]
    if twice:
        raise Invalid(HEADER_DUPLICATE, name, column=twice[0])


def guarded(batches: Any, name: str) -> Iterator[pa.RecordBatch]:
    """The batches, with what the library raises at a broken page made Invalid `file.damaged`."""
    try:
        yield from batches
    except (pa.ArrowException, OSError, duckdb.Error) as error:
        reason = str(error).split("\n", 1)[0]
        raise Invalid(DAMAGED, name, reason=reason, events=0) from None


def _cells(column: pa.Array, missing: frozenset[str]) -> list[Any]:
    """The column as a list. Numbers and times go by way of numpy, which is several times as fast."""
    kind, cells = column.type, []
    if pa.types.is_floating(kind):
        # Not a number is how some writers say that there is none, and how numpy does.
        cells = [None if cell != cell else cell for cell in _doubles(column)]
    elif pa.types.is_integer(kind) and column.null_count == 0:
        cells = _by_numpy(column)
    elif pa.types.is_timestamp(kind) and kind.tz is None:
        cells = _by_numpy(column.cast(pa.timestamp("us"), safe=False))
    elif pa.types.is_timestamp(kind):
        cells = column.cast(pa.timestamp("us", "UTC"), safe=False).to_pylist()
    else:
        cells = without_missing(column.to_pylist(), missing)
    return cells


def _doubles(column: pa.Array) -> list[float]:
    """A short float stands for the shortest decimal that gives it, and so must the double that it becomes."""
    if pa.types.is_float64(column.type):
        return _by_numpy(column)
    return list(map(float, column.to_numpy(zero_copy_only=False).astype(str).tolist()))


def _by_numpy(column: pa.Array) -> list[Any]:
    cells: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
    return cells


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
