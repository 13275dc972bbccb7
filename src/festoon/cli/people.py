"""`festoon people`: who may use the console, for whoever has the shell and cannot come in any other way."""

import getpass
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.access.invitations import fresh_password, invite
from festoon.access.people import activate, people, reset_second_factor
from festoon.base.clock import wall
from festoon.cli.database import on_connection
from festoon.cli.terminal import err, out, say_json

app = typer.Typer(help="People of the console: list, invite, let in again.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]
MOST = 10_000


def _by() -> str:
    return f"shell:{getpass.getuser()}"


def _path(token: str) -> str:
    return f"/console/welcome/{token}/"


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List people with their roles and whether they have a second factor.

    Example: `festoon people list`
    """

    async def go(connection: asyncpg.Connection) -> None:
        found = await people(connection, limit=MOST)
        if as_json:
            say_json(found)
            return
        table = Table("user name", "name", "roles", "second factor", "state")
        for each in found:
            factor = ", ".join(each.factors) or "none"
            state = "active" if each.active else "deactivated"
            table.add_row(each.username, each.name, ", ".join(each.roles), factor, state)
        out.print(table if found else "nobody yet; festoon serve prints the first administrator's link")

    on_connection(go, as_json=as_json)


@app.command("invite")
def invite_command(
    role: Annotated[list[str], typer.Option(help="a role of the new person; may be said several times")],
    as_json: AsJson = False,
) -> None:
    """Print a one-time link for somebody new; put the server's address before it.

    Example: `festoon people invite --role planner --role analyst`
    """

    async def go(connection: asyncpg.Connection) -> None:
        _show(await invite(connection, role, wall(), _by()), as_json=as_json)

    on_connection(go, as_json=as_json)


@app.command("let-in")
def let_in_command(
    username: Annotated[str, typer.Argument(help="the user name, as `festoon people list` has it")],
    as_json: AsJson = False,
) -> None:
    """Let somebody in again who has lost the password and the second factor: both are set anew by a one-time link.

    Example: `festoon people let-in wang`
    """

    async def go(connection: asyncpg.Connection) -> None:
        now = wall()
        await activate(connection, username, _by(), now)
        await reset_second_factor(connection, username, _by(), now)
        _show(await fresh_password(connection, username, now, _by()), as_json=as_json)

    on_connection(go, as_json=as_json)


def _show(token: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"path": _path(token)})
    else:
        out.print(_path(token), highlight=False, soft_wrap=True)
        err.print("put the server's address before it; it works once, for three days", style="dim")
