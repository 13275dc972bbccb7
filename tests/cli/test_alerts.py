"""`festoon alerts`, as an operator or a watchdog runs it."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from festoon.access.keys import create
from festoon.cli.app import made
from festoon.store.pool import connect
from tests.live import put_up
from tests.serving import head

KEY = "line/spring/prizes"


@pytest.fixture
def key(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A key of somebody who may acknowledge, over a campaign whose budget is used up."""

    async def lived() -> str:
        await put_up(database, head())
        connection = await connect(database)
        try:
            await connection.execute(
                "UPDATE shared_account SET balance = 0 WHERE holder = 'spring/budget/prizes'"
            )
            return await create(connection, "wang", ("alerts:acknowledge",), datetime.now(UTC), "tests")
        finally:
            await connection.close()

    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_LANG", "zh-Hans")
    return asyncio.run(lived())


def festoon(*words: str) -> Result:
    return CliRunner().invoke(made(words[0]), list(words))


def test_an_alarm_is_told_by_the_exit_code_until_somebody_has_seen_it(key: str) -> None:
    listed = festoon("alerts", "list", "--json")
    found = json.loads(listed.stdout.splitlines()[-1])
    assert (listed.exit_code, found["alarming"]) == (1, True)
    assert KEY in {each["key"] for each in found["alerts"]}
    assert "预算项" in festoon("alerts", "list").stdout.replace("\n", "")
    unsigned = festoon("alerts", "acknowledge", KEY, "--note", "more is on its way")
    assert unsigned.exit_code == 3
    done = festoon("alerts", "acknowledge", KEY, "--note", "more is on its way", "--key", key)
    assert done.exit_code == 0, done.output
    after = festoon("alerts", "list", "--json")
    assert after.exit_code == 0
    assert KEY not in after.stdout
    assert "more is on its way" in festoon("alerts", "list", "--all", "--json").stdout
