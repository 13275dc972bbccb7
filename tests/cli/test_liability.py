"""`festoon liability`: the days of an asset for the platform's accountants."""

import asyncio
import csv
from pathlib import Path

import pytest

from tests.console.test_figures import PLAN
from tests.docs.terminal import run
from tests.live import put_up


def test_it_says_whether_the_books_agree_and_writes_the_days(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asyncio.run(put_up(database, PLAN))
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_DATA", str(tmp_path))
    file = tmp_path / "days.csv"
    days = ("--from", "2027-02-01", "--to", "2027-02-03")
    told = run("liability", *days, "--csv", str(file))
    assert told.code == 0
    assert "the facts agree with the ledger to the last unit" in told.out
    assert "2027-02-03" in told.out
    assert "2027-02-01" not in told.out  # nothing moved, and a table of nothing tells nothing
    with file.open(encoding="utf-8") as written:
        assert [row["day"] for row in csv.DictReader(written)] == ["2027-02-01", "2027-02-02", "2027-02-03"]
    found = run("liability", *days, "--zone", "UTC", "--json").json()
    assert (found["zone"], len(found["days"])) == ("UTC", 3)
    wrong = run("liability", "--asset", "pionts", "--json")
    assert (wrong.code, wrong.json()["error"]["code"]) == (3, "liability.no_asset")
