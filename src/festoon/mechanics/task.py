"""Tasks (新手任务, 任务系统): something done so many times within a window, in an order or freely."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from festoon.base.effects import Effect, Give, Keep, Note, Start
from festoon.base.errors import Invalid, Refused, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.times import local_day
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.counting import (
    MAX_TARGETS,
    DaysApart,
    EachPeriod,
    FromFirst,
    Marks,
    Rolling,
    Whole,
    Window,
    Within,
    folded,
    has_slot,
    with_units,
)
from festoon.mechanics.giving import Giving, spec
from festoon.mechanics.reading import field, reading, text_at

DONE = define(
    "task.done", 200, "this task is done: {times} of {times} time(s)", "任务已完成（{times}/{times}）"
)
DONE_FOR_NOW = define(
    "task.done_for_now",
    200,
    "this task can be done once {period}, and is done for now",
    "该任务{period}可完成一次，目前已完成",
)
NOT_YET = define("task.not_yet", 200, "'{after}' comes first", "请先完成“{after}”")
OUTSIDE = define(
    "task.outside_window", 200, "{day} is outside the time this task can be done in", "{day}不在任务时间内"
)
COUNTED = define(
    "task.counted_already", 200, "this has been counted already: {what}", "已计入，不重复计算：{what}"
)
COUNT_AND_SUM = define(
    "task.count_and_sum", 400, "a task has a count or a sum, not both", "count 与 sum 只能二选一"
)
SUM_DISTINCT = define("task.sum_distinct", 400, "a sum has no `distinct`", "sum 不能与 distinct 同时使用")
WINDOW_WRONG = define(
    "task.window_wrong",
    400,
    "a window has `days`, or a `period` without `since`",
    "时间窗需写 days，或单独写 period",
)
TOO_MANY_TARGETS = define(
    "task.too_many_targets",
    400,
    "different targets are remembered: count times repeat may be {limit} at the most",
    "需记住不同目标：次数乘以重复次数最多{limit}",
)

Times = Annotated[int, Meta(ge=1, le=1_000_000)]

_NONE = Marks()
PREREQUISITE = "prerequisite"
"""The timer by which a task tells those that wait for it."""


class Sum(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An amount to reach instead of a count."""

    of: Annotated[str, says("A whole-number expression over the event, such as `event.amount`.")]
    reach: Annotated[int, Meta(ge=1, le=10**15), says("The sum to reach, in the smallest unit.")]


