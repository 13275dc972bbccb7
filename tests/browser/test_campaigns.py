"""Campaigns as people see them."""

from datetime import UTC, datetime

import pytest

from benchmarks.plans import example
from festoon.console.campaigns.sheet import TABS
from festoon.engine.publish import submit
from festoon.store.pool import connect
from tests.browser.looking import LOOKS, PHONE, Looking, looks_right, overflowing, picture
from tests.serving import Running, head, waited

PAGES = {
    "overview": "",
    "calendar": "calendar/",
    "waiting": "waiting/",
    "versions": "new-year-2027/versions/",
}


@pytest.fixture(scope="module")
def plan() -> str:
    return example("new-year", datetime.now(UTC).date())


@pytest.fixture(scope="module", autouse=True)
def _waiting(running: Running) -> None:
    async def go() -> None:
        connection = await connect(running.dsn)
        await submit(
            connection, head("waiting"), "user:planner", datetime.now(UTC), "Please look at the budget."
        )
        await connection.close()

    waited(go())


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_pages_of_campaigns_look_right(open_page: Looking, width: int, language: str) -> None:
    page = open_page("approver+operator", "/console/campaigns/", width, language)
    paths = PAGES | {tab: f"new-year-2027/tab/{tab}/" for tab in TABS if tab != "overview"}
    for name, path in (paths | {"sheet": "new-year-2027/"}).items():
        page.goto(f"/console/campaigns/{path}")
        if language == "en":
            looks_right(page)
        assert overflowing(page) == []
        picture(page, f"campaign-{name}-{width}-{language}")


def test_an_approver_signs_in_a_dialog(open_page: Looking) -> None:
    page = open_page("approver", "/console/campaigns/waiting/", PHONE, "zh-hans")
    page.get_by_role("button", name="批准", exact=True).click()
    page.locator("dialog[open] textarea").fill("同意")
    looks_right(page)
    picture(page, "campaign-dialog")
    page.locator("dialog[open] button[type=submit]").click()
    page.get_by_text("已批准。").wait_for()
