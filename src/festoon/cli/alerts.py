"""`festoon alerts`: what is wrong right now, and who has seen it."""

from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.api.alerts import AlertsAnswer, answer
from festoon.base.clock import wall
from festoon.cli.database import on_connection
from festoon.cli.signing import AsJson, KeyOption, signer
from festoon.cli.terminal import WRONG, language, out, say_json
from festoon.engine.reload import load_program
from festoon.insight.alerts import alerts as known
from festoon.insight.alerts.alert import Alert

app = typer.Typer(help="Alerts: what is wrong right now; say that one was seen.", no_args_is_help=True)
COLOURS = {"alarm": "bold red", "warning": "yellow", "notice": "dim"}


@app.command("list")
def list_command(
    every: Annotated[bool, typer.Option("--all", help="also those that somebody has acknowledged")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is wrong right now, the worst first, and what to do about it. Exit code 1 when an open one is an alarm.

    Example: `festoon alerts list`
    """
    found = on_connection(_looked, as_json=as_json)
    shown = [each for each in found.alerts if every or each.open]
    if as_json:
        say_json(AlertsAnswer(shown, found.open, found.alarming))
    elif not shown:
        out.print("nothing is wrong")
    else:
        _show(shown)
    raise typer.Exit(WRONG if found.alarming else 0)


@app.command("acknowledge")
def acknowledge_command(
    alert: Annotated[str, typer.Argument(help="the alert, as `festoon alerts list` shows it")],
    note: Annotated[str, typer.Option(help="what is done about it; kept in the audit trail")],
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Say that you have seen an alert. It is open again when it gets worse.

    Example: `festoon alerts acknowledge line/spring/prizes --note "more was asked for"`
    """

    async def go(connection: asyncpg.Connection) -> AlertsAnswer:
        actor = await signer(connection, key, "alerts:acknowledge")
        await _looked(connection)
        await known.acknowledge(connection, alert, note, actor, wall())
        return await _looked(connection)

    found = on_connection(go, as_json=as_json)
    if as_json:
        say_json(found)
    else:
        out.print(f"acknowledged; {found.open} are open")


async def _looked(connection: asyncpg.Connection) -> AlertsAnswer:
    return answer(await known.alerts(connection, await load_program(connection), wall()))


def _show(found: list[Alert]) -> None:
    reader = language()
    table = Table("alert", "severity", "since", "what", "what to do", "seen by")
    for each in found:
        seen = each.acknowledged
        table.add_row(
            each.key, f"[{COLOURS[each.severity]}]{each.severity}[/]", f"{each.since:%Y-%m-%d %H:%M}",
            each.text[reader], each.todo[reader], "" if seen is None else f"{seen.by}: {seen.note}",
        )  # fmt: skip
    out.print(table)
