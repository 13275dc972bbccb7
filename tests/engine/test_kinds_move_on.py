"""A mechanic of another package changes its parameters and what it remembers; what runs goes on."""

import importlib
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from festoon.engine.outcome import Outcome
from festoon.engine.program import NewerProgress
from festoon.engine.publish import approve, changes, publish, submit
from festoon.engine.reload import compile_version, load_program
from festoon.mechanics.registry import kinds
from festoon.store.pool import connect
from tests.live import BEFORE, HEAD, NOW, Platform, event, gifts, put_up

PACKAGE = """
from msgspec import Struct

from festoon.base.effects import Give, Keep
from festoon.mechanics.base import Mechanic
from festoon.mechanics.reward_line import RewardLine


class Stamps(Mechanic, kind="stamps"):
"""
FIRST = (
    PACKAGE
    + """
    class Params(Struct, forbid_unknown_fields=True):
        on: str
        every: int
        give: list[RewardLine]

    class State(Struct, forbid_unknown_fields=True):
        stamps: int = 0

    def __init__(self, params, build):
        super().__init__(params, build)
        self.give = Give(build.reward(params.give))

    def decide(self, event, view):
        stamps = view.state.stamps + 1
        yield Keep(self.State(stamps % self.params.every))
        if stamps == self.params.every:
            yield self.give
"""
)
SECOND = (
    PACKAGE
    + """
    version = 2

    class Params(Struct, forbid_unknown_fields=True):
        on: tuple[str, ...]
        card: int
        give: list[RewardLine]

    class State(Struct, forbid_unknown_fields=True):
        left: int = 0

    def __init__(self, params, build):
        super().__init__(params, build)
        self.give = Give(build.reward(params.give))

    def decide(self, event, view):
        left = (view.state.left if view.state.left else self.params.card) - 1
        yield Keep(self.State(left))
        if left == 0:
            yield self.give

    @classmethod
    def upgrade(cls, version, params):
        assert version == 1
        return {"on": [params["on"]], "card": params["every"], "give": params["give"]}

    @classmethod
    def upgrade_state(cls, version, state):
        assert version == 1
        return {"left": 3 - state.get("stamps", 0)}
"""
)
WRITTEN_FIRST = (
    HEAD + "mechanics: {stamps: {kind: stamps, on: page.viewed, every: 3, give: [{points: 10}]}}\n"
)
WRITTEN_SECOND = WRITTEN_FIRST.replace("on: page.viewed, every: 3", "on: [page.viewed], card: 3")

Installs = Callable[[str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installs]:
    """Install a release of the package in place of the one that was there, and start the process anew."""
    info = tmp_path / "stamps-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stamps\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[festoon.mechanics]\nstamps = stamps_card:Stamps\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def started_anew() -> None:
        sys.modules.pop("stamps_card", None)
        importlib.invalidate_caches()
        kinds.cache_clear()
        compile_version.cache_clear()

    def installed(release: str) -> None:
        (tmp_path / "stamps_card.py").write_text(release)
        sys.dont_write_bytecode = True
        started_anew()

    before = sys.dont_write_bytecode
    yield installed
    sys.dont_write_bytecode = before
    started_anew()


async def viewed(dsn: str, times: int, first: int) -> list[Outcome]:
    """What comes of some page views in a process that has just started."""
    platform = await Platform.open(dsn)
    found = []
    for number in range(first, first + times):
        found += await platform.outcomes(event("page.viewed", "ann", f"v{number}", page="x"))
    await platform.audit()
    await platform.close()
    return found


async def test_a_running_plan_and_its_progress_are_brought_up_when_a_kind_has_moved_on(
    database: str, install: Installs
) -> None:
    install(FIRST)
    await put_up(database, WRITTEN_FIRST)
    assert gifts(await viewed(database, 5, 1)) == [("asset", "points", 10)]
    install(SECOND)
    assert gifts(await viewed(database, 1, 6)) == [("asset", "points", 10)]
    assert gifts(await viewed(database, 2, 7)) == []
    connection = await connect(database)
    state = await connection.fetchval("SELECT state FROM progress")
    assert '"version":2' in state
    assert "stamps" not in state.replace('{"stamps":{', "")
    assert await changes(connection, "spring", WRITTEN_SECOND) == []
    await connection.close()


async def test_a_plan_approved_under_one_release_is_published_under_the_next(
    database: str, install: Installs
) -> None:
    connection = await connect(database)
    install(FIRST)
    campaign, version = await submit(connection, WRITTEN_FIRST, "li", BEFORE)
    await approve(connection, campaign, version, "wu", BEFORE)
    install(SECOND)
    await publish(connection, campaign, version, "wu", BEFORE)
    assert gifts(await viewed(database, 3, 1)) == [("asset", "points", 10)]
    campaign, version = await submit(connection, WRITTEN_SECOND, "li", BEFORE)
    noted = await connection.fetch("SELECT kinds FROM plan_version ORDER BY version")
    assert [row["kinds"] for row in noted] == ['{"stamps":1}', '{"stamps":2}']
    await connection.close()


async def test_a_plan_of_a_newer_release_is_set_aside_by_an_older_one(
    database: str, install: Installs
) -> None:
    install(SECOND)
    await put_up(database, WRITTEN_SECOND)
    install(FIRST)
    connection = await connect(database)
    with structlog.testing.capture_logs() as logs:
        program = await load_program(connection)
    assert program.campaigns == {}
    [said] = [line for line in logs if line["event"] == "plan_set_aside"]
    assert "version 2 of the mechanic `stamps`" in said["text"]
    await connection.close()


async def test_progress_of_a_newer_release_is_left_alone_by_an_older_one(
    database: str, install: Installs
) -> None:
    install(FIRST)
    await put_up(database, WRITTEN_FIRST)
    install(SECOND)
    await viewed(database, 2, 1)
    connection = await connect(database)
    before = await connection.fetchval("SELECT state FROM progress")
    install(FIRST)
    platform = await Platform.open(database, now=NOW + timedelta(hours=1))
    with pytest.raises(NewerProgress):
        await platform.send(event("page.viewed", "ann", "v3", page="x"))
    assert await connection.fetchval("SELECT state FROM progress") == before
    await platform.close()
    await connection.close()
