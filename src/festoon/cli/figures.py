"""`festoon figures`: what somebody else measured, entered with its evidence and signed by another."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.base.errors import Invalid, define
from festoon.cli.database import on_connection
from festoon.cli.signing import AsJson, CampaignId, KeyOption, signer
from festoon.cli.terminal import failures, out, say_json
from festoon.engine.evidence import LARGEST, Evidence
from festoon.engine.outside import (
    Entered,
    OutsideFigure,
    decline_figure,
    enter_figure,
    figures,
    sign_figure,
)

app = typer.Typer(help="Figures from outside: list, enter, sign, decline.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="the figure's number", min=1)]
UNREADABLE = define(
    "evidence.unreadable", 400, "{file} cannot be read: {reason}", "无法读取 {file}：{reason}"
)


@app.command("list")
def list_command(
    campaign: Annotated[str | None, typer.Option(help="only of this campaign")] = None,
    as_json: AsJson = False,
) -> None:
    """List figures that were measured outside, newest first, with who signed them.

    Example: `festoon figures list --campaign spring`
    """

    async def go(connection: asyncpg.Connection) -> list[OutsideFigure]:
        return await figures(connection, campaign, limit=200)

    _show(on_connection(go, as_json=as_json), as_json)


@app.command("enter")
def enter_command(
    campaign: CampaignId,
    metric: Annotated[str, typer.Argument(help="the metric, as the plan calls it")],
    value: Annotated[str, typer.Argument(help="the figure as it is written: 31%, 1250.5")],
    source: Annotated[str, typer.Option(help="who measured it, and how")],
    measured: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="when it was measured; today without")
    ] = None,
    link: Annotated[str, typer.Option(help="where it can be looked at")] = "",
    file: Annotated[
        Path | None,
        typer.Option(help="a file that shows it: PDF, a picture, a table", exists=True, dir_okay=False),
    ] = None,
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Enter a figure that was measured outside, with a link or a file that shows it. Somebody else signs it.

    Example: `festoon figures enter spring awareness 31% --source "Tea Research" --file survey.pdf`
    """

    async def go(connection: asyncpg.Connection) -> OutsideFigure:
        maker = await signer(connection, key, "figures:enter")
        day: date = measured.date() if measured else wall().date()
        said = Entered(metric, value, day, source, link)
        return await enter_figure(connection, campaign, said, shown, maker, wall())

    with failures(as_json=as_json):
        shown = None if file is None else _evidence(file)
    _show([on_connection(go, as_json=as_json)], as_json)


@app.command("sign")
def sign_command(number: Number, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Sign a figure that somebody else entered: goals and reports show it from then on.

    Example: `festoon figures sign 4`
    """

    async def go(connection: asyncpg.Connection) -> OutsideFigure:
        return await sign_figure(connection, number, await signer(connection, key, "figures:sign"), wall())

    _show([on_connection(go, as_json=as_json)], as_json)


@app.command("decline")
def decline_command(
    number: Number,
    reason: Annotated[str, typer.Option(help="why it is not taken")],
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Do not take a figure.

    Example: `festoon figures decline 4 --reason "another year's survey"`
    """

    async def go(connection: asyncpg.Connection) -> OutsideFigure:
        actor = await signer(connection, key, "figures:sign")
        return await decline_figure(connection, number, actor, wall(), reason)

    _show([on_connection(go, as_json=as_json)], as_json)


def _evidence(file: Path) -> Evidence:
    try:
        with file.open("rb") as body:
            return Evidence(file.name, body.read(LARGEST + 1))
    except OSError as error:
        raise Invalid(UNREADABLE, file=str(file), reason=str(error)) from None


def _show(found: list[OutsideFigure], as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    table = Table("figure", "of", "value", "measured", "source", "state")
    for each in found:
        of, signed = f"{each.campaign}/{each.metric}", f" by {each.checker}" if each.checker else ""
        table.add_row(
            str(each.number), of, each.value, str(each.measured), each.source, each.state + signed
        )  # fmt: skip
    out.print(table if found else "nothing was entered")
