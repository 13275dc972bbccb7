"""The alerts: what is wrong right now, with since when it has been so and who has seen it.

Whoever looks writes down what he finds, so that it is known since when; `festoon work` looks once a minute. What is no
longer so is forgotten, and comes anew.
"""

from collections.abc import Iterable
from datetime import datetime

import asyncpg

from festoon.base.errors import Invalid, NotFound, define
from festoon.engine.program import Program
from festoon.insight.alerts.alert import SEVERITIES, Acknowledged, Alert, Finding, said
from festoon.insight.alerts.finding import findings
from festoon.store.trail import record

UNKNOWN = define(
    "alert.unknown",
    404,
    "there is no alert '{key}' now; if there was one, it is over",
    "当前没有告警“{key}”；若曾有，现已解除",
)
NOTHING_SAID = define(
    "alert.nothing_said",
    400,
    "say what is being done about it",
    "请说明正在采取的措施",
)
LOCK = 0x616C657274
CONSOLE = "console/"
LONGEST = 1_000


async def alerts(connection: asyncpg.Connection, program: Program, now: datetime) -> list[Alert]:
    """What is wrong right now: what nobody has seen first, then the worst, then the oldest. Notes what it finds."""
    found = {each.key: each for each in await findings(connection, program, now)}
    await _note(connection, found.values(), now)
    rows = await connection.fetch(
        "SELECT key, since, seen_by, seen_at, note, seen_severity, seen_degree FROM alert WHERE key = ANY($1)",
        list(found),
    )
    known = {row["key"]: row for row in rows}
    made = [_alert(each, known.get(key), now) for key, each in found.items()]
    return sorted(
        made, key=lambda each: (not each.open, -SEVERITIES.index(each.severity), each.since, each.key)
    )


async def open_alerts(connection: asyncpg.Connection) -> int:
    """How many of those that were noted last somebody should look at; for a count that costs next to nothing."""
    count: int = await connection.fetchval(
        """SELECT count(*) FROM alert
           WHERE seen_at IS NULL OR (severity, degree) > (seen_severity, seen_degree)"""
    )
    return count


async def acknowledge(connection: asyncpg.Connection, key: str, note: str, actor: str, now: datetime) -> None:
    """Say that somebody has seen an alert and what he does about it. It is open again when it gets worse.

    Raises NotFound for one that is not there now, Invalid without a note.
    """
    if not note.strip():
        raise Invalid(NOTHING_SAID, "note")
    async with connection.transaction():
        row = await connection.fetchrow(
            """UPDATE alert SET seen_by = $2, seen_at = $3, note = $4, seen_severity = severity, seen_degree = degree
               WHERE key = $1 RETURNING severity, degree""",
            key, actor, now, note.strip()[:LONGEST],
        )  # fmt: skip
        if row is None:
            raise NotFound(UNKNOWN, key=key)
        await record(
            connection, at=now, actor=actor, act="alert.acknowledge", object=key,
            after={"severity": SEVERITIES[row["severity"]], "note": note.strip()[:LONGEST]},
        )  # fmt: skip


async def _note(connection: asyncpg.Connection, found: Iterable[Finding], now: datetime) -> None:
    """Write down what is new, how bad it is, and forget what is over. Of several who look at once, one does."""
    each = sorted(found, key=lambda finding: finding.key)
    async with connection.transaction():
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
            return
        keys, ranks = [one.key for one in each], [one.rank for one in each]
        await connection.execute("DELETE FROM alert WHERE key <> ALL($1)", keys)
        await connection.execute(
            """INSERT INTO alert AS a (key, since, severity, degree)
               SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::smallint[], $4::integer[])
               ON CONFLICT (key) DO UPDATE SET severity = EXCLUDED.severity, degree = EXCLUDED.degree
               WHERE (a.severity, a.degree) <> (EXCLUDED.severity, EXCLUDED.degree)""",
            keys,
            [one.began or now for one in each],
            [severity for severity, _ in ranks],
            [degree for _, degree in ranks],
        )


def _alert(found: Finding, row: asyncpg.Record | None, now: datetime) -> Alert:
    seen = row is not None and row["seen_at"] is not None
    return Alert(
        key=found.key,
        code=found.code,
        severity=found.severity,
        degree=found.degree,
        campaign=found.campaign,
        since=found.began or (row["since"] if row is not None else now),
        text=said(found),
        todo=said(found, "_todo"),
        page=CONSOLE + found.page,
        open=row is None or not seen or found.rank > (row["seen_severity"], row["seen_degree"]),
        acknowledged=Acknowledged(row["seen_by"], row["seen_at"], row["note"])
        if row is not None and seen
        else None,
    )
