"""A mechanic of another package, installed beside ours: checked, back-tested, run live, and its own tests pass."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from festoon.base.errors import CODES
from festoon.base.events import Event
from festoon.engine.backtest import backtest
from festoon.engine.outcome import decode
from festoon.mechanics.registry import kinds
from festoon.plan.check import check_plan
from tests.house.sources import ROOT
from tests.live import Platform, gifts, refusals

HERE = ROOT / "examples" / "custom_mechanic"
PLAN = (HERE / "plan.yaml").read_text(encoding="utf-8")
PIP = [
    "pip",
    "--disable-pip-version-check",
    "install",
    "--quiet",
    "--no-deps",
    "--no-index",
    "--no-build-isolation",
]
MONDAY = datetime.fromisoformat("2027-03-01 12:00+08:00")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip installs it, in a directory of its own."""
    target = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, "-m", *PIP, "--target", str(target), str(HERE)], check=True)
    return target


@pytest.fixture
def _loaded(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(installed))
    importlib.invalidate_caches()
    kinds.cache_clear()
    yield
    kinds.cache_clear()
    sys.modules.pop("festoon_weekday_card", None)
    for code in [code for code in CODES if code.startswith("weekday_card.")]:
        del CODES[code]  # other tests count the codes of Festoon itself


def order(who: str, day: int, number: int = 1) -> Event:
    at = MONDAY + timedelta(days=day, minutes=number)
    id = f"{who}-{day}-{number}"
    data: dict[str, Any] = {"order": id, "amount": 2_000, "currency": "CNY", "lines": []}
    return Event("shop", id, "order.paid", who, at, data)


def weeks() -> list[Event]:
    """Two weeks of three members: one buys every day, one every other, one twice on Monday."""
    days = [order("ann", day) for day in range(14)] + [order("ben", day) for day in range(0, 14, 2)]
    return sorted([*days, order("cat", 0), order("cat", 0, 2)], key=lambda event: event.time)


def history() -> Iterator[list[Event]]:
    yield weeks()


@pytest.mark.usefixtures("_loaded")
def test_it_is_found_through_its_entry_point_and_its_plan_is_checked() -> None:
    assert kinds()["weekday_card"].__module__ == "festoon_weekday_card"
    assert check_plan(PLAN).problems == ()
    [wrong] = check_plan(PLAN.replace("days: 5", "days: 8")).errors
    assert wrong.path == "mechanics.card.days"


@pytest.mark.usefixtures("_loaded")
def test_a_back_test_says_what_it_would_have_given() -> None:
    found = backtest(PLAN, history, seeds=1).first
    assert found.grants == {"weekly-shopper/card asset points": 2}
    assert found.cost == {"prizes": 200}
    assert found.refusals == {
        "weekly-shopper/card weekday_card.full": 4,
        "weekly-shopper/card weekday_card.stamped": 1,
    }


@pytest.mark.usefixtures("_loaded")
async def test_it_runs_on_a_live_database(database: str) -> None:
    platform = await Platform.open(database, PLAN, now=MONDAY + timedelta(days=14))
    outcomes = await platform.outcomes(*weeks())
    assert gifts(outcomes) == [("asset", "points", 100)] * 2
    assert refusals(outcomes).count("weekday_card.full") == 4
    assert await platform.balance("ann") == 200
    again = await platform.send(*weeks())
    assert [decode(answer.outcome) for answer in again] == outcomes
    assert await platform.balance("ann") == 200
    await platform.audit()
    await platform.close()


def test_its_own_tests_pass(installed: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE / "tests")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=HERE)
    assert done.returncode == 0, done.stdout
    assert "7 passed" in done.stdout
