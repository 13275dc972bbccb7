"""The plan of a campaign as it is written: one YAML file, one struct.

`assemble.py` reads it, `check.py` finds what cannot work, `compile.py` makes it run. A plan is a value: two
files that say the same are equal, whatever their comments and order of keys.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from festoon.mechanics.base import RewardLine
from festoon.mechanics.limits import Cap, Limits, Short
from festoon.plan.running import Communication, Competitor, Placement, Risk, Task
from festoon.plan.things import Badge, Coupon, Goods, Membership, OwnAsset, VirtualItem
from festoon.plan.values import LocalTime, Moment, Money, Number, Share, Slug, Text

FORMAT = 1


class CalendarPlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Working days: China's official ones (`CN`) or Monday to Friday (`none`), with days of your own."""

    base: Literal["CN", "none"] = "none"
    off: list[LocalTime] = []
    work: list[LocalTime] = []


class SchedulePlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """When the phases begin, in the plan's zone: a date at its first instant, `end` at its day's last.

    `warm_up` is `start` when not said, `settle` two weeks after the end, `archive` a year after settling.
    """

    start: LocalTime
    end: LocalTime
    warm_up: LocalTime | None = None
    settle: LocalTime | None = None
    archive: LocalTime | None = None


class Outside(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A metric measured elsewhere (brand awareness by market research), and how it is shown to be true."""

    title: Text
    evidence: str
    unit: Literal["number", "money", "share", "score"] = "number"
    direction: Literal["up", "down"] = "up"


class Baseline(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What a goal is compared with: a `value` known beforehand, or the same metric over a stretch of time."""

    value: Number | None = None
    since: Moment | None = None
    until: Moment | None = None
    source: str = ""


Window = Annotated[
    str,
    Meta(
        pattern=r"^\d{1,4} days before (?:warm_up|start)$",
        description="The days just before a phase, such as `28 days before start`.",
    ),
]


class Goal(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A metric with what it should reach: an absolute `target`, or a `lift` over its baseline."""

    metric: str
    target: Number | None = None
    lift: Share | None = None
    baseline: Baseline | Window | None = None
    due: Moment = "end"
    horizon: Literal["short", "medium", "long"] = "short"
    outside: Outside | None = None


class Audience(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who may take part, and the share that is held out to compare with (chosen by a stable hash)."""

    when: str | None = None
    holdout: Share | None = None


class BudgetLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One line: an amount, and who pays it: `own`, or the name of a sponsor."""

    amount: Money
    source: Slug = "own"
    title: Text = ""


class Budget(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What may be spent, by line. No grant can push a line past its amount."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="ISO 4217, such as `CNY`.")] = "CNY"
    lines: dict[Slug, Money | BudgetLine] = {}


AttributeKind = Literal["int", "number", "text", "bool", "date", "datetime", "texts"]


class Segment(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A segment that conditions name with `member.segment(...)`: what it is, and where it comes from."""

    title: Text
    source: str = ""


class OwnEvent(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An event type that the platform sends and the built-in vocabulary does not have."""

    title: Text = ""
    trust: Literal["member", "platform"] = "platform"
    """Who may send it: a member's own token, or only the platform's key."""
    data: dict[str, Any] = field(default_factory=lambda: {"type": "object"})
    """JSON Schema of the event's `data`; intake checks it, conditions read its properties."""


class MechanicPlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A mechanic as the plan has it. In the file its parameters stand beside these keys."""

    kind: str
    title: Text | None = None
    when: str | None = None
    limits: Limits = Limits()
    caps: dict[str, Cap] = {}
    short: Short = "refuse"
    params: Any = None
    """The kind's own `Params`."""


class Criterion(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One question of the evaluation: a metric, judged at a moment by a method."""

    metric: str
    title: Text = ""
    at: Moment = "end + 1 week"
    target: Number | None = None
    method: Literal["before_after", "holdout", "target", "survey", "outside"] = "target"
    source: str = ""
    outside: Outside | None = None


class Plan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One campaign, from its reason to its evaluation."""

    festoon: Literal[1] = 1
    """The version of the plan format."""
    campaign: Slug
    title: Text
    background: Text = ""
    timezone: Annotated[str, Meta(description="An IANA zone, such as `Asia/Shanghai`.")]
    calendar: Literal["CN", "none"] | CalendarPlan = "none"
    schedule: SchedulePlan
    goals: list[Goal] = []
    audience: Audience = Audience()
    budget: Budget = Budget()
    assets: dict[Slug, OwnAsset] = {}
    coupons: dict[Slug, Coupon] = {}
    badges: dict[Slug, Badge] = {}
    items: dict[Slug, VirtualItem] = {}
    gifts: dict[Slug, Goods] = {}
    memberships: dict[Slug, Membership] = {}
    attributes: dict[str, AttributeKind] = {}
    """What conditions may ask of a member besides what is known of everybody: `{kids: int}`."""
    segments: dict[str, Segment | str] = {}
    rewards: dict[Slug, list[RewardLine]] = {}
    events: dict[str, OwnEvent] = {}
    mechanics: dict[Slug, MechanicPlan] = {}
    promotion: dict[Slug, Placement] = {}
    work: dict[Slug, Task] = {}
    risks: dict[Slug, Risk] = {}
    competitors: list[Competitor] = []
    communication: Communication = Communication()
    evaluation: dict[Slug, Criterion] = {}
