"""How rules are put into words: names, amounts, days and rewards as a member reads them, in his language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.errors import template_of
from festoon.base.rewards import AssetGift, Choice, Gift, ItemGift, Reward
from festoon.base.vocabulary import VOCABULARY

CHANCES = "/chances/"

DOINGS = {
    "member.registered": ("register", "注册成为会员"),
    "member.logged_in": ("sign in", "登录"),
    "member.profile_completed": ("complete your profile", "完善个人资料"),
    "member.profile_changed": ("change your profile", "更新个人资料"),
    "content.published": ("publish a post", "发布内容"),
    "content.commented": ("write a comment", "发表评论"),
    "content.liked": ("like a post", "点赞"),
    "content.shared": ("share a post", "分享内容"),
    "page.viewed": ("visit a page", "浏览页面"),
    "order.paid": ("pay for an order", "支付订单"),
    "topup.succeeded": ("top up", "充值"),
    "exchange.made": ("exchange points", "兑换"),
    "draw.played": ("play a draw", "参与抽奖"),
    "red_packet.claimed": ("open a red packet", "抢红包"),
    "code.entered": ("enter a code", "输入兑换码"),
    "place.applied": ("apply for a place", "申请名额"),
    "place.taken": ("take a place", "确认名额"),
    "coupon.redeemed": ("use a coupon", "使用优惠券"),
    "check_in.made": ("check in", "打卡签到"),
    "proof.submitted": ("hand in a proof", "提交凭证"),
    "survey.answered": ("answer a survey", "填写问卷"),
    "feedback.received": ("send feedback", "提交反馈"),
    "invite.sent": ("invite somebody", "发出邀请"),
    "invite.accepted": ("accept an invitation", "接受邀请"),
    "subscription.started": ("start a membership", "开通会员"),
    "subscription.renewed": ("renew a membership", "续费会员"),
    "segment.entered": ("belong to those it is meant for", "符合活动对象条件"),
    "reward.granted": ("earn a reward", "获得奖励"),
}
"""What a member does, by the type of event it is."""
PERIODS = {
    "day": ("a day", "每天"),
    "week": ("a week", "每周"),
    "month": ("a month", "每月"),
    "campaign": ("", "整个活动"),
}


class Say(Struct, frozen=True):
    """One reader's language, and what things are called in it. `asset` gives a title and the decimal places that
    people see, `thing` the title of a coupon or a gift by kind and ref, `mechanic` that of another mechanic of the
    campaign, `event` that of a type of event which a plan declares; `currency` is the asset that amounts of orders are
    in."""

    language: str
    zone: ZoneInfo
    asset: Callable[[str], tuple[str, int]]
    thing: Callable[[str, str], str]
    mechanic: Callable[[str], str]
    event: Callable[[str], str]
    currency: str = ""

    def __call__(self, en: str, zh: str, /, **data: object) -> str:
        """The sentence in the reader's language, with its data in place."""
        return template_of({"en": en, "zh-Hans": zh}, self.language).format(**data)

    def said(self, title: str | Mapping[Any, str], otherwise: str = "") -> str:
        """A title that a plan wrote, in the reader's language."""
        if isinstance(title, str):
            return title or otherwise
        if "en" in title or "zh-Hans" in title:
            return template_of(title, self.language)
        return next(iter(title.values()), otherwise)

    def listed(self, parts: Iterable[str]) -> str:
        """Several, one after another."""
        return self(", ", "、").join(parts)

    def number(self, amount: int, scale: int = 0) -> str:
        """A whole number of smallest units, as people write it."""
        if not scale:
            return f"{amount:,}"
        whole, part = divmod(amount, 10**scale)
        return f"{whole:,}" if not part else f"{whole:,}.{part:0{scale}d}"

    def amount(self, asset: str, low: int, high: int | None = None) -> str:
        """So much of an asset, or from `low` to `high`."""
        title, scale = self.asset(asset)
        if CHANCES in asset:
            return self("{count} × chance: {title}", "{title}机会 ×{count}", count=low, title=title)
        span = self.number(low, scale)
        if high is not None and high != low:
            span = f"{span}–{self.number(high, scale)}"
        title = self.unit(asset)
        if self.language == "en" and span == "1":
            title = title.removesuffix("s")
        return self("{span} {title}", "{span}{title}", span=span, title=title)

    def unit(self, asset: str) -> str:
        """What an asset is called within a sentence: `Top-up growth` has no capital there, and `New Year Coins` has."""
        title, _ = self.asset(asset)
        return title[:1].lower() + title[1:] if self.language == "en" and title[1:].islower() else title

    def money(self, amount: int) -> str:
        """So much of the campaign's currency."""
        return self.amount(self.currency, amount) if self.currency else self.number(amount, 2)

    def gift(self, gift: Gift) -> str:
        """One thing that is given."""
        if isinstance(gift, AssetGift):
            return self.amount(gift.asset, gift.low, gift.high)
        title = self.thing(gift.kind, gift.ref)
        if gift.kind == "membership":
            return self("{title} for {span}", "{title}{span}", title=title, span=self._span(gift))
        return title if gift.count == 1 else f"{title} ×{gift.count}"

    def _span(self, gift: ItemGift) -> str:
        """How long a membership runs."""
        months = self("1 month" if gift.months == 1 else "{n} months", "{n}个月", n=gift.months)
        days = self("1 day" if gift.days == 1 else "{n} days", "{n}天", n=gift.days)
        return self(" and ", "零").join(
            said for said, count in ((months, gift.months), (days, gift.days)) if count
        )

    def reward(self, reward: Reward) -> str:
        """Everything that a reward brings. What differs by member is said as one of several."""
        return self.listed(self._part(part) for part in reward.gifts) or self("nothing", "无")

    def _part(self, part: Gift | Choice) -> str:
        if not isinstance(part, Choice):
            return self.gift(part)
        ways = [self.listed(map(self.gift, each.gifts)) for each in part.variants if each.gifts]
        return self("; or, for others, ", "；或").join(dict.fromkeys(ways))

    def doing(self, types: Sequence[str]) -> str:
        """What a member does, by the types of event it may be."""
        return self(" or ", "或").join(dict.fromkeys(map(self._doing, types)))

    def _doing(self, type_: str) -> str:
        if type_ in DOINGS:
            return self(*DOINGS[type_])
        known = VOCABULARY.get(type_)
        title = template_of(known.title, self.language) if known is not None else self.event(type_)
        return self("reach “{title}”", "{title}", title=title)

    def per(self, period: str) -> str:
        """`a day`; empty for the whole campaign in English."""
        return self(*PERIODS[period])

    def day(self, day: date) -> str:
        return self(f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{day.year}年{day.month}月{day.day}日")

    def moment(self, at: datetime) -> str:
        """An instant in the campaign's time."""
        local = at.astimezone(self.zone)
        return f"{self.day(local.date())} {local:%H:%M}"

    def share(self, part: int, whole: int) -> str:
        """A share in per cent, to four places."""
        exact = part * 1_000_000 // whole
        text = f"{exact // 10_000}.{exact % 10_000:04d}".rstrip("0").rstrip(".")
        return f"{text}%" if exact or not part else "<0.0001%"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
