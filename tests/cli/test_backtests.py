"""Back-tests in the background, from the terminal."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from festoon.cli.app import made
from festoon.intake.files import write_event_parquet
from tests.live import HEAD, NOW, event

PLAN = (
    HEAD
    + """
gifts: {mug: {title: {en: Mug}, cost: 3, line: prizes, stock: 2}}
mechanics: {welcome: {kind: gift, on: member.registered, give: [{gift: mug}]}}
"""
)


@pytest.fixture
def home(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_DATA", str(tmp_path))
    monkeypatch.setenv("FESTOON_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def festoon(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(made(words[0]), list(words))
    assert done.exit_code == code, done.output
    return done.stdout


def said(*words: str, code: int = 0) -> Any:
    return json.loads(festoon(*words, "--json", code=code))


def key() -> str:
    words = festoon("keys", "create", "--actor", "ann", "--scope", "plan:make").split()
    return next(word for word in words if word.startswith("fst_"))


def test_a_plan_is_tried_on_a_kept_history_while_somebody_works(home: Path) -> None:
    events = [event("member.registered", f"m{n}", f"r{n}", NOW + timedelta(hours=n)) for n in range(3)]
    write_event_parquet(home / "events.parquet", iter([events]))
    (home / "plan.yaml").write_text(PLAN)
    (home / "more.yaml").write_text(PLAN.replace("stock: 2", "stock: 9"))
    festoon("backtests", "keep", str(home / "events.parquet"), "--name", "past")
    assert [each["name"] for each in said("backtests", "histories")] == ["past"]
    ann = key()
    numbers = [
        said("backtests", "ask", str(home / plan), "--history", "past", "--seeds", "1", "--key", ann)["job"][
            "number"
        ]
        for plan in ("plan.yaml", "more.yaml")
    ]
    festoon("work", "--once")
    listed = said("backtests", "list")
    assert [(each["number"], each["state"]) for each in listed] == [(n, "done") for n in numbers[::-1]]
    assert "Mug" in festoon("backtests", "show", str(numbers[0]))
    [cost] = said("backtests", "compare", *map(str, numbers))["costs"]
    assert (cost["first"]["middle"], cost["second"]["middle"]) == (600, 900)
    assert "3.00" in festoon("backtests", "compare", *map(str, numbers))


def test_who_went_without_is_said_in_words_for_all_of_them(home: Path) -> None:
    events = [event("member.registered", f"m{n}", f"r{n}", NOW + timedelta(hours=n)) for n in range(3)]
    late = event("content.published", "m1", "c1", NOW + timedelta(days=9), content="c", length=9)
    invited = event("invite.accepted", "m1", "i1", NOW + timedelta(hours=4), inviter="m0")
    write_event_parquet(home / "events.parquet", iter([[*events, invited, late]]))
    friends = (
        "  friends: {kind: referral, actions: [content.published], within_days: 2, invitee: {gift: mug}}\n"
    )
    plan = (
        PLAN.replace("prizes: 1000", "prizes: 6")
        .replace(", stock: 2", "")
        .replace("mechanics: {", "mechanics:\n  ")
    )
    (home / "plan.yaml").write_text(plan.replace("[{gift: mug}]}}", "[{gift: mug}]}") + friends)
    festoon("backtests", "keep", str(home / "events.parquet"), "--name", "past")
    festoon("backtests", "ask", str(home / "plan.yaml"), "--history", "past", "--key", key())
    festoon("work", "--once")
    for words in (festoon("backtests", "show", "1"), festoon("backtests", "compare", "1", "1")):
        assert {"budget", "more", "invitation", "lapsed"} <= {*words.split()}
        assert "<" not in words


def test_a_back_test_that_waits_is_cancelled_and_asked_for_again(home: Path) -> None:
    (home / "plan.yaml").write_text(PLAN)
    ann = key()
    found = said("backtests", "ask", str(home / "plan.yaml"), "--history", "made-up", "--key", ann)
    number = str(found["job"]["number"])
    assert said("backtests", "cancel", number, "--key", ann)["job"]["state"] == "cancelled"
    assert said("backtests", "again", number, "--key", ann)["job"]["state"] == "queued"
    assert "queued" in festoon("backtests", "show", number)
    assert said("backtests", "compare", number, number, code=3)["error"]["code"] == "backtest.not_done"


def test_what_cannot_be_asked_is_said(home: Path) -> None:
    (home / "plan.yaml").write_text(PLAN)
    ask = ("backtests", "ask", str(home / "plan.yaml"))
    assert said(*ask, code=3)["error"]["code"] == "plan.who_signs"
    ann = key()
    assert said(*ask, "--history", "gone", "--key", ann, code=3)["error"]["code"] == "history.unknown"
    assert said(*ask, "--since", "soon", code=3)["error"]["code"] == "backtest.not_a_day"
    assert said("backtests", "ask", code=3)["error"]["code"] == "backtest.no_plan"
