"""Campaigns over the API."""

import asyncio

from tests.api.conftest import PLAN
from tests.live import put_up
from tests.serving import Client, Running, cloud_event, order_paid, serving, wait_until


def test_the_campaigns_that_run_are_listed(client: Client) -> None:
    (campaign,) = client.get("/v1/campaigns").json()["campaigns"]
    assert (campaign["id"], campaign["version"], campaign["phase"]) == ("spring", 1, "running")
    assert (campaign["title"]["en"], campaign["title"]["zh-Hans"]) == ("Spring", "春日")
    assert campaign["mechanics"] == ["signup", "spend", "claim", "grow", "friends", "lucky-draw"]


def test_a_campaign_shows_what_is_left_of_budget_and_stock(client: Client, running: Running) -> None:
    client.many([cloud_event("page.viewed", f"m{number}", data={"page": "x"}) for number in range(4)])
    client.one(order_paid("m1", 700))
    campaign = client.get("/v1/campaigns/spring").json()
    left = {f"{each['holder']}|{each['asset']}": each["balance"] for each in campaign["accounts"]}
    assert left["shelf|spring/stock/coupon:five-off"] == 26
    assert left["spring/committed/prizes|CNY"] == 4 * 500
    assert left["spring/cost/prizes|CNY"] == 700
    assert left["spring/budget/prizes|CNY"] == 100_000 - 4 * 500 - 700
    assert running.books_balance()


def test_a_campaign_that_was_put_away_says_so_whatever_the_clock_says(
    client: Client, running: Running
) -> None:
    try:
        running.fetch("UPDATE campaign SET archived = now() WHERE id = 'spring'")
        assert client.get("/v1/campaigns/spring").json()["phase"] == "archived"
        assert (
            client.get("/v1/campaigns", params={"phase": "archived"}).json()["campaigns"][0]["id"] == "spring"
        )
    finally:
        running.fetch("UPDATE campaign SET archived = NULL")
    assert client.get("/v1/campaigns/spring").json()["phase"] == "running"


def test_a_draws_commitment_is_public_and_its_seed_is_not(client: Client, running: Running) -> None:
    (draw,) = client.get("/v1/campaigns/spring").json()["draws"]
    assert draw["mechanic"] == "lucky-draw"
    assert len(draw["commitment"]) == 64
    assert draw["seed"] is None
    (row,) = running.fetch("SELECT encode(seed, 'hex') AS seed FROM draw_epoch")
    assert row["seed"] not in client.get("/v1/campaigns/spring").text


def test_a_campaign_that_is_not_there(client: Client) -> None:
    for id in ("none", "SPRING", "%00", "spring%2F"):
        answer = client.get(f"/v1/campaigns/{id}")
        assert answer.status_code == 404
        assert answer.json()["code"] in ("campaign.unknown", "request.no_such_page")


def test_what_is_published_is_noticed_without_an_event_and_without_a_restart(database: str) -> None:
    with serving(database) as running:
        client = running.client
        assert client.get("/v1/campaigns").json()["campaigns"] == []
        asyncio.run(put_up(database, PLAN))
        wait_until(
            lambda: [each["version"] for each in client.get("/v1/campaigns").json()["campaigns"]] == [1]
        )
        asyncio.run(put_up(database, PLAN.replace("stock: 30", "stock: 40")))
        answer = client.one(cloud_event("page.viewed", "ann", data={"page": "x"})).json()
        assert answer["outcome"]["mechanics"][0]["given"]
        wait_until(lambda: client.get("/v1/campaigns/spring").json()["version"] == 2)
        assert running.books_balance()
