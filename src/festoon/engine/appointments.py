"""Appointments: what a mechanic does at a set time, whoever takes part. They are timers of nobody, a member without a
name, whom no event can be sent for."""

from collections.abc import Iterator

import asyncpg
import msgspec

from festoon.engine.world import Timer
from festoon.plan.compiled import CompiledCampaign

NOBODY = ""
"""The subject of nobody."""


def appointments(campaign: CompiledCampaign) -> Iterator[Timer]:
    """The timers that a campaign sets when it is published."""
    for each in campaign.mechanics:
        for name, due in each.mechanic.appointments().items():
            yield Timer(f"{each.key}/{name}", due, each.key, name, {})


async def appoint(connection: asyncpg.Connection, campaign: CompiledCampaign) -> None:
    """Set a campaign's appointments, or move them; what has been kept already is not set again. Nobody else may write
    timers meanwhile: publishing holds the program's lock."""
    wanted = list(appointments(campaign))
    if not wanted:
        return
    await connection.execute("INSERT INTO member (subject) VALUES ($1) ON CONFLICT DO NOTHING", NOBODY)
    await connection.executemany(
        """INSERT INTO timer (member_id, id, due, owner, name, data)
           SELECT m.id, $2, $3, $4, $5, $6 FROM member m
           WHERE m.subject = $1 AND NOT EXISTS (SELECT FROM event e WHERE e.member_id = m.id AND e.key = $7)
           ON CONFLICT (member_id, id) DO UPDATE SET due = excluded.due""",
        [
            (NOBODY, timer.id, timer.due, timer.owner, timer.name, _encode(timer), timer.event(NOBODY).key)
            for timer in wanted
        ],
    )


def _encode(timer: Timer) -> str:
    return msgspec.json.encode(timer.data).decode()
