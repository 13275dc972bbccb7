"""Webhooks over the API: made, changed, switched, tested, replayed; and described to the letter."""

from typing import Any

import httpx
import jsonschema_rs
import pytest

from festoon.outbox.webhooks.kinds import KINDS
from tests.api.documented import conforms
from tests.serving import Client, Running

URL = "https://shop.example/festoon"


@pytest.fixture(scope="module")
def document(running: Running) -> dict[str, Any]:
    found: dict[str, Any] = running.client.get("/openapi.json").json()
    return found


class Hooks:
    """Calls that must answer as the document says."""

    def __init__(self, client: Client, document: dict[str, Any]) -> None:
        self._client = client
        self._document = document

    def __call__(self, method: str, path: str, body: Any = None) -> httpx.Response:
        given = {} if body is None else {"json": body}
        answer = self._client.request(method, path, **given)
        assert conforms(self._document, answer)
        return answer


@pytest.fixture
def hooks(client: Client, document: dict[str, Any]) -> Hooks:
    return Hooks(client, document)


def test_an_endpoint_lives_from_its_making_to_its_end(hooks: Hooks) -> None:
    made = hooks("POST", "/v1/webhooks", {"url": URL, "kinds": ["item.issued"]}).json()
    assert made["secret"].startswith("whsec_")
    one = f"/v1/webhooks/{made['endpoint']['id']}"
    assert hooks("GET", one).json() == made["endpoint"]
    assert "secret" not in hooks("GET", one).json()
    changed = hooks("PUT", one, {"url": URL + "/new", "campaigns": ["spring"]}).json()
    assert (changed["url"], changed["kinds"], changed["campaigns"]) == (URL + "/new", [], ["spring"])
    assert hooks("POST", f"{one}/off").json()["state"] == "off"
    assert hooks("POST", f"{one}/on", {"start": "now"}).json()["state"] == "on"
    assert hooks("POST", f"{one}/rotate", {"overlap_hours": 1}).json()["secret"] != made["secret"]
    sent = hooks("POST", f"{one}/test").json()
    assert sent["body"]["type"] == "webhook.test"
    assert hooks("GET", f"/v1/webhook-deliveries/{sent['number']}").json() == sent
    listed = hooks("GET", f"/v1/webhook-deliveries?endpoint={sent['endpoint']}&state=waiting&limit=1").json()
    older = hooks("GET", f"/v1/webhook-deliveries?endpoint={sent['endpoint']}&after={listed['next']}").json()
    assert older == {"deliveries": [], "next": None}
    assert hooks("POST", f"/v1/webhook-deliveries/{sent['number']}/replay").json()["state"] == "waiting"
    assert hooks("POST", f"{one}/replay", {"since": "2027-01-01T00:00:00Z"}).json() == {"deliveries": 0}
    assert hooks("DELETE", one).status_code == 200
    assert hooks("GET", one).json()["code"] == "webhook.endpoint_unknown"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "shop.example"}, "webhook.url_invalid"),
        ({"url": "ftp://shop.example/"}, "webhook.url_invalid"),
        ({"url": "https://lin:secret@shop.example/"}, "webhook.url_invalid"),
        ({"url": "https://shop.example:99999/"}, "webhook.url_invalid"),
        ({"url": "https://[::1"}, "webhook.url_invalid"),
        ({"url": "https://shop.example/\n"}, "webhook.url_invalid"),
        ({"url": URL, "kinds": ["reward.grnted"]}, "webhook.kind_unknown"),
        ({"url": URL, "campaigns": ["\0"]}, "request.unholdable"),
        ({"url": URL, "secret": "mine"}, "request.wrong_shape"),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused(hooks: Hooks, body: Any, code: str) -> None:
    answer = hooks("POST", "/v1/webhooks", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_what_is_not_there_and_who_may_not(running: Running, hooks: Hooks) -> None:
    assert hooks("POST", "/v1/webhooks/ep_0/test").status_code == 404
    assert hooks("GET", "/v1/webhook-deliveries/4711").status_code == 404
    assert hooks("GET", "/v1/webhook-deliveries/x").status_code == 400
    assert hooks("GET", "/v1/webhook-deliveries?state=lost").status_code == 400
    assert running.with_scopes("members:read").get("/v1/webhooks").status_code == 403


def test_the_document_describes_every_message(document: dict[str, Any]) -> None:
    assert document["webhooks"].keys() == KINDS.keys()
    content = document["webhooks"]["budget.low"]["post"]["requestBody"]["content"]["application/json"]
    schema = {**content["schema"], "components": document["components"]}
    check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    data = {"campaign": "spring", "line": "prizes", "currency": "CNY", "left": 5, "of": 100}
    message = {"type": "budget.low", "timestamp": "2027-02-10T04:00:00Z", "data": data}
    assert check.is_valid(message)
    assert not check.is_valid({**message, "type": "budget.out"})
    assert not check.is_valid({**message, "data": {**data, "left": "5"}})
