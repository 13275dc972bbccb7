"""The programs of docs/how-to/verify-a-grand-draw.md, as a stranger would run them: with Python and nothing else."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from festoon.engine.appointments import NOBODY
from festoon.engine.draw_records import export, export_tickets
from festoon.engine.draws import reveal
from festoon.mechanics.grand_verify import verify_grand
from festoon.mechanics.packet_verify import verify_packets
from festoon.store.embedded import EmbeddedServer
from tests.docs.pages import blocks
from tests.live import HEAD, NOW, Platform, event

PAGE = "docs/how-to/verify-a-grand-draw.md"
LATER = NOW + timedelta(days=90)
PLAN = (
    HEAD
    + """
mechanics:
  tickets: {kind: gift, on: page.viewed, give: [{chances: grand}, {asset: stamps, amount: 2}]}
  grand:
    kind: grand_draw
    frozen: 2027-02-12
    drawn: 2027-02-20
    prizes: [{id: pen, count: 3, give: {points: 5}}, {id: pin, count: 20, give: {points: 1}}]
  packets:
    kind: red_packet
    pool: {asset: stamps, amount: 200}
    packets: 20
    odds: 60
    chances: {free: {per: day, count: 1}}
assets: {stamps: {}}
"""
)


async def _play(dsn: str, folder: Path) -> dict[str, str]:
    """Thirty members with one to three tickets each, who reach for twenty packets; fourteen of them turn out to be
    seven, and two are erased. Returns the seeds that were revealed."""
    platform = await Platform.open(dsn, PLAN)
    for number in range(30):
        await platform.outcomes(
            *(event("page.viewed", f"m{number}", f"{number}/{n}", page="x") for n in range(number % 3 + 1)),
            event("red_packet.claimed", f"m{number}", f"r{number}", campaign="spring", mechanic="packets"),
        )
    platform.at = NOW + timedelta(days=4)
    await platform.wake(NOBODY)
    for number in range(0, 14, 2):
        one = event("member.merged", f"m{number}", at=platform.at, member=f"m{number + 1}", reason="x")
        await platform.outcomes(one)
    for who in ("m0", "m29"):
        await platform.outcomes(event("member.erased", who, at=platform.at, reason="asked for"))
    platform.at = NOW + timedelta(days=14)
    await platform.wake(NOBODY)
    names = (f"m{number}" for number in range(30))
    await platform.wake(*names)
    platform.at = LATER
    seeds = {}
    for mechanic in ("grand", "packets"):
        said = await reveal(platform.connection, "spring", mechanic, "campaign", LATER, "tests")
        seeds[mechanic], seeds[f"{mechanic} commitment"] = said["seed"], said["commitment"]
        await export(platform.connection, "spring", mechanic, "campaign", folder / f"{mechanic}.ndjson")
    await export_tickets(platform.connection, "spring", "grand", folder / "tickets.csv")
    await platform.audit()
    await platform.close()
    return seeds


@pytest.fixture(scope="module")
def published(
    server: EmbeddedServer,
    template: str,
    database_names: Iterator[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, dict[str, str]]:
    """A folder with what was published, and the seeds."""
    folder = tmp_path_factory.mktemp("published")
    name = next(database_names)
    server.create_database(name, template)
    seeds = asyncio.run(_play(server.dsn(name), folder))
    server.drop_database(name)
    for block in blocks(PAGE, "python"):
        (folder / f"{block.told}.py").write_text(block.text)
    return folder, seeds


Published = tuple[Path, dict[str, str]]


def run(published: Published, program: str, *files: Path) -> tuple[int, str]:
    """`-I -S`: without site-packages, the current folder or the environment."""
    folder, seeds = published
    of = {"grand": "grand", "pool": "packets"}[program]
    command = [sys.executable, "-I", "-S", str(folder / f"{program}.py"), *map(str, files)]
    done = subprocess.run(
        [*command, seeds[of], "", seeds[f"{of} commitment"]], capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def changed(path: Path, to: Path, change: Callable[[list[Any]], Any]) -> Path:
    """A copy of a record with something changed."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    to.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return to


def test_an_honest_grand_draw_holds(published: Published) -> None:
    folder, seeds = published
    record, tickets = folder / "grand.ndjson", folder / "tickets.csv"
    assert run(published, "grand", record, tickets) == (0, "all of it holds")
    assert verify_grand(record, tickets, seeds["grand"], "", seeds["grand commitment"]).holds
    head, *wins = map(json.loads, record.read_text().splitlines())
    assert (len(wins), head["members"], len(head["merged"]), len(head["erased"])) == (21, 30, 6, 3)


