"""Draws beside the flow: public randomness recorded, seeds revealed, plays exported for a stranger to replay."""

from datetime import datetime
from pathlib import Path

import asyncpg
import msgspec

from festoon.base.errors import Conflict, NotFound, define
from festoon.engine.load import PROGRAM_LOCK
from festoon.engine.outcome import decode
from festoon.mechanics.draw_record import record_of
from festoon.store.trail import record

EPOCH_UNKNOWN = define(
    "draw.epoch_unknown", 404, "{draw} has no epoch '{epoch}'", "{draw} 没有种子周期“{epoch}”"
)
EPOCH_RUNS = define(
    "draw.epoch_not_over",
    409,
    "the epoch '{epoch}' runs until {closes}; its seed stays secret until then",
    "种子周期“{epoch}”到{closes}才结束，此前种子保密",
    todo="reveal it after that",
    todo_zh="请在结束后公布",
)
VALUE_RECORDED = define(
    "draw.value_recorded",
    409,
    "the public value of '{epoch}' is recorded already: {value}",
    "种子周期“{epoch}”的公开随机数已登记：{value}",
)


async def record_randomness(
    connection: asyncpg.Connection,
    campaign: str,
    mechanic: str,
    epoch: str,
    value: str,
    now: datetime,
    actor: str,
) -> None:
    """Record the public value an epoch named beforehand. Once; every process then opens the epoch."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", PROGRAM_LOCK)
        row = await _epoch(connection, campaign, mechanic, epoch)
        if row["public_value"] is not None:
            raise Conflict(VALUE_RECORDED, epoch=epoch, value=row["public_value"])
        await connection.execute(
            "UPDATE draw_epoch SET public_value = $4 WHERE campaign = $1 AND mechanic = $2 AND name = $3",
            campaign, mechanic, epoch, value,
        )  # fmt: skip
        await connection.execute("UPDATE program SET version = version + 1")
        await record(
            connection,
            at=now,
            actor=actor,
            act="draw.randomness",
            object=f"{campaign}/{mechanic}@{epoch}",
            after=value,
        )


async def reveal(
    connection: asyncpg.Connection, campaign: str, mechanic: str, epoch: str, now: datetime, actor: str
) -> dict[str, str]:
    """Publish the seed of an epoch that is over. From then on no process rolls with it."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", PROGRAM_LOCK)
        row = await _epoch(connection, campaign, mechanic, epoch)
        if row["closes"] > now:
            raise Conflict(EPOCH_RUNS, epoch=epoch, closes=row["closes"].isoformat())
        if row["revealed"] is None:
            await connection.execute(
                "UPDATE draw_epoch SET revealed = $4 WHERE campaign = $1 AND mechanic = $2 AND name = $3",
                campaign, mechanic, epoch, now,
            )  # fmt: skip
            await connection.execute("UPDATE program SET version = version + 1")
            await record(
                connection, at=now, actor=actor, act="draw.reveal", object=f"{campaign}/{mechanic}@{epoch}"
            )
    return {
        "draw": f"{campaign}/{mechanic}",
        "epoch": epoch,
        "commitment": row["commitment"],
        "seed": row["seed"].hex(),
        "public": row["public_value"] or "",
    }


async def export_plays(
    connection: asyncpg.Connection, campaign: str, mechanic: str, epoch: str, file: Path
) -> int:
    """Write an epoch's plays, each member's in order, one JSON object a line; how many there were."""
    row = await _epoch(connection, campaign, mechanic, epoch)
    key = f"{campaign}/{mechanic}"
    plays = 0
    async with connection.transaction(readonly=True):
        with file.open("wb") as out:
            async for event in connection.cursor(
                """SELECT member_id, outcome FROM event
                   WHERE now >= $1 AND now < $2 AND outcome LIKE '%"play"%'
                   ORDER BY seq""",
                row["opens"],
                row["closes"],
            ):
                for result in decode(event["outcome"]).mechanics:
                    if result.mechanic == key and result.note.get("epoch") == epoch:
                        out.write(
                            msgspec.json.encode(record_of(key, event["member_id"], result.note)) + b"\n"
                        )
                        plays += 1
    return plays


async def _epoch(connection: asyncpg.Connection, campaign: str, mechanic: str, epoch: str) -> asyncpg.Record:
    row = await connection.fetchrow(
        "SELECT * FROM draw_epoch WHERE campaign = $1 AND mechanic = $2 AND name = $3",
        campaign,
        mechanic,
        epoch,
    )
    if row is None:
        raise NotFound(EPOCH_UNKNOWN, draw=f"{campaign}/{mechanic}", epoch=epoch)
    return row
