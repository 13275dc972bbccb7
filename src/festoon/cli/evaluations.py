"""What `festoon work` does when a question of an evaluation falls due: it writes the report of that date, once."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import structlog
from msgspec import Struct

from festoon.base.errors import LANGUAGES, FestoonError
from festoon.base.times import local_day
from festoon.engine.outside import OutsideFigure, signed_figures
from festoon.engine.published import written_for
from festoon.insight.criteria import due_dates
from festoon.insight.evaluation import evaluate
from festoon.insight.facts import Facts
from festoon.insight.report import put
from festoon.outbox.reach import reaches
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import load_plan
from festoon.plan.schema import Plan
from festoon.store.pool import connect
from festoon.store.repeating import repeat

log = structlog.get_logger(__name__)

LOCK = 0x6576616C
"""Of any number of workers, one writes."""
EVERY_SECONDS = 60.0
GRACE = timedelta(minutes=1)
"""A batch that was taken just before the date may still be writing."""
_INSTANT = timedelta(microseconds=1)


class Due(Struct, frozen=True):
    """A criterion that has fallen due, with the plan that it belongs to and the files that its report is."""

    plan: Plan
    campaign: CompiledCampaign
    criterion: str
    at: datetime
    files: dict[str, Path]
    """By language."""


class Evaluations:
    """Writes into `reports` what falls due, from the facts in `facts`."""

    def __init__(
        self,
        dsn: str,
        facts: Path,
        reports: Path,
        now: Callable[[], datetime],
        languages: Sequence[str] = LANGUAGES,
    ) -> None:
        self._dsn = dsn
        self._languages = languages
        self._facts = facts
        self._reports = reports
        self._now = now

    async def run(self, stop: asyncio.Event) -> None:
        """Write what falls due until `stop` is set. Whatever fails is said, and tried again."""
        await repeat(
            self.run_once,
            stop,
            EVERY_SECONDS,
            lambda error: log.warning("evaluation.waits", reason=str(error)),
        )

    async def run_once(self) -> list[Path]:
        """Write the reports of all criteria that are due and have none yet, and return their paths."""
        connection = await connect(self._dsn)
        try:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                return []
            rehearsal: bool = await connection.fetchval("SELECT mode = 'rehearsal' FROM installation")
            now = await self._clock(connection, rehearsal=rehearsal)
            written: list[Path] = []
            for due in await self._due(connection, now):
                if await reaches(connection, self._facts, due.at):
                    outside = await signed_figures(connection, due.campaign.campaign, due.at)
                    written += await asyncio.to_thread(self._write, due, outside, rehearsal=rehearsal)
            return written
        finally:
            await connection.close()

    async def _clock(self, connection: asyncpg.Connection, *, rehearsal: bool) -> datetime:
        """Until when dates count as past. A rehearsal's clock is its last event's."""
        if not rehearsal:
            return self._now() - GRACE
        last: datetime | None = await connection.fetchval("SELECT now FROM event ORDER BY seq DESC LIMIT 1")
        return last or self._now()

    async def _due(self, connection: asyncpg.Connection, now: datetime) -> list[Due]:
        rows = await connection.fetch(
            """SELECT v.source, v.kinds, v.version
               FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version
               ORDER BY c.id"""
        )
        found: list[Due] = []
        for row in rows:
            try:
                plan = load_plan(row["source"], written_for=written_for(row["kinds"]))
                found += self._missing(plan, compile_plan(plan, version=row["version"]), now)
            except FestoonError:
                continue  # set aside, and said so by whoever serves
        return found

    def _missing(self, plan: Plan, campaign: CompiledCampaign, now: datetime) -> Iterator[Due]:
        for criterion, at in due_dates(plan, campaign).items():
            day = local_day(at - _INSTANT, campaign.zone)
            name = f"{campaign.campaign}-{criterion}-{day}"
            files = {language: self._reports / f"{name}-{language}.html" for language in self._languages}
            if at <= now and not all(path.exists() for path in files.values()):
                yield Due(plan, campaign, criterion, at, files)

    def _write(self, due: Due, outside: Mapping[str, OutsideFigure], *, rehearsal: bool) -> list[Path]:
        found = evaluate(Facts.reading(self._facts), due.plan, due.campaign, due.at, outside)
        for language, path in due.files.items():
            put(found, path, language, rehearsal=rehearsal)
        judged = next(each for each in found.criteria if each.id == due.criterion)
        log.info(
            "evaluation.due",
            campaign=due.campaign.campaign,
            criterion=due.criterion,
            at=due.at.isoformat(),
            status=judged.status,
            files=[str(path) for path in due.files.values()],
        )
        return list(due.files.values())
