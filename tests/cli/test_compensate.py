"""`festoon compensate`: from the file of a fault to the file of results, with two signatures."""

import asyncio
from pathlib import Path

import pytest

from festoon.access.keys import SCOPES
from festoon.base.clock import wall
from festoon.base.events import Event
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.store.pool import connect, connect_hot
from tests.docs.terminal import run
from tests.live import event, put_up
from tests.serving import head, make_key

PLAN = head() + "\nassets: {points: {cost: 0.01, line: prizes}}\nmechanics: {}\n"
FILE = """
compensation: jury
campaign: spring
reason: thanks to the jury
members: jury.csv
give: {points: 40}
"""


def sent(database: str, *events: Event) -> None:
    async def go() -> None:
        connection = await connect_hot(database)
        engine = Engine(await load_program(connection), load_program, wall)
        await run_batch(engine, connection, events)
        await connection.close()

    asyncio.run(go())


@pytest.fixture
def keys(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A running campaign, two members, a file for the jury; the keys of who makes and of who checks."""
    asyncio.run(put_up(database, PLAN))
    sent(database, *(event("page.viewed", who, at=wall(), page="x") for who in ("ann", "bea")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    (tmp_path / "jury.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / "jury.csv").write_text("member\nann\nbea\nnobody\n", encoding="utf-8")
    maker = make_key(database, *SCOPES)
    checker = run(
        "keys", "create", "--actor", "wu", *(f"--scope={scope}" for scope in SCOPES), "--json"
    ).json()["key"]
    return f"--key={maker}", f"--key={checker}"


def test_from_the_file_to_the_results(keys: tuple[str, str], tmp_path: Path) -> None:
    maker, checker = keys
    shown = run("compensate", "preview", "jury.yaml", "--json").json()
    assert (shown["members"], shown["unknown"], shown["lines"][0]["cost"]) == (2, ["nobody"], 80)
    assert run("compensate", "submit", "jury.yaml", maker).code == 0
    assert (
        run("compensate", "sign", "jury", maker, "--json").json()["error"]["code"]
        == "compensation.maker_is_checker"
    )
    early = run("compensate", "run", "jury", maker, "--json")
    assert early.json()["error"]["code"] == "compensation.not_signed"
    assert run("compensate", "sign", "jury", checker, "--json").json()[0]["status"] == "approved"
    nowhere = run("compensate", "run", "jury", maker, "--out", "no/result.csv", "--json")
    assert nowhere.json()["error"]["code"] == "file.unwritable"
    assert run("compensate", "status", "jury", "--json").json()[0]["done"] == 0
    done = run("compensate", "run", "jury", maker, "--out", "result.csv")
    assert (done.code, "done" in done.out) == (0, True)
    assert (
        tmp_path / "result.csv"
    ).read_text() == "member,state,what,code\nann,done,40 points,\nbea,done,40 points,\n"
    (told,) = run("compensate", "status", "--json").json()
    assert (told["status"], told["done"], told["maker"], told["checker"]) == ("done", 2, "tests", "wu")


BACK = """
compensation: not-the-jury
campaign: spring
reason: they were not the jury
affected: {from: 2020-01-01, until: 2100-01-01, types: [compensation.granted]}
take_back: {mechanic: _compensation, spent: debt}
"""


def test_a_preview_says_what_comes_back_and_what_is_owed_then(
    keys: tuple[str, str], tmp_path: Path, database: str
) -> None:
    maker, checker = keys
    (tmp_path / "back.yaml").write_text(BACK, encoding="utf-8")
    run("compensate", "submit", "jury.yaml", maker)
    run("compensate", "sign", "jury", checker)
    run("compensate", "run", "jury", maker)
    sent(database, event("hold.placed", "ann", at=wall(), hold="basket", asset="points", amount=15))
    shown = run("compensate", "preview", "back.yaml").out
    assert [line.split() for line in shown.splitlines() if "points" in line] == [
        ["takes", "back", "65", "points"],
        ["then", "owed", "15", "points"],
    ]
    run("compensate", "submit", "back.yaml", maker)
    run("compensate", "sign", "not-the-jury", checker)
    run("compensate", "run", "not-the-jury", maker, "--out", "result.csv")
    assert (tmp_path / "result.csv").read_text().splitlines()[1:] == [
        "ann,done,-25 points,",
        "bea,done,-40 points,",
    ]
    assert "nothing: all of it is back" in run("compensate", "preview", "back.yaml").out


@pytest.mark.usefixtures("keys")
def test_every_mistake_of_a_file_is_listed_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(FILE.replace("reason", "reson").replace("points", "coupn"))
    said = run("compensate", "preview", "wrong.yaml").said
    assert "4:1: reson: there is no `reson` here" in said
    assert "6:8: give.coupn: there is no `coupn` here" in said
    assert "Did you mean coupon?" in said
    assert "plan check" not in said


@pytest.mark.usefixtures("keys")
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert (
        run("compensate", "preview", "none.yaml", "--json").json()["error"]["code"]
        == "compensation.unreadable"
    )
    (tmp_path / "jury.csv").unlink()
    assert (
        run("compensate", "preview", "jury.yaml", "--json").json()["error"]["code"]
        == "compensation.unreadable"
    )


def test_two_accounts_are_merged_from_the_terminal(keys: tuple[str, str], database: str) -> None:
    maker, _ = keys
    done = run("members", "merge", "ann", "bea", "--reason", "one phone", maker)
    assert (done.code, "bea is ann" in done.out) == (0, True)
    again = run("members", "merge", "ann", "bea", "--reason", "one phone", maker, "--json")
    assert again.json()["error"]["code"] == "merge.one_already"

    async def signed_by() -> str:
        connection = await connect(database)
        actor: str = await connection.fetchval("SELECT actor FROM audit_entry WHERE act = 'member.merged'")
        await connection.close()
        return actor

    assert asyncio.run(signed_by()) == "tests"
