"""What a plan says of a referral, and what cannot be right about it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from festoon.base.effects import Spent
from festoon.base.errors import Invalid, define
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build
from festoon.mechanics.giving import Giving
from festoon.mechanics.ratio import Ratio
from festoon.mechanics.reading import field

GIVES_NOTHING = define(
    "referral.gives_nothing",
    400,
    "a referral gives something: `inviter`, `invitee`, `share` or `tiers`",
    "邀请活动需设置奖励：inviter、invitee、share 或 tiers",
)
DELAY_WRONG = define(
    "referral.delay_wrong",
    400,
    "a delay is in `days` or in `working_days`",
    "延迟需写 days 或 working_days 之一",
)
NO_CODE_IN_LINK = define(
    "referral.no_code_in_link",
    400,
    "the link says where the inviter's code goes: `{{code}}`",
    "链接中需用 `{{code}}` 标明邀请码的位置",
)
TIER_OUT_OF_REACH = define(
    "referral.tier_out_of_reach",
    400,
    "the tier of {tier} friends cannot be reached: at most {limit} are rewarded",
    "{tier}位好友的档位无法达到：最多奖励{limit}位",
)

UNDONE_BY_ACTION = define(
    "referral.undone_by_action",
    400,
    "{type} is one of the actions: it cannot undo one as well",
    "{type} 已是计入的行为，不能同时作为撤销事件",
    todo="Name the event by which an action is undone, such as `order.refunded`, or leave `on` out.",
    todo_zh="请填写撤销行为的事件，例如 `order.refunded`，或省略 `on`。",
)

SENT = "invite.sent"
"""By which it is known what device somebody invites from."""

Count = Annotated[int, Meta(ge=1, le=100_000)]
Days = Annotated[int, Meta(ge=1, le=365)]


class Delay(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long the inviter waits after the invitee has qualified; paid at the start of that day."""

    working_days: Annotated[Days | None, says("Working days of the plan's calendar.")] = None
    days: Annotated[Days | None, says("Calendar days.")] = None

    def after(self, day: date, is_working: Callable[[date], bool]) -> date:
        """The day on which the delay after a day is over."""
        if self.days is not None:
            return day + timedelta(days=self.days)
        left = self.working_days or 0
        while left:
            day += timedelta(days=1)
            left -= is_working(day)
        return day


