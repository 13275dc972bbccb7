"""What the audit trail and the record of phases have to tell: campaigns published, paused, stopped, and moved on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.outbox.webhooks.kinds import (
    CampaignPaused,
    CampaignResumed,
    CampaignStopped,
    PhaseChanged,
    PlanPublished,
)
from festoon.outbox.webhooks.message import Message, message

OVERLAP = timedelta(minutes=10)
"""Phases are noted by every process that serves, each by its own clock, so what was noted lately is looked at again."""
AT_ONCE = 500


class Entries(Struct, frozen=True):
    """Messages, and how far the trail was read."""

    messages: list[Message]
    until: int


async def trail_told(connection: asyncpg.Connection, secret: str, after: int) -> Entries:
    """What the trail says after an entry. Its numbers follow each other as their transactions commit."""
    rows = await connection.fetch(
        """SELECT number, at, act, object, after FROM audit_entry
           WHERE number > $1 ORDER BY number LIMIT $2""",
        after, AT_ONCE,
    )  # fmt: skip
    told = [
        message(kind, data.campaign, row["at"], data, secret, row["number"])
        for row in rows
        if row["act"] in _ACTS
        for kind, data in [_ACTS[row["act"]](row["object"], row["after"])]
    ]
    return Entries(told, rows[-1]["number"] if rows else after)


async def phases_told(connection: asyncpg.Connection, secret: str, since: datetime) -> list[Message]:
    """The phases that were noted since an instant, and for a while before."""
    rows = await connection.fetch(
        "SELECT campaign, phase, at, noticed FROM phase_change WHERE noticed >= $1 ORDER BY at, campaign",
        since - OVERLAP,
    )
    return [
        message(
            "campaign.phase_changed", row["campaign"], row["noticed"],
            PhaseChanged(row["campaign"], row["phase"], row["at"]),
            secret, row["campaign"], row["phase"], row["at"].isoformat(),
        )
        for row in rows
    ]  # fmt: skip


def _published(object: str, _: str | None) -> tuple[str, Any]:
    campaign, _, version = object.rpartition("@")
    return "plan.published", PlanPublished(campaign, int(version))


def _paused(object: str, after: str | None) -> tuple[str, Any]:
    mechanics = msgspec.json.decode(after or "[]", type=list[str])
    if mechanics:
        return "campaign.paused", CampaignPaused(object, mechanics)
    return "campaign.resumed", CampaignResumed(object)


def _stopped(object: str, _: str | None) -> tuple[str, Any]:
    return "campaign.stopped", CampaignStopped(object)


_ACTS: dict[str, Callable[[str, str | None], tuple[str, Any]]] = {
    "plan.publish": _published,
    "campaign.pause": _paused,
    "campaign.stop": _stopped,
}
FROM_TRAIL = frozenset({"plan.published", "campaign.paused", "campaign.resumed", "campaign.stopped"})
FROM_PHASES = frozenset({"campaign.phase_changed"})
