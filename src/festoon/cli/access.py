"""`festoon keys`: API keys for people and platforms."""

import getpass
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from festoon.access.keys import SCOPES, create, revoke
from festoon.access.tokens import ALGORITHM, AUDIENCE, signing_secret
from festoon.base.clock import wall
from festoon.cli.database import on_connection
from festoon.cli.terminal import WRONG, err, out, say_json

app = typer.Typer(help="API keys: create, list, revoke.", no_args_is_help=True)


@app.command("create")
def create_command(
    actor: Annotated[str, typer.Option(help="who the key stands for; this name signs plans")],
    scope: Annotated[list[str], typer.Option(help="what it may do: a scope of `festoon keys scopes`")],
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Make a key and print it, once. Only its hash is kept.

    Example: `festoon keys create --actor shop --scope events:write --scope members:read`
    """

    async def go(connection: asyncpg.Connection) -> None:
        token = await create(connection, actor, scope, wall(), f"shell:{getpass.getuser()}")
        if as_json:
            say_json({"key": token, "actor": actor, "scopes": scope})
        else:
            out.print(token, highlight=False, soft_wrap=True)
            err.print("keep it safe: it cannot be shown again", style="dim")

    on_connection(go, as_json=as_json)


@app.command("list")
def list_command(as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False) -> None:
    """List keys: who they stand for and what they may do, never the keys themselves.

    Example: `festoon keys list`
    """

    async def go(connection: asyncpg.Connection) -> None:
        rows = await connection.fetch(
            "SELECT id, actor, scopes, created, revoked FROM api_key ORDER BY created"
        )
        if as_json:
            say_json([dict(row) for row in rows])
            return
        table = Table("id", "actor", "scopes", "made", "revoked")
        for row in rows:
            gone = f"{row['revoked']:%Y-%m-%d %H:%M}" if row["revoked"] else ""
            table.add_row(
                row["id"], row["actor"], ", ".join(row["scopes"]), f"{row['created']:%Y-%m-%d %H:%M}", gone
            )
        out.print(table if rows else "no keys yet; make one with: festoon keys create")

    on_connection(go, as_json=as_json)


@app.command("revoke")
def revoke_command(
    id: Annotated[str, typer.Argument(help="the key's id, as `festoon keys list` has it")],
) -> None:
    """Revoke a key by its id.

    Example: `festoon keys revoke 3f9a1c22d0e4`
    """

    async def go(connection: asyncpg.Connection) -> bool:
        return await revoke(connection, id, wall(), f"shell:{getpass.getuser()}")

    done = on_connection(go)
    out.print(f"{id} is revoked" if done else f"there is no live key {id}")
    raise typer.Exit(0 if done else WRONG)


@app.command("signing")
def signing_command(
    id: Annotated[str, typer.Argument(help="the key's id, as `festoon keys list` has it")],
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Print the secret that members' tokens are signed with in a key's name. The key needs the scope members:token;
    when it is revoked, so are its tokens.

    Example: `festoon keys signing 3f9a1c22d0e4`
    """

    async def go(connection: asyncpg.Connection) -> str:
        return await signing_secret(connection, id)

    secret = on_connection(go, as_json=as_json)
    if as_json:
        say_json({"kid": id, "secret": secret, "alg": ALGORITHM, "aud": AUDIENCE})
    else:
        out.print(secret, highlight=False, soft_wrap=True)
        err.print(
            f"sign with {ALGORITHM}; the token's header has kid {id}, its claims aud {AUDIENCE}", style="dim"
        )


@app.command("scopes")
def scopes_command() -> None:
    """List the scopes a key can have.

    Example: `festoon keys scopes`
    """
    for scope, text in SCOPES.items():
        out.print(f"[bold]{scope:16}[/] {text}")
