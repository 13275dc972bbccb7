"""Bad input: each kind has a stable code, changes nothing, and never fails its neighbours."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import httpx
import msgspec
import pytest

from festoon.base.errors import CODES
from festoon.intake.asgi import LARGEST_BODY
from festoon.intake.cloudevents import LARGEST_EVENT
from tests.serving import MANY, ONE, Client, Running, cloud_event, order_paid


@pytest.fixture(autouse=True)
def _nothing_is_stored_of_what_is_turned_away(running: Running) -> Iterator[None]:
    """Every test here sends as `mallory` what must be turned away."""
    yield
    assert running.fetch("SELECT FROM identity WHERE subject LIKE 'mallory%'") == []


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem details, which are what they should be."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (status, code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert code in CODES
    assert not re.search(r"<\w+>", problem["title"])
    return problem


def mallory(**attributes: Any) -> dict[str, Any]:
    return order_paid("mallory", **attributes)


# What is no event -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"{",
        b'{"id": "1",}',
        b"\xff\xfe",
        b'{"id": NaN}',
        b'{"id": "\xff"}',
        b'{"data":' * 9_000,
    ],
)
def test_a_body_that_is_not_json(client: Client, body: bytes) -> None:
    refused(client.raw(body), 400, "request.not_json")
    refused(client.raw(b"[" + body, MANY["content-type"]), 400, "request.not_json")


@pytest.mark.parametrize("body", ["[]", "3", '"text"', "null", "true"])
def test_json_that_is_no_object_is_no_event(client: Client, body: str) -> None:
    refused(client.raw(body), 400, "event.not_cloudevent")


@pytest.mark.parametrize("attribute", ["specversion", "id", "source", "type", "subject"])
def test_an_event_that_lacks_an_attribute(client: Client, attribute: str) -> None:
    event = mallory()
    del event[attribute]
    assert refused(client.one(event), 400, "event.attribute_missing")["place"] == attribute


@pytest.mark.parametrize("attribute", ["specversion", "id", "source", "type", "subject", "time"])
@pytest.mark.parametrize("value", [7, True, ["a"], {"a": 1}])
def test_an_attribute_that_is_not_text(client: Client, attribute: str, value: Any) -> None:
    problem = refused(client.one(mallory(**{attribute: value})), 400, "event.attribute_not_text")
    assert problem["place"] == attribute


@pytest.mark.parametrize("attribute", ["id", "source", "type", "subject"])
@pytest.mark.parametrize("value", ["", "x" * 257])
def test_an_attribute_that_is_empty_or_too_long(client: Client, attribute: str, value: str) -> None:
    problem = refused(client.one(mallory(**{attribute: value})), 400, "event.attribute_length")
    assert problem["place"] == attribute


@pytest.mark.parametrize("version", ["0.3", "1", "2.0", ""])
def test_another_version_of_the_specification(client: Client, version: str) -> None:
    refused(client.one(mallory(specversion=version)), 400, "event.wrong_version")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/cloudevents+avro", "multipart/form-data",
             "application/x-www-form-urlencoded", "application/json; charset=gbk"],
)  # fmt: skip
def test_a_content_type_that_is_not_taken(client: Client, kind: str) -> None:
    refused(client.raw(msgspec.json.encode(mallory()), kind), 415, "request.content_type")


def test_data_that_says_it_is_no_json(client: Client) -> None:
    refused(client.one(mallory(datacontenttype="text/xml", data="<a/>")), 400, "event.data_not_json")
    event = mallory(data_base64="e30=")
    del event["data"]
    refused(client.one(event), 400, "event.data_not_json")


@pytest.mark.parametrize("type_", ["order.paid", "shop.bell_rung", "lesson.finished"])
@pytest.mark.parametrize("data", [[], "text", 3, True])
def test_data_that_is_no_object(client: Client, type_: str, data: Any) -> None:
    problem = refused(client.one(cloud_event(type_, "mallory", data=data)), 400, "event.data_invalid")
    assert problem["data"]["expected"] == "object"


def test_a_header_that_is_there_twice(running: Running) -> None:
    pairs = [("authorization", f"Bearer {running.key}"), ("content-type", "application/json"), ("ce-id", "1"),
             ("ce-id", "2"), ("ce-specversion", "1.0"), ("ce-source", "shop"), ("ce-type", "member.logged_in"),
             ("ce-subject", "mallory")]  # fmt: skip
    with httpx.Client(base_url=running.client.base_url) as client:
        refused(client.post("/v1/events", headers=pairs), 400, "request.header_twice")
        refused(client.post("/v1/events", headers=pairs[:2] + pairs[:1]), 400, "request.header_twice")


@pytest.mark.parametrize("value", ["%FF", "%E4%BC", "caf\xe9"])
def test_a_header_that_is_not_utf_8(client: Client, value: str) -> None:
    headers = {"ce-id": value.encode("latin-1"), "ce-specversion": "1.0"}
    answer = client.post("/v1/events", headers=headers)  # type: ignore[arg-type]
    assert refused(answer, 400, "request.header_unreadable")["place"] == "ce-id"


def test_binary_mode_names_the_attribute_that_is_missing(client: Client) -> None:
    headers = {"ce-specversion": "1.0", "ce-source": "shop", "ce-type": "order.paid", "ce-subject": "mallory"}
    problem = refused(client.raw(b"{}", "application/json", **headers), 400, "event.attribute_missing")
    assert problem["place"] == "id"


# Times ------------------------------------------------------------------------------------------------------------


def at(**ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


def test_a_time_in_the_future(client: Client) -> None:
    problem = refused(client.one(mallory(time=at(minutes=6))), 400, "event.in_future")
    assert 350 < problem["data"]["seconds"] <= 360


def test_a_clock_that_is_a_little_fast_is_forgiven(client: Client, running: Running) -> None:
    event = order_paid("fast", time=at(minutes=4))
    assert client.one(event).status_code == 200
    (row,) = running.fetch("SELECT time <= now AS held FROM event WHERE id = $1", event["id"])
    assert row["held"]


def test_an_event_that_comes_too_late(client: Client) -> None:
    assert refused(client.one(mallory(time=at(days=-36))), 400, "event.too_late")["data"]["days"] == 35
    assert client.one(order_paid("late", time=at(days=-34))).status_code == 200


@pytest.mark.parametrize(
    "time",
    ["2027-02-10T12:00:00", "2027-02-10", "20270210T120000Z", "2027-02-30T12:00:00Z", "2027-02-10T25:00:00Z",
     "2027-W06-3T12:00:00Z", "1770696000", "tomorrow", "0001-01-01T00:00:00+14:00",
     "9999-12-31T23:59:59-10:00"],
)  # fmt: skip
def test_a_time_without_an_offset_or_that_is_none(client: Client, time: str) -> None:
    refused(client.one(mallory(time=time)), 400, "event.time_invalid")


# What the store cannot hold ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [10.0, 9.99, -1, 2**62 + 1, 2**63, 10**30, True, "100", None, [100]])
def test_an_amount_that_is_none(client: Client, amount: Any) -> None:
    answer = client.one(order_paid("mallory", amount))
    code = answer.json()["code"]
    refused(answer, 400, code)
    assert code in ("event.data_invalid", "event.number_too_large")
    assert answer.json().get("place", answer.json()["data"]["field"]).endswith("amount")


def test_the_character_nul(client: Client) -> None:
    for attribute in ("id", "source", "type", "subject"):
        problem = refused(client.one(mallory(**{attribute: "a\0b"})), 400, "event.nul_character")
        assert problem["place"] == attribute
    bell = cloud_event("shop.bell_rung", "mallory", data={"a": [{"b": "x\0"}]})
    assert refused(client.one(bell), 400, "event.nul_character")["place"] == "data.a[0].b"
    bell["data"] = {"\0": 1}
    refused(client.one(bell), 400, "event.nul_character")


@pytest.mark.parametrize("half", ["\\ud83d", "\\udd25", "\\ud83dx", "\\udd25\\ud83d"])
def test_half_a_character(client: Client, half: str) -> None:
    body = json.dumps(cloud_event("shop.bell_rung", "mallory", data={"a": "HERE"})).replace("HERE", half)
    assert refused(client.raw(body), 400, "event.half_character")["place"] == "data.a"
    for attribute in ("specversion", "id", "type", "time", "datacontenttype"):
        answer = client.raw(json.dumps(mallory(**{attribute: "HERE"})).replace("HERE", half))
        assert answer.status_code == 400
        assert answer.json()["code"].startswith("event.")


@pytest.mark.parametrize("number", [str(2**63), str(-(2**63)), "9" * 40, "1e999", "-1e400", "9" * 5000])
def test_a_number_beyond_63_bits(client: Client, number: str) -> None:
    body = json.dumps(cloud_event("shop.bell_rung", "mallory", data={"a": ["HERE"]}))
    refused(client.raw(body.replace('"HERE"', number)), 400, "event.number_too_large")


def test_the_largest_number_is_held(client: Client, running: Running) -> None:
    event = cloud_event("shop.bell_rung", "large", data={"a": 2**63 - 1, "b": -(2**63) + 1})
    assert client.one(event).status_code == 200
    (row,) = running.fetch("SELECT data FROM event WHERE id = $1", event["id"])
    assert json.loads(row["data"]) == event["data"]


@pytest.mark.parametrize("levels", [65, 400, 900])
def test_data_that_is_nested_without_end(client: Client, levels: int) -> None:
    nested: Any = 1
    for _ in range(levels // 2):
        nested = {"a": [nested]}
    event = cloud_event("shop.bell_rung", "mallory", data={"a": nested})
    refused(client.one(event), 400, "event.too_deep")
    good, bad = client.many([order_paid("neighbour"), event]).json()
    assert (good["status"], bad["error"]["code"]) == (200, "event.too_deep")


@pytest.mark.parametrize("levels", [*range(960, 1_010, 7), 2_000, 40_000])
def test_data_that_no_decoder_follows_is_refused_alone(client: Client, levels: int) -> None:
    given = json.dumps(cloud_event("shop.bell_rung", "mallory", data={"a": "HERE", "b": '],["\\'})).encode()
    bad = given.replace(b'"HERE"', b'{"a":[' * (levels // 2) + b"1" + b"]}" * (levels // 2))
    refused(client.raw(bad), 400, "event.too_deep")
    neighbours = [json.dumps(order_paid(f"neighbour-{side}")).encode() for side in ("left", "right")]
    half = json.dumps(mallory(data={"a": "HERE"})).encode().replace(b"HERE", rb"\ud800")
    for members in (
        [neighbours[0], bad, neighbours[1]],
        [half, neighbours[0], bad, bad, b"7", neighbours[1]],
    ):
        body = b"[" + b" , ".join(members) + b"]"
        said = [each.get("error", {}).get("code") for each in client.raw(body, MANY["content-type"]).json()]
        expected = {bad: "event.too_deep", half: "event.half_character", b"7": "event.not_cloudevent"}
        assert said == [expected.get(member) for member in members]
        refused(client.raw(body[:-1], MANY["content-type"]), 400, "request.not_json")


def test_a_binary_event_may_be_no_deeper(client: Client) -> None:
    attributes = {f"ce-{name}": str(value) for name, value in mallory().items() if name != "data"}
    for body in (b'{"a":' * 1_200 + b"1" + b"}" * 1_200, b"[" * 70 + b"]" * 70):
        refused(client.raw(body, "application/json", **attributes), 400, "event.too_deep")


def test_an_event_that_is_too_large(client: Client) -> None:
    event = cloud_event("shop.bell_rung", "mallory", data={"a": "x" * LARGEST_EVENT})
    refused(client.one(event), 413, "event.too_large")
    good, bad = client.many([order_paid("neighbour"), event]).json()
    assert (good["status"], bad["status"], bad["error"]["code"]) == (200, 413, "event.too_large")


# Too much ---------------------------------------------------------------------------------------------------------


def test_ten_thousand_and_one_events_in_a_request(client: Client) -> None:
    problem = refused(client.many([mallory()] * 10_001), 413, "request.too_many_events")
    assert problem["data"] == {"count": 10_001, "limit": 10_000}


def test_a_body_that_is_too_large(client: Client) -> None:
    refused(client.raw(b" " * (LARGEST_BODY + 1)), 413, "request.too_large")


def test_a_body_that_turns_out_too_large_while_it_comes(running: Running) -> None:
    """In chunks, nobody says beforehand how long it will be; the answer comes before the end of it."""
    connection = HTTPConnection("127.0.0.1", running.port, timeout=30)
    headers = {"Authorization": f"Bearer {running.key}", "Transfer-Encoding": "chunked", **ONE}
    piece = b" " * (1024 * 1024)

    def endless() -> Iterator[bytes]:
        for _ in range(LARGEST_BODY // len(piece) + 8):
            yield piece

    connection.request("POST", "/v1/events", body=endless(), headers=headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (413, "request.too_large")
    connection.close()


def test_a_client_that_hangs_up_in_the_middle_has_sent_nothing(running: Running, client: Client) -> None:
    connection = HTTPConnection("127.0.0.1", running.port, timeout=30)
    headers = {"Authorization": f"Bearer {running.key}", "Content-Length": "500", "Content-Type": "application/json",
               "ce-specversion": "1.0", "ce-id": "cut", "ce-source": "shop", "ce-type": "shop.bell_rung",
               "ce-subject": "mallory"}  # fmt: skip
    connection.request("POST", "/v1/events", headers=headers)
    connection.close()
    assert client.one(order_paid("after")).status_code == 200


# Neighbours -------------------------------------------------------------------------------------------------------


def test_a_batch_that_is_no_array(client: Client) -> None:
    for body in (mallory(), "text", 3, None):
        refused(client.many(body), 400, "event.not_cloudevent")  # type: ignore[arg-type]


def test_a_refused_event_of_a_batch_is_told_by_its_own_name_as_far_as_it_has_one(client: Client) -> None:
    nameless = [{**order_paid("ann"), "id": name} for name in (7, "x" * 2000, "a\x00b", None)]
    sent = [{**order_paid("ann", -1), "id": "bad-1"}, {"id": "bad-2"}, *nameless, 7]
    answers = client.many(sent).json()
    assert {answer["status"] for answer in answers} == {400}
    assert [answer.get("id") for answer in answers] == ["bad-1", "bad-2", *[None] * 5]
    assert [answer.get("source") for answer in answers] == ["shop", None, *["shop"] * 4, None]
    nested = b'{"id": "deep", "source": "shop", "data": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    (answer,) = client.raw(b"[" + nested + b"]", MANY["content-type"]).json()
    assert answer["status"] == 400


def test_a_bad_event_never_fails_its_neighbours(client: Client, running: Running) -> None:
    bad: list[Any] = [
        "text", None, [], 7, {}, mallory(specversion="0.3"), mallory(time="noon"), mallory(time=at(hours=1)),
        order_paid("mallory", 1.5), order_paid("mallory", -1), mallory(id="\0"), mallory(subject=""),
        cloud_event("timer.due", "mallory", data={}), cloud_event("reward.granted", "mallory", data={}),
        cloud_event("shop.bell_rung", "mallory", data={"n": 2**70}), mallory(data=[]),
    ]  # fmt: skip
    good = [order_paid(f"good-{number}", 300) for number in range(len(bad) + 1)]
    mixed = [event for pair in zip(good, bad, strict=False) for event in pair] + good[-1:]
    answered = client.many(mixed)
    assert answered.status_code == 200
    statuses = [answer["status"] for answer in answered.json()]
    assert statuses[::2] == [200] * len(good)
    assert 200 not in statuses[1::2]
    for index, answer in enumerate(answered.json()):
        if answer["status"] != 200:
            assert answer["error"]["place"].startswith(f"[{index}]")
            assert answer["error"]["code"] in CODES
    assert running.books_balance()


def test_half_a_character_in_one_event_leaves_the_others_alone(client: Client) -> None:
    events = json.dumps([order_paid("left"), mallory(id="HERE"), order_paid("right")])
    answers = client.raw(events.replace("HERE", "\\ud83d"), MANY["content-type"]).json()
    assert [answer["status"] for answer in answers] == [200, 400, 200]
    assert answers[1]["error"]["code"] == "event.half_character"


def test_bytes_that_are_no_text_in_one_event_leave_the_others_alone(client: Client) -> None:
    events = msgspec.json.encode([order_paid("left"), mallory(id="HERE"), order_paid("right")])
    answers = client.raw(events.replace(b"HERE", b"\xff"), MANY["content-type"]).json()
    assert [answer["status"] for answer in answers] == [200, 400, 200]


def test_an_id_used_again_with_another_body(client: Client, running: Running) -> None:
    event = order_paid("owner", 500)
    client.one(event)
    other = {**event, "data": {**event["data"], "amount": 900}}
    refused(client.one(other), 409, "event.id_reused")
    neighbour, conflict, same = client.many([order_paid("owner", 100), other, event]).json()
    assert (neighbour["status"], conflict["status"], same["status"]) == (200, 409, 200)
    assert conflict["error"]["code"] == "event.id_reused"
    assert same["again"]
    assert client.get("/v1/members/owner").json()["balances"][0]["available"] == 600
    assert running.books_balance()
