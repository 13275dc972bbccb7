"""What a plan says of a pool of red packets, and what cannot be right about it."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from festoon.base.errors import Invalid, define
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.draw_params import FreeChances
from festoon.mechanics.fairness import PublicValue, SeedSpan
from festoon.mechanics.raises import Raise
from festoon.mechanics.ratio import Ratio

BOUNDS_WRONG = define(
    "red_packet.bounds_wrong",
    400,
    "{packets} packets of {least} to {most} each cannot hold {amount}",
    "{packets}个红包、每个{least}至{most}，无法恰好装下{amount}",
    todo="Change the pool, the number of packets, `min` or `max`.",
    todo_zh="请调整奖池、红包个数、`min` 或 `max`。",
)
EQUAL_BOUNDS = define(
    "red_packet.equal_bounds",
    400,
    "equal packets have no `min` and no `max`",
    "平均分配的红包不能设置 `min` 和 `max`",
)
CANNOT_RAISE = define(
    "red_packet.cannot_raise",
    400,
    "every try wins already: `odds` are 100, and cannot be raised",
    "`odds` 已是 100，每次必中，无法再提高",
)
ODDS_WRONG = define(
    "red_packet.odds_wrong",
    400,
    "odds of {odds} per cent are not between 0 and 100",
    "概率{odds}%不在0到100之间",
)
NEVER_OPEN = define(
    "red_packet.never_open", 400, "the pool closes before it opens", "红包池的结束时间早于开始时间"
)

Units = Annotated[int, Meta(ge=1, le=10**15)]
Count = Annotated[int, Meta(ge=1, le=10**7)]


class PoolPlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is in the pool."""

    amount: Annotated[Units, says("How much, in the asset's smallest unit: 100 yuan are `10000`.")]
    asset: Annotated[str, says("Of what: `points`, an asset of the plan's, or the budget's currency.")] = (
        "points"
    )
    line: Annotated[
        str,
        says(
            "The budget line that money is taken from. What another asset costs, and on which line, stands"
            " under `assets`."
        ),
    ] = ""


class PacketChances(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How often a member may try. Other mechanics give more: `{chances: red-packets}`."""

    free: Annotated[FreeChances, says("Those that come by themselves.")]


ONCE = PacketChances(FreeChances(per="campaign"))


class RedPacketParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a pool of red packets."""

    pool: Annotated[PoolPlan, says("What is shared out. It is set aside when the plan is published.")]
    packets: Annotated[Count, says("Into how many packets.")]
    split: Annotated[
        Literal["lucky", "equal"],
        says("`lucky`: chance splits, within `min` and `max`. `equal`: all the same, to the unit."),
    ] = "lucky"
    min: Annotated[Units, says("The least a lucky packet holds.")] = 1
    max: Annotated[
        Units | None, says("The most a lucky packet holds; by default twice the mean less the least.")
    ] = None
    per_member: Annotated[Count, says("How many packets one member can get.")] = 1
    odds: Annotated[Ratio, says("How likely a try is to get a packet, in per cent.")] = Decimal(100)
    raises: Annotated[tuple[Raise, ...], says("What raises the odds.")] = ()
    chances: Annotated[
        PacketChances | None,
        says(
            "How often a member may try: once a campaign by default, with `null` only as others give chances."
        ),
    ] = ONCE
    opens: Annotated[
        str | None,
        says("From when on: a date or a local time, or a distance from a phase; the start by default."),
    ] = None
    closes: Annotated[
        str | None,
        says("Until when: a date to its end, or a local time; the end of the campaign by default."),
    ] = None
    epoch: SeedSpan = "campaign"
    randomness: PublicValue = ""
    on: Annotated[
        str | tuple[str, ...],
        says("The event type, or types, that are a try; their data names campaign and mechanic."),
    ] = "red_packet.claimed"


def bounds(params: RedPacketParams) -> tuple[int, int]:
    """The least and the most that a packet holds. Raises Invalid when they cannot hold the pool."""
    amount, packets = params.pool.amount, params.packets
    if params.split == "equal":
        if params.max is not None or params.min != 1:
            raise Invalid(EQUAL_BOUNDS, "split")
        least, most = max(amount // packets, 1), -(-amount // packets)
    else:
        least = params.min
        most = (
            params.max
            if params.max is not None
            else max(2 * amount // packets - least, -(-amount // packets), least)
        )
    if not packets * least <= amount <= packets * most:
        raise Invalid(BOUNDS_WRONG, "packets", packets=packets, least=least, most=most, amount=amount)
    return least, most


def check(params: RedPacketParams) -> None:
    """Refuse odds that mean nothing. Raises Invalid with the place within the parameters."""
    if not 0 < params.odds <= 100:
        raise Invalid(ODDS_WRONG, "odds", odds=str(params.odds))
    if params.raises and params.odds == 100:
        raise Invalid(CANNOT_RAISE, "raises[0]")
