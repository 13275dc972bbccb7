"""A live platform with segments: history in, refreshes at chosen instants, and what came of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from festoon.audience.lists import ListFile, approve, upload
from festoon.audience.refresh import Due, Place, refresh
from festoon.audience.refreshes import Refresh
from festoon.base.events import Event
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import read_plan
from festoon.store.pool import connect
from tests.live import HEAD, NOW, Platform, event

__all__ = ["HEAD", "NOW", "Stage", "back", "posts"]


def back(days: float) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=days)


def posts(subject: str, *days: float) -> list[Event]:
    """One post on each of these days, counted back from now."""
    return [event("content.published", subject, at=back(day), content="c", topic="tea") for day in days]


class Stage:
    """A platform, and the refreshes of the one campaign on it."""

    def __init__(self, platform: Platform, campaign: CompiledCampaign, facts: Path) -> None:
        self.platform = platform
        self.campaign = campaign
        self.facts = facts

    @classmethod
    async def open(cls, dsn: str, plan: str, facts: Path) -> "Stage":
        text = HEAD + plan
        return cls(await Platform.open(dsn, text), compile_plan(read_plan(text)), facts)

    @property
    def place(self) -> Place:
        return Place(self.platform.dsn, self.facts, lambda: self.platform.at)

    def due(self, *names: str, at: datetime | None = None) -> Due:
        at = at or self.platform.at
        wanted = [segment for segment in self.campaign.segments if not names or segment.name in names]
        return Due(self.campaign, tuple(wanted), at, at)

    async def refresh(self, *names: str, at: datetime | None = None) -> list[Refresh]:
        """Refresh now, or as of an instant."""
        self.platform.at = at or self.platform.at
        return await refresh(self.place, self.due(*names))

    async def inside(self, segment: str) -> list[str]:
        """Who is in a segment, by his profile."""
        rows = await self.platform.connection.fetch(
            """SELECT subject FROM member WHERE (profile::jsonb -> 'segments') ? $1 ORDER BY subject""",
            f"{self.campaign.campaign}/{segment}",
        )
        return [row[0] for row in rows]

    async def sent(self) -> list[tuple[str, str, str]]:
        """The events of refreshes in the order in which they were taken: (type, segment, member)."""
        rows = await self.platform.connection.fetch(
            """SELECT e.type, e.data::jsonb ->> 'segment', m.subject FROM event e JOIN member m ON m.id = e.member_id
               WHERE e.source = 'festoon/segments' ORDER BY e.seq"""
        )
        return [tuple(row) for row in rows]

    async def lists(self, segment: str, *subjects: str) -> None:
        """Upload a list and have it approved by somebody else."""
        connection: asyncpg.Connection = await connect(self.platform.dsn)
        given = ListFile(subjects, 0, "digest")
        at = datetime(2027, 1, 1, tzinfo=UTC)
        version = await upload(connection, self.campaign.campaign, segment, given, "maker", at)
        await approve(connection, self.campaign.campaign, segment, version, "checker", at)
        await connection.close()
