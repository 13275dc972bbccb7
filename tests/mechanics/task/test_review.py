"""Tasks whose events are proofs that somebody looks at."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mechanics.stage import FIRST, Stage, mistake, noon, refused

PROOFS = {"kind": "task", "on": "proof.submitted", "give": "badge", "review": {}}
HASTY = {**PROOFS, "review": {"within_days": 2}}


def hand_in(stage: Stage, day: str, proof: str, **more: Any) -> None:
    stage.happens("proof.submitted", noon(day), proof=proof, **more)


def approve(stage: Stage, day: str, proof: str, **more: Any) -> None:
    stage.happens("proof.approved", noon(day), proof=proof, **more)


def reject(stage: Stage, day: str, proof: str, reason: str = "blurred") -> None:
    stage.happens("proof.rejected", noon(day), proof=proof, reason=reason)


def test_what_is_handed_in_waits_and_gives_when_it_is_approved() -> None:
    stage = Stage(PROOFS)
    hand_in(stage, "2027-02-05", "p1")
    assert stage.given() == {}
    assert stage.notes == [{"proof": "p1", "review": "open"}]
    approve(stage, "2027-02-09", "p1")
    assert stage.given() == {"badge": 1}
    assert stage.notes[1:] == [
        {"completed": 1},
        {"counted": 1, "goal": 1},
        {"proof": "p1", "review": "approved"},
    ]


@pytest.mark.parametrize(
    ("wants", "said", "code"),
    [
        ("photo", {"proof": "words:a"}, "proof.photo_wanted"),
        ("photo", {"proof": "words:a", "photo": "photo:b"}, ""),
        ("photo", {"proof": "photo:b"}, ""),
        ("words", {"proof": "photo:b"}, "proof.words_wanted"),
        ("words", {"proof": "words:a", "photo": "photo:b"}, ""),
        ("either", {"proof": "photo:b"}, ""),
        ("words", {"proof": "kept-by-the-platform"}, ""),
    ],
)
def test_what_is_not_wanted_is_turned_away(wants: str, said: dict[str, Any], code: str) -> None:
    stage = Stage({**PROOFS, "review": {"wants": wants}})
    if code:
        refused(code, stage, "proof.submitted", noon("2027-02-05"), **said)
    else:
        stage.happens("proof.submitted", noon("2027-02-05"), **said)
        assert stage.notes[0]["review"] == "open"


def test_the_member_sees_what_waits_and_what_it_promises() -> None:
    stage = Stage({**PROOFS, "count": 2})
    hand_in(stage, "2027-02-05", "p1")
    hand_in(stage, "2027-02-06", "p2")
    shown = stage.shows("2027-02-06")
    assert shown["in_review"] == [
        {"proof": "p1", "day": "2027-02-05"},
        {"proof": "p2", "day": "2027-02-06"},
    ]
    assert (shown["counted"], shown["promised"]) == (0, 1)
    reject(stage, "2027-02-07", "p2", "too dark")
    shown = stage.shows("2027-02-07")
    assert shown["rejected"] == [{"proof": "p2", "day": "2027-02-06", "reason": "too dark"}]
    assert shown["promised"] == 0


def test_a_rejected_one_may_be_handed_in_again_under_its_own_name_or_another() -> None:
    stage = Stage({**PROOFS, "count": 2})
    hand_in(stage, "2027-02-05", "p1")
    reject(stage, "2027-02-05", "p1")
    hand_in(stage, "2027-02-06", "p1")
    approve(stage, "2027-02-06", "p1")
    assert stage.shows("2027-02-06")["rejected"] == []
    hand_in(stage, "2027-02-07", "p2")
    reject(stage, "2027-02-07", "p2")
    hand_in(stage, "2027-02-07", "p3")
    approve(stage, "2027-02-08", "p3")
    assert stage.given() == {"badge": 1}


def test_a_second_verdict_changes_nothing() -> None:
    stage = Stage({**PROOFS, "count": 2, "repeat": {}})
    hand_in(stage, "2027-02-05", "p1")
    approve(stage, "2027-02-05", "p1")
    refused("proof.decided", stage, "proof.approved", noon("2027-02-06"), proof="p1")
    refused("proof.decided", stage, "proof.rejected", noon("2027-02-06"), proof="p1", reason="late")
    hand_in(stage, "2027-02-06", "p2")
    reject(stage, "2027-02-06", "p2")
    refused("proof.decided", stage, "proof.approved", noon("2027-02-06"), proof="p2")
    assert stage.given() == {}


def test_the_same_proof_counts_once() -> None:
    stage = Stage({**PROOFS, "count": 2})
    hand_in(stage, "2027-02-05", "p1")
    refused("proof.used", stage, "proof.submitted", noon("2027-02-06"), proof="p1")
    approve(stage, "2027-02-06", "p1")
    refused("proof.used", stage, "proof.submitted", noon("2027-02-06"), proof="p1")


def test_no_more_is_taken_while_what_waits_would_be_enough() -> None:
    stage = Stage(PROOFS)
    hand_in(stage, "2027-02-05", "p1")
    refused("proof.in_review", stage, "proof.submitted", noon("2027-02-06"), proof="p2")
    daily = Stage({**PROOFS, "within": {"period": "day"}, "repeat": {}})
    hand_in(daily, "2027-02-05", "p1")
    refused("proof.in_review", daily, "proof.submitted", noon("2027-02-05"), proof="p2")
    hand_in(daily, "2027-02-06", "p2")
    approve(daily, "2027-02-07", "p2")
    refused("task.done_for_now", daily, "proof.submitted", noon("2027-02-06"), proof="p3")


def test_a_proof_counts_for_the_day_it_was_handed_in() -> None:
    stage = Stage({**PROOFS, "count": 2, "within": {"days": 2}})
    hand_in(stage, "2027-02-05", "p1")
    hand_in(stage, "2027-02-06", "p2")
    approve(stage, "2027-02-06", "p2")
    approve(stage, "2027-02-20", "p1")
    assert stage.given() == {"badge": 1}


def test_without_a_proof_there_is_nothing_to_look_at() -> None:
    refused("proof.missing", Stage(PROOFS), "proof.submitted", noon("2027-02-05"))


def test_a_verdict_on_something_else_is_none_of_its_business_unless_it_is_named() -> None:
    stage = Stage(PROOFS)
    assert stage.happens("proof.approved", noon("2027-02-05"), proof="other") == []
    assert stage.happens("proof.approved", noon("2027-02-05"), proof="p", campaign="spring") == []
    refused("proof.unknown", stage, "proof.approved", noon("2027-02-05"), proof="p", mechanic="it")
    assert stage.happens("proof.submitted", noon("2027-02-05"), proof="p", mechanic="other") == []


def test_a_verdict_that_does_not_come_in_time_is_a_rejection() -> None:
    stage = Stage(HASTY)
    hand_in(stage, "2027-02-05", "p1")
    stage.passes(noon("2027-02-07", 23))
    assert stage.shows("2027-02-07")["in_review"]
    stage.passes(noon("2027-02-08", 0))
    assert [each["reason"] for each in stage.shows("2027-02-08")["rejected"]] == ["unreviewed"]
    refused("proof.decided", stage, "proof.approved", noon("2027-02-08"), proof="p1")
    hand_in(stage, "2027-02-08", "p1")
    approve(stage, "2027-02-08", "p1")
    stage.passes(noon("2027-03-08"))
    assert stage.given() == {"badge": 1}


def test_or_an_approval_where_the_plan_says_so() -> None:
    stage = Stage({**PROOFS, "review": {"within_days": 2, "overdue": "approved"}})
    hand_in(stage, "2027-02-05", "p1")
    stage.passes(noon("2027-02-08", 0))
    assert stage.given() == {"badge": 1}


def test_a_verdict_in_time_stops_the_clock() -> None:
    stage = Stage({**HASTY, "count": 2})
    hand_in(stage, "2027-02-05", "p1")
    approve(stage, "2027-02-06", "p1")
    stage.passes(noon("2027-03-06"))
    assert stage.shows("2027-03-06")["counted"] == 1
    assert stage.shows("2027-03-06")["rejected"] == []


def test_the_proof_can_be_any_field_and_a_long_one_is_kept_as_a_digest() -> None:
    stage = Stage({**PROOFS, "on": "content.published", "review": {"of": "event.content"}})
    address = "https://pictures.example/" + "x" * 500
    stage.happens("content.published", noon("2027-02-05"), content=address)
    (waiting,) = stage.shows("2027-02-05")["in_review"]
    assert len(waiting["proof"]) == 32
    approve(stage, "2027-02-05", address)
    assert stage.given() == {"badge": 1}


def test_a_sum_of_approved_amounts() -> None:
    plan = {**PROOFS, "sum": {"of": "event.amount", "reach": 100}}
    stage = Stage(plan)
    hand_in(stage, "2027-02-05", "p1", amount=60)
    hand_in(stage, "2027-02-05", "p2", amount=50)
    refused("proof.in_review", stage, "proof.submitted", noon("2027-02-05"), proof="p3", amount=1)
    approve(stage, "2027-02-05", "p2")
    assert stage.shows("2027-02-05")["counted"] == 50
    approve(stage, "2027-02-05", "p1")
    assert stage.given() == {"badge": 1}


def test_different_targets_count_once_waiting_or_not() -> None:
    stage = Stage({**PROOFS, "count": 3, "distinct": "event.content"})
    hand_in(stage, "2027-02-05", "p1", content="a")
    refused("task.counted_already", stage, "proof.submitted", noon("2027-02-05"), proof="p2", content="a")
    assert stage.happens("proof.submitted", noon("2027-02-05"), proof="p2") == []
    approve(stage, "2027-02-05", "p1")
    assert stage.shows("2027-02-05")["counted"] == 1


def test_a_field_that_is_none_is_a_mistake() -> None:
    assert mistake({**PROOFS, "review": {"of": "picture"}}).code == "mechanic.not_a_field"


DAYS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=10)
WITHIN = st.sampled_from([None, {"days": 3}, {"period": "week"}, {"days": 9, "since": "campaign"}])


@given(DAYS, WITHIN, st.integers(1, 3), st.randoms(use_true_random=False))
def test_verdicts_give_the_same_in_whatever_order_they_come(
    days: list[tuple[int, bool]], within: dict[str, Any] | None, count: int, shuffle: Any
) -> None:
    plan = {**PROOFS, "count": count, "within": within, "repeat": {"times": 1000}}
    # Those that would be refused while others wait are of another story.
    days = [pair for index, pair in enumerate(days) if within is None or (index < count and pair[0] < 9)]
    turned = list(enumerate(days))
    shuffle.shuffle(turned)
    last = noon(FIRST + timedelta(days=20))
    outcomes = []
    for order in (list(enumerate(days)), turned):
        stage = Stage(plan)
        for number, (day, _) in enumerate(days):
            at = noon(FIRST + timedelta(days=day))
            stage.happens("proof.submitted", at, now=last, proof=f"p{number}")
        for number, (_, good) in order:
            type = "proof.approved" if good else "proof.rejected"
            stage.happens(type, last, proof=f"p{number}", reason="no")
        outcomes.append(stage.given())
    assert outcomes[0] == outcomes[1]
    if within is None:
        assert outcomes[0].get("badge", 0) == sum(good for _, good in days) // count


def test_the_shown_progress_of_a_plain_task_has_no_review() -> None:
    assert "in_review" not in Stage({"kind": "task", "on": "order.paid", "give": "badge"}).shows(FIRST)
