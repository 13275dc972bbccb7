"""`festoon parcels`: gifts that are to be sent: list, export, import numbers, cancel."""

import asyncio
import getpass
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.audience.sending import live
from festoon.base.clock import wall
from festoon.base.errors import NotFound
from festoon.cli.database import database, on_connection
from festoon.cli.terminal import WRONG, failures, language, out, say_json
from festoon.cli.written import written, written_where
from festoon.engine import parcels
from festoon.engine.parcels import Addressed, Parcel, Sought
from festoon.engine.shipping import UNKNOWN, Judged, ship
from festoon.intake.files.parcel_sheet import exported, judged_sheet, read_numbers
from festoon.intake.operating import operate
from festoon.store.pool import connect

app = typer.Typer(help="Parcels: list, export, import numbers, cancel.", no_args_is_help=True)

OfCampaign = Annotated[str | None, typer.Option("--campaign", help="only of this campaign")]
InState = Annotated[
    str | None, typer.Option("--state", help="ordered, packed, shipped, received, returned or cancelled")
]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]
OutFile = Annotated[Path, typer.Argument(help="the file to write, .csv or .xlsx", dir_okay=False)]


@app.command("list")
def list_command(
    campaign: OfCampaign = None,
    state: InState = None,
    member: Annotated[str | None, typer.Option(help="only of this member")] = None,
    limit: Annotated[int, typer.Option(help="how many", min=1, max=parcels.MOST)] = 50,
    as_json: AsJson = False,
) -> None:
    """List parcels in the order in which the gifts were given; without addresses.

    Example: `festoon parcels list --campaign spring --state ordered`
    """
    sought = _sought(campaign, state, member)

    async def go(connection: asyncpg.Connection) -> list[Parcel]:
        return await parcels.parcels(connection, sought, limit=limit)

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
        return
    table = Table("gift", "what", "member", "campaign", "given", "state", "carrier", "number", "address")
    for each in found:
        table.add_row(
            each.item, each.ref, each.member, each.campaign, f"{each.given:%Y-%m-%d %H:%M}", each.state,
            each.carrier, each.number, "known" if each.ready else "",
        )  # fmt: skip
    out.print(table if found else "no parcels")


@app.command("export")
def export_command(
    file: OutFile, campaign: OfCampaign = None, state: InState = "ordered", as_json: AsJson = False
) -> None:
    """Write parcels with their addresses; who did is kept in the audit trail.

    Example: `festoon parcels export to-send.xlsx --campaign spring --state ordered`
    """
    sought = _sought(campaign, state, None)

    async def go(connection: asyncpg.Connection) -> list[Addressed]:
        found = [each async for each in parcels.addressed(connection, sought)]
        await parcels.note_export(connection, sought, len(found), _actor(), wall())
        return found

    with failures(as_json=as_json), written(file) as lines:
        found = on_connection(go, as_json=as_json)
        lines.write(exported(found, file.suffix))
    if as_json:
        say_json({"file": str(file), "parcels": len(found)})
    else:
        out.print(f"{len(found):,} parcels in {file}", highlight=False)


@app.command("import")
def import_command(
    file: Annotated[
        Path, typer.Argument(help="the exported file with carrier and parcel", exists=True, dir_okay=False)
    ],
    results: Annotated[Path | None, typer.Option(help="write what became of each row, .csv or .xlsx")] = None,
    as_json: AsJson = False,
) -> None:
    """Take in a file of parcel numbers: each row by itself, the same file twice changes nothing. Exit code 1 when a row
    was refused.

    Example: `festoon parcels import sent.xlsx --results judged.xlsx`
    """

    async def go(dsn: str) -> list[Judged]:
        lines = read_numbers(file.read_bytes())
        connection = await connect(dsn)
        try:
            async with live(dsn, wall) as send:
                return await ship(connection, lines, send, _actor(), wall())
        finally:
            await connection.close()

    with failures(as_json=as_json), database() as dsn, written_where(results) as lines:
        judged = asyncio.run(go(dsn))
        if results is not None and lines is not None:
            lines.write(judged_sheet(judged, language(), results.suffix))
    counts = {name: sum(each.result == name for each in judged) for name in ("shipped", "same", "refused")}
    if as_json:
        say_json({**counts, "rows": judged})
    else:
        out.print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
        for each in judged:
            if each.code:
                out.print(f"  row {each.line.row}: {each.text(language())}", highlight=False)
    raise typer.Exit(WRONG if counts["refused"] else 0)


@app.command("cancel")
def cancel_command(
    item: Annotated[str, typer.Argument(help="the gift, as `festoon parcels list` shows it")],
    reason: Annotated[str, typer.Option(help="why; kept in the journal and the audit trail")],
    as_json: AsJson = False,
) -> None:
    """Do not send a gift: what it was to cost goes back to its budget line.

    Example: `festoon parcels cancel 9f2c41d07be3a85516c0d2e4 --reason "not wanted"`
    """

    async def go(dsn: str) -> None:
        connection = await connect(dsn)
        try:
            found = await parcels.parcel(connection, item)
        finally:
            await connection.close()
        if found is None:
            raise NotFound(UNKNOWN, item=item)
        data: dict[str, object] = {"item": item, "reason": reason, "decided_by": _actor()}
        await operate(dsn, f"gift.cancelled/{item}", "gift.cancelled", found.member, data)

    with failures(as_json=as_json), database() as dsn:
        asyncio.run(go(dsn))
    if as_json:
        say_json({"cancelled": item})
    else:
        out.print(f"{item} is cancelled", highlight=False)


def _actor() -> str:
    return f"shell:{getpass.getuser()}"


def _sought(campaign: str | None, state: str | None, member: str | None) -> Sought:
    if state is not None and state not in parcels.STATES:
        raise typer.BadParameter(f"{state} is none of {', '.join(parcels.STATES)}")
    return Sought(campaign, state, member)
