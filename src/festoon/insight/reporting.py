"""Reports of evaluations: asked for now as a job, listed by the files they are, and when the next ones fall due."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.clock import wall
from festoon.base.errors import LANGUAGES, FestoonError, NotFound, define
from festoon.engine.published import written_for
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.insight.criteria import due_dates
from festoon.insight.evaluated import evaluated
from festoon.insight.jobs import jobs
from festoon.insight.jobs.task import Task
from festoon.insight.report import save
from festoon.plan.compile import compile_plan
from festoon.plan.parse import load_plan

KIND = "report"
NO_REPORT = define("report.unknown", 404, "there is no report '{name}'", "不存在报告“{name}”")
_FILE = re.compile(r"(?P<name>[a-z0-9][a-z0-9_-]{0,160})-(?P<language>en|zh-Hans|zh-Hant)\.html")
_asked = msgspec.json.Decoder(str)


class Written(Struct, frozen=True):
    """A report that was written: its name without the language, when, and in which languages."""

    name: str
    at: datetime
    languages: tuple[str, ...]


class DueReport(Struct, frozen=True):
    """A question of a running campaign's evaluation, and when its report is written by itself."""

    campaign: str
    title: Mapping[str, str]
    criterion: str
    metric: str
    at: datetime
    zone: str


async def ask_for_report(connection: asyncpg.Connection, campaign: str, actor: str, now: datetime) -> int:
    """Ask for a report as of when it is made, and return the job's number. Raises NotFound when the campaign is not
    published."""
    if not await connection.fetchval(
        "SELECT EXISTS (SELECT FROM campaign WHERE id = $1 AND version IS NOT NULL)", campaign
    ):
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="published")
    return await jobs.ask(connection, KIND, campaign, campaign, campaign, actor, now)


def report_job(task: Task) -> list[str]:
    """Write the report in every language; what is kept are the files' names."""
    campaign = _asked.decode(task.asked)
    steps = len(LANGUAGES) + 1
    task.tell(0, steps)
    found, rehearsal = asyncio.run(evaluated(task.dsn, campaign, task.folders.facts, wall()))
    names = []
    for done, language in enumerate(LANGUAGES, 1):
        task.tell(done, steps)
        names.append(save(found, task.folders.reports, language, rehearsal=rehearsal).name)
    return names


async def due_reports(connection: asyncpg.Connection) -> list[DueReport]:
    """The questions of all campaigns that are published, by date."""
    rows = await connection.fetch(
        """SELECT v.source, v.kinds, v.version
           FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version ORDER BY c.id"""
    )
    found = [due for row in rows for due in await asyncio.to_thread(lambda each: list(_due(each)), row)]
    return sorted(found, key=lambda due: (due.at, due.campaign))


def _due(row: asyncpg.Record) -> Iterator[DueReport]:
    try:
        plan = load_plan(row["source"], written_for=written_for(row["kinds"]))
        campaign = compile_plan(plan, version=row["version"])
    except FestoonError:
        return  # set aside, and said so by whoever serves
    for name, at in due_dates(plan, campaign).items():
        metric = plan.evaluation[name].metric
        yield DueReport(campaign.campaign, campaign.title, name, metric, at, campaign.zone.key)


def written(folder: Path, campaign: str = "") -> list[Written]:
    """The reports in a folder, newest first; those of one campaign when it is named."""
    found: dict[str, tuple[datetime, list[str]]] = {}
    for path in sorted(folder.glob("*.html")):
        match = _FILE.fullmatch(path.name)
        if match is None or (campaign and not match["name"].startswith(f"{campaign}-")):
            continue
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        before, languages = found.get(match["name"], (at, []))
        found[match["name"]] = max(before, at), [*languages, match["language"]]
    reports = [Written(name, at, tuple(languages)) for name, (at, languages) in found.items()]
    return sorted(reports, key=lambda each: (each.at, each.name), reverse=True)


def report_file(folder: Path, name: str) -> Path:
    """The file of a report. Raises NotFound for what is none, wherever it would lie."""
    path = folder / name
    if _FILE.fullmatch(name) is None or not path.is_file():
        raise NotFound(NO_REPORT, name=name[:80])
    return path
