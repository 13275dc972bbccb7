"""What a plan says of a task, and what cannot be right about it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from festoon.base.errors import Invalid, define
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build
from festoon.mechanics.counting import (
    MAX_TARGETS,
    DaysApart,
    EachPeriod,
    FromFirst,
    FromInvitation,
    InARow,
    Rolling,
    Whole,
    Window,
    Within,
)
from festoon.mechanics.giving import Giving
from festoon.mechanics.proof import Review

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

RESET_WRONG = define(
    "task.reset_wrong",
    400,
    "`reset` counts what is done in a row: it goes with `count`, and with no other window than since registering or"
    " since the campaign's start",
    "reset 统计连续完成的次数：只能与 count 搭配，时间窗只能是自注册起或自活动开始起",
)
GIVES_NOTHING = define(
    "task.gives_nothing",
    400,
    "this task gives nothing, and nothing waits for it: no set, and no other task",
    "该任务没有奖励，也没有任务集或其他任务依赖它",
)

Times = Annotated[int, Meta(ge=1, le=1_000_000)]


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
    give: Annotated[
        Giving | None,
        says(
            "What each completed round gives. A task that counts for a set or a chain may give nothing of its own."
        ),
    ] = None
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
    reset: Annotated[
        Literal["", "missed_day", "missed_working_day", "missed_week", "missed_month"],
        says(
            "What begins the round again: `count` days (working days of the plan's calendar, weeks, months) must"
            " follow each other, and each counts once."
        ),
    ] = ""
    review: Annotated[
        Review | None, says("What counts is a proof that somebody looks at, and counts when it is approved.")
    ] = None


def check(params: TaskParams) -> None:
    """Raises Invalid for what contradicts itself."""
    if params.sum is not None and params.count is not None:
        raise Invalid(COUNT_AND_SUM, "sum")
    if params.sum is not None and params.distinct:
        raise Invalid(SUM_DISTINCT, "distinct")
    within = params.within
    if within is not None and (within.days is None) == (within.period is None):
        raise Invalid(WINDOW_WRONG, "within")
    if within is not None and within.period is not None and within.since != "any":
        raise Invalid(WINDOW_WRONG, "within.since")
    if params.reset and not _may_reset(params):
        raise Invalid(RESET_WRONG, "reset")
    if params.distinct not in ("", "day"):
        _check_targets(params)


def _may_reset(params: TaskParams) -> bool:
    within = params.within
    stays = within is None or within.since in ("registered", "campaign")
    return stays and params.sum is None and params.distinct in ("", "day")


def _check_targets(params: TaskParams) -> None:
    """Windows that move on let old targets go; a window that stays must remember them all."""
    count, within = params.count or 1, params.within
    moves = within is not None and (within.period is not None or within.since == "any")
    times = 1 if moves or params.repeat is None else params.repeat.times
    if times is None or count * times > MAX_TARGETS:
        raise Invalid(TOO_MANY_TARGETS, "distinct", limit=MAX_TARGETS)


def window_of(params: TaskParams, build: Build) -> Window:
    """How a task puts together what counts."""
    within, days_apart = params.within, params.distinct == "day"
    if params.reset:
        working = build.is_working_day if params.reset == "missed_working_day" else None
        return InARow(params.reset.rpartition("_")[2], working)
    if within is not None and within.period is not None:
        return EachPeriod(within.period, days_apart=days_apart)
    if within is not None and within.days is not None and within.since == "any":
        return Rolling(within.days)
    if within is not None and within.days is not None and within.since == "first":
        return FromFirst(within.days)
    if within is not None and within.days is not None and within.since == "invited":
        return FromInvitation(within.days)
    return DaysApart() if days_apart else Whole()
