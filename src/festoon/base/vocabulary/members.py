"""Events about who a member is: registration, import, profile, login, invitations, segments."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from festoon.base.channels import ChannelName
from festoon.base.vocabulary.event_type import EventType, fact
from festoon.base.vocabulary.kinds import (
    PERSONAL,
    Amount,
    Currency,
    Data,
    Id,
    Instant,
    Plain,
    Text,
    Word,
    says,
)


class Profile(Data, frozen=True):
    """What is known of a member. Every field may be left out."""

    name: Annotated[Text | None, PERSONAL, says("What the member is called.")] = None
    email: Annotated[Text | None, PERSONAL] = None
    phone: Annotated[Text | None, PERSONAL, says("With the country's prefix, as in E.164.")] = None
    birthday: Annotated[date | None, PERSONAL] = None
    address: Annotated[Text | None, PERSONAL] = None
    external_ids: Annotated[
        dict[str, str], PERSONAL, says("What the member is called elsewhere, by the name of that place.")
    ] = {}
    region: Annotated[Word | None, says("Where the member lives, as coarse as the platform keeps it.")] = None
    language: Annotated[Word | None, says("A BCP 47 tag, such as zh-Hans.")] = None
    timezone: Annotated[Word | None, says("An IANA name, such as Asia/Shanghai.")] = None
    consents: Annotated[
        dict[ChannelName, bool], says("Whether the member agreed to be written to, by channel.")
    ] = {}
    consents_at: Annotated[
        dict[ChannelName, Instant],
        says(
            "When he said so, by channel. A yes of an import without it never overrides an answer that is known."
        ),
    ] = {}
    consents_wording: Annotated[
        dict[ChannelName, Id], says("Which version of the text he agreed to, by channel.")
    ] = {}
    attributes: Annotated[
        dict[str, Plain | list[str]], says("Anything else that conditions may use. Nothing personal.")
    ] = {}


VisitorId = Annotated[str, Meta(min_length=9, max_length=200, pattern="^visitor:")]
"""The id of a visitor: `visitor:` and what the platform knows it by."""
Visitors = Annotated[list[VisitorId], Meta(max_length=20)]


class MemberRegistered(Profile, frozen=True):
    """A person became a member just now. This is what a registration gift reacts to."""

    visitors: Annotated[
        Visitors, says("The visitors that the person was before: what they did and have comes to the member.")
    ] = []

    channel: Annotated[Word | None, says("Where the member came from.")] = None
    invite_code: Annotated[Id | None, says("The code the member registered with, if any.")] = None


class VisitorJoined(Data, frozen=True):
    """The member, who is known already, turns out to be a visitor, too: he has signed in on that device."""

    visitors: Annotated[Visitors, Meta(min_length=1), says("The visitors that he is.")]


class MemberImported(Profile, frozen=True):
    """A member who was there before is made known, with a profile. It never fires a registration gift."""

    registered: Annotated[date | None, says("The day the member really registered.")] = None


class MemberLoggedIn(Data, frozen=True):
    """The member opened a session."""

    channel: Word | None = None
    device: Annotated[Word | None, says("The kind of device, such as phone or desktop.")] = None


class MemberProfileChanged(Profile, frozen=True):
    """Some of the member's profile is different now. Fields that are left out stay as they are."""


class MemberProfileCompleted(Data, frozen=True):
    """The member filled in everything the platform asks for."""


class InviteSent(Data, frozen=True):
    """The member invited somebody."""

    code: Annotated[Id, says("The code the invitee will bring.")]
    channel: Word | None = None
    device: Annotated[
        Id | None, says("The inviter's device, as far as the platform knows devices apart.")
    ] = None
    to: Annotated[Text | None, PERSONAL, says("The invitee's address, if the platform knows it.")] = None


class InviteOpened(Data, frozen=True):
    """The member, or who will be one, followed an invitation's link. Which link counts, the referral decides."""

    inviter: Annotated[Id | None, says("The inviting member's id.")] = None
    code: Annotated[Id | None, says("Or his invite code.")] = None
    channel: Word | None = None


