"""Figures from outside over the API."""

import base64
from collections.abc import Iterator

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.console.test_figures import PLAN
from tests.serving import Running, serving_anew

SAID = {
    "campaign": "spring",
    "metric": "awareness",
    "value": "31%",
    "measured": "2026-01-05",
    "source": "Tea Research",
}


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


def test_a_figure_is_entered_by_one_key_and_signed_by_another(running: Running) -> None:
    wang, chen = running.with_key(running.key_of("wang")), running.with_key(running.key_of("chen"))
    content = base64.b64encode(b"%PDF-1.7").decode()
    entered = wang.post("/v1/outside-figures", json=SAID | {"file": {"name": "a.pdf", "content": content}})
    assert entered.status_code == 200, entered.text
    at = f"/v1/outside-figures/{entered.json()['number']}"
    assert chen.get(f"{at}/evidence").json()["content"] == content
    assert wang.post(f"{at}/sign").json()["code"] == "figure.signs_own"
    signed = chen.post(f"{at}/sign").json()
    assert (signed["state"], signed["checker"], signed["value"]) == ("signed", "chen", "0.31")
    assert chen.post(f"{at}/decline", json={"reason": "no"}).json()["code"] == "figure.decided"
    (listed,) = wang.get("/v1/outside-figures?campaign=spring&state=signed").json()["figures"]
    assert listed == signed


def test_what_is_wrong_is_said(running: Running) -> None:
    client = running.client
    assert client.post("/v1/outside-figures", json=SAID).json()["code"] == "figure.no_source"
    other = SAID | {"metric": "participants", "link": "https://t.example/"}
    assert client.post("/v1/outside-figures", json=other).json()["code"] == "figure.not_from_outside"
    assert client.get("/v1/outside-figures/999/evidence").status_code == 404
    reader = running.with_scopes("campaigns:read")
    assert reader.post("/v1/outside-figures", json=SAID).status_code == 403
