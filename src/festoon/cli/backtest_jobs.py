"""`festoon backtests`: ask for back-tests that `festoon work` runs, watch them, and put two side by side."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.errors import Invalid, define
from festoon.cli.backtest_results import show_difference, show_result
from festoon.cli.database import on_connection
from festoon.cli.plans import UNREADABLE, CheckIns, FreePlays, Plays
from festoon.cli.signing import KeyOption, signer
from festoon.cli.terminal import err, failures, language, out, progress, say_json
from festoon.engine.assumptions import Assumptions
from festoon.insight.backtests import asking
from festoon.insight.backtests.asked import Asked, Facts, File, History, MadeUp
from festoon.insight.backtests.difference import difference
from festoon.insight.backtests.histories import keep, kept
from festoon.insight.backtests.result import Result
from festoon.insight.jobs import jobs
from festoon.insight.jobs.jobs import Job
from festoon.store.home import data_home

app = typer.Typer(
    help="Back-tests in the background: ask, list, show, cancel, again, compare; histories.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]
Number = Annotated[int, typer.Argument(help="the back-test's number", min=1)]
Day = Annotated[str, typer.Option(help="a day, YYYY-MM-DD")]
Histories = Annotated[Path | None, typer.Option("--histories", help="where histories are kept")]
NOT_A_DAY = define(
    "backtest.not_a_day", 400, "'{text}' is no day; write YYYY-MM-DD", "“{text}”不是日期；请写成 YYYY-MM-DD"
)
NO_PLAN = define(
    "backtest.no_plan",
    400,
    "say which plan: a file, or --campaign with --version",
    "请指明方案：文件，或 --campaign 与 --version",
)
NO_WORKER = "nobody runs what waits; start: festoon work"
WATCH_SECONDS = 0.5


@app.command("ask")
def ask_command(
    plan: Annotated[Path | None, typer.Argument(help="the plan's YAML file; or give --campaign")] = None,
    campaign: Annotated[str, typer.Option(help="a campaign, for a version that was submitted")] = "",
    version: Annotated[int, typer.Option(help="which version of the campaign", min=0)] = 0,
    history: Annotated[
        str, typer.Option(help="`facts` for the platform's own past, the name of a history, or `made-up`")
    ] = "facts",
    since: Day = "",
    until: Day = "",
    onto: Annotated[
        str, typer.Option(help="the day that --since is to stand for; moved by whole weeks")
    ] = "",
    members: Annotated[int, typer.Option(help="made-up: how many members", min=1, max=200_000)] = 1000,
    days: Annotated[int, typer.Option(help="made-up: how many days", min=1, max=730)] = 30,
    rate: Annotated[list[str] | None, typer.Option(help="made-up: TYPE=events a member a day")] = None,
    seeds: Annotated[int, typer.Option(help="how many runs, each with its own luck", min=1, max=50)] = 5,
    plays: Plays = 1.0,
    free_plays: FreePlays = 0.0,
    check_ins: CheckIns = 0.0,
    more_orders: Annotated[float, typer.Option(help="assumed: more orders, as a share", min=0, max=1)] = 0.0,
    watch: Annotated[bool, typer.Option(help="stay until it is over, and show its result")] = False,
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Ask for a back-test of a plan; `festoon work` runs it in a process of its own.

    Example: `festoon backtests ask year.yaml --history facts --since 2026-02-01 --onto 2027-02-01`
    """
    chosen: History
    with failures(as_json=as_json):
        if history == "made-up":
            chosen = MadeUp(members, days, rate or [], _day(since))
        elif history == "facts":
            chosen = Facts(_day(since), _day(until), _day(onto))
        else:
            chosen = File(history, _day(since), _day(until), _day(onto))
        assumed = Assumptions(plays, free_plays, check_ins, more_orders)
        source = _text(plan) if plan is not None else ""
        if not source and not (campaign and version):
            raise Invalid(NO_PLAN)

    async def go(connection: asyncpg.Connection) -> tuple[Job, Result | None, bool]:
        actor = await signer(connection, key, "plan:make")
        text = source or await asking.version_text(connection, campaign, version)
        question = Asked(text, 0 if source else version, chosen, seeds, assumed)
        folder = data_home() / "histories"
        number = await asking.ask_for_backtest(connection, question, actor, wall(), folder)
        if watch:
            await _watch(connection, number)
        return (
            await jobs.job(connection, number),
            await asking.result(connection, number),
            await jobs.somebody_works(connection),
        )

    found, result, works = on_connection(go, as_json=as_json)
    _say(found, result, as_json)
    if not works and not as_json:
        err.print(NO_WORKER, style="yellow")


async def _watch(connection: asyncpg.Connection, number: int) -> None:
    with progress() as bars:
        task = bars.add_task(f"back-test {number}", total=100)
        while (found := await jobs.job(connection, number)).open:
            bars.update(task, completed=found.percent, description=f"back-test {number}: {found.state}")
            await asyncio.sleep(WATCH_SECONDS)
        bars.update(task, completed=found.percent, description=f"back-test {number}: {found.state}")


