"""A request with an Idempotency-Key acts once, whatever becomes of its answer."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from festoon.api.once import KEPT
from festoon.base.clock import wall
from festoon.store.pool import connect
from tests.serving import Client, Running, cloud_event, head


def plan(campaign: str, points: int = 1) -> dict[str, str]:
    return {
        "source": head(campaign)
        + f"\nmechanics:\n  hello: {{kind: gift, on: page.viewed, give: [{{points: {points}}}]}}\n"
    }


def once(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


def test_the_same_request_again_gets_the_answer_of_the_first(running: Running, client: Client) -> None:
    first, again = (client.post("/v1/plans", json=plan("once"), headers=once("a-1")) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    quoted = client.post("/v1/plans", json=plan("once"), headers=once('"a-1"'))
    assert quoted.json()["version"] == 1
    assert running.fetch("SELECT count(*) FROM plan_version WHERE campaign = 'once'")[0][0] == 1


def test_without_a_key_every_request_acts(client: Client) -> None:
    versions = [client.post("/v1/plans", json=plan("often")).json()["version"] for _ in range(2)]
    assert versions == [1, 2]


def test_another_request_under_a_used_key_is_refused(client: Client) -> None:
    client.post("/v1/plans", json=plan("other"), headers=once("b-1"))
    answer = client.post("/v1/plans", json=plan("other", 2), headers=once("b-1"))
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.key_reused")


def test_a_key_belongs_to_who_uses_it(running: Running, client: Client) -> None:
    client.post("/v1/plans", json=plan("mine"), headers=once("c-1"))
    with running.with_scopes("plan:make") as other:
        assert other.post("/v1/plans", json=plan("mine"), headers=once("c-1")).json()["version"] == 2


def test_what_was_refused_may_be_sent_again_corrected(client: Client) -> None:
    wrong = {"source": "festoon: 1\n"}
    answer = client.post("/v1/plans", json=wrong, headers=once("d-1"))
    assert (answer.status_code, answer.json()["code"]) == (400, "plan.invalid")
    assert client.post("/v1/plans", json=plan("mended"), headers=once("d-1")).json()["version"] == 1


def test_of_many_at_the_same_time_one_acts(running: Running) -> None:
    def send(_: int) -> tuple[int, str]:
        with running.with_key(running.key) as client:
            answer = client.post("/v1/plans", json=plan("race"), headers=once("e-1"))
            return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(send, range(12)))
    assert answers <= {(200, ""), (409, "idempotency.under_way")}
    assert (200, "") in answers
    assert running.fetch("SELECT count(*) FROM plan_version WHERE campaign = 'race'")[0][0] == 1


def test_an_answer_is_kept_for_a_day_and_then_swept_away(running: Running, client: Client) -> None:
    client.post("/v1/plans", json=plan("old"), headers=once("f-1"))
    asyncio.run(_age(running.dsn, "f-1"))
    client.post("/v1/plans", json=plan("new"), headers=once("f-2"))
    assert running.fetch("SELECT FROM stored_answer WHERE key = 'f-1'") == []
    assert client.post("/v1/plans", json=plan("old"), headers=once("f-1")).json()["version"] == 2


async def _age(dsn: str, key: str) -> None:
    connection = await connect(dsn)
    try:
        await connection.execute(
            "UPDATE stored_answer SET expires = $2 WHERE key = $1", key, wall() - timedelta(seconds=1)
        )
    finally:
        await connection.close()
    assert timedelta(days=1) == KEPT


@pytest.mark.parametrize("key", ["", "a b", '"', 'a"b', "x" * 201, "é"])
def test_a_key_that_is_none(client: Client, key: str) -> None:
    headers = {b"idempotency-key": key.encode()}
    answer = client.post("/v1/plans", json=plan("none"), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key_invalid")


ACTS: tuple[tuple[str, Any], ...] = (
    ("/v1/keys", {"actor": "till", "scopes": ["events:write"]}),
    ("/v1/webhooks", {"url": "https://hooks.example/once"}),
    ("/v1/members/once-ann/adjust", {"asset": "points", "amount": 3, "reason": "a slip"}),
    ("/v1/members/once-ann/adjust", {"asset": "points", "amount": 4_000_000, "reason": "too much for one"}),
    ("/v1/members/once-ann/block", {"reason": "looked at"}),
    ("/v1/members/once-ann/unblock", {"reason": "all is well"}),
    ("/v1/members/once-ann/erase", {"confirm": "once-ann", "reason": "he asked"}),
    ("/v1/campaigns/spring/pause", {"mechanics": []}),
    ("/v1/campaigns/spring/resume", None),
)  # fmt: skip


def test_whatever_acts_acts_once_under_its_key(running: Running, client: Client) -> None:
    assert client.one(cloud_event("member.registered", "once-ann")).status_code == 200
    for place, (path, body) in enumerate(ACTS):
        entries = running.fetch("SELECT count(*) FROM audit_entry")[0][0]
        first = client.post(path, json=body, headers=once(f"act-{place}"))
        assert first.status_code < 300, first.text
        acted = running.fetch("SELECT count(*) FROM audit_entry")[0][0]
        again = client.post(path, json=body, headers=once(f"act-{place}"))
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["idempotency-replayed"] == "true"
        assert running.fetch("SELECT count(*) FROM audit_entry")[0][0] == acted > entries


def test_what_acts_by_an_event_acts_once_though_its_answer_was_lost(running: Running, client: Client) -> None:
    client.one(cloud_event("member.registered", "once-ben"))
    for path, body in (("block", {}), ("adjust", {"asset": "points", "amount": 5})):
        answers = []
        for _ in range(2):
            said = {**body, "reason": "a slip"}
            answers.append(
                client.post(f"/v1/members/once-ben/{path}", json=said, headers=once(f"lost-{path}"))
            )
            asyncio.run(_forget(running.dsn, f"lost-{path}"))
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
    acts = running.fetch(
        """SELECT (SELECT count(*) FROM event WHERE type = 'member.blocked' AND member_id = m.id) AS blocks,
                  (SELECT count(*) FROM act_request WHERE member_id = m.id) AS requests
           FROM member m WHERE m.subject = 'once-ben'"""
    )
    assert [tuple(row) for row in acts] == [(1, 1)]


def test_a_stored_answer_with_a_secret_can_be_read_by_who_asked_and_by_nobody_else(
    running: Running, client: Client
) -> None:
    asked = {"actor": "till", "scopes": ["events:write"]}
    made = client.post("/v1/keys", json=asked, headers=once("secret-1")).json()["key"]
    [(body,)] = running.fetch("SELECT body FROM stored_answer WHERE key = 'secret-1'")
    assert made.encode() not in body
    assert b"till" not in body
    assert client.post("/v1/keys", json=asked, headers=once("secret-1")).json()["key"] == made


def test_of_more_requests_than_connections_none_waits_for_another(running: Running) -> None:
    def send(number: int) -> int:
        with running.with_key(running.key) as client:
            body = {"asset": "points", "amount": 1, "reason": "many"}
            path = f"/v1/members/crowd-{number}/adjust"
            return client.post(path, json=body, headers=once(f"crowd-{number}")).status_code

    running.client.many([cloud_event("member.registered", f"crowd-{number}") for number in range(12)])
    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(send, range(12))) == {200}


async def _forget(dsn: str, key: str) -> None:
    connection = await connect(dsn)
    try:
        await connection.execute("DELETE FROM stored_answer WHERE key = $1", key)
    finally:
        await connection.close()
