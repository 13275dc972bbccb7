"""Alerts in the console: what is wrong, where one does something about it, and the note of who has seen it."""

import re

from festoon.store.pool import connect
from tests.console.visitors import Visitors
from tests.serving import Running, waited

LINK = re.compile(r'href="(/console/[^"]+)">Do something')


async def spend(dsn: str, left: int) -> None:
    connection = await connect(dsn)
    try:
        await connection.execute(
            "UPDATE shared_account SET balance = $1 WHERE holder = 'spring/budget/prizes'", left
        )
    finally:
        await connection.close()


def test_an_alert_leads_to_where_one_does_something_and_is_quiet_once_it_was_seen(
    visitors: Visitors, running: Running
) -> None:
    waited(spend(running.dsn, 4_000))
    operator = visitors["operator"]
    page = operator.page("/console/alerts/")
    assert "96% of the budget line" in page
    for link in LINK.findall(page):
        operator.page(link)
    assert "/console/campaigns/spring/tab/budget/" in LINK.findall(page)
    assert "96% of the budget line" in operator.page("/console/home/")
    assert "badge" in operator.page("/console/alerts/count/")
    told = operator.submit(
        "/console/alerts/acknowledge/", "/console/alerts/", key="line/spring/prizes", note=" "
    )
    assert "Say what is done about it" in told.text
    operator.submit(
        "/console/alerts/acknowledge/", "/console/alerts/", key="line/spring/prizes", note="asked for more"
    )
    assert "asked for more" in operator.page("/console/alerts/")
    assert "96% of the budget line" not in operator.page("/console/home/")
    waited(spend(running.dsn, 0))
    worse = operator.page("/console/alerts/")
    assert "is used up: what it pays for is refused" in worse
    assert "has become worse since it was seen" in worse


def test_who_may_only_read_sees_alerts_and_acknowledges_none(visitors: Visitors, running: Running) -> None:
    waited(spend(running.dsn, 0))
    page = visitors["judge"].page("/console/alerts/")
    assert "is used up" in page
    assert "I have seen it" not in page
    answer = visitors["judge"].submit("/console/alerts/acknowledge/", "/console/home/", key="x", note="y")
    assert answer.status_code == 403


def test_a_stranger_is_told_no_count(visitors: Visitors) -> None:
    answer = visitors[""].get("/console/alerts/count/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (204, "")
