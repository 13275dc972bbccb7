"""The benchmarks run from end to end, on figures too small to mean anything."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.__main__ import measure
from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.results import write
from festoon.store.embedded import EmbeddedServer

TINY = Effort(
    seconds=0.3, rounds=1, workers=(1,), connections=(2,), members=50, draws=200, segments=(300, 6_000)
)


@pytest.fixture
def durable(server_room: Path) -> Iterator[EmbeddedServer]:
    """A server that waits for the disk, as the tests' own does not: nothing else is measured."""
    with EmbeddedServer.start(server_room / "pg") as server:
        yield server


def test_both_sides_work_and_what_came_of_it_is_written_down(durable: EmbeddedServer, tmp_path: Path) -> None:
    told: list[str] = []
    findings = measure(Ground(durable), TINY, frozenset({"B1", "B8", "B9"}), told.append)
    one, nine = findings.ratios
    assert (nine.id, nine.sense, len(nine.ratios)) == ("B9", "at most", 1)
    assert [check.met for check in findings.checks if check.id == "B9"] == [True]
    assert (one.id, one.work, len(one.ratios)) == ("B1", "2 connections, 1 process", 1)
    assert min(*one.ours, *one.theirs) > 0
    drawn = {check.what: check.found for check in findings.checks if check.id == "B8"}
    assert drawn["200 draws at 256 connections: decided"] == "200"
    assert drawn["the books balance"] == "yes"
    assert "round 1 of 1: pgbench" in told

    page = tmp_path / "RESULTS.md"
    write(page, findings, TINY, {"processor": "one of ours"}, datetime(2027, 2, 10, tzinfo=UTC))
    assert "| B1 | 2 connections, 1 process | " in page.read_text(encoding="utf-8")
