"""What waits for people longer than it should: held rewards, proofs, parcels, seeds, and public values of draws.

Each is one statement over an index that holds only what waits, and reads no more rows than are told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import asyncpg

from festoon.engine.program import Program
from festoon.insight.alerts.alert import Finding, Severity
from festoon.mechanics.grand_draw import GrandDraw

HELD_HOURS = 24
"""A held reward that has waited for longer is told."""
PROOF_HOURS = 12
"""A proof that decides itself sooner is told."""
PARCEL_DAYS = 3
"""A gift that was to be sent earlier is told."""
EPOCHS = {"campaign": {"en": "the whole campaign", "zh-Hans": "整个活动"}}
"""What an epoch is called that is no month and no day."""
MOST = 100
"""So many of a kind are counted."""


def _count(rows: int) -> str:
    return f"{MOST}+" if rows > MOST else str(rows)


async def of_held(connection: asyncpg.Connection, at: datetime) -> list[Finding]:
    """Rewards that are held because somebody has to look at the member."""
    rows = await connection.fetch(
        "SELECT since FROM held_grant WHERE why = 'risk' AND since < $1 ORDER BY since LIMIT $2",
        at - timedelta(hours=HELD_HOURS), MOST + 1,
    )  # fmt: skip
    return _waiting("held", "held_waits", rows, "queues/held/", hours=HELD_HOURS)


async def of_proofs(connection: asyncpg.Connection, reviewing: Sequence[str], at: datetime) -> list[Finding]:
    """Proofs of these mechanics that nobody has looked at and whose time is nearly over."""
    if not reviewing:
        return []
    rows = await connection.fetch(
        """SELECT t.due FROM unnest($1::text[]) AS o (owner)
           CROSS JOIN LATERAL (SELECT due FROM timer WHERE owner = o.owner AND name LIKE 'overdue/%' AND due < $2
                               ORDER BY due LIMIT $3) AS t LIMIT $3""",
        list(reviewing), at + timedelta(hours=PROOF_HOURS), MOST + 1,
    )  # fmt: skip
    return _waiting("proofs", "proofs_wait", rows, "queues/proofs/", hours=PROOF_HOURS)


async def of_parcels(connection: asyncpg.Connection, at: datetime) -> list[Finding]:
    """Gifts that nobody has packed."""
    rows = await connection.fetch(
        "SELECT given AS since FROM parcel WHERE state = 'ordered' AND given < $1 ORDER BY given LIMIT $2",
        at - timedelta(days=PARCEL_DAYS), MOST + 1,
    )  # fmt: skip
    return _waiting("parcels", "parcels_wait", rows, "queues/parcels/", days=PARCEL_DAYS)


def _waiting(key: str, code: str, rows: Sequence[asyncpg.Record], page: str, **data: int) -> list[Finding]:
    if not rows:
        return []
    many = len(rows)
    severity: Severity = "alarm" if many > MOST else "warning"
    return [
        Finding(
            key=f"queue/{key}", code=code, severity=severity, degree=many.bit_length(), page=page,
            began=rows[0].get("since"), data={"count": _count(many), **data},
        )
    ]  # fmt: skip


async def of_epochs(connection: asyncpg.Connection, program: Program, at: datetime) -> list[Finding]:
    """Epochs that are over and keep their seed, and those that should be open and lack the public value."""
    rows = await connection.fetch(
        """SELECT campaign, mechanic, name, opens, closes FROM draw_epoch
           WHERE revealed IS NULL
             AND (closes < $1 OR (opens < $1 AND public_name <> '' AND public_value IS NULL))
           ORDER BY closes LIMIT $2""",
        at, MOST,
    )  # fmt: skip
    return list(_epochs(rows, program, at))


def _epochs(rows: Sequence[asyncpg.Record], program: Program, at: datetime) -> Iterator[Finding]:
    """A grand draw has a page of its own."""
    for campaign, mechanic, name, opens, closes in rows:
        draw, over = f"{campaign}/{mechanic}", closes < at
        listener = program.by_key.get(draw)
        grand = listener is not None and isinstance(listener.mechanic, GrandDraw)
        if grand and not over:
            continue  # its public value comes after its tickets are frozen, whenever that is
        yield Finding(
            key=f"epoch/{draw}/{name}",
            code="epoch_secret" if over else "epoch_waits",
            severity="warning" if over else "alarm",
            degree=(at - (closes if over else opens)).days.bit_length(),
            campaign=campaign,
            page=f"queues/draws/{draw}/" if grand else f"queues/epochs/{draw}/{name}/",
            began=closes if over else opens,
            data={
                "draw": draw if listener is None else listener.plan.title or draw,
                "campaign": campaign if listener is None else listener.campaign.title or campaign,
                "epoch": EPOCHS.get(name, name),
            },
        )
