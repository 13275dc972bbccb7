"""`festoon experiments`: what experiments that learn have learned; learn now."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.audience.learning import DueLearning, learn_anew, learning_of
from festoon.audience.refresh import Place
from festoon.base.clock import wall
from festoon.base.errors import NotFound
from festoon.base.learned import PARTS
from festoon.cli.database import database, on_connection
from festoon.cli.terminal import failures, out, say_json
from festoon.engine.policies import Followed, followed
from festoon.engine.program import Program
from festoon.engine.reload import load_program
from festoon.engine.rollout import NOT_RUNNING
from festoon.plan.compiled import CompiledCampaign
from festoon.store.home import data_home
from festoon.store.pool import connect

app = typer.Typer(help="Experiments that learn: what was learned; learn now.", no_args_is_help=True)

CampaignId = Annotated[str, typer.Argument(help="the campaign's id")]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]
_JUST_AFTER = timedelta(microseconds=1)


@app.command("list")
def list_command(campaign: CampaignId, as_json: AsJson = False) -> None:
    """List the experiments of a published campaign that learn: how often each arm is given, by kind of member, and what
    that was learned from.

    Example: `festoon experiments list spring`
    """

    async def go(connection: asyncpg.Connection) -> None:
        compiled = _campaign(await load_program(connection), campaign)
        latest = await followed(connection, campaign)
        rows = [latest[each.name] for each in learning_of(compiled, []) if each.name in latest]
        if as_json:
            say_json({"campaign": campaign, "experiments": rows})
            return
        table = Table("experiment", "policy", "since (UTC)", "kind of member", "arm", "given to", "successes")
        for row in rows:
            _add(table, row)
        out.print(table)

    on_connection(go, as_json=as_json)


def _add(table: Table, row: Followed) -> None:
    for context, weights in row.weights.items():
        for arm, share in weights:
            members, won = row.tried.get(context, {}).get(arm, (0, 0))
            table.add_row(
                row.experiment,
                str(row.version),
                f"{row.since:%Y-%m-%d %H:%M}",
                context or "all others",
                arm,
                f"{share * 100 / PARTS:.1f} %",
                f"{won:,} of {members:,}",
            )


@app.command("learn")
def learn_command(
    campaign: CampaignId,
    experiment: Annotated[list[str] | None, typer.Option(help="only these; all that learn without")] = None,
    facts: Annotated[Path | None, typer.Option(help="where facts are written")] = None,
    as_json: AsJson = False,
) -> None:
    """Learn the weights of a published campaign's experiments anew, now; in a rehearsal, as of its last event.

    `festoon work` does the same when the time that the plan names has come.

    Example: `festoon experiments learn spring --experiment pack`
    """
    with failures(as_json=as_json), database() as dsn:
        learned = asyncio.run(_learn(dsn, campaign, experiment or [], facts or data_home() / "facts"))
    if as_json:
        say_json({"campaign": campaign, "learned": learned})
    else:
        out.print(f"learned: {', '.join(learned) or '–'}", highlight=False)


async def _learn(dsn: str, name: str, wanted: list[str], facts: Path) -> list[str]:
    connection = await connect(dsn)
    try:
        program = await load_program(connection)
        compiled = _campaign(program, name)
        now = wall()
        if program.rehearsal:
            last: datetime | None = await connection.fetchval("SELECT max(now) FROM event")
            now = last + _JUST_AFTER if last else now
    finally:
        await connection.close()
    place = Place(dsn, facts, wall, program.rehearsal)
    due = [DueLearning(compiled, each, now, now) for each in learning_of(compiled, wanted)]
    return [each.experiment.name for each in due if await learn_anew(place, each)]


def _campaign(program: Program, name: str) -> CompiledCampaign:
    if name not in program.campaigns:
        raise NotFound(NOT_RUNNING, campaign=name)
    return program.campaigns[name]
