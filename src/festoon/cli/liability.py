"""`festoon liability`: what the platform owes its members, by day, for its accountants."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from festoon.api.liability import zone_said
from festoon.base.clock import wall
from festoon.cli.database import database
from festoon.cli.signing import AsJson
from festoon.cli.terminal import err, failures, out, say_json
from festoon.cli.written import written
from festoon.engine.reload import load_program
from festoon.insight.liability.files import as_csv
from festoon.insight.liability.liability import Liability, Wanted, liability
from festoon.store.home import data_home
from festoon.store.pool import connect_hot

Moment = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="the first day")]


def liability_command(
    asset: Annotated[str, typer.Option(help="the asset's code")] = "points",
    since: Moment = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="the last day; today without")
    ] = None,
    zone: Annotated[
        str, typer.Option(help="in whose time days are counted; that of most campaigns without")
    ] = "",
    facts: Annotated[Path | None, typer.Option(help="where `festoon work` writes facts")] = None,
    file: Annotated[Path | None, typer.Option("--csv", help="write the days to a CSV file")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what the platform owes its members of an asset by day: issued, spent, lapsed, taken back, outstanding, and
    what lapses when. Exit code 1 when the facts and the ledger do not agree.

    Run `festoon work --once` first, so that the facts are up to date.

    Example: `festoon liability --asset points --from 2027-03-01 --to 2027-03-31`
    """
    first, last = (each.date() if each else None for each in (since, until))
    with failures(as_json=as_json), database() as dsn, err.status("adding up …"):
        wanted = Wanted(asset, first, last, zone_said(zone))
        found = asyncio.run(_found(dsn, facts or data_home() / "facts", wanted))
        if file is not None:
            with written(file) as lines:
                lines.write(as_csv(found).encode())
    if as_json:
        say_json(found)
    else:
        _show(found)
    if not found.agrees:
        raise typer.Exit(1)


async def _found(dsn: str, facts: Path, wanted: Wanted) -> Liability:
    connection = await connect_hot(dsn)
    try:
        return await liability(connection, await load_program(connection), facts, wanted, wall())
    finally:
        await connection.close()


def _show(found: Liability) -> None:
    names = ("issued", "taken_back", "spent", "lapsed", "pending", "outstanding", "worth")
    table = Table("day", *(name.replace("_", " ") for name in names), box=None)
    for day in found.days:
        if not day.moves and day is not found.days[-1]:
            continue
        values = (getattr(day, name) for name in names)
        table.add_row(str(day.day), *("" if value is None else f"{value:,}" for value in values))
    out.print(table)
    months = Table("lapses in", "amount", "worth", box=None)
    for each in found.lapsing:
        months.add_row(
            each.month or "never", f"{each.amount:,}", "" if each.worth is None else f"{each.worth:,}"
        )
    if found.lapsing:
        out.print(months)
    if found.worth is not None:
        worth = found.worth
        out.print(
            f"worth: {worth.amount} per {worth.per}, in smallest units of {worth.currency} ({worth.campaign})"
        )
    for account in found.accounts:
        if account.ledger != account.facts:
            said = f"the ledger has {account.ledger:,}, the facts have {account.facts:,}"
            err.print(f"[red]{account.name}[/]: {said}")
    if found.agrees:
        out.print("the facts agree with the ledger to the last unit")


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "liability": lambda app: app.command("liability")(liability_command),
}
