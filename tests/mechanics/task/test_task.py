from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.effects import Start
from festoon.base.errors import Refused
from tests.mechanics.stage import FIRST, Stage, mistake, noon, refused

POSTS = {"kind": "task", "on": "content.published", "give": "badge"}
COMMENTS = {"kind": "task", "on": "content.commented", "give": "badge"}
SPEND = {"kind": "task", "on": "order.paid", "give": "badge", "sum": {"of": "event.amount", "reach": 10_000}}


def comment(stage: Stage, day: str, *contents: str, taken: str | None = None) -> None:
    for content in contents:
        now = None if taken is None else noon(taken)
        stage.happens("content.commented", noon(day), content=content, now=now)


def pay(stage: Stage, day: str, amount: int) -> None:
    stage.happens("order.paid", noon(day), amount=amount)


# Counting


def test_the_first_post_gives() -> None:
    stage = Stage(POSTS)
    stage.happens("content.published", noon("2027-02-05"))
    assert stage.given() == {"badge": 1}
    assert stage.notes == [{"counted": 1, "goal": 1}]


def test_a_task_that_is_done_is_done() -> None:
    stage = Stage(POSTS)
    stage.happens("content.published", noon("2027-02-05"))
    assert refused("task.done", stage, "content.published", noon("2027-02-06")) == {"times": 1}


def test_three_comments_give_once() -> None:
    stage = Stage({**COMMENTS, "count": 3})
    comment(stage, "2027-02-05", "a", "a")
    assert stage.given() == {}
    assert stage.shows("2027-02-05")["counted"] == 2
    comment(stage, "2027-02-20", "a")
    assert stage.given() == {"badge": 1}


def test_it_can_be_done_again_and_again() -> None:
    stage = Stage({**COMMENTS, "count": 2, "repeat": {"times": 2}})
    comment(stage, "2027-02-05", "a", "a", "a", "a")
    assert stage.given() == {"badge": 2}
    assert stage.shows("2027-02-05") == {"done": 2, "times": 2, "counted": 2, "goal": 2, "after": ()}
    refused("task.done", stage, "content.commented", noon("2027-02-06"))


def test_without_an_end_it_goes_on() -> None:
    stage = Stage({**COMMENTS, "count": 2, "repeat": {}})
    comment(stage, "2027-02-05", *"aaaaaaaaaaa")
    assert stage.given() == {"badge": 5}


def test_a_sum_is_reached_over_several_orders_and_one_order_can_reach_it_twice() -> None:
    stage = Stage({**SPEND, "repeat": {}})
    pay(stage, "2027-02-05", 6_000)
    pay(stage, "2027-02-06", 3_999)
    assert stage.given() == {}
    pay(stage, "2027-02-07", 20_001)
    assert stage.given() == {"badge": 3}


def test_an_order_of_nothing_counts_for_nothing() -> None:
    stage = Stage(SPEND)
    assert stage.happens("order.paid", noon("2027-02-05"), amount=0) == []
    assert stage.happens("order.paid", noon("2027-02-05")) == []


# Different days, different targets


def test_different_days_are_counted() -> None:
    stage = Stage({**COMMENTS, "count": 3, "distinct": "day"})
    comment(stage, "2027-02-05", "a")
    assert refused("task.counted_already", stage, "content.commented", noon("2027-02-05", 23)) == {
        "what": "2027-02-05"
    }
    comment(stage, "2027-02-06", "a")
    comment(stage, "2027-02-09", "a")
    assert stage.given() == {"badge": 1}


def test_different_targets_are_counted() -> None:
    stage = Stage({**COMMENTS, "count": 2, "distinct": "event.content"})
    comment(stage, "2027-02-05", "a")
    refused("task.counted_already", stage, "content.commented", noon("2027-02-08"), content="a")
    assert stage.happens("content.commented", noon("2027-02-08")) == []
    comment(stage, "2027-02-08", "b")
    assert stage.given() == {"badge": 1}


# Windows


