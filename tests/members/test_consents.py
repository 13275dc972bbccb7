"""Consents: which of several answers holds, and what is known of it."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from festoon.base.vocabulary import decode_data
from festoon.members.consents import (
    Answer,
    answer_of,
    answers_in_profile,
    answers_of,
    may_be_written,
    of_both,
    with_answer,
)
from festoon.members.profile import changed
from tests.intake.files.making import events_of, map_of

MAP = """\
festoon_map: 1
source: crm
id: "{id}"
member: id
type: member.imported
time: {value: 2027-03-01T12:00:00Z}
data:
  consents: {fields: {sms: {column: sms_ok, type: bool}}}
  consents_at: {fields: {sms: sms_ok_since}}
  consents_wording: {fields: {sms: sms_wording}}
"""
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
YES, NO = {"consents": {"sms": True}}, {"consents": {"sms": False}}


def yes(hours: int | None = 0, channel: str = "sms") -> Answer:
    return Answer(channel, True, None if hours is None else NOON + timedelta(hours=hours))


def no(hours: int | None = 0, channel: str = "sms") -> Answer:
    return replace(yes(hours, channel), agreed=False)


def after(*answers: Answer) -> dict[str, Any]:
    profile: dict[str, Any] = {}
    for each in answers:
        profile = with_answer(profile, each)
    return profile


def imported(profile: dict[str, Any], data: dict[str, Any], at: datetime = NOON) -> dict[str, Any]:
    found = changed("member.imported", data, profile, None, at, "crm")
    assert found is not None
    return found[0]


def test_the_newest_answer_holds_in_whatever_order_they_come() -> None:
    answers = (yes(0), no(1), yes(2), no(None))
    ends = [after(*each) for each in permutations(answers)]
    assert all(end == ends[0] for end in ends)
    assert answer_of(ends[0], "sms") == yes(2)


def test_of_two_at_the_same_instant_the_refusal_holds() -> None:
    assert after(yes(), no()) == after(no(), yes())
    assert not may_be_written(after(yes(), no()), "sms")


def test_no_answer_is_no_consent() -> None:
    assert not may_be_written({}, "sms")
    assert not may_be_written(after(yes(channel="email")), "sms")
    assert answers_of({}) == []


def test_an_answer_that_was_kept_before_answers_had_a_time_gives_way_to_any() -> None:
    kept = {"consents": {"sms": True}}
    assert answer_of(kept, "sms") == yes(None)
    assert answer_of(with_answer(kept, no(-100_000)), "sms") == no(-100_000)


@pytest.mark.parametrize(
    ("data", "reached"),
    [
        (YES, False),
        (YES | {"registered": "2020-05-01"}, False),
        (YES | {"consents_at": {"sms": "2027-02-27T10:00:00+08:00"}}, False),
        (YES | {"consents_at": {"sms": "2027-02-28T21:00:00+08:00"}}, True),
    ],
)
def test_an_import_never_overrides_a_refusal_with_an_older_yes(
    data: dict[str, Any], *, reached: bool
) -> None:
    withdrawn = after(yes(-48), no(-24))
    assert may_be_written(imported(withdrawn, data), "sms") is reached


def test_an_imported_refusal_counts_at_once() -> None:
    assert not may_be_written(imported(after(yes(-1)), NO), "sms")


def test_an_import_keeps_when_and_to_which_words() -> None:
    data = YES | {"consents_at": {"sms": "2026-11-11T08:00:00Z"}, "consents_wording": {"sms": "2026-10"}}
    (found,) = answers_of(imported({}, data))
    assert found == Answer("sms", True, datetime(2026, 11, 11, 8, tzinfo=UTC), "platform", "crm", "2026-10")
    assert "consents_at" not in imported({}, data)


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "2027-02-28t21:00:00z", "9999-12-31T23:59:59-14:00"]
)
def test_a_time_that_is_as_odd_as_the_door_lets_in_is_read(at: str) -> None:
    data = decode_data("member.imported", YES | {"consents_at": {"sms": at}})
    assert may_be_written(imported({}, data), "sms")


def test_a_file_brings_consents_with_their_times(tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("id,sms_ok,sms_ok_since,sms_wording\nann,true,2026-11-11T08:00:00Z,v1\nben,,,\n")
    ann, ben = events_of(file, map_of(MAP))
    (found,) = answers_of(imported({}, ann.data))
    assert (found.agreed, found.wording, found.at) == (True, "v1", datetime(2026, 11, 11, 8, tzinfo=UTC))
    assert answers_of(imported({}, ben.data)) == []


def test_nothing_can_be_agreed_to_ahead_of_the_event_that_says_so() -> None:
    data = YES | {"consents_at": {"sms": "2099-01-01T00:00:00Z"}}
    (found,) = answers_in_profile("member.profile_changed", data, "app", NOON)
    assert found.at == NOON


def test_no_event_writes_what_is_ours_into_a_profile() -> None:
    forged = {
        "attributes": {"consents": "all", "blocked": True, "kids": 1},
        "consents_said": {},
        "blocked": True,
    }
    found = changed("member.profile_changed", forged, after(no()), None, NOON)
    assert found is not None
    assert found[0] == {**after(no()), "kids": 1}


def test_what_either_of_two_accounts_refused_is_refused() -> None:
    both = of_both(after(yes(5), yes(0, "push")), after(no(1), yes(3, "push")))
    assert answers_of(both) == [yes(3, "push"), no(1)]
    assert of_both({}, {}) == {}


SAID = st.builds(lambda say, hours: say(hours), st.sampled_from([yes, no]), st.none() | st.integers(0, 3))


@given(
    st.lists(SAID, max_size=3),
    st.lists(SAID, max_size=3),
)
def test_it_does_not_matter_which_of_two_accounts_stays(one: list[Any], other: list[Any]) -> None:
    ours, theirs = (after(*some) for some in (one, other))
    assert of_both(ours, theirs) == of_both(theirs, ours)


def test_what_is_kept_can_be_stored_as_json() -> None:
    profile = after(Answer("sms", False, NOON, "operator", "lin", "2027-01", "call"))
    again = msgspec.json.decode(msgspec.json.encode(profile))
    assert answers_of(again) == answers_of(profile)
