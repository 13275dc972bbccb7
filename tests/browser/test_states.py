"""What the pages say when nothing can be done: before a campaign, after it, while it is paused, on a dead network."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from festoon.site.side import Site
from festoon.store.embedded import EmbeddedServer
from tests.browser.looking import PHONE, picture
from tests.browser.test_site import Visit
from tests.serving import Running, head, serving_anew

MECHANICS = """
gifts: {cup: {title: {en: Tea cup, zh-Hans: 茶杯}, cost: 30, line: prizes}}
mechanics:
  daily: {kind: check_in, title: {en: Check in, zh-Hans: 每日签到}, daily: {points: 5}, ladder: {7: {gift: cup}}}
"""
TODAY = datetime.now(UTC).date()


def plan(first: int, last: int) -> str:
    """A plan that begins and ends so many days from now."""
    start, end = TODAY + timedelta(days=first), TODAY + timedelta(days=last)
    (usual,) = (line for line in head().splitlines() if line.startswith("schedule"))
    ours = f"schedule: {{start: {start}, end: {end}, settle: {end + timedelta(days=14)}}}"
    return head().replace(usual, ours) + MECHANICS


@pytest.mark.parametrize(
    ("first", "last", "said", "winners"),
    [
        (-30, -3, "Over", "Nobody so far."),
        (3, 30, "Not yet begun", "Winners will stand here."),
        (-3, 30, "Paused", "Will it be you?"),
    ],
)
def test_a_tile_promises_nothing_that_cannot_be_done(
    browser: Browser, server: EmbeddedServer, template: str, database_names: Iterator[str], first: int, last: int,
    said: str, winners: str,
) -> None:  # fmt: skip
    with serving_anew(server, template, next(database_names), plan(first, last), sides=(Site(),)) as running:
        if said == "Paused":
            running.client.post("/v1/campaigns/spring/pause", json={"mechanics": ["daily"]})
        visit = Visit(browser, running, "ann", PHONE, "reduce")
        page = visit.open("")
        expect(page.locator("festoon-tile").get_by_text(said, exact=True)).to_be_visible()
        assert page.locator("festoon-tile .chip.hot").count() == 0
        expect(page.locator("festoon-winners")).to_contain_text(winners)
        picture(page, f"state-{said}")
        visit.context.close()


def test_what_is_not_known_yet_is_said_where_one_looks(
    browser: Browser, server: EmbeddedServer, template: str, database_names: Iterator[str]
) -> None:
    with serving_anew(server, template, next(database_names), plan(-3, 30), sides=(Site(),)) as running:
        visit = Visit(browser, running, "ann", PHONE, "reduce")
        page = visit.open("/daily")
        page.route("**/v1/events", lambda route: route.abort())
        page.get_by_role("button", name="Check in").click()
        slow = page.get_by_role("status").filter(has_text="The network is slow")
        expect(slow).to_be_in_viewport()
        below = page.evaluate("innerHeight - document.querySelector('.tabs').offsetHeight")
        box = slow.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= below
        assert _days(running) == 0
        visit.context.close()


def _days(running: Running) -> int:
    (row,) = running.fetch("SELECT count(*) AS n FROM event WHERE type = 'check_in.made'")
    return int(row["n"])
