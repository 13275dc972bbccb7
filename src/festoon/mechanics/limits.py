"""What every mechanic may be held to: how often it gives, how much of an asset, within what budget."""

from typing import Literal

from msgspec import Struct

from festoon.base.errors import define

LIMIT_MEMBER = define(
    "limit.per_member",
    200,
    "this can be had {limit} time(s), and has been",
    "每人限{limit}次，已达上限",
)
LIMIT_PERIOD = define(
    "limit.per_period",
    200,
    "this can be had {limit} time(s) {period}, and has been",
    "每人{period}限{limit}次，已达上限",
)
LIMIT_TOTAL = define("limit.total", 200, "all of these have been given", "名额已发完")
CAP_REACHED = define(
    "cap.reached",
    200,
    "at most {limit} {asset} {period}; that is reached",
    "{period}最多{limit}{asset}，已达上限",
)
SHARED_CAP = define(
    "cap.shared",
    200,
    "at most {limit} {of} {period} over all campaigns; that is reached",
    "各活动合计{period}最多{limit}{of}，已达上限",
)


class Limits(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How often a mechanic may give: per member over the whole campaign, per calendar period of the event's
    own time in the campaign's zone, and in total over all members."""

    per_member: int | None = None
    per_day: int | None = None
    per_week: int | None = None
    per_month: int | None = None
    total: int | None = None

    def periods(self) -> tuple[tuple[str, int], ...]:
        found = (("day", self.per_day), ("week", self.per_week), ("month", self.per_month))
        return tuple((period, limit) for period, limit in found if limit is not None)


class Cap(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """At most `amount` of an asset a member a period from one mechanic; what is over is cut or refused."""

    amount: int
    per: Literal["day", "week", "month", "campaign"] = "campaign"
    over: Literal["clip", "refuse"] = "clip"
    """Give what is left, or refuse all that the mechanic does. What is paid, played or drawn for is always refused
    whole; of a red packet the rest stays in the pool."""


Short = Literal["refuse", "clip"]
"""When a budget line cannot pay for a whole grant: refuse it, or give what the line can pay for."""

Merged = Literal["keep", "take_back"]
"""When two accounts of one person are merged and both were given it: keep both, or take back what is over the limit."""