@app.command("list")
def list_command(
    campaign: Annotated[str | None, typer.Option(help="only of this campaign")] = None,
    before: Annotated[int | None, typer.Option(help="only numbers below this")] = None,
    as_json: AsJson = False,
) -> None:
    """List back-tests, newest first, with how far they are.

    Example: `festoon backtests list --campaign spring`
    """

    async def go(connection: asyncpg.Connection) -> tuple[Sequence[Job], bool]:
        found = await jobs.listed(connection, kind=asking.KIND, campaign=campaign, before=before)
        return found, await jobs.somebody_works(connection)

    found, works = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
        return
    table = Table("number", "plan", "state", "%", "who", "asked (UTC)", "why")
    for each in found:
        why = each.error.text(language()) if each.error else ""
        table.add_row(
            str(each.number), each.title, each.state, str(each.percent), each.actor,
            f"{each.at:%Y-%m-%d %H:%M}", why,
        )  # fmt: skip
    out.print(table if found else "no back-test was asked for yet")
    if not works and any(each.open for each in found):
        err.print(NO_WORKER, style="yellow")


@app.command("show")
def show_command(
    number: Number,
    watch: Annotated[bool, typer.Option(help="stay until it is over")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a back-test: how far it is, or what came of it.

    Example: `festoon backtests show 12`
    """

    async def go(connection: asyncpg.Connection) -> tuple[Job, Result | None]:
        await jobs.job(connection, number, asking.KIND)
        if watch:
            await _watch(connection, number)
        return await jobs.job(connection, number), await asking.result(connection, number)

    _say(*on_connection(go, as_json=as_json), as_json)


@app.command("cancel")
def cancel_command(number: Number, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Cancel a back-test that waits or runs.

    Example: `festoon backtests cancel 12`
    """

    async def go(connection: asyncpg.Connection) -> Job:
        await jobs.job(connection, number, asking.KIND)
        await jobs.cancel(connection, number, await signer(connection, key, "plan:make"), wall())
        return await jobs.job(connection, number)

    _say(on_connection(go, as_json=as_json), None, as_json)


@app.command("again")
def again_command(number: Number, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Start a back-test that failed or was cancelled once more.

    Example: `festoon backtests again 12`
    """

    async def go(connection: asyncpg.Connection) -> Job:
        await jobs.job(connection, number, asking.KIND)
        await jobs.again(connection, number, await signer(connection, key, "plan:make"), wall())
        return await jobs.job(connection, number)

    _say(on_connection(go, as_json=as_json), None, as_json)


@app.command("compare")
def compare_command(
    number: Number,
    other: Annotated[int, typer.Argument(help="the one it is compared with", min=1)],
    as_json: AsJson = False,
) -> None:
    """Put two back-tests side by side, figure by figure.

    Example: `festoon backtests compare 12 13`
    """

    async def go(connection: asyncpg.Connection) -> tuple[Result, Result]:
        return await asking.done(connection, number), await asking.done(connection, other)

    first, second = on_connection(go, as_json=as_json)
    found = difference(first, second)
    if as_json:
        say_json(found)
    else:
        show_difference(found, number, other, first.places)


@app.command("histories")
def histories_command(folder: Histories = None, as_json: AsJson = False) -> None:
    """List the files of past events that plans can be tried on.

    Example: `festoon backtests histories`
    """
    with failures(as_json=as_json):
        found = kept(folder or data_home() / "histories")
    if as_json:
        say_json(found)
        return
    table = Table("name", "events", "from (UTC)", "to (UTC)")
    for each in found:
        first, last = (f"{at:%Y-%m-%d}" if at else "" for at in (each.first, each.last))
        table.add_row(each.name, f"{each.events:,}", first, last)
    out.print(table if found else "no history is kept; keep one with: festoon backtests keep FILE")


@app.command("keep")
def keep_command(
    file: Annotated[Path, typer.Argument(help="a Parquet file of events", exists=True, dir_okay=False)],
    name: Annotated[str, typer.Option(help="what it is called; the file's own name without")] = "",
    folder: Histories = None,
    as_json: AsJson = False,
) -> None:
    """Put a file of past events among the histories, to try plans on it by name.

    Example: `festoon backtests keep events.parquet --name last-year`
    """
    with failures(as_json=as_json):
        found = keep(folder or data_home() / "histories", file, name or file.stem)
    if as_json:
        say_json(found)
    else:
        out.print(f"kept '{found.name}': {found.events:,} events", highlight=False)


def _say(found: Job, result: Result | None, as_json: bool) -> None:
    if as_json:
        said = {"job": found, "percent": found.percent, "result": result}
        if found.error is not None:
            said["error"] = {"text": found.error.text(language()), "todo": found.error.todo(language())}
        say_json(said)
        return
    if result is not None:
        show_result(result, found)
        return
    out.print(f"back-test {found.number} of {found.title}: {found.state}, {found.percent} %", highlight=False)
    if found.error is not None:
        out.print(f"  [bold red]{found.error.code}[/] {found.error.text(language())}", highlight=False)
        if todo := found.error.todo(language()):
            out.print(f"  {todo}", style="dim", highlight=False)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(NOT_A_DAY, text=text) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(UNREADABLE, file=str(path), reason=str(error)) from None
