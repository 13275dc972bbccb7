"""Operators' acts over the API: found, looked at, asked why, adjusted, blocked, erased with two signatures."""

from collections.abc import Iterator

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.api.conftest import PLAN
from tests.serving import Client, Running, cloud_event, order_paid, serving_anew


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    plan = PLAN.replace("line: prizes, expires", "line: prizes, adjust_alone: 20, expires")
    with serving_anew(server, template, next(database_names), plan) as running:
        yield running


@pytest.fixture(scope="module")
def other(running: Running) -> Client:
    """Somebody else."""
    key = running.key_of("wu")
    return running.with_key(key)


def known(client: Client, id: str) -> None:
    data = {"name": "李雷", "phone": "+8613812345678", "region": "Suzhou"}
    assert client.post("/v1/members", json={"id": id, "event_id": "1", "data": data}).status_code == 200


def test_a_member_is_found_and_shown_masked_unless_the_key_may_see(running: Running) -> None:
    client, support = running.client, running.with_scopes("members:read")
    known(client, "find-me")
    (found,) = support.get("/v1/members", params={"q": "find-"}).json()["members"]
    assert (found["id"], found["personal"]["name"]) == ("find-me", "李••")
    assert (
        client.get("/v1/members", params={"q": "12345678"}).json()["members"][0]["personal"]["name"] == "李雷"
    )
    sheet = support.get("/v1/members/find-me/sheet").json()
    assert (sheet["id"], sheet["personal"]["phone"]) == ("find-me", "•••••••••5678")
    assert support.get("/v1/members").json()["code"] == "request.parameter_missing"
    assert support.get("/v1/members", params={"q": "x", "after": "?"}).json()["code"] == "search.page_invalid"
    assert support.post("/v1/members/find-me/block", json={"reason": "x"}).status_code == 403


def test_why_is_answered_in_one_request(client: Client) -> None:
    known(client, "why-me")
    client.one(order_paid("why-me", 5))
    found = client.get("/v1/members/why-me/why", params={"mechanic": "spring/claim"}).json()
    assert (found["verdict"], found["checks"][1]["state"]) == ("event", "failed")
    given = client.get("/v1/members/why-me/why", params={"mechanic": "spring/spend"}).json()
    assert given["verdict"] == "given"
    zh = client.get(
        "/v1/members/why-me/why", params={"mechanic": "spring/claim"}, headers={"accept-language": "zh-Hans"}
    )
    assert zh.json()["text"].startswith("未收到相关事件")
    for wrong in ({}, {"mechanic": "spring/spend", "at": "soon"}):
        assert client.get("/v1/members/why-me/why", params=wrong).status_code == 400
    assert client.get("/v1/members/nobody/why", params={"mechanic": "a/b"}).status_code == 404
    events = client.get("/v1/members/why-me/events", params={"limit": 1}).json()
    assert (events["events"][0]["type"], events["next"] is not None) == ("order.paid", True)
    assert "李雷" not in client.get("/v1/members/why-me/events").text


def test_adjusting_takes_one_signature_or_two(client: Client, other: Client, running: Running) -> None:
    known(client, "adj")
    small = {"asset": "points", "amount": 15, "reason": "a slip", "key": "s-1"}
    for _ in range(2):
        assert client.post("/v1/members/adj/adjust", json=small).json()["outcome"]["status"] == "accepted"
    asked = client.post(
        "/v1/members/adj/adjust", json={"asset": "points", "amount": 900, "reason": "a loss", "key": "l-1"}
    ).json()["request"]
    at = f"/v1/requests/{asked['number']}"
    assert client.post(f"{at}/sign").json()["code"] == "act.maker_is_checker"
    assert asked["number"] in [each["number"] for each in other.get("/v1/requests").json()["requests"]]
    assert other.post(f"{at}/sign").json()["status"] == "done"
    assert client.get("/v1/members/adj").json()["balances"][0]["available"] == 100 + 15 + 900
    again = client.post("/v1/members/adj/adjust", json={"asset": "points", "amount": 901, "reason": "x"})
    number = again.json()["request"]["number"]
    assert other.post(f"/v1/requests/{number}/decline", json={"reason": "no"}).json()["status"] == "declined"
    assert client.post(f"/v1/requests/{number}/withdraw").json()["code"] == "act.not_waiting"
    assert client.get("/v1/requests/999999").json()["code"] == "act.unknown"
    assert client.get("/v1/requests/x").status_code == 404
    assert client.post("/v1/members/adj/adjust", json={"asset": "points"}).status_code == 400
    assert running.books_balance()


def test_who_is_blocked_is_refused_his_requests(client: Client) -> None:
    known(client, "blo")
    assert client.post("/v1/members/blo/block", json={"reason": "a ring"}).status_code == 200
    assert client.get("/v1/members/blo/sheet").json()["blocked"]
    play = cloud_event("draw.played", "blo", data={"campaign": "spring", "mechanic": "lucky-draw"})
    assert client.one(play).json()["outcome"]["refused"]["code"] == "member.blocked"
    assert (
        client.post("/v1/members/blo/block", json={"reason": "a ring"}).json()["code"]
        == "member.blocked_already"
    )
    assert client.post("/v1/members/blo/unblock", json={"reason": "no ring"}).status_code == 200


def test_erasing_takes_two_and_leaves_nobody(client: Client, other: Client, running: Running) -> None:
    known(client, "era")
    wrong = client.post("/v1/members/era/erase", json={"confirm": "ear", "reason": "asked"})
    assert wrong.json()["code"] == "member.erase_not_confirmed"
    asked = client.post("/v1/members/era/erase", json={"confirm": "era", "reason": "asked"}).json()["request"]
    assert other.post(f"/v1/requests/{asked['number']}/sign").json()["status"] == "done"
    assert client.get("/v1/members/era").status_code == 404
    assert client.get("/v1/members", params={"q": "era"}).json()["members"] == []
    assert running.books_balance()


def test_one_member_is_compensated_with_two_signatures(client: Client) -> None:
    known(client, "com")
    body = {"campaign": "spring", "give": [{"points": 5}], "reason": "a broken page", "key": "c1"}
    assert client.post("/v1/members/com/compensate", json=body).json()["members"] == 1
    assert client.post("/v1/members/com/compensate", json=body).json()["code"] == "compensation.there_already"
