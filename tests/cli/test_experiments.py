"""`festoon experiments` at work, in a rehearsal: learn now, and what was learned."""

import asyncio
from pathlib import Path

import pytest

from festoon.intake.rehearsal import rehearse
from festoon.store.pool import connect
from tests.audience.test_learning import PLAN, history
from tests.docs.terminal import run
from tests.live import put_up


@pytest.fixture
def facts(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rehearsal of a plan with an experiment that learns, in which nobody has refreshed anything."""
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    asyncio.run(_prepared(database))
    return tmp_path


async def _prepared(database: str) -> None:
    connection = await connect(database)
    await connection.execute("UPDATE installation SET mode = 'rehearsal'")
    await connection.close()
    await put_up(database, PLAN)
    await rehearse(database, [history()])


def test_what_is_learned_by_hand_is_followed_and_listed_with_its_counts(facts: Path) -> None:
    assert run("experiments", "list", "spring", "--json").json()["experiments"] == []
    made = run("experiments", "learn", "spring", "--facts", str(facts), "--json").json()
    assert made["learned"] == ["pack"]
    (row,) = run("experiments", "list", "spring", "--json").json()["experiments"]
    assert (row["version"], set(row["weights"])) == (1, {"parents", ""})
    assert sum(members for arms in row["tried"].values() for members, _ in arms.values()) > 20
    shown = run("experiments", "list", "spring").said
    assert "all others" in shown


def test_an_experiment_that_does_not_learn_is_not_found(facts: Path) -> None:
    said = run("experiments", "learn", "spring", "--experiment", "pak", "--facts", str(facts), "--json")
    assert said.code != 0
    assert "experiment.learns_not" in said.said
