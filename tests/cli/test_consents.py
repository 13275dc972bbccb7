"""`festoon members consent` and `consents`, and `festoon segments consents`: noted, shown, counted."""

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
segments: {some: {title: Some, list: uploaded}}
mechanics: {hello: {kind: gift, on: page.viewed, give: [{points: 5}]}}
"""
)


@pytest.fixture
def key(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two members of whom one agreed to text messages; the key of an operator."""

    async def go() -> None:
        connection = await connect_hot(database)
        engine = Engine(await load_program(connection), load_program, wall)
        seen = [
            event(
                "member.registered", "ann", at=wall(), consents={"sms": True}, consents_wording={"sms": "v1"}
            ),
            event("member.registered", "ben", at=wall()),
            event("segment.entered", "ann", at=wall(), segment="some", campaign="spring"),
        ]
        await run_batch(engine, connection, seen)
        await connection.close()

    asyncio.run(put_up(database, PLAN))
    asyncio.run(go())
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_LANG", "en")
    return f"--key={make_key(database)}"


def counts(*words: str) -> tuple[int, list[int]]:
    found = run("segments", "consents", *words, "--json").json()
    (sms,) = [each for each in found["channels"] if each["channel"] == "sms"]
    return found["members"], [sms["agreed"], sms["refused"], sms["never_asked"]]


def test_a_consent_is_noted_shown_with_its_history_and_counted(key: str) -> None:
    assert counts() == (2, [1, 0, 1])
    assert counts("spring", "--segment", "some") == (1, [1, 0, 0])
    withdrawn = ("members", "consent", "ann", "sms", "no", "--reason", "she called", "--where", "call", key)
    assert "ann: sms no" in run(*withdrawn).out
    assert counts() == (2, [0, 1, 1])
    assert "never asked" in run("segments", "consents").out
    shown = run("members", "consents", "ann", "--json").json()
    assert [line["answer"]["agreed"] for line in shown["history"]] == [False, True]
    assert (shown["consents"][0]["by"], shown["history"][0]["reason"]) == ("operator", "she called")
    assert "call" in run("members", "consents", "ann").out
    assert "agreed to nothing" in run("members", "consents", "ben").out
    assert "sms no" in run("members", "show", "ann").out


def test_what_cannot_be_is_refused_in_words(key: str) -> None:
    typo = run("members", "consent", "ann", "smms", "no", "--reason", "x", key)
    assert (typo.code, "smms" in typo.said) == (1, True)
    assert run("segments", "consents", "spring").code != 0
