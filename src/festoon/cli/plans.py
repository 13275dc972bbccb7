"""`festoon plan`: check, schema, submit, approve, publish, back-test, simulate."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import msgspec
import typer
from rich.table import Table

from festoon.audience.known import NOT_A_LIST
from festoon.audience.lists import read_list
from festoon.base.clock import wall
from festoon.base.collector import calm
from festoon.base.counting import counted
from festoon.base.errors import Conflict, Invalid, define
from festoon.base.processors import processors
from festoon.cli import fast_lane
from festoon.cli.archiving import archive_command
from festoon.cli.backtests import show_backtest, show_rates
from festoon.cli.database import on_connection
from festoon.cli.returns import send_back_command, withdraw_command
from festoon.cli.reviewing import review_command
from festoon.cli.rollouts import rollout_command
from festoon.cli.signing import AsJson, CampaignId, KeyOption, signer
from festoon.cli.terminal import WRONG, err, failures, language, out, progress, say_json
from festoon.engine.assumptions import Assumptions
from festoon.engine.backtest import Backtest, ParquetHistory, backtest
from festoon.engine.population import Population
from festoon.engine.publish import approve, changes, pause, publish, stop, submit
from festoon.engine.reload import running
from festoon.intake.files import read_event_parquet
from festoon.plan.check import Checked, check_plan
from festoon.plan.compile import compile_plan
from festoon.plan.json_schema import plan_schema
from festoon.plan.overlaps import overlaps
from festoon.plan.parse import read_plan
from festoon.plan.problems import Problem

app = typer.Typer(help="Plans: check, back-test, submit, approve, publish.", no_args_is_help=True)

PlanFile = Annotated[Path, typer.Argument(help="the plan's YAML file", exists=True, dir_okay=False)]
Seeds = Annotated[
    int,
    typer.Option(help="how many runs, each with its own luck; costs are ranges over them", min=1, max=1000),
]
Processes = Annotated[int, typer.Option(help="how many runs at once", min=1)]
PROCESSES = min(processors(), 8)
Plays = Annotated[float, typer.Option(help="assumed: share of the draw chances that are used", min=0, max=1)]
FreePlays = Annotated[
    float, typer.Option(help="assumed: share of active days with a free draw", min=0, max=1)
]
CheckIns = Annotated[float, typer.Option(help="assumed: share of active days with a check-in", min=0, max=1)]
ListOption = Annotated[
    list[str] | None,
    typer.Option(
        "--list", help="SEGMENT=FILE: the uploaded list of a segment; empty for one that is not given"
    ),
]
UNREADABLE = define("plan.unreadable", 400, "{file} cannot be read: {reason}", "无法读取{file}：{reason}")


@app.command()
def check(
    plan: PlanFile,
    beside: Annotated[
        list[Path] | None, typer.Option(help="other plans that will run as well", exists=True, dir_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a plan and say every mistake with its line and path.

    Example: `festoon plan check examples/plans/new-year.yaml`
    """
    with failures(as_json=as_json):
        checked = check_plan(_text(plan))
        if checked.compiled is not None and beside:
            others = [compile_plan(read_plan(_text(other))) for other in beside]
            found = overlaps(checked.compiled, others)
            checked = msgspec.structs.replace(checked, problems=(*checked.problems, *found))
    if as_json:
        say_json({"ok": not checked.errors, "problems": [_body(problem) for problem in checked.problems]})
    else:
        show_problems(checked, plan)
    raise typer.Exit(WRONG if checked.errors else 0)


def show_problems(checked: Checked, plan: Path) -> None:
    """Print what a check found, as a compiler would: place, path, what is wrong, what to do."""
    for problem in checked.problems:
        colour = "red" if problem.severity == "error" else "yellow"
        place = f"{plan}:{problem.line}:{problem.column}" if problem.line else str(plan)
        out.print(
            f"[{colour}]{problem.severity}[/] {place} [bold]{problem.path}[/]",
            highlight=False,
            soft_wrap=True,
        )
        out.print(f"    {problem.text(language())}  [dim]{problem.code}[/]", highlight=False, soft_wrap=True)
        if todo := problem.todo(language()):
            out.print(f"    [dim]{todo}[/]", highlight=False, soft_wrap=True)
    found = counted(f"{len(checked.errors)} mistake(s), {len(checked.warnings)} warning(s)")
    out.print(f"[bold {'red' if checked.errors else 'green'}]{found}[/]")


def _body(problem: Problem) -> dict[str, Any]:
    said = {"text": problem.text(language()), "todo": problem.todo(language())}
    return msgspec.structs.asdict(problem) | said


