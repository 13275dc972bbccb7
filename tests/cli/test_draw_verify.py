"""`festoon draw verify`: what was drawn is replayed from the revealed seed, and what was changed is found."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from festoon.engine.appointments import NOBODY
from festoon.engine.draw_records import export, export_tickets
from festoon.engine.draws import reveal
from festoon.engine.run_batch import run_batch
from festoon.intake.clock import due_members
from tests.docs.terminal import Done, run
from tests.live import HEAD, NOW, Platform, event, play

LATER = NOW + timedelta(days=90)
PLAN = (
    HEAD
    + """
assets: {stamps: {}}
mechanics:
  tickets: {kind: gift, on: page.viewed, give: [{chances: grand}]}
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 9}}
    prizes:
      - {id: pen, weight: 1, stock: 3, give: {points: 5}}
      - {id: pin, weight: 3, give: {points: [1, 4]}}
    sold_out: next_prize
  grand: {kind: grand_draw, frozen: 2027-02-12, prizes: [{id: cup, count: 4, give: {points: 9}}]}
  packets:
    kind: red_packet
    pool: {asset: stamps, amount: 90}
    packets: 9
    odds: 60
    chances: {free: {per: day, count: 2}}
"""
)
DRAWS = ("lucky-draw", "grand", "packets")


@pytest.fixture
def published(database: str, tmp_path: Path) -> dict[str, list[str]]:
    """What is said to `festoon draw verify` of each draw of a campaign that is over."""
    return asyncio.run(_played(database, tmp_path))


async def _played(dsn: str, folder: Path) -> dict[str, list[str]]:
    platform = await Platform.open(dsn, PLAN)
    members = [f"m{number}" for number in range(8)]
    for who in members:
        claim = event("red_packet.claimed", who, campaign="spring", mechanic="packets")
        plays = (play(who, f"{who}/{n}") for n in range(4))
        await platform.outcomes(event("page.viewed", who, page="x"), claim, *plays)
    platform.at = NOW + timedelta(days=4)
    for _ in range(2):
        await platform.wake(NOBODY)
    woken = await due_members(platform.connection, platform.at)
    await run_batch(platform.engine, platform.connection, [], [number for number, _ in woken])
    said = {}
    for mechanic in DRAWS:
        record = folder / f"{mechanic}.ndjson"
        seed = await reveal(platform.connection, "spring", mechanic, "campaign", LATER, "tests")
        await export(platform.connection, "spring", mechanic, "campaign", record)
        said[mechanic] = [str(record), "--seed", seed["seed"], "--commitment", seed["commitment"]]
    await export_tickets(platform.connection, "spring", "grand", folder / "tickets.csv")
    said["grand"] += ["--tickets", str(folder / "tickets.csv")]
    await platform.audit()
    await platform.close()
    return said


def verify(said: list[str]) -> Done:
    return run("draw", "verify", *said)


def test_what_was_drawn_honestly_holds(published: dict[str, list[str]]) -> None:
    for mechanic, said in published.items():
        done = verify(said)
        assert done.code == 0, (mechanic, done.said)
        assert len(Path(said[0]).read_text().splitlines()) >= 5


CHANGES: dict[str, Callable[[list[Any]], Any]] = {
    "lucky-draw": lambda lines: lines[2].update(roll=(lines[2]["roll"] + 1) % 4),
    "grand": lambda lines: lines[2].update(member=lines[3]["member"]),
    "packets": lambda lines: lines[2].update(roll=lines[2]["roll"] + 1),
}


def test_what_was_changed_afterwards_is_found_and_so_is_another_seed(
    published: dict[str, list[str]],
) -> None:
    for mechanic, said in published.items():
        other = [*said]
        other[2] = "0" * 64
        assert verify(other).code == 1, f"{mechanic}: this is not the seed that was committed to"
        path = Path(said[0])
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        CHANGES[mechanic](lines)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        assert verify(said).code == 1, mechanic
