"""`festoon members` and `festoon requests`: from finding a member to two signatures."""

import asyncio

import pytest

from festoon.base.clock import wall
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.store.pool import connect_hot
from tests.docs.terminal import run
from tests.live import event, put_up
from tests.serving import head, make_key

PLAN = (
    head()
    + """
assets: {points: {cost: 0.01, line: prizes, adjust_alone: 50}}
mechanics:
  hello: {kind: gift, on: page.viewed, when: "event.page == 'tea'", give: [{points: 5}]}
"""
)


@pytest.fixture
def keys(database: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A running campaign and a member; the keys of who asks and of who signs."""

    async def go() -> None:
        connection = await connect_hot(database)
        engine = Engine(await load_program(connection), load_program, wall)
        seen = [
            event("member.registered", "ann", at=wall(), name="Ann Li", phone="+8613800001234"),
            event("page.viewed", "ann", at=wall(), page="milk"),
        ]
        await run_batch(engine, connection, seen)
        await connection.close()

    asyncio.run(put_up(database, PLAN))
    asyncio.run(go())
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_LANG", "en")
    return f"--key={make_key(database)}", f"--key={make_key(database, actor='wu')}"


@pytest.mark.usefixtures("keys")
def test_from_a_phone_to_the_answer_why() -> None:
    (found,) = run("members", "search", "00001234", "--json").json()["members"]
    assert (found["id"], found["personal"]["phone"]) == ("ann", "•••••••••1234")
    assert "A••" in run("members", "search", "ann").out
    assert "nobody" in run("members", "search", "zoe").out
    assert run("members", "show", "ann", "--json").json()["ids"] == ["ann"]
    assert "takes part" in run("members", "show", "ann").out
    why = run("members", "why", "ann", "spring/hello")
    assert "Its condition did not hold" in why.out
    assert "milk" in why.out
    assert run("members", "why", "ann", "spring/hello", "--json").json()["verdict"] == "condition"


def test_adjusting_takes_another_above_the_limit(keys: tuple[str, str]) -> None:
    mine, other = keys
    said = ("--reason", "a slip")
    assert run("members", "adjust", "ann", "points", "20", *said).code != 0, "nobody signs without a key"
    assert "+20 points" in run("members", "adjust", "ann", "points", "20", *said, mine).out
    asked = run("members", "adjust", "ann", "points", "500", *said, mine, "--act", "a-1", "--json").json()
    number = str(asked["request"]["number"])
    assert (
        f"request {number} waits"
        in run("members", "adjust", "ann", "points", "500", *said, mine, "--act", "a-1").out
    )
    assert run("requests", "sign", number, mine, "--json").json()["error"]["code"] == "act.maker_is_checker"
    assert [str(each["number"]) for each in run("requests", "list", "--json").json()] == [number]
    assert run("requests", "sign", number, other, "--json").json()[0]["status"] == "done"
    assert "nothing waits" in run("requests", "list").out
    short = run("members", "adjust", "ann", "points", "900", *said, mine, "--json").json()["request"][
        "number"
    ]
    assert (
        run("requests", "decline", str(short), "--reason", "no", other, "--json").json()[0]["answer"] == "no"
    )


def test_blocking_and_erasing(keys: tuple[str, str]) -> None:
    mine, other = keys
    said = ("--reason", "a ring")
    assert run("members", "block", "ann", *said, mine).code == 0
    assert run("members", "block", "ann", *said, mine).code == 1
    assert run("members", "unblock", "ann", *said, mine, "--json").json()["act"] == "member.unblocked"
    wrong = run("members", "erase", "ann", "--confirm", "bob", *said, mine, "--json").json()
    assert wrong["error"]["code"] == "member.erase_not_confirmed"
    asked = run("members", "erase", "ann", "--confirm", "ann", *said, mine, "--json").json()
    assert (
        run("requests", "withdraw", str(asked["number"]), mine, "--json").json()[0]["status"] == "withdrawn"
    )
    asked = run("members", "erase", "ann", "--confirm", "ann", *said, mine, "--json").json()
    assert run("requests", "sign", str(asked["number"]), other).code == 0
    assert run("members", "show", "ann", "--json").json()["error"]["code"] == "member.unknown"