@app.command()
def schema() -> None:
    """Print the JSON Schema of plan files, for an editor.

    Example: `festoon plan schema > plan.schema.json`
    """
    typer.echo(msgspec.json.format(msgspec.json.encode(plan_schema()), indent=2).decode())


@app.command("submit")
def submit_command(
    plan: PlanFile,
    key: KeyOption = "",
    note: Annotated[str, typer.Option(help="what is new, for who signs")] = "",
    as_json: AsJson = False,
) -> None:
    """Put a plan up for review as its campaign's next version.

    Example: `FESTOON_KEY=fst_… festoon plan submit spring.yaml --note "more stock"`
    """

    async def go(connection: asyncpg.Connection) -> None:
        maker = await signer(connection, key, "plan:make")
        source = _text(plan)
        campaign, version = await submit(connection, source, maker, wall(), note)
        differences = [change.text(language()) for change in await changes(connection, campaign, source)]
        others = overlaps(compile_plan(read_plan(source)), await running(connection))
        _done(
            as_json,
            campaign,
            version,
            "in_review",
            f"festoon plan approve {campaign} --version {version}",
            differences,
            [problem.text(language()) for problem in others],
        )

    on_connection(go, as_json=as_json)


@app.command("approve")
def approve_command(
    campaign: CampaignId,
    version: Annotated[int, typer.Option(help="the version to sign")],
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Sign a version that somebody else made.

    Example: `FESTOON_KEY=fst_… festoon plan approve spring --version 2`
    """

    async def go(connection: asyncpg.Connection) -> None:
        checker = await signer(connection, key, "plan:check")
        await approve(connection, campaign, version, checker, wall())
        _done(as_json, campaign, version, "approved", f"festoon plan publish {campaign} --version {version}")

    on_connection(go, as_json=as_json)


@app.command("publish")
def publish_command(
    plan: Annotated[str, typer.Argument(help="an approved campaign's id; in a rehearsal, a plan file")],
    version: Annotated[int | None, typer.Option(help="the approved version")] = None,
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Let an approved version take over. A rehearsal database takes a plan file at once, with one signature.

    Example: `festoon plan publish spring --version 2`
    """
    with failures(as_json=as_json):
        source = _text(Path(plan)) if Path(plan).is_file() else None

    async def go(connection: asyncpg.Connection) -> None:
        actor = await signer(connection, key, "plan:publish")
        campaign, number = plan, version
        if source is not None:
            campaign, number = await submit(connection, source, actor, wall())
        if number is None:
            number = await connection.fetchval(
                "SELECT max(version) FROM plan_version WHERE campaign = $1 AND status = 'approved'", campaign
            )
        await publish(connection, campaign, number or 0, actor, wall())
        _done(as_json, campaign, number or 0, "published", "")

    on_connection(go, as_json=as_json)


@app.command("pause")
def pause_command(
    campaign: CampaignId,
    mechanic: Annotated[list[str] | None, typer.Option(help="only these; the whole campaign without")] = None,
    resume: Annotated[bool, typer.Option(help="resume everything instead")] = False,
    key: KeyOption = "",
) -> None:
    """Pause a campaign, or some of its mechanics; `--resume` lets everything run again.

    Example: `festoon plan pause spring --mechanic lucky-draw`
    """

    async def go(connection: asyncpg.Connection) -> None:
        actor = await signer(connection, key, "plan:publish")
        await pause(connection, campaign, [] if resume else (mechanic or ["*"]), actor, wall())
        out.print("resumed" if resume else f"paused: {', '.join(mechanic or ['the whole campaign'])}")

    on_connection(go)


@app.command("stop")
def stop_command(campaign: CampaignId, key: KeyOption = "") -> None:
    """Stop a campaign now and for good.

    Example: `festoon plan stop spring`
    """

    async def go(connection: asyncpg.Connection) -> None:
        actor = await signer(connection, key, "plan:publish")
        await stop(connection, campaign, actor, wall())
        out.print(f"{campaign} is stopped")

    on_connection(go)


app.command("archive")(archive_command)
app.command("rollout")(rollout_command)
fast_lane.register(app)
app.command("review")(review_command)
app.command("withdraw")(withdraw_command)
app.command("send-back")(send_back_command)


@app.command("backtest")
def backtest_command(
    plan: PlanFile,
    history: Annotated[
        Path, typer.Option(help="past events as Parquet, ordered by time", exists=True, dir_okay=False)
    ],
    seeds: Seeds = 10,
    processes: Processes = PROCESSES,
    plays: Plays = 1.0,
    free_plays: FreePlays = 0.0,
    check_ins: CheckIns = 0.0,
    more_orders: Annotated[float, typer.Option(help="assumed: how many orders more", min=0, max=1)] = 0.0,
    lists: ListOption = None,
    as_json: AsJson = False,
) -> None:
    """Run a plan on past events through the code that runs live: who would have won what, and what it costs.

    Example: `festoon plan backtest year.yaml --history events.parquet --plays 0.7`
    """
    with failures(as_json=as_json):
        assumed = Assumptions(plays, free_plays, check_ins, more_orders)
        found = _backtest(
            _text(plan),
            ParquetHistory(str(history), read_event_parquet).for_plan(_text(plan)),
            seeds,
            processes,
            assumed,
            _lists(lists, plan),
        )
    _show(found, as_json)


@app.command("simulate")
def simulate_command(
    plan: PlanFile,
    members: Annotated[int, typer.Option(help="how many made-up members there are", min=1)] = 1000,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="the first day, YYYY-MM-DD; the campaign's first without"),
    ] = None,
    days: Annotated[int, typer.Option(help="how many days, from the first one on", min=1, max=730)] = 30,
    rate: Annotated[
        list[str] | None, typer.Option(help="TYPE=events a member a day, such as order.paid=0.2")
    ] = None,
    seeds: Seeds = 10,
    processes: Processes = PROCESSES,
    plays: Plays = 1.0,
    free_plays: FreePlays = 0.3,
    check_ins: CheckIns = 0.3,
    lists: ListOption = None,
    as_json: AsJson = False,
) -> None:
    """Run a plan on a made-up population: for a platform without history, or for what history does not hold.

    Example: `festoon plan simulate new-year.yaml --members 5000 --days 20 --rate order.paid=0.1`
    """
    with failures(as_json=as_json):
        source = _text(plan)
        first = None if start is None else start.date()
        made = Population.of(source, members, days, rate or [], first)
        assumed = Assumptions(plays, free_plays, check_ins)
        found = _backtest(source, made, seeds, processes, assumed, _lists(lists, plan))
    _show(found, as_json)
    if not as_json:
        show_rates(made, made.never(source))