def test_within_days_of_registering() -> None:
    stage = Stage({**COMMENTS, "count": 2, "within": {"days": 3, "since": "registered"}})
    stage.person(registered="2027-02-06")
    refused("task.outside_window", stage, "content.commented", noon("2027-02-05"))
    comment(stage, "2027-02-06", "a")
    assert refused("task.outside_window", stage, "content.commented", noon("2027-02-09")) == {
        "day": "2027-02-09"
    }
    comment(stage, "2027-02-08", "a")
    assert stage.given() == {"badge": 1}


def test_who_never_registered_has_no_days_since_registering() -> None:
    stage = Stage({**COMMENTS, "within": {"days": 3, "since": "registered"}})
    refused("task.outside_window", stage, "content.commented", noon("2027-02-05"))


def test_within_days_of_the_first() -> None:
    stage = Stage({**COMMENTS, "count": 3, "within": {"days": 3, "since": "first"}})
    comment(stage, "2027-02-10", "a")
    refused("task.outside_window", stage, "content.commented", noon("2027-02-13"))
    comment(stage, "2027-02-12", "a", "a")
    assert stage.given() == {"badge": 1}


def test_within_the_first_days_of_the_campaign() -> None:
    stage = Stage({**COMMENTS, "within": {"days": 2, "since": "campaign"}})
    refused("task.outside_window", stage, "content.commented", noon("2027-02-07"))
    comment(stage, "2027-02-06", "a")
    assert stage.given() == {"badge": 1}


def test_within_any_days_in_a_row() -> None:
    stage = Stage({**COMMENTS, "count": 3, "within": {"days": 3}})
    for day in ("05", "07", "10", "11"):
        comment(stage, f"2027-02-{day}", "a")
    assert stage.given() == {}
    assert stage.shows("2027-02-11")["counted"] == 2
    comment(stage, "2027-02-12", "a")
    assert stage.given() == {"badge": 1}


def test_within_each_week() -> None:
    stage = Stage({**COMMENTS, "count": 2, "within": {"period": "week"}, "repeat": {}})
    comment(stage, "2027-02-14", "a")
    comment(stage, "2027-02-15", "a")
    assert stage.given() == {}
    comment(stage, "2027-02-21", "a")
    assert stage.given() == {"badge": 1}
    assert refused("task.done_for_now", stage, "content.commented", noon("2027-02-21")) == {"period": "week"}
    comment(stage, "2027-02-22", "a", "a")
    assert stage.given() == {"badge": 2}


def test_a_late_event_lands_in_its_own_window() -> None:
    stage = Stage({**COMMENTS, "count": 2, "within": {"period": "day"}, "repeat": {}})
    comment(stage, "2027-02-05", "a")
    comment(stage, "2027-02-06", "a")
    comment(stage, "2027-02-05", "a", taken="2027-02-06")
    assert stage.given() == {"badge": 1}
    assert stage.shows("2027-02-06")["counted"] == 1


# Chains


def test_a_task_waits_for_the_one_before() -> None:
    stage = Stage({**POSTS, "after": ["profile"]}, siblings=["profile"])
    assert refused("task.not_yet", stage, "content.published", noon("2027-02-05")) == {"after": "profile"}
    stage.done["profile"] = 1
    stage.happens("content.published", noon("2027-02-05"))
    assert stage.given() == {"badge": 1}


def test_what_was_done_before_can_count_and_is_rewarded_when_the_one_before_is_done() -> None:
    plan = {**COMMENTS, "count": 2, "after": ["profile"], "counts_before": True}
    stage = Stage(plan, siblings=["profile"])
    comment(stage, "2027-02-05", "a", "a")
    assert stage.given() == {}
    assert stage.shows("2027-02-05")["counted"] == 2
    stage.done["profile"] = 1
    _wake(stage, "2027-02-06")
    assert stage.given() == {"badge": 1}
    _wake(stage, "2027-02-07")
    assert stage.given() == {"badge": 1}


def test_waking_a_task_that_still_lacks_something_gives_nothing() -> None:
    plan = {**COMMENTS, "count": 2, "after": ["profile", "post"], "counts_before": True}
    stage = Stage(plan, siblings=["profile", "post"])
    comment(stage, "2027-02-05", "a", "a", "a")
    stage.done["profile"] = 1
    _wake(stage, "2027-02-06")
    assert stage.given() == {}
    stage.done["post"] = 1
    comment(stage, "2027-02-07", "a")
    assert stage.given() == {"badge": 1}


