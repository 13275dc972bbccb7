"""`festoon report`: a campaign's evaluation, from the facts that were handed on."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.cli.database import database
from festoon.cli.terminal import INSTANT, err, failures, out, say_json
from festoon.cli.terminal import language as spoken
from festoon.insight.evaluated import evaluated
from festoon.insight.evaluation import Evaluation
from festoon.insight.report import save
from festoon.insight.views.criteria import criterion_views
from festoon.insight.views.reader import Reader
from festoon.store.home import data_home

WRITTEN = ("en", "zh-Hans", "zh-Hant")


def report(
    campaign: Annotated[str, typer.Argument(help="the campaign's id")],
    language: Annotated[list[str] | None, typer.Option(help="en, zh-Hans, zh-Hant; all without")] = None,
    folder: Annotated[Path | None, typer.Option("--to", help="where reports are written")] = None,
    facts_in: Annotated[
        Path | None, typer.Option("--facts", help="where `festoon work` writes facts")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=INSTANT, help="what was known then, as RFC 3339; now without")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Evaluate a campaign: goals against results, budget, the hold-out comparison, in words and charts.

    Run `festoon work --once` first, so that the facts are up to date.

    Example: `festoon report spring --language zh-Hans`
    """
    with failures(as_json=as_json), database() as dsn, err.status("evaluating …"):
        at = as_of or wall()
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


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "report": lambda app: app.command("report")(report),
}
