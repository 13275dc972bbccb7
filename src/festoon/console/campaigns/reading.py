"""A campaign as its pages show it: the version that is looked at, compiled, and the state it is in."""

from datetime import datetime
from typing import Any

import asyncpg
from msgspec import Struct

from festoon.base.clock import wall
from festoon.base.errors import FestoonError
from festoon.console.asked import Asked
from festoon.console.texts import language
from festoon.engine.campaign_list import Campaign, campaign
from festoon.engine.published import written_for
from festoon.engine.reload import compile_version
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import load_plan
from festoon.plan.phases import phase
from festoon.plan.schema import Plan

OVER = frozenset({"settled", "archived", "stopped", "withdrawn"})
"""States in which a campaign can be put away, and in which there is nothing left to pause or stop."""


class Shown(Struct, frozen=True):
    """A campaign in one version. `plan` and `compiled` are None for a text that no longer reads; `problem` says why."""

    campaign: Campaign
    compiled: CompiledCampaign | None
    plan: Plan | None
    title: str
    state: str
    tone: str
    problem: str = ""

    @property
    def runs(self) -> bool:
        """Whether the version that is looked at is the one that runs."""
        return self.campaign.running == self.campaign.version and self.campaign.stopped is None

    @property
    def over(self) -> bool:
        return self.state in OVER


async def now_of(connection: asyncpg.Connection, now: datetime) -> datetime:
    """The instant the campaigns live in: the wall's, or in a rehearsal that of the last event."""
    last: datetime | None = await connection.fetchval(
        """SELECT (SELECT now FROM event ORDER BY seq DESC LIMIT 1) FROM installation WHERE mode = 'rehearsal'"""
    )
    return last or now


def shown(found: Campaign, now: datetime) -> Shown:
    """Read and compile what is stored of a campaign; a version is compiled once a process."""
    try:
        compiled = compile_version(found.source, found.kinds, found.version)
        plan = load_plan(found.source, written_for=written_for(found.kinds))
    except FestoonError as error:
        return Shown(found, None, None, found.id, "set_aside", "bad", error.text(language()))
    state, tone = _state(found, compiled, now)
    return Shown(found, compiled, plan, compiled.title[language()], state, tone)


def running_plan(request: Asked, id: str) -> list[Plan]:
    """The plan that runs of a campaign, which may be none."""
    latest, now = request.bridge.ask(read, id, None, wall())
    if latest.running is None:
        return []
    plan = shown(request.bridge.ask(campaign, id, latest.running), now).plan
    return [] if plan is None else [plan]


async def read(
    connection: asyncpg.Connection, id: str, version: int | None, now: datetime
) -> tuple[Any, datetime]:
    """A campaign's row, and the instant it lives in. Raises NotFound."""
    return await campaign(connection, id, version), await now_of(connection, now)


_TONES = {"warm_up": "info", "running": "good", "closing": "warn"}


def _state(found: Campaign, compiled: CompiledCampaign, now: datetime) -> tuple[str, str]:
    """The campaign's state in one word of `campaigns.state_…`, and its tone."""
    if found.archived is not None:
        return "archived", "quiet"
    if found.stopped is not None:
        return "stopped", "bad"
    if found.running is None:
        return found.status, "quiet" if found.status == "withdrawn" else "info"
    if "*" in found.paused:
        return "paused", "warn"
    current = str(phase(compiled.schedule, now))
    return current, _TONES.get(current, "quiet")
