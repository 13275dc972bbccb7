"""Events over HTTP: one or many go in, each one's outcome comes back."""

from typing import Any

import msgspec
import pytest

from tests.serving import Client, Running, cloud_event, order_paid


def test_an_event_gets_its_outcome_in_the_same_answer(client: Client) -> None:
    answer = client.one(cloud_event("member.registered", "ann")).json()
    assert (answer["status"], answer["again"]) == (200, False)
    assert [given["ref"] for given in answer["outcome"]["mechanics"][0]["given"]] == [
        "points",
        "spring/five-off",
    ]


def test_sent_again_it_gets_the_same_outcome_and_acts_once(client: Client, running: Running) -> None:
    event = order_paid("ben", 700)
    first, second = client.one(event).json(), client.one(event).json()
    assert (first["again"], second["again"]) == (False, True)
    assert first["outcome"] == second["outcome"]
    assert points(client, "ben") == 700
    assert running.books_balance()


def test_sent_again_with_its_fields_in_another_order_it_is_the_same_event(client: Client) -> None:
    event = order_paid("bea")
    client.one(event)
    turned = {name: event[name] for name in reversed(event)}
    turned["data"] = {name: event["data"][name] for name in reversed(event["data"])}
    assert client.one(turned).json()["again"]


def test_a_batch_answers_each_event_in_order(client: Client) -> None:
    events = [order_paid(f"member-{number % 3}", 100 * number) for number in range(30)]
    answers = client.many(events).json()
    assert [answer["id"] for answer in answers] == [event["id"] for event in events]
    assert {answer["status"] for answer in answers} == {200}


def test_an_event_in_a_batch_sees_what_the_earlier_ones_of_its_member_did(client: Client) -> None:
    events = [cloud_event("lesson.finished", "cleo", data={"lesson": str(number)}) for number in range(3)]
    outcomes = [answer["outcome"]["mechanics"][0] for answer in client.many(events).json()]
    assert [bool(outcome.get("given")) for outcome in outcomes] == [True, False, False]
    assert outcomes[2]["refused"]["code"] == "limit.per_period"


def test_an_array_in_plain_json_is_taken_for_a_batch(client: Client) -> None:
    body = msgspec.json.encode([order_paid("dan"), order_paid("dan")])
    assert [each["status"] for each in client.raw(b"\n " + body, "application/json").json()] == [200, 200]


def test_an_empty_batch_is_answered_by_none(client: Client) -> None:
    answered = client.many([])
    assert (answered.status_code, answered.json()) == (200, [])


def test_without_a_time_an_event_happened_when_we_took_it(client: Client, running: Running) -> None:
    for absent in ({}, {"time": None}, {"time": ""}):
        event = order_paid("eve", **absent)
        assert client.one(event).status_code == 200
        assert client.one(event).json()["again"]
    assert all(row["time"] <= row["now"] for row in running.fetch(WHEN, "eve"))


WHEN = "SELECT time, now FROM event JOIN member m ON m.id = member_id WHERE m.subject = $1"


def test_attributes_we_do_not_know_are_ignored(client: Client) -> None:
    assert client.one(order_paid("fay", traceparent="00-abc", dataschema="urn:x")).status_code == 200


def test_the_platforms_own_fields_are_kept(client: Client, running: Running) -> None:
    event = order_paid("gil")
    event["data"]["till"] = {"number": 3, "tags": ["a", "b"]}
    client.one(event)
    (stored,) = running.fetch("SELECT data FROM event WHERE id = $1", event["id"])
    assert '"till":{"number":3,"tags":["a","b"]}' in stored["data"]


# Binary mode: attributes in headers, the body is the data ---------------------------------------------------------


def binary(client: Client, data: Any = None, /, **attributes: str) -> Any:
    said = {"specversion": "1.0", "source": "shop", "type": "order.paid", "subject": "hal", **attributes}
    headers = {f"ce-{name}": value for name, value in said.items()}
    data = {"order": "1", "amount": 500, "currency": "CNY"} if data is None else data
    return client.raw(msgspec.json.encode(data), "application/json; charset=utf-8", **headers)


def test_binary_mode_is_the_same_event_as_structured_mode(client: Client) -> None:
    assert binary(client, id="b-1").json()["again"] is False
    data = {"order": "1", "amount": 500, "currency": "CNY"}
    assert client.one(order_paid("hal", id="b-1", data=data)).json()["again"] is True


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("%E4%BC%9A%E5%91%98%20%E4%B8%83", "会员 七"),
        ("100%25", "100%"),
        ('"in \\"quotes\\" %E2%82%AC"', 'in "quotes" €'),
        ("%", "%"),
    ],
)
def test_headers_in_binary_mode_are_decoded_as_the_binding_says(
    client: Client, header: str, meant: str
) -> None:
    assert binary(client, id="b-2", subject=header).status_code == 200
    assert client.get("/v1/members/" + meant.replace("%", "%25")).json()["id"] == meant


def test_in_binary_mode_an_empty_body_is_empty_data(client: Client) -> None:
    headers = {"ce-specversion": "1.0", "ce-id": "in-1", "ce-source": "app", "ce-type": "member.logged_in"}
    assert client.raw(b"", None, **headers, **{"ce-subject": "hal"}).status_code == 200


# Types ------------------------------------------------------------------------------------------------------------


def test_a_type_nobody_knows_is_recorded_without_effect_and_counted(client: Client, running: Running) -> None:
    before = client.metric("festoon_unknown_types_total")
    event = cloud_event("shop.bell_rung", "ida", data={"loud": True})
    answers = [client.one(event).json(), *client.many([event, cloud_event("shop.bell_rung", "ida")]).json()]
    assert [answer["outcome"] for answer in answers] == [{"status": "accepted"}] * 3
    assert client.metric("festoon_unknown_types_total") == before + 2
    assert len(running.fetch("SELECT FROM event WHERE type = 'shop.bell_rung'")) == 2


def test_a_type_that_a_plan_declares_is_known_and_checked(client: Client) -> None:
    before = client.metric("festoon_unknown_types_total")
    wrong = client.one(cloud_event("lesson.finished", "jo", data={"lesson": "1", "minutes": 900}))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "event.data_invalid")
    assert client.one(cloud_event("lesson.finished", "jo")).json()["code"] == "event.data_missing"
    assert client.one(cloud_event("lesson.finished", "jo", data={"lesson": "1"})).status_code == 200
    assert client.metric("festoon_unknown_types_total") == before


def test_personal_fields_of_a_declared_type_never_reach_the_journal(client: Client, running: Running) -> None:
    event = cloud_event("lesson.finished", "kim", data={"lesson": "1", "note": "my secret"})
    client.one(event)
    (row,) = running.fetch("SELECT data, outcome FROM event WHERE id = $1", event["id"])
    assert row["data"] == '{"lesson":"1"}'


def points(client: Client, member: str) -> int:
    balances = client.get(f"/v1/members/{member}").json()["balances"]
    return sum(balance["available"] for balance in balances if balance["asset"] == "points")
