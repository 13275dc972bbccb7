"""Events about amounts set aside, corrected or taken back, and those that Festoon makes for itself."""

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta

from festoon.base.vocabulary.event_type import EventType, internal, request
from festoon.base.vocabulary.kinds import PERSONAL, Amount, Change, Data, Id, Instant, Text, says


class HoldPlaced(Data, frozen=True):
    """An amount of the member's is to be set aside, until it is posted or released."""

    hold: Annotated[Id, says("Names the hold for what comes later.")]
    asset: Annotated[Id, says("The asset's code, such as points or CNY.")]
    amount: Amount
    until: Annotated[Instant | None, says("When it is released by itself.")] = None
    reason: Text | None = None


class HoldPosted(Data, frozen=True):
    """What was set aside is spent, in whole or in part; the rest goes back."""

    hold: Id
    amount: Annotated[Amount | None, says("How much is spent; all of it when left out.")] = None


class HoldReleased(Data, frozen=True):
    """What was set aside goes back."""

    hold: Id


class GrantAppealed(Data, frozen=True):
    """The member asks that somebody looks again at a reward that is held for him. Once for each."""

    hold: Annotated[Id, says("The held reward's id.")]
    text: Annotated[
        str,
        Meta(min_length=1, max_length=1000),
        PERSONAL,
        says("What he says for himself, in his own words."),
    ]


class GrantReleased(Data, frozen=True):
    """Somebody has looked at a reward that is held for the member, and it is given."""

    hold: Annotated[Id, says("The held reward's id.")]
    reason: Annotated[Text, says("Kept in the journal and the audit trail.")]
    decided_by: Annotated[Id, says("Who decided.")]
    answer: Annotated[
        Text | None, says("What the member is told of it; where he appealed in vain, something has to be.")
    ] = None


class GrantVoided(Data, frozen=True):
    """Somebody has looked at a reward that is held for the member, and it is not given."""

    hold: Annotated[Id, says("The held reward's id.")]
    reason: Annotated[Text, says("Kept in the journal and the audit trail.")]
    decided_by: Annotated[Id, says("Who decided.")]
    answer: Annotated[
        Text | None, says("What the member is told of it; where he appealed in vain, something has to be.")
    ] = None


class BalanceAdjusted(Data, frozen=True):
    """An operator changes a balance of the member's, with a reason and a second signature."""

    asset: Annotated[Id, says("The asset's code, such as points or CNY.")]
    amount: Annotated[Change, says("Added, or taken away when negative.")]
    reason: Annotated[Text, says("Shown on the member's statement.")]
    expires: Annotated[date | None, says("The last day that what is added can be spent.")] = None
    made_by: Id | None = None
    checked_by: Id | None = None


class TransferReversed(Data, frozen=True):
    """An operator takes one transfer back by another in the opposite direction."""

    transfer: Annotated[Id, says("The transfer's id.")]
    reason: Annotated[Text, says("Shown on the member's statement.")]
    made_by: Id | None = None
    checked_by: Id | None = None


class RewardGranted(Data, frozen=True):
    """A mechanic gave the member something, or he reached something with it. Nobody sends it and no journal has it:
    mechanics that listen to it are asked in the decision in which it is given. A grant of another campaign is heard by
    who asks for it by `event.campaign`."""

    campaign: Annotated[Id, says("The campaign that gave it.")]
    mechanic: Annotated[Id, says("The mechanic that gave it, by its name in the plan.")]
    kind: Annotated[
        Literal["asset", "chances", "coupon", "badge", "item", "gift", "membership", "level", "streak"],
        says("What it is. `level` and `streak` are what the member has reached with a mechanic."),
    ]
    reward: Annotated[
        Id,
        says(
            "Its name in the plan: `points`, the name of a badge, of the draw that chances are for, of the level; of a"
            " streak that of its mechanic."
        ),
    ]
    amount: Annotated[
        Amount, says("How much, in the smallest unit; the days of a membership; a streak's length.")
    ]


class MemberMerged(Data, frozen=True):
    """Two accounts are one person's: another one becomes part of this member, who answers to its id from then on."""

    member: Annotated[Id, says("The id of the account that becomes part of this one.")]
    reason: Annotated[Text, says("How it is known that they are one person's.")]
    made_by: Id | None = None
    checked_by: Id | None = None


class TimerDue(Data, frozen=True):
    """A timer that a mechanic started has come due."""

    campaign: Id
    mechanic: Id
    name: Annotated[Id, says("The timer's name within the mechanic.")]
    data: Annotated[dict[str, Any], says("What the mechanic passes on to itself.")] = {}


TYPES: tuple[EventType, ...] = (
    request(
        "hold.placed",
        HoldPlaced,
        "Amount set aside",
        "冻结",
        {"hold": "h-5", "asset": "points", "amount": 500, "until": "2027-02-10T12:00:00+08:00"},
    ),
    request("hold.posted", HoldPosted, "Hold posted", "冻结扣款", {"hold": "h-5", "amount": 300}),
    request("hold.released", HoldReleased, "Hold released", "解冻", {"hold": "h-5"}),
    request(
        "grant.appealed",
        GrantAppealed,
        "Appeal",
        "申诉",
        {"hold": "9f2c41d07be3a85516c0d2e4", "text": "It is my family's tablet: we are four."},
        by="member",
    ),
    internal(
        "grant.released",
        GrantReleased,
        "Held reward released",
        "放行待发奖励",
        {"hold": "9f2c41d07be3a85516c0d2e4", "reason": "a family of four", "decided_by": "lin"},
    ),
    internal(
        "grant.voided",
        GrantVoided,
        "Held reward voided",
        "作废待发奖励",
        {"hold": "9f2c41d07be3a85516c0d2e4", "reason": "one person with many accounts", "decided_by": "lin"},
    ),
    internal(
        "balance.adjusted",
        BalanceAdjusted,
        "Balance adjusted",
        "余额调整",
        {"asset": "points", "amount": -50, "reason": "granted twice on 6 February", "made_by": "lin"},
    ),
    internal(
        "transfer.reversed",
        TransferReversed,
        "Transfer reversed",
        "流水冲正",
        {"transfer": "4711", "reason": "wrong member", "made_by": "lin", "checked_by": "wu"},
    ),
    internal(
        "member.merged",
        MemberMerged,
        "Accounts merged",
        "账号合并",
        {"member": "m-2002", "reason": "the same phone number, confirmed by the member", "made_by": "lin"},
    ),
    internal(
        "reward.granted",
        RewardGranted,
        "Reward granted",
        "获得奖励",
        {
            "campaign": "new-year-2027",
            "mechanic": "check-in",
            "kind": "badge",
            "reward": "seven-days",
            "amount": 1,
        },
    ),
    internal(
        "timer.due",
        TimerDue,
        "Timer due",
        "定时到期",
        {"campaign": "new-year-2027", "mechanic": "invite-a-friend", "name": "pay", "data": {"invitee": 17}},
    ),
)
