"""What a plan says of a draw, and what cannot be right about it."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from festoon.base.errors import Invalid, define
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.draw_table import NOTHING, Miss, Pace, SoldOut
from festoon.mechanics.fairness import PublicValue, SeedSpan
from festoon.mechanics.raises import PrizeRaise
from festoon.mechanics.reward_line import GiveSpec, RewardLine

NAMED_TWICE = define(
    "draw.prize_named_twice",
    400,
    "another prize is called {prize} already, or it is the name of winning nothing",
    "奖品编号“{prize}”重复，或与“未中奖”的保留编号相同",
    todo="Give every prize an id of its own, and none the id `nothing`.",
    todo_zh="请为每个奖品设置不同的编号，且不要使用 `nothing`。",
)
NO_WEIGHT = define("draw.no_weight", 400, "no prize has a weight above zero", "没有任何奖品的权重大于零")
PACE_WITHOUT_STOCK = define(
    "draw.pace_without_stock",
    400,
    "{prize} is to be released over time, but has no stock to release",
    "奖品“{prize}”设置了分时投放，但没有库存",
    todo="Give it a stock, or leave `pace` out.",
    todo_zh="请设置库存，或去掉 `pace`。",
)
UNDECLARED = define(
    "draw.sold_out_undeclared",
    400,
    "{prize} can run out, and the plan does not say what happens then",
    "奖品“{prize}”可能发完或受限，但方案没有说明此时如何处理",
    todo="Set `sold_out` to next_prize, nothing, keep_chance or redistribute.",
    todo_zh="请将 `sold_out` 设为 next_prize、nothing、keep_chance 或 redistribute。",
)
OPEN_END = define(
    "draw.open_end",
    400,
    "with next_prize the last prize stands in for all others, but {prize} can run out itself",
    "采用 next_prize 时，最后一个奖品须能兜底，但“{prize}”本身也可能发完或受限",
    todo="Put a prize without stock, pace and cap last, or give `nothing` a weight.",
    todo_zh="请把不限库存、不限投放、不限次数的奖品放在最后，或为 `nothing` 设置权重。",
)
UNREACHABLE = define(
    "draw.unreachable_prize",
    400,
    "nobody can ever win {prize}: its weight is 0",
    "没有人能抽中“{prize}”：其权重为 0",
    todo="Give it a weight, make it the guaranteed prize, or leave it out.",
    todo_zh="请设置权重，或将其设为保底奖品，或删除它。",
)
UNKNOWN_GUARANTEE = define(
    "draw.unknown_guaranteed_prize",
    400,
    "the guaranteed prize {prize} is not a prize of this draw; there are {known}",
    "保底奖品“{prize}”不在本抽奖中；现有：{known}",
)
IDLE_GUARANTEE = define(
    "draw.idle_guarantee",
    400,
    "no play can miss, so the guarantee of {prize} would never come true",
    "不存在未中的情况，“{prize}”的保底永远不会触发",
    todo="Give `nothing` a weight, or let `miss: lower` count the prizes below it as misses.",
    todo_zh="请为 `nothing` 设置权重，或用 `miss: lower` 将其后的奖品计为未中。",
)

UNKNOWN_PRIZE = define(
    "draw.unknown_prize",
    400,
    "{prize} is not a prize of this draw; there are {known}",
    "“{prize}”不是本抽奖的奖品；现有：{known}",
)
SWAPPED_IN_A_CIRCLE = define(
    "draw.swapped_in_a_circle",
    400,
    "{prize} is swapped for itself in the end",
    "奖品“{prize}”的替换最终又回到它自己",
)
RAISED_TOO_FINELY = define(
    "draw.raised_too_finely",
    400,
    "with everything that raises weights, the table would come to {total}; {limit} is the most",
    "全部加成后权重之和将达{total}，上限为{limit}",
    todo="Use smaller weights or rounder percentages.",
    todo_zh="请减小权重或使用更整的百分比。",
)

Whole = Annotated[int, Meta(ge=1, le=10**12)]
Weight = Annotated[int, Meta(ge=0, le=10**9)]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=64)]
Title = str | dict[Literal["en", "zh-Hans", "zh-Hant"], str]


class FreeChances(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Chances that come by themselves."""

    per: Annotated[
        Literal["day", "week", "campaign"],
        says("A local day, a week from Monday, or the whole campaign."),
    ]
    count: Annotated[Whole, says("How many.")] = 1


