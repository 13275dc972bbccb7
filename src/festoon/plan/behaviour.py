"""What members did, as figures: what segments rank them by, and what a segment's condition may ask.

A figure is a declaration. Two interpreters read it: `audience/behaviour.py` over the facts, and
`engine/behaviour.py` event by event in back-tests; a property test holds the two together. Amounts are smallest
units of the campaign's currency, days are local days of its zone.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.expressions import INT, FieldType
from festoon.base.times import local_day, start_of_day

What = Literal["count", "days", "amount", "since"]


class Figure(Struct, frozen=True):
    """One figure of a member.

    `what` is counted over accepted events of `types`: the events, the distinct days, their amounts (those of
    `minus` taken off again), or how many days ago the last one was. No types: whatever he did himself.
    """

    name: str
    title: Mapping[str, str]
    what: What
    types: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All types that move it; empty for any of the member's own."""
        return (*self.types, *self.minus)


INTERACTIONS = ("content.published", "content.commented", "content.liked", "content.shared")


def _figure(name: str, what: What, en: str, zh: str, *types: str, minus: tuple[str, ...] = ()) -> Figure:
    return Figure(name, {"en": en, "zh-Hans": zh}, what, types, minus)


_ALL = (
    _figure("spend", "amount", "paid, less refunds", "支付金额（已减退款）", "order.paid", minus=("order.refunded",)),
    _figure("orders", "count", "orders paid", "支付订单数", "order.paid"),
    _figure("order_days", "days", "days with an order", "下单天数", "order.paid"),
    _figure("active_days", "days", "days on which he did anything", "活跃天数"),
    _figure("logins", "count", "logins", "登录次数", "member.logged_in"),
    _figure("login_days", "days", "days with a login", "登录天数", "member.logged_in"),
    _figure("posts", "count", "posts published", "发布数", "content.published"),
    _figure("comments", "count", "comments", "评论数", "content.commented"),
    _figure("likes", "count", "likes given", "点赞数", "content.liked"),
    _figure("shares", "count", "shares", "分享数", "content.shared"),
    _figure("interactions", "count", "posts, comments, likes and shares", "互动数", *INTERACTIONS),
    _figure("check_ins", "count", "check-ins", "签到次数", "check_in.made"),
    _figure("invites", "count", "invitations sent", "邀请次数", "invite.sent"),
    _figure("draws", "count", "draws played", "抽奖次数", "draw.played"),
    _figure("top_ups", "count", "top-ups", "充值次数", "topup.succeeded"),
    _figure("top_up_amount", "amount", "topped up", "充值金额", "topup.succeeded"),
    _figure("days_since_active", "since", "days since he did anything", "距上次活跃天数"),
    _figure("days_since_login", "since", "days since the last login", "距上次登录天数", "member.logged_in"),
    _figure("days_since_order", "since", "days since the last order", "距上次下单天数", "order.paid"),
)  # fmt: skip

FIGURES: Mapping[str, Figure] = {figure.name: figure for figure in _ALL}
"""Every figure by its name."""


RANKED = tuple(name for name, figure in FIGURES.items() if figure.what != "since")
"""Those that members can be put in order by: more is better."""


class Over(Struct, frozen=True):
    """The stretch of time a figure is taken over, up to an instant: so many local days before that instant's
    day (0: without end), or since the campaign began."""

    days: int = 0
    campaign: bool = False

    def since(self, at: datetime, start: datetime, zone: ZoneInfo) -> datetime | None:
        """The first instant that counts, always the start of a local day; None when all of the past does."""
        if self.campaign:
            return start_of_day(local_day(start, zone), zone)
        if not self.days:
            return None
        return start_of_day(local_day(at, zone) - timedelta(days=self.days), zone)


EVER = Over()


class Taken(Struct, frozen=True, order=True):
    """A figure over a stretch of time, as it is computed once for all segments that ask for it."""

    figure: str
    days: int = 0
    campaign: bool = False

    @property
    def over(self) -> Over:
        return Over(self.days, self.campaign)

    @property
    def column(self) -> str:
        """What it is called in a table."""
        return f"{self.figure}@{'campaign' if self.campaign else self.days}"


def taken(figure: str, over: Over) -> Taken:
    """A figure over a stretch. How long ago something was does not depend on one."""
    if FIGURES[figure].what == "since":
        over = EVER
    return Taken(figure, over.days, over.campaign)


def figure_fields() -> dict[str, FieldType]:
    """The figures as fields of a member; one that says how long ago something was may be missing."""
    return {name: INT.maybe() if figure.what == "since" else INT for name, figure in FIGURES.items()}
