"""`festoon plan withdraw` and `festoon plan send-back`: a version that shall not run goes back, and says so."""

import asyncio

import pytest

from festoon.base.clock import wall
from festoon.engine.publish import submit
from festoon.store.pool import connect
from tests.docs.terminal import Done, run
from tests.serving import head, make_key

PLAN = head() + "\nmechanics:\n  hello: {kind: gift, on: page.viewed, give: [{points: 1}]}\n"


@pytest.fixture
def submitted(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database in which the actor of the tests' keys has put a version up for review."""

    async def go() -> None:
        connection = await connect(database)
        await submit(connection, PLAN, "tests", wall())
        await connection.close()

    asyncio.run(go())
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    return database


def test_who_made_a_version_takes_it_back_and_it_cannot_be_published(submitted: str) -> None:
    key = f"--key={make_key(submitted)}"
    assert run("plan", "withdraw", "spring", "--version", "1", key, "--json").json()["status"] == "withdrawn"
    again = run("plan", "withdraw", "spring", "--version", "1", key, "--json")
    assert (again.code != 0, again.json()["error"]["code"]) == (True, "plan.not_waiting")
    refused = run("plan", "publish", "spring", "--version", "1", key, "--json")
    assert refused.json()["error"]["code"] == "plan.not_approved"


def test_who_checks_a_version_sends_it_back_with_a_reason(submitted: str) -> None:
    key = f"--key={make_key(submitted, 'plan:check')}"
    silent = run("plan", "send-back", "spring", "--version", "1", "--reason", " ", key, "--json")
    assert silent.json()["error"]["code"] == "plan.reason_missing"
    done = run("plan", "send-back", "spring", "--version", "1", "--reason", "too dear", key)
    assert (done.code, "will not run" in done.out) == (0, True)


def test_a_version_is_reviewed_by_another_and_approved_by_a_third(submitted: str) -> None:
    def at(act: str, actor: str, *more: str) -> Done:
        return run(
            "plan", act, "spring", "--version", "1", f"--key={make_key(submitted, actor=actor)}", *more
        )

    own = at("review", "tests", "--json")
    assert own.json()["error"]["code"] == "plan.reviews_own"
    done = at("review", "li", "--comment", "stock is enough")
    assert (done.code, "reviewed by li" in done.out) == (0, True)
    assert at("approve", "li", "--json").json()["error"]["code"] == "plan.reviewer_is_checker"
    assert at("approve", "chen", "--json").json()["status"] == "approved"


def test_a_key_of_another_scope_sends_nothing_back(submitted: str) -> None:
    key = f"--key={make_key(submitted, 'plan:publish')}"
    done = run("plan", "send-back", "spring", "--version", "1", "--reason", "no", key, "--json")
    assert done.json()["error"]["code"] == "key.scope_missing"


def test_a_campaign_that_was_never_published_is_put_away_and_brought_back(submitted: str) -> None:
    key = f"--key={make_key(submitted)}"
    assert run("plan", "archive", "spring", key, "--json").json() == {"campaign": "spring", "archived": True}
    again = run("plan", "archive", "spring", key, "--json")
    assert (again.code != 0, again.json()["error"]["code"]) == (True, "campaign.archived_already")
    assert "back in the lists" in run("plan", "archive", "spring", "--back", key).out
