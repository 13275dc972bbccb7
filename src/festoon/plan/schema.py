"""The plan of a campaign as it is written: one YAML file, one struct.

`assemble.py` reads it, `check.py` finds what cannot work, `compile.py` makes it run. A plan is a value: two
files that say the same are equal, whatever their comments and order of keys.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from festoon.base.channels import ChannelName
from festoon.mechanics.limits import Cap, Limits, Merged, Short
from festoon.mechanics.reward_line import RewardLine
from festoon.plan.alerts_plan import AlertsPlan
from festoon.plan.consents_plan import ConsentPlan
from festoon.plan.learning_plan import Learning
from festoon.plan.risk_plan import RiskPlan
from festoon.plan.running import Communication, Competitor, Placement, Risk, Task
from festoon.plan.segments import Segment
from festoon.plan.things import Badge, Coupon, Goods, Membership, OwnAsset, VirtualItem
from festoon.plan.values import LocalTime, Moment, Money, Number, Share, Slug, Text

FORMAT = 1


TesterId = Annotated[str, Meta(min_length=1, max_length=200)]


class CalendarPlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Working days: China's official ones (`CN`) or Monday to Friday (`none`), with days of your own."""

    base: Literal["CN", "none"] = "none"
    off: list[LocalTime] = []
    """Days that are not worked, whatever the base says."""
    work: list[LocalTime] = []
    """Days that are worked, whatever the base says."""


class SchedulePlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """When the phases begin, in the plan's zone: a date at its first instant, `end` at its day's last."""

    start: LocalTime
    """From here on mechanics run."""
    end: LocalTime
    """The last day, to its end; or the minute."""
    warm_up: LocalTime | None = None
    """The campaign is announced; nothing is given yet. `start` when not said."""
    settle: LocalTime | None = None
    """Late events no longer count, the books are closed. Two weeks after the end when not said."""
    archive: LocalTime | None = None
    """A year after settling when not said."""


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
    """One of the built-in metrics, or a name of your own for one measured `outside`."""
    target: Number | None = None
    """What it should reach; money in the currency's usual unit."""
    lift: Share | None = None
    """How much more than its baseline; below zero for less."""
    baseline: Baseline | Window | None = None
    due: Moment = "end"
    horizon: Literal["short", "medium", "long"] = "short"
    outside: Outside | None = None