GRAND: dict[str, Callable[[list[Any]], Any]] = {
    "another winner": lambda lines: lines[4].update(member=lines[5]["member"], ticket=lines[5]["ticket"]),
    "another prize": lambda lines: lines[5].update(prize="pen"),
    "a winner left out": lambda lines: lines.pop(),
    "more prizes": lambda lines: lines[0].update(prizes=[["pen", 4], ["pin", 20]]),
    "two winners said to be one": lambda lines: lines[0].update(
        merged=[*lines[0]["merged"], [lines[4]["member"], lines[5]["member"]]]
    ),
    "an account said to be part of two": lambda lines: lines[0]["merged"].append(
        [lines[0]["merged"][0][0], lines[0]["merged"][1][1]]
    ),
    "an account said to be part of one that is part of another": lambda lines: lines[0]["merged"].append(
        [lines[0]["merged"][0][1], lines[0]["merged"][1][0]]
    ),
    "a winner said to be erased": lambda lines: lines[0]["erased"].append(lines[4]["member"]),
    "somebody erased who is not said to be": lambda lines: lines[0]["erased"].clear(),
    "more tickets": lambda lines: lines[0].update(tickets=lines[0]["tickets"] + 1),
}


@pytest.mark.parametrize("change", GRAND)
def test_a_grand_draw_that_was_tampered_with_is_found(
    published: Published, tmp_path: Path, change: str
) -> None:
    folder, seeds = published
    record = changed(folder / "grand.ndjson", tmp_path / "grand.ndjson", GRAND[change])
    assert run(published, "grand", record, folder / "tickets.csv") == (1, "does not hold")
    assert not verify_grand(
        record, folder / "tickets.csv", seeds["grand"], "", seeds["grand commitment"]
    ).holds


def test_other_tickets_than_those_that_were_frozen_are_found(published: Published, tmp_path: Path) -> None:
    folder, _ = published
    other = tmp_path / "tickets.csv"
    other.write_text((folder / "tickets.csv").read_text().replace(",2\n", ",9\n", 1))
    said = run(published, "grand", folder / "grand.ndjson", other)
    assert said == (1, "these are not the tickets that were frozen")


def test_an_honest_pool_holds(published: Published) -> None:
    folder, seeds = published
    record = folder / "packets.ndjson"
    assert run(published, "pool", record) == (0, "all of it holds")
    verdict = verify_packets(record, seeds["packets"], "", seeds["packets commitment"])
    assert (verdict.holds, verdict.plays) == (True, len(record.read_text().splitlines()) - 1)
    tries = [json.loads(line) for line in record.read_text().splitlines()[1:]]
    assert {"number" in found for found in tries} == {True, False}


POOL: dict[str, Callable[[list[Any]], Any]] = {
    "a larger packet": lambda lines: _packet(lines, 3).update(amount=_packet(lines, 3)["amount"] + 1),
    "a packet left out": lambda lines: lines.remove(_packet(lines, 2)),
    "two packets in another order": lambda lines: lines.insert(1, lines.pop(lines.index(_packet(lines, 4)))),
    "a packet for nothing": lambda lines: _packet(lines, 5).update(roll=99),
    "a try that could not miss": lambda lines: _miss(lines).update(odds=[5, 5]),
    "another least": lambda lines: _packet(lines, 2).update(least=2),
    "other coins": lambda lines: _packet(lines, 6)["coins"][0].__setitem__(1, 99),
}


def _miss(lines: list[Any]) -> Any:
    return next(line for line in lines[1:] if "number" not in line)


def _packet(lines: list[Any], number: int) -> Any:
    return next(line for line in lines if line.get("number") == number)


@pytest.mark.parametrize("change", POOL)
def test_a_pool_that_was_tampered_with_is_found(published: Published, tmp_path: Path, change: str) -> None:
    folder, seeds = published
    record = changed(folder / "packets.ndjson", tmp_path / "packets.ndjson", POOL[change])
    code, said = run(published, "pool", record)
    assert (code, said.startswith("does not hold in line")) == (1, True), said
    ours = verify_packets(record, seeds["packets"], "", seeds["packets commitment"])
    assert int(said.split()[5]) == min(finding.line for finding in ours.findings)
