"""What every path of the server has in common: problem details, methods, health, measures, the page."""

import re

import httpx
import pytest

from festoon.base.errors import CODES
from tests.serving import Client, Running, cloud_event, order_paid


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/nothing", "/v2/events", "/v1/events/", "/favicon.ico", "/%00"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_where_there_is_nothing_that_is_said(client: Client, method: str, path: str) -> None:
    answer = client.request(method, path, headers={"accept-language": "zh"})
    assert (answer.status_code, answer.json()["code"]) == (404, "request.no_such_page")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "不存在" in answer.json()["title"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/events", {"POST"}),
        ("HEAD", "/v1/events", {"POST"}),
        ("PUT", "/v1/events", {"POST"}),
        ("PUT", "/v1/members", {"GET", "HEAD", "POST"}),
        ("POST", "/v1/campaigns", {"GET", "HEAD"}),
        ("DELETE", "/v1/members/ann", {"GET", "HEAD"}),
        ("POST", "/metrics", {"GET", "HEAD"}),
    ],
)
def test_a_method_that_a_path_does_not_have(
    client: Client, method: str, path: str, allowed: set[str]
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert set(re.split(", ?", answer.headers["allow"])) == allowed
    if method != "HEAD":
        assert answer.json()["code"] == "request.wrong_method"


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/v1/campaigns", "/openapi.json", "/docs", "/metrics"]
)
def test_head_answers_as_get_does_without_a_body(client: Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


def test_health_and_readiness(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["waiting"]) == ("ready", 0)


def test_measures_are_counted(client: Client) -> None:
    names = [
        'festoon_events_total{kind="new"}',
        'festoon_events_total{kind="again"}',
        'festoon_turned_away_total{code="event.attribute_missing"}',
        'festoon_turned_away_total{code="request.not_json"}',
        "festoon_request_seconds_count",
        "festoon_batch_events_count",
    ]
    before = [client.metric(name) for name in names]
    event = order_paid("ann")
    client.one(event)
    client.many([event, {}, cloud_event("member.logged_in", "ann")])
    client.raw(b"nonsense")
    grown = [client.metric(name) - was for name, was in zip(names, before, strict=True)]
    assert grown[:4] == [2, 1, 1, 1]
    assert grown[4] == 3
    assert grown[5] >= 2


def test_members_are_no_labels_of_measures(client: Client) -> None:
    client.one(order_paid("somebody-in-particular"))
    client.one(cloud_event("a.type.of.their.own", "ann"))
    measures = client.get("/metrics").text
    assert "somebody-in-particular" not in measures
    assert "a.type.of.their.own" not in measures


def test_the_page_shows_every_operation_and_fetches_nothing(running: Running) -> None:
    with running.with_key(None) as anybody:
        page = anybody.get("/docs")
        assert page.headers["content-type"].startswith("text/html")
        for path, methods in anybody.get("/openapi.json").json()["paths"].items():
            assert path in page.text
            assert all(f'id="{operation["operationId"]}"' in page.text for operation in methods.values())
        assert not re.search(r'(src|href)="(https?:)?//', page.text)
        assert "<script" not in page.text


@pytest.mark.parametrize(("language", "word"), [("en", "What to do"), ("zh", "处理办法")])
def test_every_code_is_explained_in_the_readers_language(client: Client, language: str, word: str) -> None:
    page = client.get("/errors", headers={"accept-language": language})
    assert page.headers["content-language"].startswith(language)
    assert word in page.text
    for code in CODES.values():
        assert f'id="{code.code}"' in page.text


def test_a_server_tells_nothing_of_what_it_is_made_of(client: Client) -> None:
    answers: list[httpx.Response] = [client.get("/healthz"), client.get("/nothing"), client.raw(b"x")]
    for answer in answers:
        assert not re.search("uvicorn|starlette|asyncpg|Traceback", answer.text, re.IGNORECASE)
