from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from festoon.base.effects import Start
from tests.mechanics.stage import FIRST, Stage, built, mistake, noon

TASKS = ("profile", "post", "invite")
ALL = {"kind": "task_set", "tasks": TASKS, "give": "chest"}
TWO = {**ALL, "count": 2}
WEEKLY = {**TWO, "period": "week"}


def on_stage(plan: dict[str, Any], **around: Any) -> Stage:
    return Stage(plan, siblings=TASKS, **around)


def completed(stage: Stage, task: str, day: date | str, now: date | str | None = None) -> None:
    """A task tells the set, as tasks do."""
    on = day if isinstance(day, str) else day.isoformat()
    stage.starts(Start(f"completed/{task}/{on}", noon(now or day), {"task": task, "day": on}))
    stage.passes(noon(now or day))


def test_any_two_of_three_are_enough() -> None:
    stage = on_stage(TWO)
    completed(stage, "invite", "2027-02-05")
    assert stage.given() == {}
    assert stage.shows("2027-02-05") == {
        "done": 0, "counted": 1, "goal": 2, "tasks": {"profile": False, "post": False, "invite": True},
    }  # fmt: skip
    completed(stage, "profile", "2027-02-09")
    assert stage.given() == {"chest": 1}
    assert stage.notes == [{"counted": 1, "goal": 2}, {"counted": 2, "goal": 2}]


def test_all_of_them_by_default_and_once() -> None:
    stage = on_stage(ALL)
    for task in ("post", "post", "profile", "profile"):
        completed(stage, task, "2027-02-05")
    assert stage.given() == {}
    for task in ("invite", "post", "profile", "invite"):
        completed(stage, task, "2027-02-06")
    assert stage.given() == {"chest": 1}


def test_the_same_task_twice_is_one_task() -> None:
    stage = on_stage(TWO)
    completed(stage, "post", "2027-02-05")
    completed(stage, "post", "2027-02-08")
    assert stage.given() == {}


def test_each_week_for_itself() -> None:
    stage = on_stage(WEEKLY)
    completed(stage, "post", "2027-02-14")
    completed(stage, "profile", "2027-02-15")
    assert stage.given() == {}
    assert stage.shows("2027-02-15")["tasks"] == {"profile": True, "post": False, "invite": False}
    completed(stage, "post", "2027-02-21")
    completed(stage, "invite", "2027-02-14", now="2027-02-21")
    assert stage.given() == {"chest": 2}
    completed(stage, "invite", "2027-02-21")
    assert stage.given() == {"chest": 2}


def test_what_was_done_before_the_set_was_there_counts_once_it_hears_of_one() -> None:
    stage = on_stage(TWO)
    stage.done["profile"] = 1
    completed(stage, "post", "2027-02-05")
    assert stage.given() == {"chest": 1}


def test_what_it_is_told_of_other_mechanics_does_not_count() -> None:
    stage = on_stage({**TWO, "count": 1})
    completed(stage, "elsewhere", "2027-02-05")
    assert stage.given() == {}


def test_a_set_tells_what_waits_for_it_and_the_sets_it_belongs_to() -> None:
    stage = on_stage({**WEEKLY, "count": 1}, followers=("encore",), sets=("season",))
    completed(stage, "post", "2027-02-05")
    completed(stage, "post", "2027-02-12")
    assert [(start.mechanic, start.data) for start in stage.started] == [
        ("encore", {"task": "it"}),
        ("season", {"task": "it", "day": "2027-02-05"}),
        ("season", {"task": "it", "day": "2027-02-12"}),
    ]


def test_what_cannot_be_complete_is_a_mistake() -> None:
    stage = {"kind": "task_set", "give": "chest"}
    wrong = mistake({**stage, "tasks": ["it"], "count": 2}, siblings=("it",))
    assert (wrong.code, wrong.place) == ("task_set.too_few_tasks", "count")
    wrong = mistake({**stage, "tasks": ["it", "it"]}, siblings=("it",))
    assert (wrong.code, wrong.place) == ("task_set.named_twice", "tasks[1]")


def test_it_listens_to_no_event_and_says_what_it_looks_at() -> None:
    set_ = built(ALL, siblings=TASKS)
    assert set_.listens(set_.params) == ()
    assert set_.needs().mechanics == TASKS
    assert [reward.name for reward, _ in set_.worst_case()] == ["chest"]


TOLD = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(TASKS)), max_size=12)


@given(
    TOLD,
    st.sampled_from([None, "day", "week", "month"]),
    st.integers(1, 3),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_tasks_are_completed_does_not_matter(
    told: list[tuple[int, str]], period: str | None, count: int, shuffle: Any
) -> None:
    def given_in(order: list[tuple[int, str]]) -> int:
        stage = on_stage({**ALL, "count": count, "period": period})
        for day, task in order:
            completed(stage, task, FIRST + timedelta(days=day), now=FIRST + timedelta(days=30))
        return stage.given().get("chest", 0)

    turned = list(told)
    shuffle.shuffle(turned)
    periods: dict[Any, set[str]] = {}
    for day, task in told:
        on = FIRST + timedelta(days=day)
        key = {None: 0, "day": on, "week": on.isocalendar()[:2], "month": on.month}[period]
        periods.setdefault(key, set()).add(task)
    assert given_in(turned) == given_in(told) == sum(len(tasks) >= count for tasks in periods.values())
