"""What waits for people, over the API: pages that follow each other, as the document says."""

from collections.abc import Iterator
from typing import Any

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.api.documented import conforms
from tests.serving import Running, cloud_event, head, serving_anew
from tests.waiting import HELD, SENT_AND_JUDGED, WATCHED

PLAN = (
    head()
    + """
gifts: {mug: {cost: 3, line: prizes, stock: 9}}
assets: {points: {cost: 0.01, line: prizes}}
"""
    + WATCHED
    + "mechanics:\n"
    + SENT_AND_JUDGED
    + HELD
)
MEMBERS = ("ann", "ben", "cho")


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        for name in MEMBERS:
            for type_, data in (
                ("segment.entered", {"segment": "watched"}),
                ("content.liked", {"content": "c"}),
                ("proof.submitted", {"proof": f"pr-{name}"}),
                ("page.viewed", {"page": "tea"}),
            ):
                assert running.client.one(cloud_event(type_, name, data=data)).status_code == 200
        yield running


@pytest.mark.parametrize("queue", ["proofs", "parcels"])
def test_a_queue_is_read_page_by_page(running: Running, queue: str) -> None:
    document = running.client.get("/openapi.json").json()
    seen: list[Any] = []
    after: str | None = ""
    while after is not None:
        answer = running.client.get(f"/v1/{queue}", params={"limit": 1, "campaign": "spring", **_next(after)})
        assert conforms(document, answer)
        seen += answer.json()[queue]
        after = answer.json()["next"]
    assert {each["member"] for each in seen} == set(MEMBERS)
    assert [seen.count(each) for each in seen] == [1] * len(seen)
    wrong = running.client.get(f"/v1/{queue}", params={"after": "nowhere"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "request.parameter_invalid")
    assert running.client.get(f"/v1/{queue}", params={"campaign": "autumn"}).json()[queue] == []


def test_parcels_are_found_by_what_is_known_of_them(running: Running) -> None:
    (one,) = running.client.get("/v1/parcels?member=ann&state=ordered").json()["parcels"]
    assert "address" not in one
    data = {"item": one["item"], "carrier": "SF", "parcel": "SF-1"}
    running.client.one(cloud_event("gift.shipped", "ann", data=data))
    (found,) = running.client.get("/v1/parcels?number=SF-1").json()["parcels"]
    assert (found["item"], found["state"]) == (one["item"], "shipped")
    assert running.client.get("/v1/parcels?state=lost").status_code == 400


def _next(after: str) -> dict[str, str]:
    return {"after": after} if after else {}
