from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.effects import Start
from festoon.base.errors import Refused
from festoon.mechanics.task_progress import TaskProgress
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
    assert stage.notes == [{"completed": 1}, {"counted": 1, "goal": 1}]


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


# Since an invitation

INVITED = {**COMMENTS, "count": 2, "within": {"days": 3, "since": "invited"}}


def accept(stage: Stage, day: str, taken: str | None = None) -> None:
    now = None if taken is None else noon(taken)
    stage.happens("invite.accepted", noon(day), inviter="han", now=now)


def test_within_days_of_accepting_an_invitation() -> None:
    stage = Stage(INVITED)
    assert stage.shows("2027-02-05")["until"] is None
    accept(stage, "2027-02-06")
    assert stage.shows("2027-02-06")["until"] == "2027-02-08"
    refused("task.outside_window", stage, "content.commented", noon("2027-02-05"))
    comment(stage, "2027-02-06", "a")
    refused("task.outside_window", stage, "content.commented", noon("2027-02-09"))
    comment(stage, "2027-02-08", "a")
    assert stage.given() == {"badge": 1}


def test_who_was_never_invited_gets_nothing() -> None:
    stage = Stage(INVITED)
    comment(stage, "2027-02-05", "a", "a", "a")
    assert stage.given() == {}
    assert stage.shows("2027-02-05")["counted"] == 0


def test_an_invitation_that_comes_late_counts_what_was_done_after_it() -> None:
    stage = Stage(INVITED)
    comment(stage, "2027-02-05", "a")
    comment(stage, "2027-02-07", "a", "a")
    accept(stage, "2027-02-06", taken="2027-02-08")
    assert stage.given() == {"badge": 1}


def test_the_first_invitation_sets_the_clock_and_nobody_invites_himself() -> None:
    stage = Stage(INVITED)
    stage.happens("invite.accepted", noon("2027-02-05"), inviter="mei")
    stage.happens("invite.accepted", noon("2027-02-05"), code="#mei")
    assert stage.shows("2027-02-05")["until"] is None
    accept(stage, "2027-02-06")
    accept(stage, "2027-02-20")
    assert stage.shows("2027-02-20")["until"] == "2027-02-08"


def test_an_invitation_by_nobody_known_sets_the_clock_all_the_same() -> None:
    ghosts: list[dict[str, Any]] = [{"inviter": "ghost"}, {"code": "#ghost"}, {}]
    for named in ghosts:
        stage = Stage(INVITED)
        stage.happens("invite.accepted", noon("2027-02-06"), **named)
        assert stage.shows("2027-02-06")["until"] == "2027-02-08"


