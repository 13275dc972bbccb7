"""What benefits are worth, in a browser, at a desk and on a phone."""

import asyncio

import pytest

from festoon.base.clock import wall
from festoon.insight.benefits.asking import ask_for_benefits
from festoon.store.pool import connect
from tests.browser.looking import DESK, PHONE, Looking, looks_right, picture
from tests.console.test_benefits import PAGE, worked_out
from tests.insight.benefits.test_season import PLAN
from tests.serving import Running


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


@pytest.fixture(scope="module", autouse=True)
def season(running: Running, tmp_path_factory: pytest.TempPathFactory) -> None:
    asyncio.run(_asked(running.dsn))
    asyncio.run(worked_out(running, tmp_path_factory.mktemp("season") / "facts"))


async def _asked(dsn: str) -> None:
    connection = await connect(dsn)
    await ask_for_benefits(connection, "spring", "user:lin", wall())
    await connection.close()


@pytest.mark.parametrize(("width", "language"), [(DESK, "en"), (PHONE, "zh-hant")])
def test_benefits_are_legible(open_page: Looking, width: int, language: str) -> None:
    page = open_page("analyst", PAGE, width, language)
    assert page.locator("canvas").count() == 1
    looks_right(page)
    picture(page, f"benefits-{width}")