class Audience(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who may take part, and the share that is held out to compare with (chosen by a stable hash)."""

    when: str | None = None
    """A condition that a member who takes part must fulfil; everybody takes part without it."""
    holdout: Share | None = None
    """At most half, in steps of 0.01 %."""


class RolloutStep(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """From an instant on, a share of everybody may take part."""

    since: Moment = field(name="from")
    """When the step begins."""
    share: Share
    """Above 0 % and up to 100 %, in steps of 0.01 %; each step has more than the one before."""


class Rollout(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How a campaign opens bit by bit (灰度): to named testers first, then to a growing share of everybody."""

    testers: Annotated[list[TesterId], Meta(max_length=1000)] = []
    """External ids of members who may take part from the warm-up on, whoever the audience is, and are in no figure."""
    steps: list[RolloutStep] = []
    """When it opens for how many. Without steps, or until the first one, it waits for a command."""


class BudgetLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One line: an amount, and who pays it: `own`, or the name of a sponsor."""

    amount: Money
    source: Slug = "own"
    """Who pays: `own`, or the name of a sponsor."""
    title: Text = ""


class Budget(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What may be spent, by line. No grant can push a line past its amount."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="ISO 4217, such as `CNY`.")] = "CNY"
    lines: dict[Slug, Money | BudgetLine] = {}


AttributeName = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=64, description="A word, such as `kids`.")
]
AttributeKind = Literal["int", "number", "text", "bool", "date", "datetime", "texts"]


Weight = Annotated[int, Meta(ge=1, le=10_000)]


class Experiment(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An experiment (实验): members are in one of its arms by a stable hash, each arm as often as its weight says.
    Reward lines name it. Once published, arms and weights stay as they are, unless it `learns`."""

    title: Text = ""
    arms: Annotated[dict[Slug, Weight], Meta(min_length=2)]
    """The arms with their weights. The others are compared with the first."""
    learns: Learning | None = None
    """How the weights move to what works; they stay as they are without it."""


class SharedCap(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """At most `amount` a member a period over all campaigns whose plans name this cap. What it is of, its period and
    its zone are the same in all of them; each holds its own gifts to its own amount."""

    of: str
    """`points`, `growth` or the currency, in smallest units; or how many of a kind: `coupon`, `badge`, `item`, `gift`,
    `membership`."""
    amount: Annotated[int, Meta(ge=1)]
    per: Literal["day", "week", "month", "year"]
    """The calendar period of the event's own time."""
    over: Literal["clip", "refuse"] = "clip"
    """Give what is left, or refuse all that the mechanic does. Requests (draws, exchanges) and drawn prizes are always
    refused whole."""
    taken_back: Literal["frees", "counts"] = "frees"
    """What becomes of what counts when it is taken back: it counts no longer in the period it was given in, or it stays
    counted."""
    timezone: str = ""
    """The zone in which periods are counted; the plan's when not said."""


class Exclusive(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A group of campaigns of which a member takes part in one. One that was settled or stopped lets go of him."""

    group: Slug
    wins: Literal["first"] = "first"
    """Which one: the first that he takes part in."""


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
    """What it is; the other keys depend on it."""
    title: Text | None = None
    when: str | None = None
    """A condition on the event, the member and the campaign; without it every event counts."""
    who: Literal["members", "everyone"] = "members"
    """Whom it is for: members, or visitors before they register, too. What a visitor has counted and been given comes
    to the member that he turns out to be."""
    limits: Limits = Limits()
    """How often it may give."""
    caps: dict[str, Cap] = {}
    """How much of an asset a member may get from it, by asset."""
    short: Short = "refuse"
    """When a budget line cannot pay for a whole grant: refuse it, or give what the line can pay. What is paid, played
    or drawn for is always refused whole."""
    at_risk: dict[Slug, Literal["refuse", "hold", "allow"]] = {}
    """What happens to who has reached a threshold of the plan's `risk`: nothing is given, or it is held until somebody
    has looked at it. Who has reached none of them gets it."""
    merged: Merged = "keep"
    """When two accounts of one person are merged and both were given it: keep both, or take back what came later and is
    more than `limits.per_member`, as far as it is still there."""
    params: Any = None
    """The kind's own `Params`."""


class Criterion(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One question of the evaluation: a metric, judged at a moment by a method."""

    metric: str
    title: Text = ""
    at: Moment = "end + 1 week"
    """When it is judged."""
    target: Number | None = None
    method: Literal["before_after", "holdout", "target", "survey", "outside"] = "target"
    source: str = ""
    """Where the figure comes from, when it is not Festoon's own."""
    outside: Outside | None = None


class Plan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One campaign, from its reason to its evaluation."""

    festoon: Literal[1] = 1
    """The version of the plan format."""
    campaign: Slug
    """The campaign's id. It never changes."""
    title: Text
    background: Text = ""
    """Why this campaign: the situation, the reason, what was learnt before."""
    timezone: Annotated[
        str, Meta(description="An IANA zone, such as `Asia/Shanghai`. Days are counted in it.")
    ]
    calendar: Literal["CN", "none"] | CalendarPlan = "none"
    """Which days are worked."""
    schedule: SchedulePlan
    goals: list[Goal] = []
    """What the campaign should reach, by when."""
    audience: Audience = Audience()
    """Who may take part, and who is held out."""
    rollout: Rollout | None = None
    """How it opens bit by bit; to everybody at once without it."""
    budget: Budget = Budget()
    """What may be spent, by line."""
    assets: dict[Slug, OwnAsset] = {}
    """What can be counted: assets of the plan's own, and what `points` and `growth` cost."""
    coupons: dict[Slug, Coupon] = {}
    badges: dict[Slug, Badge] = {}
    items: dict[Slug, VirtualItem] = {}
    """Virtual items."""
    gifts: dict[Slug, Goods] = {}
    """Physical gifts."""
    memberships: dict[Slug, Membership] = {}
    """Memberships that rewards give days or months of. They are the platform's, so that days add up over campaigns."""
    wearing: dict[Slug, Annotated[int, Meta(ge=1, le=100)]] = {}
    """How many badges and items a member can wear at once, by place: three badges and one of anything else when not
    said."""
    attributes: dict[AttributeName, AttributeKind] = {}
    """What conditions may ask of a member besides what is known of everybody: `kids` is `member.kids`."""
    consents: dict[ChannelName, ConsentPlan] = {}
    """The channels for which members are asked whether they may be written to: `sms` is `member.consents.sms`."""
    segments: dict[str, Segment | str] = {}
    """The segments that conditions name: computed by Festoon, or kept by the platform."""
    exclusive: Exclusive | None = None
    """The group of campaigns of which a member takes part in one only."""
    risk: RiskPlan | None = None
    """What makes a member doubtful, and who is let in or kept out."""
    shared_caps: dict[Slug, SharedCap] = {}
    """What a member can get over all campaigns that name the cap."""
    experiments: dict[Slug, Experiment] = {}
    """What is tried out: arms that reward lines of any of the mechanics differ by."""
    rewards: dict[Slug, list[RewardLine]] = {}
    """Named bundles of what is given. A mechanic names one in `give`, or lists its own lines there."""
    events: dict[str, OwnEvent] = {}
    """Event types of the platform's own."""
    mechanics: dict[Slug, MechanicPlan] = {}
    """What members can do. Mechanics run in this order, each seeing what the earlier ones gave."""
    promotion: dict[Slug, Placement] = {}
    """Where the campaign is shown."""
    work: dict[Slug, Task] = {}
    """The work breakdown."""
    risks: dict[Slug, Risk] = {}
    """The risk register."""
    competitors: list[Competitor] = []
    """The competitor log."""
    alerts: AlertsPlan = AlertsPlan()
    """From when on people are told that something goes wrong with the campaign."""
    communication: Communication = Communication()
    """Who is told what, how and how often."""
    evaluation: dict[Slug, Criterion] = {}
    """How the campaign will be judged, each criterion at its own date."""
