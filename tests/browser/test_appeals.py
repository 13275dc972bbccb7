"""A held reward on the member's pages: why it waits, an appeal with his words, and the answer of whoever decided."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from festoon.site.side import Site
from festoon.store.embedded import EmbeddedServer
from tests.api.test_my_appeals import PLAN
from tests.browser.looking import PHONE, DoubleClick, looks_right, picture
from tests.browser.test_site import Visit
from tests.serving import Running, cloud_event, serving_anew


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN, sides=(Site(),)) as running:
        yield running


def test_a_member_appeals_once_and_reads_the_answer(browser: Browser, running: Running) -> None:
    visit = Visit(browser, running, "ann", PHONE, "reduce")
    running.client.one(cloud_event("segment.entered", "ann", data={"segment": "watched"}))
    page = visit.open("/daily")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("status").filter(has_text="Under review")).to_be_visible()
    page = visit.open("/my/prizes")
    expect(page.get_by_text("a person checks it")).to_be_visible()
    page.get_by_role("button", name="Appeal").click()
    page.get_by_label("What we should know").fill("We are four on one tablet.")
    looks_right(page)
    picture(page, "appeal-written")
    tap = DoubleClick(page, page.get_by_role("button", name="Send the appeal"))
    tap.half(1)
    expect(page.get_by_role("status").filter(has_text="Your appeal is in.")).to_be_visible()
    tap.half(2)  # falls on what has moved up: a link out of the page
    expect(page.get_by_role("status").filter(has_text="Your appeal is in.")).to_be_visible()
    expect(page.get_by_text("Appeal is looked at")).to_be_visible()
    (held,) = running.client.get("/v1/held").json()["held"]
    said = {"reason": "a ring of forty", "answer": "Too many accounts share this device."}
    assert running.client.post(f"/v1/held/{held['id']}/void", json=said).status_code == 200
    page.reload()
    expect(page.get_by_text("Too many accounts share this device.")).to_be_visible()
    assert page.get_by_text("a ring of forty").count() == 0
    looks_right(page)
    picture(page, "appeal-answered")
    assert visit.complaints == []
    visit.context.close()
