"""`festoon people`: letting people in from the shell."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from festoon.access.invitations import Newcomer, accept, look
from festoon.cli.app import made
from festoon.store.pool import connect


def run(*words: str) -> str:
    done = CliRunner().invoke(made("people"), ["people", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(autouse=True)
def _database(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)


def token_of(said: str) -> str:
    path: str = json.loads(said)["path"]
    return path.removeprefix("/console/welcome/").rstrip("/")


def test_somebody_is_invited_listed_and_let_in_again(database: str) -> None:
    first = token_of(run("invite", "--role", "administrator", "--json"))

    async def join() -> None:
        connection = await connect(database)
        await accept(connection, first, Newcomer("wang", "Wang Fang", "!"), datetime.now(UTC))
        await connection.close()

    asyncio.run(join())
    (wang,) = json.loads(run("list", "--json"))
    assert (wang["username"], wang["roles"], wang["active"]) == ("wang", ["administrator"], True)
    second = token_of(run("let-in", "wang", "--json"))

    async def for_whom() -> str:
        connection = await connect(database)
        found = await look(connection, second, datetime.now(UTC))
        await connection.close()
        return found.username

    assert asyncio.run(for_whom()) == "wang"
    assert "Wang Fang" in run("list")


def test_an_unknown_role_is_said() -> None:
    done = CliRunner().invoke(made("people"), ["people", "invite", "--role", "king"])
    assert done.exit_code == 3