def _wake(stage: Stage, day: str) -> None:
    """What a task that was waited for tells those that wait."""
    stage.starts(Start("prerequisite", noon(day)))
    stage.passes(noon(day))


def test_a_completed_task_tells_those_that_wait_once() -> None:
    stage = Stage({**POSTS, "repeat": {}}, followers=["comments", "share"])
    stage.happens("content.published", noon("2027-02-05"))
    stage.happens("content.published", noon("2027-02-06"))
    assert [(start.mechanic, start.due) for start in stage.started] == [
        ("comments", noon("2027-02-05")),
        ("share", noon("2027-02-05")),
    ]


def test_it_says_whose_progress_it_will_look_at() -> None:
    assert Stage({**POSTS, "after": ["profile"]}, siblings=["profile"]).mechanic.needs().mechanics == (
        "profile",
    )


# Mistakes


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"count": 2, "sum": {"of": "event.amount", "reach": 5}}, "task.count_and_sum"),
        ({"sum": {"of": "event.amount", "reach": 5}, "distinct": "day"}, "task.sum_distinct"),
        ({"within": {}}, "task.window_wrong"),
        ({"within": {"days": 3, "period": "week"}}, "task.window_wrong"),
        ({"within": {"period": "week", "since": "first"}}, "task.window_wrong"),
        ({"distinct": "event.content", "repeat": {}}, "task.too_many_targets"),
        ({"distinct": "event.content", "count": 600, "repeat": {"times": 2}}, "task.too_many_targets"),
        ({"distinct": "content"}, "mechanic.not_a_field"),
        ({"distinct": "event.time"}, "mechanic.not_a_field"),
        ({"distinct": "event.contents"}, "expression.unknown_field"),
    ],
)
def test_what_a_task_contradicts_itself_in_is_said(more: dict[str, Any], code: str) -> None:
    assert mistake({**COMMENTS, **more}).code == code


def test_targets_in_windows_that_move_on_may_go_on_without_end() -> None:
    for within in ({"period": "day"}, {"days": 3}):
        stage = Stage({**COMMENTS, "distinct": "event.content", "repeat": {}, "within": within})
        comment(stage, "2027-02-05", "a")
        assert stage.given() == {"badge": 1}


# Whatever the order

EVENTS = st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abc")), max_size=16)
WITHIN = st.sampled_from(
    [
        None,
        {"days": 9, "since": "campaign"},
        {"days": 4},
        {"period": "day"},
        {"period": "week"},
        {"period": "month"},
    ]
)


def done(plan: dict[str, Any], events: list[tuple[int, str]]) -> dict[str, int]:
    stage = Stage(plan)
    for number, content in events:
        at = noon(FIRST + timedelta(days=number))
        with suppress(Refused):
            stage.happens("content.commented", at, now=noon(FIRST + timedelta(days=30)), content=content)
    return stage.given()


@given(EVENTS, WITHIN, st.sampled_from(["", "day"]), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_order_in_which_events_come_does_not_matter(
    events: list[tuple[int, str]], within: dict[str, Any] | None, distinct: str, count: int, shuffle: Any
) -> None:
    plan = {**COMMENTS, "count": count, "distinct": distinct, "repeat": {}, "within": within}
    turned = list(events)
    shuffle.shuffle(turned)
    assert done(plan, turned) == done(plan, events)


@given(EVENTS, WITHIN, st.integers(1, 3), st.randoms(use_true_random=False))
def test_nor_does_it_for_different_targets(
    events: list[tuple[int, str]], within: dict[str, Any] | None, count: int, shuffle: Any
) -> None:
    plan = {
        **COMMENTS,
        "count": count,
        "distinct": "event.content",
        "within": within,
        "repeat": {"times": 100},
    }
    turned = list(events)
    shuffle.shuffle(turned)
    assert done(plan, turned) == done(plan, events)


@given(EVENTS, st.integers(1, 9))
def test_what_is_outside_the_window_never_counts(events: list[tuple[int, str]], days: int) -> None:
    plan = {**COMMENTS, "repeat": {}, "within": {"days": days, "since": "campaign"}}
    inside = sum(number < days for number, _ in events)
    assert done(plan, events).get("badge", 0) == inside
