"""A back-test reads no more of a history's data than the plan looks at, and no less than Festoon's own rules do."""

from datetime import timedelta
from pathlib import Path

import pytest

from festoon.base.events import Event
from festoon.base.vocabulary import VOCABULARY
from festoon.engine.assumptions import Assumptions
from festoon.engine.backtest import ParquetHistory, Run, run_seed
from festoon.engine.standing import RULES
from festoon.intake.files import read_event_parquet, write_event_parquet
from tests.live import HEAD, NOW, event

WELCOME = (
    HEAD
    + """
badges: {fan: {title: {en: Fan}}}
mechanics:
  welcome: {kind: gift, on: content.published, give: [{points: 10}, {badge: fan}], limits: {per_member: 1}}
"""
)


def run(plan: str, file: Path, events: list[Event]) -> tuple[Run, Run]:
    """What a plan comes to when it reads what it looks at, and when it reads everything."""
    write_event_parquet(file, iter([events]))
    some = ParquetHistory(str(file), read_event_parquet).for_plan(plan)
    assert some.fields is not None
    every = ParquetHistory(str(file), read_event_parquet)
    found = [
        run_seed(plan, (one for batch in each() for one in batch), 1, Assumptions())[0]
        for each in (some, every)
    ]
    return found[0], found[1]


def post(who: str, days: int) -> Event:
    return event("content.published", who, f"{who}-{days}", NOW + timedelta(days=days), content=f"c-{days}")


def test_who_turns_out_to_be_one_person_in_the_history_is_one_in_the_back_test(tmp_path: Path) -> None:
    visit = post("visitor:123456789012345678901234", 0)
    merge = event("member.merged", "mei", "m", NOW + timedelta(days=1), member="lan", reason="one person")
    joined = event("visitor.joined", "mei", "j", NOW + timedelta(days=1), visitors=[visit.subject])
    open_to_all = WELCOME.replace("kind: gift,", "kind: gift, who: everyone,")
    events = [visit, post("mei", 0), post("lan", 0), merge, joined, post("lan", 2)]
    some, every = run(open_to_all, tmp_path / "history.parquet", events)
    assert some.refusals == {"spring/welcome limit.per_member": 1}
    assert some == every


@pytest.mark.parametrize("type_", sorted(RULES))
def test_what_festoon_answers_itself_is_answered_in_a_back_test(type_: str, tmp_path: Path) -> None:
    example = Event("app", "e", type_, "mei", NOW + timedelta(days=1), VOCABULARY[type_].example)
    some, every = run(WELCOME, tmp_path / "history.parquet", [post("mei", 0), example, post("lan", 2)])
    assert some == every
    assert some.events >= 3


def test_where_members_were_seen_is_read_when_the_plan_asks_for_it(tmp_path: Path) -> None:
    held = """risk:
  rules: {shared: {when: member.device_members >= 2, points: 50}}
  thresholds: {doubtful: 50}
mechanics:"""
    careful = WELCOME.replace("mechanics:", held).replace(
        "kind: gift,", "kind: gift, at_risk: {doubtful: refuse},"
    )
    events = [
        event("member.logged_in", who, f"l-{who}", NOW, device_id="one phone") for who in ("mei", "lan")
    ]
    some, every = run(careful, tmp_path / "history.parquet", [*events, post("mei", 1)])
    assert some.amounts == {}
    assert some == every