class InviteAccepted(Data, frozen=True):
    """The member, the invitee, came in through an invitation. Whether it pays, the referral decides."""

    inviter: Annotated[Id | None, says("The inviting member's id.")] = None
    code: Annotated[Id | None, says("Or his invite code. With neither, links that were followed decide.")] = (
        None
    )
    channel: Word | None = None
    device: Annotated[
        Id | None, says("The invitee's device, as far as the platform knows devices apart.")
    ] = None


class SegmentEntered(Data, frozen=True):
    """The member came into a segment."""

    segment: Id
    campaign: Annotated[
        Id | None, says("The campaign whose plan defines it; none when the platform keeps it.")
    ] = None


class SegmentLeft(Data, frozen=True):
    """The member is no longer in a segment."""

    segment: Id
    campaign: Annotated[
        Id | None, says("The campaign whose plan defines it; none when the platform keeps it.")
    ] = None


class SubscriptionStarted(Data, frozen=True):
    """The member began a paid membership or another subscription."""

    subscription: Id
    product: Id
    amount: Annotated[Amount | None, says("What was paid for the first period.")] = None
    currency: Currency | None = None
    until: Annotated[date | None, says("The last day that is paid for.")] = None


class SubscriptionRenewed(SubscriptionStarted, frozen=True):
    """A subscription went on for another period."""


class SubscriptionCancelled(Data, frozen=True):
    """The member ended a subscription."""

    subscription: Id
    product: Id
    reason: Word | None = None
    until: Annotated[date | None, says("The last day it still runs.")] = None


_PROFILE = {
    "name": "李雷",
    "email": "li.lei@example.com",
    "region": "Shanghai",
    "language": "zh-Hans",
    "timezone": "Asia/Shanghai",
    "consents": {"sms": True, "email": False},
    "attributes": {"kids": 1, "interests": ["parenting", "cooking"]},
}

_SUBSCRIPTION = {"subscription": "s-88", "product": "gold-monthly", "amount": 2500, "currency": "CNY"}

TYPES: tuple[EventType, ...] = (
    fact(
        "member.registered",
        MemberRegistered,
        "Member registered",
        "会员注册",
        _PROFILE | {"channel": "wechat", "invite_code": "HAN-7Q2"},
    ),
    fact(
        "member.imported",
        MemberImported,
        "Member imported",
        "会员导入",
        _PROFILE | {"registered": "2024-03-01"},
    ),
    fact(
        "member.logged_in",
        MemberLoggedIn,
        "Member logged in",
        "会员登录",
        {"channel": "app", "device": "phone"},
    ),
    fact(
        "member.profile_changed",
        MemberProfileChanged,
        "Profile changed",
        "资料变更",
        {"region": "Suzhou", "attributes": {"kids": 2}},
    ),
    fact(
        "visitor.joined",
        VisitorJoined,
        "Visitor joined a member",
        "访客归入会员",
        {"visitors": ["visitor:c-81f3"]},
    ),
    fact("member.profile_completed", MemberProfileCompleted, "Profile completed", "资料完善", {}),
    fact("invite.sent", InviteSent, "Invitation sent", "发出邀请", {"code": "HAN-7Q2"}, by="member"),
    fact(
        "invite.opened",
        InviteOpened,
        "Invitation opened",
        "打开邀请链接",
        {"code": "7QK2M9FX", "channel": "wechat"},
    ),
    fact(
        "invite.accepted",
        InviteAccepted,
        "Invitation accepted",
        "接受邀请",
        {"inviter": "m-1001", "code": "HAN-7Q2"},
    ),
    fact("segment.entered", SegmentEntered, "Segment entered", "进入分群", {"segment": "returning"}),
    fact("segment.left", SegmentLeft, "Segment left", "离开分群", {"segment": "returning"}),
    fact("subscription.started", SubscriptionStarted, "Subscription started", "开通订阅", _SUBSCRIPTION),
    fact(
        "subscription.renewed",
        SubscriptionRenewed,
        "Subscription renewed",
        "续订",
        _SUBSCRIPTION | {"until": "2027-03-31"},
    ),
    fact(
        "subscription.cancelled",
        SubscriptionCancelled,
        "Subscription cancelled",
        "取消订阅",
        {"subscription": "s-88", "product": "gold-monthly", "reason": "too_expensive"},
    ),
)
