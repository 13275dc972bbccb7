"""Read the facts, with Ibis on DuckDB.

known = facts(Path("facts"))
known.events.group_by("type").count().to_polars()
"""

from pathlib import Path

import ibis
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.expr.types import Table

from festoon.outbox import facts as files
from festoon.outbox.schemas import SCHEMAS


class Facts:
    """The facts as they were when this was made: every range that was whole then, and no other.

    The four tables agree with each other. Columns and units are those of `outbox.schemas`; rows come in no
    particular order. Calendar functions count in UTC. `backend` is the DuckDB connection behind the tables.
    """

    def __init__(self, directory: Path, backend: Backend) -> None:
        self.backend = backend
        self.ranges = files.names(directory)
        self._tables = {kind: _table(backend, directory, kind, self.ranges) for kind in SCHEMAS}

    def table(self, kind: str) -> Table:
        """The table of a kind: `events`, `outcomes`, `transfers` or `lines`. Raises KeyError for others."""
        return self._tables[kind]

    @property
    def events(self) -> Table:
        return self.table("events")

    @property
    def outcomes(self) -> Table:
        return self.table("outcomes")

    @property
    def transfers(self) -> Table:
        return self.table("transfers")

    @property
    def lines(self) -> Table:
        return self.table("lines")


def facts(directory: Path) -> Facts:
    """The facts in a directory as of now; empty tables when there are none yet."""
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET TimeZone = 'UTC'")
    return Facts(directory, backend)


def _table(backend: Backend, directory: Path, kind: str, ranges: list[str]) -> Table:
    found = files.files(directory, kind, ranges)
    if not found:
        return backend.create_table(kind, schema=_as_read(SCHEMAS[kind]))
    return backend.read_parquet([str(file) for file in found], table_name=kind)


def _as_read(schema: pa.Schema) -> ibis.Schema:
    """The columns as files have them when they are read: any may be missing. Empty tables then go together with others
    as those with rows do."""
    columns = ibis.Schema.from_pyarrow(schema)
    return ibis.schema({name: type_.copy(nullable=True) for name, type_ in columns.items()})
