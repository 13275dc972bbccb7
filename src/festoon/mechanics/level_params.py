"""What a plan says of levels, and what cannot be right about it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from festoon.base.errors import Invalid, define
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.draw_params import Title
from festoon.mechanics.giving import Giving

NAMED_TWICE = define(
    "level.named_twice", 400, "another level is called '{level}' already", "等级编号“{level}”重复"
)
NOT_RISING = define(
    "level.not_rising",
    400,
    "'{level}' takes {growth}, which is not more than the level before it",
    "等级“{level}”需要{growth}，未高于前一等级",
    todo="list the levels from the lowest to the highest",
    todo_zh="请从低到高列出各等级",
)
MONTHS_OF_A_YEAR = define(
    "level.months_of_a_year",
    400,
    "a natural year has its own length: leave out `months`",
    "自然年的长度固定：请去掉 `months`",
)
VALID_WITHOUT_ROLLING = define(
    "level.valid_without_rolling",
    400,
    "only with `growth: rolling` the plan says how long a level is safe",
    "只有 `growth: rolling` 可以设置等级有效期",
    todo="leave out `valid_months`: a level is safe until the end of the next year",
    todo_zh="请去掉 `valid_months`：等级保留到下一年度末",
)
GROWTH_EXPIRES = define(
    "level.growth_expires",
    400,
    "'{asset}' lapses by itself, so its balance does not show what was earned",
    "“{asset}”会自动过期，余额不能反映所获得的数量",
    todo="leave out `expires`; a review counts the growth of its own period by itself",
    todo_zh="请去掉 `expires`；考核本身只计算考核期内的成长值",
)

Whole = Annotated[int, Meta(ge=0, le=10**12)]
Months = Annotated[int, Meta(ge=1, le=60)]
Attribute = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=64)]


class Level(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One level."""

    id: Annotated[Name, says("Its name; it stays the same when the table changes.")]
    growth: Annotated[Whole, says("How much growth it takes; 0 is for everybody.")]
    entry: Annotated[Giving | None, says("Given when a member reaches it for the first time.")] = None
    monthly: Annotated[Giving | None, says("Given each month on the member's own day.")] = None
    birthday: Annotated[Giving | None, says("Given on the member's birthday.")] = None
    perks: Annotated[
        tuple[str, ...],
        says(
            "What else it brings, for the member to see. `priority-support` marks the member's matters for who supports"
            " him."
        ),
    ] = ()
    title: Annotated[Title, says("What members read; its name by default.")] = ""


class Review(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a level may be lost again.

    A level that has been reached is safe until a date that the member is told. Only on the day after that date it is
    looked at again.
    """

    growth: Annotated[
        Literal["year", "entry", "rolling"],
        says(
            "Which growth counts: that of the natural year (`year`), of the member's own year, which begins on his"
            " own day (`entry`), or of the last `months`, to the day (`rolling`). In a year, natural or own, a level"
            " is safe until the end of the year after the one in which its growth was reached."
        ),
    ]
    months: Annotated[
        Months | None, says("How long an own year is, or how far back `rolling` looks; 12 when not said.")
    ] = None
    valid_months: Annotated[
        Months | None,
        says("With `rolling`: how long a level is safe once it is reached or renewed; as long as `months`."),
    ] = None
    grace_days: Annotated[
        Annotated[int, Meta(ge=0, le=366)],
        says(
            "So many days more when the growth falls short. What is earned in them counts for that review as well."
        ),
    ] = 0
    down: Annotated[
        Literal["earned", "one"],
        says("Down to the level that the growth reaches (`earned`), or by one level at the most (`one`)."),
    ] = "earned"


class LevelParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of levels."""

    on: Annotated[
        str | tuple[str, ...],
        says("The event types by which other mechanics give growth: every one of them."),
    ]
    levels: Annotated[tuple[Level, ...], Meta(min_length=1, max_length=100), says("From the lowest up.")]
    asset: Annotated[str, says("What growth is counted in.")] = "growth"
    review: Annotated[
        Review | None,
        says("When a level may be lost again. Without it all growth counts and no level is ever lost."),
    ] = None
    attribute: Annotated[
        Attribute,
        says(
            "What conditions read the level as: `member.level`, the platform's, or an attribute of the plan's own, for"
            " a ladder beside it. It never changes."
        ),
    ] = "level"
    born: Annotated[
        str, says("The attribute that says when a member was born, for what is given on birthdays.")
    ] = "birthday"


def check(params: LevelParams) -> None:
    """Raises Invalid for a table that does not rise and for a review that contradicts itself."""
    names: set[str] = set()
    bar = -1
    for index, level in enumerate(params.levels):
        if level.id in names:
            raise Invalid(NAMED_TWICE, f"levels[{index}].id", level=level.id)
        if level.growth <= bar:
            raise Invalid(NOT_RISING, f"levels[{index}].growth", level=level.id, growth=level.growth)
        names.add(level.id)
        bar = level.growth
    review = params.review
    if review is None:
        return
    if review.growth == "year" and review.months is not None:
        raise Invalid(MONTHS_OF_A_YEAR, "review.months")
    if review.growth != "rolling" and review.valid_months is not None:
        raise Invalid(VALID_WITHOUT_ROLLING, "review.valid_months")
