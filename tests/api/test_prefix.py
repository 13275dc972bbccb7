"""A server that stands under a prefix."""

import re
from collections.abc import Iterator

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.api.conftest import PLAN
from tests.serving import ONE, Client, Running, order_paid, serving_anew

PREFIX = "/engage"


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    """uvicorn puts its root path before the path of every request, as an ASGI application that mounts another does."""
    with serving_anew(server, template, next(database_names), PLAN, root_path=PREFIX) as running:
        yield running


def test_events_are_taken_under_a_prefix(client: Client) -> None:
    event = order_paid("ann")
    first, again = client.one(event), client.many([event])
    assert (first.status_code, first.json()["again"]) == (200, False)
    assert [answer["again"] for answer in again.json()] == [True]
    assert client.raw(b"{", ONE["content-type"]).json()["code"] == "request.not_json"


def test_everything_else_is_found_under_a_prefix(client: Client) -> None:
    assert client.get("/v1/members/ann").status_code in (200, 404)
    assert client.get("/v1/events").json()["code"] == "request.wrong_method"
    assert client.post("/v1/events/").json()["code"] == "request.no_such_page"
    assert client.get("/v1/campaigns/spring/board").status_code == 200


@pytest.mark.parametrize("page", ["/docs", "/errors"])
def test_pages_lead_only_to_where_the_prefix_is_kept(client: Client, page: str) -> None:
    text = client.get(page).text
    assert re.findall(r"""(?:href|src|action)=["']/|fetch\([`"']/""", text) == []
