"""The live board in a browser: at a desk, on a phone, on the wall."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.plans import example
from festoon.base.clock import wall
from festoon.insight.board.goals import GoalKeeper
from tests.browser.looking import PHONE, Looking, looks_right, picture
from tests.outbox.writing import relay_all
from tests.serving import Running, cloud_event, order_paid

BOARD = "/console/board/new-year-2027/"


@pytest.fixture(scope="module")
def plan() -> str:
    return example("new-year", datetime.now(UTC).date())


def relay(running: Running, folder: Path) -> None:
    """Count what came in, as `festoon work` does."""

    async def go() -> None:
        await relay_all(running.dsn, folder)
        await GoalKeeper(running.dsn, folder, wall).run_once()

    thread = Thread(target=lambda: asyncio.run(go()))  # Playwright has a loop in this one
    thread.start()
    thread.join()


def test_the_board_shows_what_comes_in_without_being_asked_again(
    open_page: Looking, running: Running, tmp_path: Path
) -> None:
    page = open_page("operator", "/console/board/")
    page.get_by_text("Nothing has happened yet.").wait_for()
    page.get_by_text("Nothing is counted; start:").wait_for()
    page.get_by_role("link", name="New back-test").wait_for()
    assert page.get_by_text("Taking part, by minute").count() == 0
    looks_right(page)
    picture(page, "board-empty")
    for name in ("ann", "ben", "cleo"):
        running.client.many([cloud_event("member.registered", name), order_paid(name, 12_000)])
    running.client.many([order_paid("ann", "much")])
    relay(running, tmp_path)
    page.get_by_text("Taking part, by minute").wait_for()
    page.locator(".stat", has_text="Members taking part").get_by_text("3", exact=True).wait_for()
    looks_right(page)
    picture(page, "board-desk")
    phone = open_page("operator", BOARD, PHONE, "zh-hans")
    phone.wait_for_timeout(300)
    looks_right(phone)
    picture(phone, "board-phone")
    wide = open_page("analyst", f"{BOARD}wall/", 1920, "zh-hant")
    wide.wait_for_timeout(300)
    looks_right(wide)
    picture(wide, "board-wall")
    assert wide.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
