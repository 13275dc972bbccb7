"""Figures from outside as they look."""

from datetime import UTC, datetime

import pytest

from festoon.engine.outside import Entered, enter_figure, sign_figure
from festoon.store.pool import connect
from tests.browser.looking import LOOKS, Looking, looks_right, picture
from tests.console.test_figures import PLAN
from tests.serving import Running, waited


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


async def some(dsn: str) -> None:
    connection, now = await connect(dsn), datetime.now(UTC)
    try:
        for value in ("28%", "31%"):
            said = Entered("awareness", value, now.date(), "Tea Research", "https://research.example/spring")
            entered = await enter_figure(connection, "spring", said, None, "user:lin", now)
        await sign_figure(connection, entered.number - 1, "user:chen", now)
    finally:
        await connection.close()


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_figures_look_right(open_page: Looking, running: Running, width: int, language: str) -> None:
    if not running.fetch("SELECT FROM outside_figure"):
        waited(some(running.dsn))
    page = open_page("reviewer+analyst", "/console/figures/", width, language)
    looks_right(page)
    picture(page, f"figures-{language}-{width}")
    page.goto("/console/figures/new/spring/")
    looks_right(page)
    picture(page, f"figure-new-{language}-{width}")