@given(st.integers(0, 9), st.lists(st.integers(0, 12), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_invitation_and_deeds_does_not_matter(
    invited: int, days: list[int], shuffle: Any
) -> None:
    happened = [("invite.accepted", invited), *(("content.commented", day) for day in days)]
    shuffle.shuffle(happened)
    stage = Stage({**INVITED, "repeat": {}})
    for type, day in happened:
        at = noon(FIRST + timedelta(days=day))
        with suppress(Refused):
            stage.happens(type, at, now=noon(FIRST + timedelta(days=30)), inviter="han", content="a")
    inside = sum(invited <= day < invited + 3 for day in days)
    assert stage.given().get("badge", 0) == inside // 2


# In a row


def in_a_row(reset: str, count: int = 3) -> dict[str, Any]:
    return {**COMMENTS, "count": count, "reset": reset, "repeat": {}}


def test_a_missed_day_begins_the_round_again() -> None:
    stage = Stage(in_a_row("missed_day"))
    for day in ("05", "06", "08", "09"):
        comment(stage, f"2027-02-{day}", "a")
    assert stage.given() == {}
    assert stage.shows("2027-02-09")["counted"] == 2
    assert stage.shows("2027-02-11")["counted"] == 0
    refused("task.counted_already", stage, "content.commented", noon("2027-02-09", 20))
    comment(stage, "2027-02-10", "a")
    assert stage.given() == {"badge": 1}


def test_a_late_day_closes_the_gap() -> None:
    stage = Stage(in_a_row("missed_day"))
    comment(stage, "2027-02-05", "a")
    comment(stage, "2027-02-07", "a")
    comment(stage, "2027-02-06", "a", taken="2027-02-07")
    assert stage.given() == {"badge": 1}


def test_days_off_break_no_row_of_working_days() -> None:
    """On the stage 5 to 11 February are holidays, and the 13th and 14th a weekend."""
    stage = Stage(in_a_row("missed_working_day"))
    for day in ("12", "15"):
        comment(stage, f"2027-02-{day}", "a")
    comment(stage, "2027-02-16", "a")
    assert stage.given() == {"badge": 1}
    comment(stage, "2027-02-18", "a")
    assert stage.shows("2027-02-18")["counted"] == 1


def test_weeks_and_months_in_a_row() -> None:
    weeks = Stage(in_a_row("missed_week"))
    for day in ("2027-02-07", "2027-02-08", "2027-02-15", "2027-03-01"):
        comment(weeks, day, "a")
    assert weeks.given() == {"badge": 1}
    assert weeks.shows("2027-03-01")["counted"] == 1
    months = Stage(in_a_row("missed_month", count=2))
    comment(months, "2027-02-28", "a")
    comment(months, "2027-03-31", "a")
    assert months.given() == {"badge": 1}


@given(st.lists(st.integers(0, 20), unique=True), st.integers(1, 4), st.randoms(use_true_random=False))
def test_rows_are_those_counted_day_by_day_in_whatever_order_they_come(
    days: list[int], goal: int, shuffle: Any
) -> None:
    shuffle.shuffle(days)
    stage = Stage(in_a_row("missed_day", count=goal))
    for day in days:
        stage.happens("content.commented", noon(FIRST + timedelta(days=day)), now=noon("2027-03-20"))
    rounds = row = 0
    for day in range(21):
        row = row + 1 if day in days else 0
        rounds += row > 0 and row % goal == 0
    assert stage.given().get("badge", 0) == rounds


def test_ten_likes_on_one_friends_post_are_one_interaction() -> None:
    likes = {"kind": "task", "on": "content.liked", "give": "badge", "count": 3, "distinct": "event.content"}
    stage = Stage(likes)
    stage.happens("content.liked", noon("2027-02-05"), content="han-1")
    for _ in range(9):
        refused("task.counted_already", stage, "content.liked", noon("2027-02-05"), content="han-1")
    assert stage.shows("2027-02-05")["counted"] == 1
    stage.happens("content.liked", noon("2027-02-06"), content="han-2")
    stage.happens("content.liked", noon("2027-02-06"), content="li-1")
    assert stage.given() == {"badge": 1}


def test_ten_likes_on_one_friend_are_one_interaction_where_friends_are_counted() -> None:
    likes = {"kind": "task", "on": "content.liked", "give": "badge", "count": 2, "distinct": "event.author"}
    stage = Stage(likes)
    stage.happens("content.liked", noon("2027-02-05"), content="p1", author="han")
    refused("task.counted_already", stage, "content.liked", noon("2027-02-05"), content="p2", author="han")
    stage.happens("content.liked", noon("2027-02-06"), content="p3", author="li")
    assert stage.given() == {"badge": 1}


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


def test_a_task_that_gives_nothing_of_its_own_opens_the_next() -> None:
    quiet = {name: said for name, said in POSTS.items() if name != "give"}
    first = Stage(quiet, followers=["comments"])
    first.happens("content.published", noon("2027-02-05"))
    assert first.given() == {}
    (told,) = first.started
    assert (told.mechanic, told.data) == ("comments", {"task": "it"})
    then = Stage({**COMMENTS, "after": ["it"]}, siblings=["it"])
    refused("task.not_yet", then, "content.commented", noon("2027-02-05"))
    then.starts(Start(told.name, told.due, told.data))
    comment(then, "2027-02-05", "a")
    assert then.given() == {"badge": 1}
    assert mistake(quiet).code == "task.gives_nothing"


def test_a_set_hears_of_every_round_with_its_day() -> None:
    stage = Stage({**POSTS, "repeat": {}}, sets=["season"])
    stage.happens("content.published", noon("2027-02-05"))
    stage.happens("content.published", noon("2027-02-06"))
    assert [start.data for start in stage.started] == [
        {"task": "it", "day": "2027-02-05"},
        {"task": "it", "day": "2027-02-06"},
    ]


def _wake(stage: Stage, day: str, task: str = "profile") -> None:
    """What a task that was waited for tells those that wait."""
    stage.starts(Start(f"prerequisite/{task}", noon(day), {"task": task}))
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


def test_what_was_remembered_before_reviews_and_invitations_is_still_read() -> None:
    stage = Stage({**COMMENTS, "count": 3})
    stage.person().state = msgspec.json.decode(b'{"marks": {"units": [[0, 2]]}}', type=TaskProgress)
    comment(stage, "2027-02-05", "a")
    assert stage.given() == {"badge": 1}


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
        ({"reset": "missed_day", "within": {"days": 3}}, "task.reset_wrong"),
        ({"reset": "missed_day", "within": {"period": "week"}}, "task.reset_wrong"),
        ({"reset": "missed_day", "distinct": "event.content"}, "task.reset_wrong"),
        ({"reset": "missed_day", "sum": {"of": "event.amount", "reach": 5}}, "task.reset_wrong"),
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
