"""Prove that the facts are the journal: every row once, every file as it was written, the chain unbroken.

What is no longer in the journal, because its partition was dropped, is held to its digest alone.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from festoon.outbox import facts, journal, ranges
from festoon.outbox.journal import Progress, quiet
from festoon.outbox.partitions import partitions
from festoon.outbox.ranges import LAST, START, Recorded
from festoon.outbox.schemas import SCHEMAS


class Finding(Struct, frozen=True):
    """Something that does not hold, of one range. `what` is one of

    `gap` (it does not begin where the one before it ended), `chain` (its link does not follow), `missing`
    (its files are not there), `digest` (a file is not as it was written), `rows` (a file says something else
    than the journal; `kind` names which), `stray` (a file that no range was recorded for).
    """

    what: str
    range: str
    kind: str = ""


async def findings(
    connection: asyncpg.Connection, directory: Path, on_progress: Progress | None = None
) -> AsyncIterator[Finding]:
    """Everything about the facts in `directory` that does not hold; nothing when all is well.

    Reads the journal and all files once; `on_progress` is told how many rows more were compared. It may run
    beside a relay: what is not done yet is left out.
    """
    known = await ranges.generations(connection)
    seen = facts.names(directory)
    recorded = await ranges.recorded(connection, known)
    for name in sorted(set(seen) - {one.range.name for one in recorded}):
        yield Finding("stray", name)
    first = await _first_kept(connection)
    before, chain = None, START
    for one in recorded:
        if not _follows(before, one):
            yield Finding("gap", one.range.name)
        before = one
        if one.digest is None:
            continue
        chain = ranges.link(chain, one.digest)
        if one.chain != chain:
            yield Finding("chain", one.range.name)
            chain = one.chain or chain  # the next link is held to what this one says it is
        async for finding in _compared(connection, directory, one, first, on_progress or quiet):
            yield finding


def _follows(before: Recorded | None, one: Recorded) -> bool:
    same = before is not None and before.range.generation == one.range.generation
    return one.range.low == (before.range.high if before is not None and same else 0)


async def _compared(
    connection: asyncpg.Connection,
    directory: Path,
    one: Recorded,
    first: int,
    on_progress: Progress,
) -> AsyncIterator[Finding]:
    name = one.range.name
    digest = facts.digest(directory, name)
    if digest is None:
        yield Finding("missing", name)
        return
    if digest != one.digest:
        yield Finding("digest", name)
    _, tables = await journal.read(connection, one.range, on_progress)
    for kind, expected in tables.items():
        file = directory / kind / (name + facts.SUFFIX)
        try:
            found = pq.read_table(file) if file.exists() else SCHEMAS[kind].empty_table()
        except (OSError, pa.ArrowException):
            yield Finding("rows", name, kind)
            continue
        if not _kept(found, first).equals(expected):
            yield Finding("rows", name, kind)


def _kept(table: pa.Table, first: int) -> pa.Table:
    """The rows whose events are still in the journal; publications, numbered below zero, all are."""
    seq = table["seq"]
    return table.filter(pc.or_(pc.less(seq, 0), pc.greater_equal(seq, first)))


async def _first_kept(connection: asyncpg.Connection) -> int:
    """The first number that the journal's oldest partition can hold."""
    kept = await partitions(connection)
    return kept[0].low if kept else LAST