def _backtest(
    source: str,
    history: ParquetHistory | Population,
    seeds: int,
    processes: int,
    assumed: Assumptions,
    lists: dict[str, tuple[str, ...]],
) -> Backtest:
    calm()
    with progress() as bars:
        tasks = (
            {seed: bars.add_task(f"seed {seed}", total=None) for seed in range(1, seeds + 1)}
            if seeds <= 20
            else {}
        )
        every = bars.add_task("events decided", total=None)
        seen: dict[int, int] = {}

        def heard(seed: int, events: int) -> None:
            seen[seed] = events
            if seed in tasks:
                bars.update(tasks[seed], completed=events)
            bars.update(every, completed=sum(seen.values()))

        return backtest(
            source,
            history,
            seeds=seeds,
            processes=processes,
            assumptions=assumed,
            on_progress=heard,
            lists=lists,
        )


def _lists(said: Sequence[str] | None, plan: Path) -> dict[str, tuple[str, ...]]:
    """Uploaded lists of a plan's segments, from SEGMENT=FILE. Raises Conflict for a segment that takes none."""
    if not said:
        return {}
    compiled = compile_plan(read_plan(_text(plan)))
    taken, found = {segment.name for segment in compiled.segments if segment.listed}, {}
    for each in said:
        name, _, file = each.partition("=")
        if name not in taken:
            raise Conflict(NOT_A_LIST, campaign=compiled.campaign, segment=name)
        found[name] = read_list(Path(file)).subjects
    return found


def _show(found: Backtest, as_json: bool) -> None:
    if as_json:
        say_json(found)
    else:
        show_backtest(found)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(UNREADABLE, file=str(path), reason=str(error)) from None


def _done(
    as_json: bool,
    campaign: str,
    version: int,
    status: str,
    next_step: str,
    changes: Sequence[str] = (),
    others: Sequence[str] = (),
) -> None:
    if as_json:
        said = {"campaign": campaign, "version": version, "status": status}
        say_json(said | {"changes": list(changes), "beside": list(others)})
        return
    table = Table(show_header=False, box=None)
    table.add_row("campaign", campaign)
    table.add_row("version", str(version))
    table.add_row("status", status)
    out.print(table)
    for change in changes:
        out.print(f"  [cyan]~[/] {change}", highlight=False)
    for other in others:
        out.print(f"  [yellow]![/] {other}", highlight=False)
    if next_step:
        err.print(f"next: {next_step}", style="dim")
