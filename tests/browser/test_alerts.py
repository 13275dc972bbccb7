"""Alerts as they look, and how one of them is acknowledged."""

import pytest

from festoon.store.pool import connect
from tests.browser.looking import LOOKS, Looking, looks_right, picture
from tests.serving import Running, waited


async def spent(dsn: str) -> None:
    connection = await connect(dsn)
    try:
        await connection.execute("UPDATE shared_account SET balance = 0 WHERE holder LIKE '%/budget/prizes'")
        await connection.execute(
            """INSERT INTO webhook_endpoint (id, url, secret, maker, made, failing, generation, position, trail, phases)
               VALUES ('ep_1', 'https://tea.example/hooks', '', 'ops', now(), now(), 1, 0, 0, now())
               ON CONFLICT DO NOTHING"""
        )
    finally:
        await connection.close()


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_alerts_look_right(open_page: Looking, running: Running, width: int, language: str) -> None:
    waited(spent(running.dsn))
    page = open_page("operator", "/console/alerts/", width, language)
    page.locator("nav .badge").wait_for(state="attached")
    looks_right(page)
    picture(page, f"alerts-{language}-{width}")
    page.goto("/console/home/")
    looks_right(page)
    picture(page, f"home-alerts-{language}-{width}")


def test_one_is_acknowledged_with_a_note(open_page: Looking, running: Running) -> None:
    waited(spent(running.dsn))
    page = open_page("operator", "/console/alerts/")
    page.locator(".alerts > li", has_text="is used up").locator("summary").click()
    page.locator("details[open] input[name=note]").fill("more is asked for")
    page.locator("details[open] button").click()
    assert page.locator(".flash-success").count() == 1
    assert page.get_by_text("more is asked for").count() == 1
