"""`festoon requests`: what somebody wants done to a member and another has to sign."""

from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.cli.database import on_connection
from festoon.cli.member_acts import with_engine
from festoon.cli.signing import AsJson, KeyOption, signer
from festoon.cli.terminal import WRONG, out, say_json
from festoon.engine.engine import Engine
from festoon.engine.requests import Request, decline, sign, submitting, waiting, withdraw

app = typer.Typer(
    help="Requests that wait for a second signature: list, sign, decline, withdraw.", no_args_is_help=True
)
Number = Annotated[int, typer.Argument(help="the request's number")]


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List what waits for a second signature, newest first.

    Example: `festoon requests list`
    """

    async def go(connection: asyncpg.Connection) -> list[Request]:
        return await waiting(connection)

    _show(on_connection(go, as_json=as_json), as_json)


@app.command("sign")
def sign_command(number: Number, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Sign what somebody else asked for; it is done at once. Exit code 1 when it was refused.

    Example: `festoon requests sign 17`
    """

    async def go(connection: asyncpg.Connection, engine: Engine) -> Request:
        checker = await signer(connection, key, "events:operate")
        return await sign(connection, submitting(engine, connection), number, checker, engine.now())

    found = with_engine(go, as_json=as_json)
    _show([found], as_json)
    raise typer.Exit(WRONG if found.status == "refused" else 0)


@app.command("decline")
def decline_command(
    number: Number,
    reason: Annotated[str, typer.Option(help="why not; who asked is told")],
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Say no to what somebody else asked for.

    Example: `festoon requests decline 17 --reason "no proof"`
    """

    async def go(connection: asyncpg.Connection) -> Request:
        return await decline(
            connection, number, await signer(connection, key, "events:operate"), wall(), reason
        )

    _show([on_connection(go, as_json=as_json)], as_json)


@app.command("withdraw")
def withdraw_command(number: Number, key: KeyOption = "", as_json: AsJson = False) -> None:
    """Take back what you asked for.

    Example: `festoon requests withdraw 17`
    """

    async def go(connection: asyncpg.Connection) -> Request:
        return await withdraw(connection, number, await signer(connection, key, "events:operate"), wall())

    _show([on_connection(go, as_json=as_json)], as_json)


def _show(found: list[Request], as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    table = Table(
        "request", "what", "member", "details", "reason", "asked by", "status", "signed by", "answer"
    )
    for each in found:
        details = ", ".join(f"{name} {value}" for name, value in each.data.items())
        table.add_row(
            str(each.number), each.kind, each.member or f"#{each.member_number}", details, each.reason, each.maker,
            each.status, each.checker or "", each.answer or "",
        )  # fmt: skip
    out.print(table if found else "nothing waits for a signature")
