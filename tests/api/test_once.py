"""A request with an Idempotency-Key acts once, whatever becomes of its answer."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from festoon.api.once import KEPT
from festoon.base.clock import wall
from festoon.store.pool import connect
from tests.serving import Client, Running, head


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
