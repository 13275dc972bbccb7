"""Back-tests over the API."""

import asyncio
from pathlib import Path

import pytest

from festoon.base.clock import wall
from festoon.engine.population import Population
from festoon.insight.jobs.process import Settings
from festoon.insight.jobs.runner import Runner
from festoon.insight.jobs.task import Folders
from tests.api.conftest import PLAN
from tests.serving import Client, Running

MADE_UP = {"from": "made_up", "members": 30, "days": 2}


def asked(client: Client, **more: object) -> int:
    answer = client.post("/v1/backtests", json={"source": PLAN, "history": MADE_UP, "seeds": 1} | more)
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["number"]
    return number


def test_two_back_tests_are_asked_for_run_and_compared(running: Running, tmp_path: Path) -> None:
    client = running.client
    first = asked(client)
    second = asked(client, source="", campaign="spring", version=1)
    waiting = client.get(f"/v1/backtests/{first}").json()
    assert (waiting["state"], waiting["progress"], waiting["actor"]) == ("queued", 0, "tests")
    assert client.get(f"/v1/backtests/{first}/against/{second}").json()["code"] == "backtest.not_done"
    asyncio.run(Runner(Settings(running.dsn, Folders(tmp_path, tmp_path, tmp_path), 1), wall).run_once())
    done = client.get(f"/v1/backtests/{first}").json()
    assert (done["state"], done["progress"]) == ("done", 100)
    assert {line["name"] for line in done["result"]["costs"]} == {"prizes"}
    assert client.get(f"/v1/backtests/{second}").json()["title"] == "spring@1"
    found = client.get(f"/v1/backtests/{first}/against/{second}").json()
    assert found["costs"][0]["first"] == found["costs"][0]["second"]
    listed = client.get("/v1/backtests?limit=1").json()
    assert [each["number"] for each in listed["backtests"]] == [second]
    assert "result" not in listed["backtests"][0] or listed["backtests"][0]["result"] is None
    rest = client.get(f"/v1/backtests?after={listed['next']}&campaign=spring").json()
    assert first in [each["number"] for each in rest["backtests"]]


def test_a_back_test_is_cancelled_and_started_again(client: Client) -> None:
    number = asked(client)
    assert client.post(f"/v1/backtests/{number}/cancel").json()["state"] == "cancelled"
    assert client.post(f"/v1/backtests/{number}/cancel").status_code == 409
    assert client.post(f"/v1/backtests/{number}/again").json()["state"] == "queued"
    assert client.post(f"/v1/backtests/{number}/cancel").status_code == 200


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"source": "festoon: 1", "history": MADE_UP}, "plan.invalid"),
        ({"history": MADE_UP}, "backtest.one_of_both"),
        ({"source": PLAN, "campaign": "spring", "history": MADE_UP}, "backtest.one_of_both"),
        ({"campaign": "spring", "version": 99, "history": MADE_UP}, "plan.version_unknown"),
        ({"source": PLAN, "history": {"from": "facts", "onto": "2027-01-01"}}, "backtest.onto_needs_since"),
        (
            {"source": PLAN, "history": {"from": "facts", "since": "2027-01-02", "until": "2027-01-01"}},
            "backtest.days_turned",
        ),
        ({"source": PLAN, "history": {"from": "file", "name": "../secret"}}, "request.wrong_shape"),
        ({"source": PLAN, "history": {"from": "made_up", "rates": ["x"]}}, "population.wrong_rate"),
        ({"source": PLAN, "history": {"from": "made_up", "members": 10**9}}, "request.wrong_shape"),
        ({"source": PLAN, "history": MADE_UP, "assumptions": {"plays": 2}}, "assumption.not_a_share"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_before_it_waits(
    client: Client, question: dict[str, object], code: str
) -> None:
    before = client.get("/v1/backtests").json()["backtests"]
    answer = client.post("/v1/backtests", json=question)
    assert (answer.status_code // 100, answer.json()["code"]) == (4, code)
    assert client.get("/v1/backtests").json()["backtests"] == before


def test_what_is_not_there_is_not_found(client: Client) -> None:
    for path in ("/v1/backtests/999999", "/v1/backtests/x", "/v1/backtests/99999999999999999999"):
        assert client.get(path).json()["code"] == "job.unknown"
    assert client.post("/v1/backtests/999999/cancel").status_code == 404


def test_who_only_reads_asks_for_nothing(running: Running) -> None:
    reader = running.with_scopes("campaigns:read")
    assert reader.get("/v1/backtests").status_code == 200
    assert reader.get("/v1/histories").json() == {"histories": []}
    assert reader.post("/v1/backtests", json={"source": PLAN, "history": MADE_UP}).status_code == 403


def test_a_population_says_about_how_many_events_it_makes() -> None:
    made = Population.of(PLAN, 200, 10, [], None)
    events = sum(map(len, made()))
    assert abs(made.expected - events) < events / 5
