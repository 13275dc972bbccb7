"""Members over the API: one whole, his statement, and making one known."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.serving import Client, Running, cloud_event, order_paid


def new(id: str, event_id: str = "1", **said: Any) -> dict[str, Any]:
    return {"id": id, "event_id": event_id, **said}


def test_a_member_is_shown_with_all_he_has(client: Client) -> None:
    client.post("/v1/members", json=new("ann", data={"region": "Suzhou", "phone": "+8613800000000"}))
    client.many([order_paid("ann", 250), cloud_event("page.viewed", "ann", data={"page": "x"})])
    client.one(cloud_event("hold.placed", "ann", data={"hold": "h", "asset": "points", "amount": 50}))
    member = client.get("/v1/members/ann").json()
    assert (member["id"], member["ids"]) == ("ann", ["ann"])
    assert member["registered"]
    assert member["profile"] == {"region": "Suzhou"}
    (points,) = member["balances"]
    assert (points["asset"], points["available"], points["held"]) == ("points", 300, 50)
    assert sum(amount for _, amount in points["lots"]) == 300
    (coupon,) = member["items"]
    assert (coupon["kind"], coupon["state"], coupon["mechanic"]) == ("coupon", "owned", "claim")
    assert coupon["code"]
    assert {progress["mechanic"] for progress in member["progress"]} >= {"spring/signup", "spring/claim"}


@pytest.mark.parametrize(
    "id", ["a b", "会员 七", "a/b", "a%2Fb", "o'hara; --", "q?x=1#y", "..", "statements", "e\u0301", "🦊"]
)
def test_any_external_id_can_be_asked_for(client: Client, id: str) -> None:
    assert client.post("/v1/members", json=new(id)).status_code == 200
    path = "/v1/members/" + quote(id, safe="").replace(".", "%2E")
    assert client.get(path).json()["id"] == id
    assert client.get(path + "/statement").status_code == 200


@pytest.mark.parametrize("id", ["nobody", "%00", "a%00b", "%FF", ""])
def test_who_is_not_there_is_not_found(client: Client, id: str) -> None:
    for path in (f"/v1/members/{id}", f"/v1/members/{id}/statement"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "member.unknown")
        assert answer.headers["content-type"] == "application/problem+json"


# Making one known -------------------------------------------------------------------------------------------------


def test_registering_is_an_event_like_any_other(client: Client, running: Running) -> None:
    first, again = (client.post("/v1/members", json=new("ben")).json() for _ in range(2))
    assert first["outcome"]["mechanics"][0]["given"][0]["amount"] == 100
    assert (first["again"], again["again"]) == (False, True)
    assert first["outcome"] == again["outcome"]
    event = cloud_event("member.registered", "ben", id="1", source="api/members")
    assert client.one(event).json()["again"]
    assert client.get("/v1/members/ben").json()["balances"][0]["available"] == 100
    assert running.books_balance()


def test_somebody_imported_gets_no_registration_gift(client: Client) -> None:
    answer = client.post(
        "/v1/members", json=new("cleo", imported=True, data={"registered": "2024-03-01"})
    ).json()
    assert "mechanics" not in answer["outcome"]
    member = client.get("/v1/members/cleo").json()
    assert member["registered"].startswith("2024-03-01")
    assert member["balances"] == []


def test_the_same_event_id_with_other_data_is_a_conflict(client: Client) -> None:
    client.post("/v1/members", json=new("dan", data={"region": "Wuxi"}))
    answer = client.post("/v1/members", json=new("dan", data={"region": "Suzhou"}))
    assert (answer.status_code, answer.json()["code"]) == (409, "event.id_reused")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "request.not_json"),
        (b"{", "request.not_json"),
        (b'{"data":' * 5000, "request.not_json"),
        (b"[]", "request.wrong_shape"),
        (b"{}", "request.wrong_shape"),
        (b'{"id": "x"}', "request.wrong_shape"),
        (b'{"id": 7, "event_id": "1"}', "request.wrong_shape"),
        (b'{"id": "x", "event_id": "1", "imported": "yes"}', "request.wrong_shape"),
        (b'{"id": "x", "event_id": "1", "data": []}', "request.wrong_shape"),
        (b'{"id": "x", "event_id": "1", "data": {"a": 1e999}}', "request.wrong_shape"),
        (b'{"id": "", "event_id": "1"}', "event.attribute_length"),
        (b'{"id": "a\\u0000", "event_id": "1"}', "request.unholdable"),
        (b'{"id": "x", "event_id": "1", "time": "noon"}', "event.time_invalid"),
        (b'{"id": "x", "event_id": "1", "imported": true, "data": {"registered": 7}}', "event.data_invalid"),
    ],
)
def test_a_member_that_cannot_be_made(client: Client, running: Running, body: bytes, code: str) -> None:
    answer = client.post("/v1/members", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert running.fetch("SELECT FROM identity WHERE subject = 'x'") == []


def test_a_body_that_is_too_large(client: Client) -> None:
    pieces = (b" " * 100_000 for _ in range(11))
    for body in (b" " * 1_100_000, pieces):
        answer = client.post("/v1/members", content=body)
        assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


# The statement ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy(running: Running) -> str:
    """A member with 60 events: every third changes nothing of what he can count, every fifth is of another asset."""
    events = []
    for number in range(60):
        if number % 3 == 0:
            events.append(cloud_event("page.viewed", "busy", data={"page": "x"}))
        elif number % 5 == 0:
            events.append(cloud_event("content.liked", "busy", data={"content": "c"}))
        else:
            events.append(order_paid("busy", 100 + number))
    assert {answer["status"] for answer in running.client.many(events).json()} == {200}
    return "busy"


def pages(client: Client, member: str, **wanted: Any) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = []
    after: dict[str, str] = {}
    while True:
        page = client.get(f"/v1/members/{member}/statement", params={**wanted, **after}).json()
        found.append(page["lines"])
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


def test_a_statement_explains_every_change(client: Client, busy: str) -> None:
    (lines,) = pages(client, busy, limit=200)
    balances = {
        each["asset"]: each["available"] for each in client.get(f"/v1/members/{busy}").json()["balances"]
    }
    for asset, balance in balances.items():
        assert sum(line["amount"] for line in lines if line["asset"] == asset) == balance
    assert {(line["type"], line["why"]) for line in lines} == {
        ("order.paid", "spring/spend"),
        ("content.liked", "spring/grow"),
    }
    assert [line["id"] for line in lines] == sorted((line["id"] for line in lines), key=order, reverse=True)
    assert lines[0]["event"].startswith("shop#")


def order(id: str) -> tuple[int, int]:
    seq, _, place = id.partition("-")
    return int(seq), -int(place)


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_of_a_statement_leave_nothing_out(client: Client, busy: str, limit: int) -> None:
    (whole,) = pages(client, busy, limit=200)
    parts = pages(client, busy, limit=limit)
    assert [line for page in parts for line in page] == whole
    assert all(len(page) == limit for page in parts[:-1])


def test_a_statement_of_one_asset(client: Client, busy: str) -> None:
    (lines,) = pages(client, busy, asset="growth", limit=200)
    assert len(lines) == 8
    assert {line["asset"] for line in lines} == {"growth"}
    assert [line for page in pages(client, busy, asset="growth", limit=3) for line in page] == lines
    assert pages(client, busy, asset="gold") == [[]]
    assert pages(client, busy, asset='%"_\\') == [[]]


def test_a_move_between_his_own_parts_is_two_lines(client: Client) -> None:
    client.one(order_paid("eve", 300))
    client.one(cloud_event("hold.placed", "eve", data={"hold": "h", "asset": "points", "amount": 40}))
    lines = client.get("/v1/members/eve/statement").json()["lines"]
    assert [(line["part"], line["amount"]) for line in lines[:2]] == [("@", -40), ("@held", 40)]


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "201"), ("limit", "-1"), ("limit", "ten"), ("limit", "1.5"), ("limit", "٣"),
     ("limit", "9" * 50), ("after", ""), ("after", "x"), ("after", "WyJ4Il0"), ("asset", ""),
     ("asset", "a\0b"), ("asset", "x" * 201)],
)  # fmt: skip
def test_a_parameter_that_is_not_right(client: Client, name: str, value: str) -> None:
    answer = client.get("/v1/members/ann/statement", params={name: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.parameter_invalid")
    assert answer.json()["place"] == name


# Inviting ---------------------------------------------------------------------------------------------------------


def test_a_member_has_a_code_and_a_link_for_every_referral_that_runs(client: Client) -> None:
    client.post("/v1/members", json=new("inviter"))
    found = client.get("/v1/members/inviter/invite").json()
    assert found["links"] == [
        {"campaign": "spring", "mechanic": "friends", "url": f"https://tea.example/{found['code']}"}
    ]
    client.post("/v1/members", json=new("invited"))
    (made,) = client.one(cloud_event("invite.accepted", "invited", data={"code": found["code"]})).json()[
        "outcome"
    ]["mechanics"]
    assert made["mechanic"] == "spring/friends"
    assert "refused" not in made
    assert client.get("/v1/members/who/invite").status_code == 404
