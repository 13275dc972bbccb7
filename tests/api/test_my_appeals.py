"""What a member sees of a reward that is held: no score, no rule; an appeal, and the answer to it."""

import re
from collections.abc import Iterator

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.serving import Running, cloud_event, head, serving_anew

PLAN = (
    head(budget=100_000)
    + """
assets: {points: {cost: 0.01, line: prizes}}
segments: {watched: {title: Watched}, sure: {title: Sure}}
risk:
  rules:
    watched: {when: member.segment("watched"), points: 40}
    sure: {when: member.segment("sure"), points: 90}
  thresholds: {doubtful: 30, certain: 80}
mechanics:
  daily: {kind: check_in, daily: {points: 2}, at_risk: {doubtful: hold, certain: refuse}}
"""
)
NAMED = {"campaign": "spring", "mechanic": "daily"}


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


def in_segment(running: Running, name: str, segment: str) -> str:
    running.client.post("/v1/members", json={"id": name, "event_id": name})
    running.client.one(cloud_event("segment.entered", name, data={"segment": segment}))
    token: str = running.client.post(f"/v1/members/{name}/token", json={}).json()["token"]
    return token


def test_a_member_appeals_and_is_told_what_came_of_it(running: Running) -> None:
    with running.with_key(in_segment(running, "ann", "watched")) as ann:
        made = ann.one(cloud_event("check_in.made", "ann", data=NAMED))
        assert "score" not in made.text
        assert "watched" not in made.text
        (waits,) = ann.get("/v1/me/campaigns/spring").json()["held"]
        assert (waits["why"], waits["appealed"]) == ("risk", None)
        sent = cloud_event("grant.appealed", "ann", data={"hold": waits["id"], "text": "We are four."})
        assert ann.one(sent).json()["outcome"]["status"] == "accepted"
        (waits,) = ann.get("/v1/me/campaigns/spring").json()["held"]
        assert waits["appealed"]
        (held,) = running.client.get("/v1/held").json()["held"]
        assert held["appeal"] == "We are four."
        with running.with_scopes("rewards:read") as reader:
            (masked,) = reader.get("/v1/held").json()["held"]
        assert "appeal" not in masked
        at = f"/v1/held/{waits['id']}"
        silent = running.client.post(f"{at}/void", json={"reason": "a ring"})
        assert (silent.status_code, silent.json()["code"]) == (409, "grant.answer_missing")
        said = {"reason": "a family", "answer": "Thank you: it is yours."}
        assert running.client.post(f"{at}/release", json=said).status_code == 200
        mine = ann.get("/v1/me/campaigns/spring").json()
    assert mine["held"] == []
    (verdict,) = mine["verdicts"]
    assert (verdict["decision"], verdict["answer"]) == ("released", "Thank you: it is yours.")
    assert running.books_balance()


def test_who_is_refused_is_told_so_and_not_by_which_rule(running: Running) -> None:
    with running.with_key(in_segment(running, "bo", "sure")) as bo:
        refused = bo.one(cloud_event("check_in.made", "bo", data=NAMED))
        (mechanic,) = bo.get("/v1/me/campaigns/spring").json()["mechanics"]
    (act,) = mechanic["acts"]
    assert (act["code"], act["text"]) == ("risk.refused", "this cannot be given to you now")
    for said in (refused.text, str(act)):
        assert "sure" not in said
        assert re.search(r"\b90\b", said) is None  # an event's id may end in it
