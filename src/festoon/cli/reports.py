"""`festoon report`: a campaign's evaluation, from the facts that were handed on."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.errors import NotFound
from festoon.cli.database import database
from festoon.cli.terminal import err, failures, out, say_json
from festoon.cli.terminal import language as spoken
from festoon.engine.publish import VERSION_UNKNOWN
from festoon.engine.published import written_for
from festoon.insight.evaluation import Evaluation, evaluate
from festoon.insight.facts import Facts
from festoon.insight.report import save
from festoon.insight.views.criteria import criterion_views
from festoon.insight.views.reader import Reader
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from festoon.store.home import data_home
from festoon.store.pool import connect

WRITTEN = ("en", "zh-Hans", "zh-Hant")


def report(
    campaign: Annotated[str, typer.Argument(help="the campaign's id")],
    language: Annotated[list[str] | None, typer.Option(help="en, zh-Hans, zh-Hant; all without")] = None,
    folder: Annotated[Path | None, typer.Option("--to", help="where reports are written")] = None,
    facts_in: Annotated[
        Path | None, typer.Option("--facts", help="where `festoon work` writes facts")
    ] = None,
    as_of: Annotated[str, typer.Option(help="what was known then, as RFC 3339; now without")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Evaluate a campaign: goals against results, budget, the hold-out comparison, in words and charts.

    Run `festoon work --once` first, so that the facts are up to date.

    Example: `festoon report spring --language zh-Hans`
    """
    with failures(as_json=as_json), database() as dsn, err.status("evaluating …"):
        at = datetime.fromisoformat(as_of) if as_of else wall()
        home = data_home()
        found, rehearsal = asyncio.run(evaluated(dsn, campaign, facts_in or home / "facts", at))
        reports = folder or home / "reports"
        written = [save(found, reports, each, rehearsal=rehearsal) for each in language or WRITTEN]
    if as_json:
        say_json({"reports": [str(path) for path in written], "criteria": _criteria(found)})
        return
    for path in written:
        out.print(str(path), soft_wrap=True, highlight=False)
    if found.criteria:
        err.print(_table(found, Reader(spoken(), found.campaign)))


def _criteria(found: Evaluation) -> list[dict[str, str]]:
    """The questions of the evaluation with their dates, for another program."""
    return [
        {"id": each.id, "at": each.at.isoformat(), "method": each.method, "status": each.status}
        for each in found.criteria
    ]


def _table(found: Evaluation, reader: Reader) -> Table:
    """The same for a person: what was judged, and when the rest will be."""
    table = Table(*(reader.say(name) for name in ("c_question", "c_on", "result", "verdict")), box=None)
    for view in criterion_views(found.criteria, reader):
        table.add_row(view.title, view.on, view.result, view.state)
    return table


async def write_reports(
    dsn: str, campaign: str, facts_in: Path, folder: Path, as_of: datetime, languages: Sequence[str] = WRITTEN
) -> list[Path]:
    """Write a published campaign's report in some languages. Raises NotFound when it is not published."""
    found, rehearsal = await evaluated(dsn, campaign, facts_in, as_of)
    return [save(found, folder, language, rehearsal=rehearsal) for language in languages]


async def evaluated(dsn: str, campaign: str, facts_in: Path, as_of: datetime) -> tuple[Evaluation, bool]:
    """Evaluate a published campaign; and whether it is a rehearsal. Raises NotFound when it is not published."""
    connection = await connect(dsn)
    try:
        row = await connection.fetchrow(
            """SELECT v.source, v.kinds, v.version, (SELECT mode = 'rehearsal' FROM installation) AS rehearsal
               FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version WHERE c.id = $1""",
            campaign,
        )
        chain = await connection.fetchval(
            "SELECT chain FROM relay_range WHERE done IS NOT NULL ORDER BY done DESC LIMIT 1"
        )
    finally:
        await connection.close()
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="published")
    plan = read_plan(row["source"], written_for=written_for(row["kinds"]))
    compiled = compile_plan(plan, version=row["version"])
    return evaluate(Facts.reading(facts_in, chain or ""), plan, compiled, as_of), row["rehearsal"]


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "report": lambda app: app.command("report")(report),
}
