"""`festoon segments` at work, in a rehearsal: upload, approve, preview, refresh, list."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from festoon.base.events import Event
from festoon.intake.rehearsal import rehearse
from festoon.store.pool import connect
from tests.docs.terminal import run
from tests.live import HEAD, put_up

PLAN = (
    HEAD
    + """
segments:
  vip: {title: VIP, list: uploaded}
  tiers: {title: T, split: {by: posts, over: 30 days, parts: {top: 20%}, rest: others}}
mechanics:
  thanks: {kind: gift, on: segment.entered, when: event.segment == 'top', give: [{points: 10}]}
"""
)
NOON = datetime(2027, 2, 10, 4, tzinfo=UTC)


@pytest.fixture
def rehearsal(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rehearsal with ten members, of whom m9 posted most; a file of its plan, and where facts go."""
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    plan = tmp_path / "spring.yaml"
    plan.write_text(PLAN)
    history = [
        Event("app", f"{n}/{day}", "content.published", f"m{n}", NOON - timedelta(days=day), {"content": "c"})
        for n in range(10)
        for day in range(1, n + 2)
    ]
    asyncio.run(_prepared(database, sorted(history, key=lambda event: event.time)))
    return tmp_path


async def _prepared(database: str, history: list[Event]) -> None:
    connection = await connect(database)
    await connection.execute("UPDATE installation SET mode = 'rehearsal'")
    await connection.close()
    await put_up(database, PLAN)
    await rehearse(database, [history])


def test_a_plan_is_counted_before_anybody_publishes_it(rehearsal: Path) -> None:
    words = ("segments", "preview", str(rehearsal / "spring.yaml"), "--facts", str(rehearsal), "--json")
    vip, tiers = run(*words).json()["segments"]
    assert vip["members"] == {"vip": 0}
    assert (tiers["members"], tiers["entered"], tiers["counted"]) == (
        {"top": 2, "others": 8},
        {"top": 2, "others": 8},
        10,
    )
    shown = run(*words[:-1])
    assert "others 8" in shown.said


def test_a_refresh_by_hand_is_shown_and_the_same_again_changes_nothing(rehearsal: Path) -> None:
    words = ("segments", "refresh", "spring", "--facts", str(rehearsal), "--segment", "top", "--json")
    at = ("--at", "2027-02-10 13:00")
    [found] = run(*words, *at).json()["refreshed"]
    assert (found["segment"], found["changes"], found["sent"]) == ("tiers", 10, 10)
    assert run(*words, *at).json()["refreshed"] == [found]
    [later] = run(*words, "--at", "2027-02-10 14:00").json()["refreshed"]
    assert later["changes"] == 0
    listed = {
        row["segment"]: row["members"]
        for row in run("segments", "list", "spring", "--json").json()["segments"]
    }
    assert listed == {"vip": {}, "tiers": {"top": 2, "others": 8}}


def test_a_list_is_uploaded_approved_and_counted(rehearsal: Path) -> None:
    file = rehearsal / "vip.csv"
    file.write_text("id,name\nm3,Ann\nnobody,Ben\nm3,Ann again\nm1,Cat\n")
    looked = run("segments", "upload", "spring", "vip", str(file), "--dry-run", "--json")
    assert looked.code == 1  # somebody of it is not known
    assert {name: looked.json()[name] for name in ("ids", "repeated", "members", "unknown", "examples")} == {
        "ids": 3, "repeated": 1, "members": 2, "unknown": 1, "examples": ["nobody"],
    }  # fmt: skip
    assert (
        "festoon segments approve spring vip --version 1"
        in run("segments", "upload", "spring", "vip", str(file)).said
    )
    refresh = ("segments", "refresh", "spring", "--facts", str(rehearsal), "--segment", "vip", "--json")
    [before] = run(*refresh, "--at", "2027-02-10 13:00").json()["refreshed"]
    assert before["sizes"]["members"] == {"vip": 0}
    assert run("segments", "approve", "spring", "vip", "--version", "1").code == 0
    [after] = run(*refresh, "--at", "2027-02-10 14:00").json()["refreshed"]
    assert (after["sizes"]["members"], after["sizes"]["unknown"]) == ({"vip": 2}, 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("refresh", "autumn"), "segment.no_campaign"),
        (("refresh", "spring", "--segment", "gone"), "segment.unknown"),
        (("upload", "spring", "tiers", "{file}"), "segment.takes_no_list"),
        (("upload", "spring", "vip", "{nothing}"), "list.unreadable"),
        (("upload", "spring", "vip", "{empty}"), "list.empty"),
        (("upload", "spring", "vip", "{long}"), "list.bad_line"),
        (("approve", "spring", "vip", "--version", "7"), "list.unknown_version"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_code(
    rehearsal: Path, words: tuple[str, ...], code: str
) -> None:
    files = {name: str(rehearsal / name) for name in ("file", "nothing", "empty", "long")}
    (rehearsal / "file").write_text("m1\n")
    (rehearsal / "empty").write_text("id\n\n")
    (rehearsal / "long").write_text("x" * 300)
    done = run("segments", *(word.format(**files) for word in words), "--json")
    assert done.code == 3
    assert json.loads(done.out)["error"]["code"] == code