class Repeat(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The task can be done again."""

    times: Annotated[Times | None, says("How often in all; without end by default.")] = None


class TaskParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a task."""

    on: Annotated[str | tuple[str, ...], says("The event type, or types, that count.")]
    give: Annotated[Giving, says("What each completed round gives.")]
    count: Annotated[Times | None, says("How many events make a round; 1 by default.")] = None
    sum: Annotated[Sum | None, says("An amount to reach instead.")] = None
    distinct: Annotated[
        str, says("Count different local days (`day`), or different values of a field (`event.content`).")
    ] = ""
    within: Annotated[Within | None, says("The time to do it in; the whole campaign by default.")] = None
    after: Annotated[tuple[str, ...], says("The tasks that must be done before.")] = ()
    counts_before: Annotated[
        bool,
        says(
            "Whether what is done before those tasks counts. If so, the reward comes as soon as the last of"
            " them is done; if not, it is refused, and must be done again."
        ),
    ] = False
    repeat: Annotated[Repeat | None, says("Whether it can be done again; once by default.")] = None


class TaskProgress(Struct, frozen=True, omit_defaults=True):
    """What a member has done. `given` are the rounds that were rewarded."""

    given: int = 0
    marks: Marks = Marks()


class Task(Mechanic, kind="task"):
    """So many events, or so large a sum, within a window."""

    Params = TaskParams
    State = TaskProgress

    def __init__(self, params: TaskParams, build: Build) -> None:
        super().__init__(params, build)
        _check(params)
        self.reward = build.reward(spec(params.give))
        self.goal = params.sum.reach if params.sum is not None else params.count or 1
        self.units = reading(params.sum.of, build, "sum.of") if params.sum is not None else None
        self.target = field(params.distinct, build, "distinct") if params.distinct not in ("", "day") else ""
        self.window = _window(params)
        self.times = 1 if params.repeat is None else params.repeat.times
        self.after = tuple(build.sibling(task, f"after[{index}]") for index, task in enumerate(params.after))
        self.followers = build.followers()
        self.first_day = local_day(build.start, build.zone)

    def needs(self) -> Needs:
        return Needs(mechanics=self.after)

    def fields(self) -> frozenset[str]:
        return frozenset({self.target} if self.target else ())

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return ((self.reward, None),)

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        progress: TaskProgress = view.state
        if self.times is not None and progress.given >= self.times:
            raise Refused(DONE, times=self.times)
        missing = self._missing(view)
        if missing and not self.params.counts_before:
            raise Refused(NOT_YET, after=missing)
        self._refuse_outside(progress.marks, view)
        marks = self._counted(progress.marks, event, view)
        if marks is None:
            return
        standing = self.window.standing(marks, self.goal, view.day)
        yield from self._settled(progress.given, marks, 0 if missing else standing[0], view)
        yield Note({"counted": self._towards(progress.given, *standing), "goal": self.goal})

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        progress: TaskProgress = view.state
        rounds = self.window.rounds(progress.marks, self.goal)
        if not self._missing(view) and self._due(progress.given, rounds):
            yield from self._settled(progress.given, progress.marks, rounds, view)

    def _missing(self, view: View) -> str:
        return next((task for task in self.after if not view.done(task)), "")

    def _refuse_outside(self, marks: Marks, view: View) -> None:
        within: Within | None = self.params.within
        if within is None:
            return
        if within.period is not None:
            if self.window.towards(marks, self.goal, view.day) >= self.goal:
                raise Refused(DONE_FOR_NOW, period=within.period)
            return
        if within.since == "any":
            return
        if isinstance(self.window, FromFirst):
            outside = self.window.lapsed(marks, view.day)
        else:
            first = self._first_day(view)
            outside = first is None or not 0 <= (view.day - first).days < (within.days or 0)
        if outside:
            raise Refused(OUTSIDE, day=view.day.isoformat())

    def _first_day(self, view: View) -> date | None:
        if self.params.within.since == "campaign":
            return self.first_day
        registered = view.member.registered
        return None if registered is None else view.local_date(registered)

    def _counted(self, marks: Marks, event: Event, view: View) -> Marks | None:
        """The marks with this event's; None when there is nothing in it to count."""
        slot = self.window.slot(view.day)
        if self.target:
            what = text_at(event, self.target)
            if not what:
                return None
            more = self.window.with_target(marks, view.day, what)
            if more is None:
                raise Refused(COUNTED, what=what)
            return folded(more, self.window, self.goal)
        if self.params.distinct and has_slot(marks, slot):
            raise Refused(COUNTED, what=view.day.isoformat())
        units = 1 if self.units is None else self.units(event, view)
        return with_units(marks, slot, units) if units > 0 else None

    def _due(self, given: int, rounds: int) -> int:
        """Complete rounds that were not rewarded yet."""
        if self.times is not None and rounds > self.times:
            rounds = self.times
        return rounds - given if rounds > given else 0

    def _settled(self, given: int, marks: Marks, rounds: int, view: View) -> Iterator[Effect]:
        """What is due of so many complete rounds, and the progress as it then stands."""
        due = self._due(given, rounds)
        if due:
            yield Give(self.reward, due)
            if not given:
                for task in self.followers:
                    yield Start(PREREQUISITE, view.now, mechanic=task)
        done = self.times is not None and given + due >= self.times
        # A task that is done needs its marks no more: nothing can be counted again.
        yield Keep(TaskProgress(given + due, _NONE if done else marks))

    def _towards(self, given: int, rounds: int, towards: int) -> int:
        """What a member is shown: how much of the open round is there, or a whole one that waits for its reward."""
        if self.times is not None and rounds >= self.times:
            return self.goal
        return towards or (self.goal if rounds > given else 0)

    def shows(self, state: TaskProgress, day: date) -> dict[str, Any]:
        done = self.times is not None and state.given >= self.times
        standing = self.window.standing(state.marks, self.goal, day)
        counted = self.goal if done else self._towards(state.given, *standing)
        return {
            "done": state.given,
            "times": self.times,
            "counted": counted,
            "goal": self.goal,
            "after": self.after,
        }


def _check(params: TaskParams) -> None:
    if params.sum is not None and params.count is not None:
        raise Invalid(COUNT_AND_SUM, "sum")
    if params.sum is not None and params.distinct:
        raise Invalid(SUM_DISTINCT, "distinct")
    within = params.within
    if within is not None and (within.days is None) == (within.period is None):
        raise Invalid(WINDOW_WRONG, "within")
    if within is not None and within.period is not None and within.since != "any":
        raise Invalid(WINDOW_WRONG, "within.since")
    if params.distinct not in ("", "day"):
        _check_targets(params)


def _check_targets(params: TaskParams) -> None:
    """Windows that move on let old targets go; a window that stays must remember them all."""
    count, within = params.count or 1, params.within
    moves = within is not None and (within.period is not None or within.since == "any")
    times = 1 if moves or params.repeat is None else params.repeat.times
    if times is None or count * times > MAX_TARGETS:
        raise Invalid(TOO_MANY_TARGETS, "distinct", limit=MAX_TARGETS)


def _window(params: TaskParams) -> Window:
    within, days_apart = params.within, params.distinct == "day"
    if within is not None and within.period is not None:
        return EachPeriod(within.period, days_apart=days_apart)
    if within is not None and within.days is not None and within.since == "any":
        return Rolling(within.days)
    if within is not None and within.days is not None and within.since == "first":
        return FromFirst(within.days)
    return DaysApart() if days_apart else Whole()