class BoughtChances(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Chances for sale."""

    price: Annotated[Whole, says("What one costs, in the asset's smallest unit.")]
    asset: Annotated[str, says("What is paid with.")] = "points"
    per_day: Annotated[
        Whole | None, says("How many one member can buy a local day; no limit without it.")
    ] = None


class Chances(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Chances that come by themselves or are for sale.

    Other mechanics give more: `{chances: lucky-draw, count: 2}`.
    """

    free: Annotated[FreeChances | None, says("Those that come by themselves.")] = None
    bought: Annotated[BoughtChances | None, says("Those that are for sale.")] = None
    when: Annotated[str | None, says("A condition for the free ones.")] = None


class Prize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One prize."""

    id: Annotated[Name, says("Its name in the table, the journal and the published record; never `nothing`.")]
    weight: Annotated[
        Weight, says("Its share of the table's total; 0 for one that only a guarantee or `next_prize` gives.")
    ]
    give: Annotated[GiveSpec | RewardLine, says("What the winner gets: a reward's name, a line, or lines.")]
    title: Annotated[Title, says("What members read.")] = ""
    stock: Annotated[Whole | None, says("How many there are in all; without it there is no end to them.")] = (
        None
    )
    pace: Annotated[
        Pace,
        says(
            "How the stock is released from start to end: `even`, `front` (four fifths in the first half), "
            "or `none` (all of it at once)."
        ),
    ] = "none"
    per_member: Annotated[Whole | None, says("How many one member can win.")] = None
    per_member_per: Annotated[Literal["campaign", "day"], says("Over the campaign, or a local day.")] = (
        "campaign"
    )
    swap: Annotated[
        Name | None,
        says("The prize that stands in for it when it cannot be had, before `sold_out` is asked."),
    ] = None


class GuaranteePlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """After so many misses in a row the next play cannot miss (保底)."""

    after: Annotated[Whole, says("How many misses in a row.")]
    prize: Annotated[str, says("What the next play then gives, unless it gives better.")]
    miss: Annotated[
        Miss,
        says("What a miss is: a play that gave `nothing`, or also a prize further down the list (`lower`)."),
    ] = "nothing"


class DrawParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a draw."""

    prizes: Annotated[list[Prize], Meta(min_length=1, max_length=1000), says("What can be won, best first.")]
    chances: Annotated[
        Chances | None, says("Where chances come from, besides other mechanics that give them.")
    ] = None
    nothing: Annotated[Weight, says("The weight of winning nothing.")] = 0
    sold_out: Annotated[
        SoldOut | None,
        says(
            "What happens when the rolled prize is out of stock, not released yet, or over the member's cap: "
            "the `next_prize` down the list; `nothing`; `keep_chance` (nothing, and the chance is not used); "
            "or `redistribute` (such prizes weigh nothing from the start, so the others' odds change). "
            "To be declared as soon as a prize can run out."
        ),
    ] = None
    guarantee: Annotated[GuaranteePlan | None, says("A prize after so many misses.")] = None
    raises: Annotated[
        tuple[PrizeRaise, ...], says("What raises the weight of a prize, for whom it applies to.")
    ] = ()
    epoch: SeedSpan = "campaign"
    randomness: PublicValue = ""
    on: Annotated[
        str | tuple[str, ...],
        says("The event type, or types, that are a play; their data names campaign and mechanic."),
    ] = "draw.played"


def check(params: DrawParams, limited: frozenset[str]) -> None:
    """Refuse a draw that could not keep what it shows. `limited` are the prizes that may not be had at times.

    Raises Invalid with the place within the parameters.
    """
    _check_prizes(params)
    _check_names(params)
    first_limited = next((prize.id for prize in params.prizes if prize.id in limited), None)
    if first_limited is not None and params.sold_out is None:
        raise Invalid(UNDECLARED, "sold_out", prize=first_limited)
    last = params.prizes[-1]
    if params.sold_out == "next_prize" and not params.nothing and last.id in limited:
        raise Invalid(OPEN_END, f"prizes[{len(params.prizes) - 1}]", prize=last.id)
    if params.guarantee is not None:
        _check_guarantee(params, params.guarantee, limited)
    reachable = frozenset(_reachable(params, limited))
    for index, prize in enumerate(params.prizes):
        if prize.id not in reachable:
            raise Invalid(UNREACHABLE, f"prizes[{index}].weight", prize=prize.id)


def _check_prizes(params: DrawParams) -> None:
    seen = {NOTHING}
    for index, prize in enumerate(params.prizes):
        if prize.id in seen:
            raise Invalid(NAMED_TWICE, f"prizes[{index}].id", prize=prize.id)
        seen.add(prize.id)
        if prize.pace != "none" and prize.stock is None:
            raise Invalid(PACE_WITHOUT_STOCK, f"prizes[{index}].pace", prize=prize.id)
    if not any(prize.weight for prize in params.prizes):
        raise Invalid(NO_WEIGHT, "prizes")


def _check_names(params: DrawParams) -> None:
    """Raises and swaps name prizes, and no prize is swapped for itself."""
    swaps = swaps_of(params)
    names = [prize.id for prize in params.prizes]
    named = [(f"raises[{index}].prize", more.prize) for index, more in enumerate(params.raises)]
    named += [
        (f"prizes[{index}].swap", prize.swap) for index, prize in enumerate(params.prizes) if prize.swap
    ]
    for path, name in named:
        if name not in names:
            raise Invalid(UNKNOWN_PRIZE, path, prize=name, known=", ".join(names))
    for index, name in enumerate(names):
        seen, at = {name}, swaps.get(name, "")
        while at:
            if at in seen:
                raise Invalid(SWAPPED_IN_A_CIRCLE, f"prizes[{index}].swap", prize=name)
            seen.add(at)
            at = swaps.get(at, "")


def swaps_of(params: DrawParams) -> dict[str, str]:
    """What stands in for each prize that has something to stand in for it."""
    return {prize.id: prize.swap for prize in params.prizes if prize.swap}


def _check_guarantee(params: DrawParams, guarantee: GuaranteePlan, limited: frozenset[str]) -> None:
    names = [prize.id for prize in params.prizes]
    if guarantee.prize not in names:
        raise Invalid(UNKNOWN_GUARANTEE, "guarantee.prize", prize=guarantee.prize, known=", ".join(names))
    can_be_nothing = params.nothing > 0 or (params.sold_out == "nothing" and limited)
    below = guarantee.miss == "lower" and guarantee.prize != names[-1]
    if not (can_be_nothing or below):
        raise Invalid(IDLE_GUARANTEE, "guarantee", prize=guarantee.prize)


def _reachable(params: DrawParams, limited: frozenset[str]) -> Iterator[str]:
    """The prizes that somebody can win: by weight, by guarantee, or in place of one above."""
    stands_in = False
    swaps = swaps_of(params)
    for prize in params.prizes:
        guaranteed = params.guarantee is not None and params.guarantee.prize == prize.id
        if prize.weight or guaranteed or stands_in:
            yield prize.id
            at = prize.id
            while at in limited and at in swaps:
                at = swaps[at]
                yield at
            stands_in = params.sold_out == "next_prize" and (prize.id in limited)
