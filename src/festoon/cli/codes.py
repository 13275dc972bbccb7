"""`festoon codes`: codes in bulk: make a batch, list, export, withdraw."""

import getpass
import secrets
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.times import end_of_day
from festoon.cli.database import on_connection
from festoon.cli.terminal import out, progress, say_json
from festoon.cli.written import written
from festoon.engine.code_batches import BatchState, Order, batches, export, make, void
from festoon.engine.reload import load_program

app = typer.Typer(help="Codes in bulk: make, list, export, withdraw.", no_args_is_help=True)

CampaignId = Annotated[str, typer.Argument(help="the campaign's id")]
BatchName = Annotated[str, typer.Argument(help="the name of the batch")]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]


@app.command("make")
def make_command(
    campaign: CampaignId,
    owner: Annotated[str, typer.Argument(help="the coupon or the mechanic that they are codes of")],
    count: Annotated[int, typer.Option(help="how many", min=1)],
    name: Annotated[str, typer.Option(help="what the batch is called")],
    until: Annotated[str | None, typer.Option(help="the last day they can be used (2027-02-20)")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a batch of unique codes that nobody can guess. How many there may be in all stands in the plan.

    Example: `festoon codes make spring flyers --count 1000000 --name march`
    """

    async def go(connection: asyncpg.Connection) -> None:
        known = (await load_program(connection)).campaigns.get(campaign)
        zone = ZoneInfo("UTC") if known is None else known.zone
        lapse = None if until is None else end_of_day(_day(until), zone)
        with progress() as bars:
            task = bars.add_task("making codes", total=count)
            await make(
                connection, Order(campaign, owner, name, count, lapse), f"shell:{getpass.getuser()}", wall(),
                secrets.token_bytes, lambda done: bars.update(task, completed=done),
            )  # fmt: skip

    on_connection(go, as_json=as_json)
    if as_json:
        say_json({"campaign": campaign, "owner": owner, "name": name, "count": count})
    else:
        out.print(
            f"{count:,} codes in the batch {name}; write them with: festoon codes export {campaign} {name} FILE"
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no date; write 2027-02-20") from None


@app.command("list")
def list_command(
    campaign: Annotated[str, typer.Argument(help="the campaign's id; all without")] = "",
    as_json: AsJson = False,
) -> None:
    """List batches, and how many of their codes are free, given, used and withdrawn.

    Example: `festoon codes list spring`
    """

    async def go(connection: asyncpg.Connection) -> list[BatchState]:
        return await batches(connection, campaign)

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
        return
    table = Table(
        "campaign", "batch", "codes of", "pattern", "count", "free", "given", "used", "withdrawn", "until"
    )
    for each in found:
        until = "withdrawn" if each.voided else f"{each.until:%Y-%m-%d %H:%M}" if each.until else ""
        numbers = (f"{number:,}" for number in (each.count, each.free, each.given, each.used, each.withdrawn))
        table.add_row(each.campaign, each.name, each.owner, each.pattern, *numbers, until)
    out.print(table if found else "no codes yet; make some with: festoon codes make")


@app.command("export")
def export_command(
    campaign: CampaignId,
    name: BatchName,
    file: Annotated[Path, typer.Argument(help="the CSV file to write")],
    as_json: AsJson = False,
) -> None:
    """Write a batch as CSV: code, state, member's number, when it was used. Keep it like money.

    Example: `festoon codes export spring march march.csv`
    """

    async def go(connection: asyncpg.Connection) -> int:
        with written(file) as lines:
            return await export(connection, campaign, name, lambda said: lines.write(said.encode()))

    count = on_connection(go, as_json=as_json)
    if as_json:
        say_json({"file": str(file), "codes": count})
    else:
        out.print(f"{count:,} codes in {file}")


@app.command("void")
def void_command(
    campaign: CampaignId,
    name: BatchName,
    code: Annotated[str, typer.Option(help="only this code of the batch")] = "",
    as_json: AsJson = False,
) -> None:
    """Withdraw a batch, or one code of it: what is still free can no longer be used. What members own stays theirs.

    Example: `festoon codes void spring march --code TEA-7K3M-9QXP-2BWD`
    """

    async def go(connection: asyncpg.Connection) -> int:
        return await void(connection, campaign, name, code, f"shell:{getpass.getuser()}", wall())

    count = on_connection(go, as_json=as_json)
    if as_json:
        say_json({"campaign": campaign, "name": name, "withdrawn": count})
    else:
        out.print(f"{count:,} codes withdrawn")
