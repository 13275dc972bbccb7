"""What a plan says of a grand draw, and what cannot be right about it."""

from typing import Annotated

from msgspec import Meta, Struct

from festoon.base.channels import ChannelName
from festoon.base.errors import define
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.draw_params import Name, Title
from festoon.mechanics.fairness import PublicValue
from festoon.mechanics.giving import Giving

NOT_AFTER = define(
    "grand_draw.drawn_before_frozen",
    400,
    "the tickets are frozen at {frozen}, and the draw is at {drawn}",
    "抽奖时间{drawn}早于奖券截止时间{frozen}",
)
NEVER_COLLECTED = define(
    "grand_draw.frozen_before_start",
    400,
    "the tickets are frozen at {frozen}, and the campaign starts at {start}: nobody can have collected any",
    "奖券在{frozen}截止，而活动{start}才开始，没有人能获得奖券",
    todo="Freeze them while the campaign runs, such as on its last day.",
    todo_zh="请将截止时间设在活动期间，例如活动的最后一天。",
)
NAMED_TWICE = define(
    "grand_draw.prize_named_twice", 400, "another prize is called {prize} already", "奖品编号“{prize}”重复"
)
ROLLED_AMOUNT = define(
    "grand_draw.rolled_amount",
    400,
    "{prize} is an amount between two: a prize of a grand draw is a fixed one",
    "奖品“{prize}”是浮动数量；大奖抽奖的奖品必须是固定的",
)

Count = Annotated[int, Meta(ge=1, le=1_000_000)]


class GrandPrize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One tier of prizes."""

    id: Annotated[Name, says("Its name in the record and the journal.")]
    give: Annotated[Giving, says("What each winner gets.")]
    count: Annotated[Count, says("How many winners there are.")] = 1
    title: Annotated[Title, says("What members read.")] = ""


class Told(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How winners are told."""

    channel: Annotated[
        ChannelName, says("The channel. Who has not agreed to it is not written to, and the outcome says so.")
    ]
    service: Annotated[
        bool, says("It is part of what the member asked for, and needs no consent; advertising never is.")
    ] = False


class GrandDrawParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a grand draw."""

    prizes: Annotated[
        list[GrandPrize],
        Meta(min_length=1, max_length=1000),
        says("What is drawn, from the dearest on: the first ticket wins the first prize."),
    ]
    frozen: Annotated[
        str,
        says(
            "When the tickets are frozen: a date (to its end), a local time, or a distance from a phase. What comes"
            " later does not count."
        ),
    ]
    drawn: Annotated[
        str | None,
        says(
            "When it is drawn, by default as soon as the tickets are frozen; not before the public value is recorded."
        ),
    ] = None
    tickets: Annotated[
        str | None,
        says(
            "The asset that is the tickets; by default its own, which rewards give as `{chances: grand-draw}`."
        ),
    ] = None
    tell: Annotated[
        Told | None, says("The channel by which winners are told; the platform chooses when not said.")
    ] = None
    randomness: PublicValue = ""
