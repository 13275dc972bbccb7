"""A plan is tried in the console: asked, watched, looked at, and put beside another."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.plans import example
from festoon.base.clock import wall
from festoon.insight.jobs.process import Settings
from festoon.insight.jobs.runner import Runner
from festoon.insight.jobs.task import Folders
from tests.browser.looking import PHONE, Looking, looks_right, picture
from tests.serving import Running


@pytest.fixture(scope="module")
def plan() -> str:
    return example("new-year", datetime.now(UTC).date())


def work(running: Running, folder: Path) -> None:
    """Run what waits, as `festoon work` does."""
    runner = Runner(Settings(running.dsn, Folders(folder, folder, folder), 1), wall)
    thread = Thread(target=lambda: asyncio.run(runner.run_once()))  # Playwright has a loop in this one
    thread.start()
    thread.join()


def test_a_plan_is_tried_twice_and_compared(open_page: Looking, running: Running, tmp_path: Path) -> None:
    page = open_page("planner", "/console/backtests/")
    looks_right(page)
    picture(page, "backtests-empty")
    page.get_by_role("link", name="New back-test").first.click()
    looks_right(page)
    picture(page, "backtests-ask")
    for plays in ("100", "40"):
        page.goto("/console/backtests/new/")
        page.get_by_label("History").select_option("made_up")
        page.get_by_label("How many members").fill("120")
        page.get_by_label("For how many days").fill("6")
        page.get_by_label("Runs").fill("2")
        page.get_by_label("Of draw chances, used (%)").fill(plays)
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("Nobody runs what waits").wait_for()
    looks_right(page)
    picture(page, "backtests-waiting")
    work(running, tmp_path)
    page.get_by_role("heading", name="What it costs").wait_for()
    page.wait_for_timeout(300)
    picture(page, "backtests-done")
    looks_right(page)
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="Two back-tests side by side").wait_for()
    looks_right(page)
    for path in ("/", "/new/", "/1/", "/compare/?first=1&second=2"):
        seen = open_page("planner", f"/console/backtests{path}", PHONE, "zh-hant")
        seen.wait_for_timeout(200)
        looks_right(seen)
        picture(seen, f"backtests{path.replace('/', '-').partition('?')[0]}phone")
        seen.close()


def test_a_back_test_is_cancelled_and_run_again(open_page: Looking) -> None:
    page = open_page("planner", "/console/backtests/new/")
    page.get_by_label("History").select_option("facts")
    page.get_by_label("As if it happened").check()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("say which day of it is to stand for").wait_for()
    looks_right(page)
    page.get_by_label("As if it happened").uncheck()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Cancel it").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel it").click()
    page.get_by_text("It was cancelled.", exact=True).wait_for()
    page.get_by_role("button", name="Run it again").click()
    page.get_by_text("Nobody runs what waits").wait_for()