class Share(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the amount of the action by which the invitee qualifies, for the inviter."""

    percent: Annotated[Ratio, says("Per cent of the amount, exact as written.")]
    of: Annotated[str, says("The amount: a whole-number expression over the event.")] = "event.amount"
    asset: Annotated[str, says("What the inviter gets.")] = "points"
    cap: Annotated[Annotated[int, Meta(ge=1)] | None, says("At most so many units for one invitee.")] = None


class Attribution(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whose invitation it was when a newcomer followed several links before he accepted.

    Accepting is a touch as well, when it names an inviter.
    """

    touch: Annotated[
        Literal["first", "last"], says("The first or the last link that he followed within the days.")
    ]
    days: Annotated[Days, says("How many times 24 hours before accepting a touch still counts.")] = 30
    on: Annotated[str, says("The event that is a touch; it names the inviter, or his code.")] = (
        "invite.opened"
    )


class InviterLimits(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How many invitees an inviter is rewarded for in a calendar period, by the day on which each qualified."""

    per_day: Annotated[Count | None, says("On one local day.")] = None
    per_week: Annotated[Count | None, says("In a week, from Monday on.")] = None
    per_month: Annotated[Count | None, says("In a calendar month.")] = None

    def periods(self) -> tuple[tuple[str, int], ...]:
        """The periods that have a limit."""
        found = (("day", self.per_day), ("week", self.per_week), ("month", self.per_month))
        return tuple((period, limit) for period, limit in found if limit is not None)


class Clawback(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is taken back on both sides when an action that counted is undone, such as an order refunded."""

    on: Annotated[str, says("The event that undoes an action.")] = "order.refunded"
    by: Annotated[
        str,
        says("The field that names the same thing in the action and in what undoes it, such as event.order."),
    ] = "event.order"
    part: Annotated[
        Literal["whole", "proportion"],
        says(
            "All of it at the first refund, or as much of it as was refunded of what the actions that counted came to"
            " (`amount` of both events; an event without one undoes the whole action). Things come back when all does."
        ),
    ] = "whole"
    spent: Annotated[
        Literal["pending", "to_zero", "debt"],
        says(
            "What has been given: is left alone, so that only a reward that still waits is cancelled, and only amounts"
            " that are still pending go (`pending`); is taken back as far as it is still there (`to_zero`); or the rest"
            " is owed, and what the member gets next of it pays that first (`debt`)."
        ),
    ] = "to_zero"
    within_days: Annotated[
        Count | None, says("Until so many local days after the invitee qualified; for good by default.")
    ] = None

    @property
    def late(self) -> Spent:
        """What becomes of the spent part of a reward that was given after part of its action had been undone."""
        return "to_zero" if self.spent == "pending" else self.spent


class ReferralParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a referral."""

    actions: Annotated[
        tuple[str, ...], Meta(min_length=1), says("The event types by which an invitee proves to be real.")
    ]
    on: Annotated[str | tuple[str, ...], says("The event by which the invitee, its subject, accepts.")] = (
        "invite.accepted"
    )
    count: Annotated[Count, says("How many actions it takes.")] = 1
    distinct: Annotated[Literal["", "day"], says("`day` counts one action a local day.")] = ""
    within_days: Annotated[Count, says("So many local days after the day of accepting.")] = 30
    invitee: Annotated[Giving | None, says("Given to the invitee when he qualifies.")] = None
    inviter: Annotated[Giving | None, says("Given to the inviter, after the delay.")] = None
    share: Annotated[Share | None, says("A part of an amount for the inviter, after the delay.")] = None
    tiers: Annotated[
        dict[Count, Giving],
        says("Extra rewards for the inviter when he has been rewarded for so many friends, each once."),
    ] = {}
    delay: Annotated[Delay | None, says("How long the inviter waits; not at all by default.")] = None
    new_within_days: Annotated[
        Count | None, says("Only who registered at most so many days before can accept; anybody by default.")
    ] = None
    per_inviter: Annotated[Count | None, says("How many invitees an inviter is rewarded for.")] = None
    inviter_limits: Annotated[InviterLimits | None, says("The same by calendar period.")] = None
    attribution: Annotated[
        Attribution | None, says("Whose invitation counts; by default the one that is accepted first.")
    ] = None
    clawback: Annotated[
        Clawback | None, says("What is taken back when an action is undone; nothing by default.")
    ] = None
    link: Annotated[str, says("Where an invitation leads, with `{code}` where the inviter's code goes.")] = ""


def check(params: ReferralParams) -> None:
    """Raises Invalid for what cannot be meant."""
    if not params.tiers and params.inviter is None and params.invitee is None and params.share is None:
        raise Invalid(GIVES_NOTHING)
    if params.delay is not None and (params.delay.days is None) == (params.delay.working_days is None):
        raise Invalid(DELAY_WRONG, "delay")
    if params.link and "{code}" not in params.link:
        raise Invalid(NO_CODE_IN_LINK, "link")
    if params.clawback is not None and params.clawback.on in params.actions:
        raise Invalid(UNDONE_BY_ACTION, "clawback.on", type=params.clawback.on)
    for tier in params.tiers:
        if params.per_inviter is not None and tier > params.per_inviter:
            raise Invalid(TIER_OUT_OF_REACH, f"tiers.{tier}", tier=tier, limit=params.per_inviter)


def name_of(params: ReferralParams, clawback: Clawback, build: Build) -> str:
    """The field that names an action, in the actions and in what undoes them. Raises Invalid."""
    return field(clawback.by, build, "clawback.by", (*params.actions, clawback.on))
