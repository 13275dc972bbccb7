"""What a platform can be told by webhooks: the kinds of messages, and the shape of what each says.

A message is thin: ids to ask for more with, and what nearly everybody wants to know. It holds no personal field and no
coupon's code. Names are stable; a field may be added, and is never taken away or given another meaning.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any

from msgspec import Meta, Struct

from festoon.base.traditional import traditional


class Cause(Struct, frozen=True):
    """The event it came of, as it was sent. Of timers and follow-ups the source is Festoon's own."""

    source: str
    id: str
    type: str


class Thing(Struct, frozen=True, omit_defaults=True):
    """What is given. `kind` is `asset`, `coupon`, `badge`, `item`, `gift` or `membership`; `amount` counts units of an
    asset or days of a membership; `item` is the id of a thing with an identity."""

    kind: str
    ref: str
    amount: int = 1
    item: str = ""


class OfMember(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every message about a member says. `test` marks who only tries a campaign out."""

    member: Annotated[str, Meta(description="The member's id, as the platform knows it.")]
    campaign: str
    mechanic: str
    event: Cause
    test: bool = False


class RewardGranted(OfMember, frozen=True, kw_only=True):
    """A mechanic gave a member something."""

    given: list[Thing]


class GrantHeld(OfMember, frozen=True, kw_only=True, omit_defaults=True):
    """A reward is set aside. `reason` is `risk` when somebody has to look at the member, `review` when a proof waits
    for a verdict; `hold` names it to whoever decides on it."""

    reason: str
    given: list[Thing]
    hold: str = ""


class GrantAppealed(OfMember, frozen=True, kw_only=True):
    """A member asks that somebody looks again at a reward that is held for him."""

    hold: str


class GrantReleased(OfMember, frozen=True, kw_only=True, omit_defaults=True):
    """A held reward is given after all; `reward.granted` says the same of what was given. `answer` is what the
    member is told, if anything."""

    hold: str
    reason: str
    given: list[Thing]
    answer: str = ""


class GrantVoided(OfMember, frozen=True, kw_only=True, omit_defaults=True):
    """A held reward is not given. `answer` is what the member is told, if anything."""

    hold: str
    reason: str
    answer: str = ""


class ItemIssued(OfMember, frozen=True, kw_only=True, omit_defaults=True):
    """A member has a new thing: a coupon, a badge, a gift that awaits delivery."""

    item: str
    kind: str
    ref: str
    serial: int | None = None
    expires: datetime | None = None


class ItemUsed(OfMember, frozen=True, kw_only=True):
    """A coupon was used."""

    item: str
    kind: str
    ref: str


class ItemShipped(OfMember, frozen=True, kw_only=True):
    """A gift is on its way, or its parcel has another number."""

    item: str
    kind: str
    ref: str
    carrier: str
    parcel: str


class ItemReturned(OfMember, frozen=True, kw_only=True):
    """A parcel came back; the gift waits to be sent again."""

    item: str
    kind: str
    ref: str


class ItemCancelled(OfMember, frozen=True, kw_only=True):
    """A gift is not sent after all."""

    item: str
    kind: str
    ref: str


class ItemDelivered(OfMember, frozen=True, kw_only=True):
    """A gift reached its member."""

    item: str
    kind: str
    ref: str


class ItemLapsed(OfMember, frozen=True, kw_only=True):
    """A thing can be used no longer."""

    item: str
    kind: str
    ref: str


class LevelChanged(OfMember, frozen=True, kw_only=True):
    """A member has another level, or keeps his until another day. No level is `""`."""

    level: str
    was: str
    until: str | None = None


class DrawWon(OfMember, frozen=True, kw_only=True):
    """A member won in a draw. `play` is his how-manieth it was."""

    prize: str
    play: int


class ConsentChanged(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member agreed to be written to by a channel, or does no longer: on his own page, by an event of the platform,
    or as an operator noted it. An answer that came after a newer one is not told, nor what comes with a profile. It
    belongs to no campaign: an endpoint for some campaigns is not told."""

    member: Annotated[str, Meta(description="The member's id, as the platform knows it.")]
    channel: str
    agreed: bool
    at: datetime
    by: str
    event: Cause
    wording: str = ""


class PhaseChanged(Struct, frozen=True):
    """A campaign entered a phase: `warm_up`, `running`, `closing`, `settled`."""

    campaign: str
    phase: str
    at: datetime


class PlanPublished(Struct, frozen=True):
    """A version of a campaign's plan took over."""

    campaign: str
    version: int


class CampaignPaused(Struct, frozen=True):
    """Mechanics of a campaign are paused, these and no others; `*` is all of it."""

    campaign: str
    mechanics: list[str]


class CampaignResumed(Struct, frozen=True):
    """Nothing of a campaign is paused any more."""

    campaign: str


class CampaignStopped(Struct, frozen=True):
    """A campaign was stopped for good."""

    campaign: str


class BudgetLeft(Struct, frozen=True):
    """What is left of a budget line, in the smallest unit of its currency, and of how much."""

    campaign: str
    line: str
    currency: str
    left: int
    of: int


class StockLeft(Struct, frozen=True):
    """How many are left of a stock, and of how many."""

    campaign: str
    stock: str
    left: int
    of: int


class Tested(Struct, frozen=True):
    """Somebody tries an endpoint out."""

    endpoint: str


class Kind(Struct, frozen=True):
    """A kind of message: the shape of its data, and what it is called where people choose it."""

    name: str
    data: type[Struct]
    titles: Mapping[str, str]

    def title(self, language: str) -> str:
        """What it is called in a language of ours."""
        if language == "zh-Hant":
            return traditional(self.titles["zh-Hans"])
        return self.titles.get(language) or self.titles["en"]


def _kind(name: str, data: type[Struct], en: str, zh: str) -> Kind:
    return Kind(name, data, {"en": en, "zh-Hans": zh})


TEST = "webhook.test"
CONSENT = "consent.changed"
BUDGET_KINDS = ("budget.low", "budget.out")
STOCK_KINDS = ("stock.low", "stock.out")
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            _kind("reward.granted", RewardGranted, "Reward granted", "奖励已发放"),
            _kind("grant.held", GrantHeld, "Reward held", "奖励待审核"),
            _kind("grant.appealed", GrantAppealed, "Appeal against a held reward", "待发奖励申诉"),
            _kind("grant.released", GrantReleased, "Held reward released", "待发奖励已放行"),
            _kind("grant.voided", GrantVoided, "Held reward voided", "待发奖励已作废"),
            _kind("item.issued", ItemIssued, "Item issued", "物品已发放"),
            _kind("item.used", ItemUsed, "Item used", "物品已使用"),
            _kind("item.shipped", ItemShipped, "Gift shipped", "礼品已发货"),
            _kind("item.returned", ItemReturned, "Gift returned", "礼品已退回"),
            _kind("item.cancelled", ItemCancelled, "Gift cancelled", "礼品已取消"),
            _kind("item.delivered", ItemDelivered, "Item delivered", "物品已送达"),
            _kind("item.lapsed", ItemLapsed, "Item lapsed", "物品已过期"),
            _kind("level.changed", LevelChanged, "Level changed", "等级已变更"),
            _kind("draw.won", DrawWon, "Draw won", "抽奖中奖"),
            _kind(CONSENT, ConsentChanged, "Consent given or withdrawn", "同意或撤回接收消息"),
            _kind("campaign.phase_changed", PhaseChanged, "Campaign entered a phase", "活动进入新阶段"),
            _kind("plan.published", PlanPublished, "Plan published", "方案已发布"),
            _kind("campaign.paused", CampaignPaused, "Campaign paused", "活动已暂停"),
            _kind("campaign.resumed", CampaignResumed, "Campaign resumed", "活动已恢复"),
            _kind("campaign.stopped", CampaignStopped, "Campaign stopped", "活动已终止"),
            _kind("budget.low", BudgetLeft, "Budget line low", "预算即将用尽"),
            _kind("budget.out", BudgetLeft, "Budget line used up", "预算已用尽"),
            _kind("stock.low", StockLeft, "Stock low", "库存不足"),
            _kind("stock.out", StockLeft, "Stock gone", "库存已空"),
            _kind(TEST, Tested, "Test message", "测试消息"),
        )
    }
)
"""Every kind by its name."""


def described(schemas: Mapping[type[Struct], dict[str, Any]]) -> dict[str, Any]:
    """The messages as `webhooks` of an OpenAPI document; `schemas` refers to the shapes of their data."""
    return {kind.name: {"post": _operation(kind, schemas[kind.data])} for kind in KINDS.values()}


def _operation(kind: Kind, data: dict[str, Any]) -> dict[str, Any]:
    message = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": kind.name},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it came about."},
            "data": data,
        },
    }
    return {
        "summary": kind.titles["en"],
        "operationId": "told_" + kind.name.replace(".", "_"),
        "description": (kind.data.__doc__ or "").strip(),
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": about,
                "schema": {"type": "string"},
            }
            for name, about in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": message}}},
        "responses": {
            "2XX": {"description": "It was received."},
            "410": {"description": "Nobody listens here any more: the endpoint is disabled."},
        },
    }


HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "webhook-id": "The message's id; the same at every attempt, so that a second one can be dropped.",
        "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
        "webhook-signature": "`v1,` and the signature (Standard Webhooks); two while a secret is being changed.",
    }
)
"""What comes with every message."""
