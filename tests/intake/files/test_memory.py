"""Memory does not grow with the file."""

import tracemalloc
from pathlib import Path

import pytest

from festoon.intake.files import read_events, rows
from tests.intake.files.making import BASKETS, map_of

FEW, MANY = 1_000, 5_000
CHUNK = 200


def peak(path: Path) -> int:
    tracemalloc.start()
    try:
        for _ in read_events(path, map_of(BASKETS), batch_rows=50):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def baskets(path: Path, count: int) -> Path:
    rows = (f"o{row // 4},m1,2027-02-05 10:00:00,{row},tea,1.00\n" for row in range(count))
    path.write_text("order,customer,paid_at,line,product,price\n" + "".join(rows), encoding="utf-8")
    return path


def test_five_times_the_rows_need_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "CHUNK", CHUNK)
    few, many = (peak(baskets(tmp_path / f"{count}.csv", count)) for count in (FEW, MANY))
    assert many < few * 1.25
