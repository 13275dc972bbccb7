"""The how-to of back-tests in the background works from top to bottom."""

import asyncio
from pathlib import Path

import pytest

from festoon.store.pool import connect
from tests.docs.pages import blocks
from tests.docs.terminal import commands, run

PAGE = "docs/how-to/back-test-in-the-background.md"
BEFORE = "docs/how-to/back-test-a-plan.md"


def test_the_page_works_from_top_to_bottom(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_DATA", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    asyncio.run(rehearse(database))
    (plan,) = blocks(BEFORE, "yaml")
    (tmp_path / plan.told).write_text(plan.text, encoding="utf-8")
    program, *_ = blocks(BEFORE, "python")
    exec(compile(program.text, BEFORE, "exec"), {})
    said = {}
    for block in blocks(PAGE, "console"):
        for command in commands(block):
            done = run(*command.words[1:])
            assert done.code == 0, done.said
            said[command.words[2]] = done.said
    assert "mug" in said["show"]
    assert "prizes" in said["compare"]
    assert "queued" in said["ask"], "nobody works any more"


async def rehearse(dsn: str) -> None:
    """In a rehearsal nobody has to have a key."""
    connection = await connect(dsn)
    await connection.execute("UPDATE installation SET mode = 'rehearsal'")
    await connection.close()
