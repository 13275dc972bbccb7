"""Draws beside the flow: public randomness recorded, seeds revealed."""

from datetime import datetime

import asyncpg

from festoon.base.errors import Conflict, NotFound, define
from festoon.engine.changing import changing_program, program_locked, program_moved
from festoon.engine.lists import read_file
from festoon.mechanics.grand_draw import FREEZE, WINNERS, WON
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
NOT_FROZEN = define(
    "grand_draw.not_frozen",
    409,
    "the tickets of {draw} are not frozen yet; nobody may know the public value before they are",
    "{draw} 的奖券尚未冻结，此前不能登记公开随机数",
    todo="record it a minute after the tickets are frozen",
    todo_zh="请在奖券冻结一分钟后登记",
)
NOT_HANDED_OUT = define(
    "grand_draw.not_handed_out",
    409,
    "the winners of {draw} have not all got their prizes yet",
    "{draw} 的奖品尚未全部发放",
    todo="wait a moment",
    todo_zh="请稍候再试",
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
    async with changing_program(connection):
        row = await epoch_of(connection, campaign, mechanic, epoch)
        if row["public_value"] is not None:
            raise Conflict(VALUE_RECORDED, epoch=epoch, value=row["public_value"])
        if await _waits_for(connection, campaign, mechanic, FREEZE):
            raise Conflict(NOT_FROZEN, draw=f"{campaign}/{mechanic}")
        await connection.execute(
            "UPDATE draw_epoch SET public_value = $4 WHERE campaign = $1 AND mechanic = $2 AND name = $3",
            campaign, mechanic, epoch, value,
        )  # fmt: skip
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
    async with program_locked(connection):
        row = await epoch_of(connection, campaign, mechanic, epoch)
        drawn = await read_file(connection, campaign, mechanic, WINNERS) is not None
        if drawn and await _waits_for(connection, campaign, mechanic, WON):
            raise Conflict(NOT_HANDED_OUT, draw=f"{campaign}/{mechanic}")
        if row["closes"] > now and not drawn:
            raise Conflict(EPOCH_RUNS, epoch=epoch, closes=row["closes"].isoformat())
        if row["revealed"] is None:
            await connection.execute(
                "UPDATE draw_epoch SET revealed = $4 WHERE campaign = $1 AND mechanic = $2 AND name = $3",
                campaign, mechanic, epoch, now,
            )  # fmt: skip
            await program_moved(connection)
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


async def _waits_for(connection: asyncpg.Connection, campaign: str, mechanic: str, timer: str) -> bool:
    """Whether a timer of a mechanic's has not fired yet."""
    waits: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM timer WHERE owner = $1 AND name = $2)", f"{campaign}/{mechanic}", timer
    )
    return waits


async def epoch_of(
    connection: asyncpg.Connection, campaign: str, mechanic: str, epoch: str
) -> asyncpg.Record:
    """An epoch's row. Raises NotFound."""
    row = await connection.fetchrow(
        "SELECT * FROM draw_epoch WHERE campaign = $1 AND mechanic = $2 AND name = $3",
        campaign,
        mechanic,
        epoch,
    )
    if row is None:
        raise NotFound(EPOCH_UNKNOWN, draw=f"{campaign}/{mechanic}", epoch=epoch)
    return row
