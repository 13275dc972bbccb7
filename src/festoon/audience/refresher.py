"""Refresh segments when their time comes, and let experiments learn. Of any number that run, one works on a campaign at
a time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import asyncpg
import structlog
from msgspec.structs import replace

from festoon.audience import refreshes
from festoon.audience.learning import DueLearning, learn_anew, learning_due
from festoon.audience.refresh import Due, Place, refresh
from festoon.audience.refreshes import RUNS_ALREADY, Refresh
from festoon.base.errors import FestoonError
from festoon.engine.program import Program
from festoon.engine.reload import load_program
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.segment_compiled import CompiledSegment
from festoon.store.pool import GONE, connect

log = structlog.get_logger(__name__)

LOOK_SECONDS = 20.0
"""How long after its time a refresh begins at the latest, when nothing else is being refreshed."""


class Refresher:
    """Refreshes the segments of the campaigns that run on the database at `dsn`."""

    def __init__(
        self, dsn: str, facts: Path, clock: Callable[[], datetime], *, pace: float = LOOK_SECONDS
    ) -> None:
        self._place = Place(dsn, facts, clock)
        self._pace = pace
        self._program: Program | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Refresh until `stop` is set. Whatever fails is said, loudly, and tried again."""
        while not stop.is_set():
            try:
                await self.run_once()
            except (*GONE, asyncpg.PostgresError) as error:
                log.warning("segment.store_gone", reason=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._pace)

    async def run_once(self) -> list[Refresh]:
        """Refresh what is due now, and finish what was begun. A segment that fails does not keep the others; in a
        rehearsal, whose clock is not ours, nothing is ever due."""
        connection = await connect(self._place.dsn)
        try:
            program = await self._current(connection)
            now = self._place.clock()
            due = [] if program.rehearsal else await all_due(connection, program, now)
            learning = [] if program.rehearsal else await learning_due(connection, program, now)
        finally:
            await connection.close()
        found = [found for each in due for found in await self._refresh(each)]
        for trial in learning:
            await self._learn(trial)
        return found

    async def _learn(self, due: DueLearning) -> None:
        try:
            await learn_anew(self._place, due)
        except (*GONE, asyncpg.PostgresError):
            raise
        except Exception:
            log.exception(
                "experiment.learning_failed", campaign=due.campaign.campaign, experiment=due.experiment.name
            )

    async def _refresh(self, due: Due) -> list[Refresh]:
        try:
            return await refresh(self._place, due)
        except (*GONE, asyncpg.PostgresError):
            raise
        except FestoonError as error:
            if error.code != RUNS_ALREADY:
                log.warning(error.code, campaign=due.campaign.campaign, text=error.text(), todo=error.todo())
            return []
        except Exception:
            if len(due.segments) <= 1:
                name = next((segment.name for segment in due.segments), "")
                log.exception("segment.refresh_failed", campaign=due.campaign.campaign, segment=name)
                return []
        alone = [replace(due, segments=(segment,)) for segment in due.segments]
        return [found for each in alone for found in await self._refresh(each)]

    async def _current(self, connection: asyncpg.Connection) -> Program:
        version = await connection.fetchval("SELECT version FROM program")
        if self._program is None or self._program.version != version:
            self._program = await load_program(connection)
        return self._program


async def all_due(connection: asyncpg.Connection, program: Program, now: datetime) -> list[Due]:
    """What is to be refreshed, by campaign and instant, segments in the order of the plan. Of several instants that
    were missed only the last counts. A campaign that only has something to finish has no segments here."""
    found: list[Due] = []
    for campaign in program.campaigns.values():
        if not campaign.segments or not campaign.schedule.start <= now < campaign.schedule.settle:
            continue
        latest = await refreshes.latest(connection, campaign.campaign)
        instants: dict[datetime, list[CompiledSegment]] = {}
        for segment in campaign.segments:
            at = due_at(campaign, segment, latest.get(segment.name), now)
            if at is not None:
                instants.setdefault(at, []).append(segment)
        found += [Due(campaign, tuple(segments), at, now) for at, segments in sorted(instants.items())]
        if not instants and await refreshes.unfinished(connection, campaign.campaign):
            found.append(Due(campaign, (), now, now))
    return found


def due_at(
    campaign: CompiledCampaign, segment: CompiledSegment, last: Refresh | None, now: datetime
) -> datetime | None:
    """The instant for which a segment is to be refreshed now; None when it has been. The first time is when the
    campaign starts, whatever the plan says of later ones: before that nothing reacts to who enters."""
    at = segment.rhythm.last(now, campaign.zone)
    if not segment.rhythm.times:
        return None
    first = campaign.schedule.start
    at = first if at is None or at < first else at
    return None if last is not None and last.due >= at else at
