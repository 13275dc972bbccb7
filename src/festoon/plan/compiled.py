"""A compiled plan: everything the engine needs of a campaign, names resolved, conditions made functions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.expressions import Condition
from festoon.base.learned import Learned
from festoon.base.rewards import FREE, Cost
from festoon.base.split import Split
from festoon.base.times import FOREVER
from festoon.base.vocabulary import DeclaredType
from festoon.ledger.accounts import SharedAccount
from festoon.mechanics.base import Mechanic
from festoon.mechanics.limits import Cap, Limits, Merged
from festoon.members.profile import TYPES as PROFILES
from festoon.plan.alerts_plan import AlertsPlan
from festoon.plan.rhythm import Rhythm
from festoon.plan.segment_compiled import CompiledSegment

WHO_HE_IS = PROFILES | {"member.merged"}
"""The types of events that say who a member is."""


class Schedule(Struct, frozen=True):
    """The instants (UTC) at which a campaign's phases begin; `settle` is when late events stop counting."""

    warm_up: datetime
    start: datetime
    end: datetime
    settle: datetime
    archive: datetime = FOREVER


class Asset(Struct, frozen=True):
    """What can be counted. `expires` says that its grants may lapse, so its balances are kept in lots."""

    code: str
    title: Mapping[str, str]
    scale: int = 0
    """Decimal places of the unit people see: 2 for CNY, whose smallest unit is the fen."""
    expires: bool = False
    alone: int | None = None
    """How much of a member's balance one person may change in a day, in its smallest unit."""
    cost: Cost = FREE
    """What one smallest unit costs, as the plan says."""


class Thing(Struct, frozen=True):
    """What people call something that can be given, by its kind and `ref`, and what it costs the budget."""

    kind: str
    ref: str
    title: Mapping[str, str]
    cost: int = 0
    line: str = ""
    wear: str = ""
    """Where it can be worn, or ""."""


class Line(Struct, frozen=True):
    """A budget line: the shared account of what is left, the amount in smallest units, and who pays."""

    name: str
    account: str
    amount: int
    source: str
    title: Mapping[str, str]


class Learns(Struct, frozen=True):
    """How an experiment learns: what choosing an arm takes, and what counts as success (an event of these types for
    which `when` holds, up to `within` after the arm was first seen). `floor` is the least propensity."""

    choosing: Learned
    types: tuple[str, ...]
    when: Condition | None
    within: timedelta
    floor: int
    rhythm: Rhythm
    titles: Mapping[str, Mapping[str, str]]
    """What people call the contexts."""


class Experiment(Struct, frozen=True):
    """An experiment: how members are put into its arms, and what people call it."""

    name: str
    title: Mapping[str, str]
    split: Split
    learns: Learns | None = None
    keeps: bool = False
    """Whether a member stays in the arm that he saw first, because what it follows from can change: what is learned, or
    a visitor's id when he registers."""


class Rollout(Struct, frozen=True):
    """Who takes part while a campaign opens bit by bit: testers by external id, and from each instant on so many
    members in ten thousand. Steps are in order."""

    testers: frozenset[str]
    steps: tuple[tuple[datetime, int], ...]


class SharedCap(Struct, frozen=True):
    """At most `amount` a member a period over all campaigns that name it. `of` is an asset, or a kind of item."""

    name: str
    of: str
    amount: int
    per: str
    over: str
    zone: ZoneInfo
    frees: bool = True
    """Whether what is taken back counts no longer."""


class Consent(Struct, frozen=True):
    """A channel that members are asked about: what it is called, and the text with its version."""

    channel: str
    title: Mapping[str, str]
    text: Mapping[str, str] = {}
    wording: str = ""


class CompiledMechanic(Struct, frozen=True):
    """A mechanic with what the plan holds it to."""

    id: str
    key: str
    """`campaign/mechanic`: how its progress is stored, so that a new version of the plan carries it on."""
    mechanic: Mechanic
    types: tuple[str, ...]
    when: Condition | None
    limits: Limits
    caps: Mapping[str, Cap]
    short: str
    quota: str
    """The shared account behind `limits.total`, or ""."""
    title: Mapping[str, str]
    fields: frozenset[str] | None = None
    """The fields of event data it looks at, dotted; None when it cannot say."""
    beside: tuple[str, ...] = ()
    """Of `types`, those that bring to an end what another began: they count until the campaign is settled."""
    everyone: bool = False
    """Whether visitors count for it as members do."""
    at_risk: tuple[tuple[int, str], ...] = ()
    """What happens from how many points on (`refuse`, `hold`, `allow`), highest first."""
    merged: Merged = "keep"
    """What becomes of what is beyond `limits.per_member` when two accounts are one person's."""

    @property
    def awaits(self) -> tuple[str, ...]:
        """Of `types`, those that are missed when they do not come: a profile that is only read again need not."""
        return tuple(type for type in self.types if type not in self.beside or type not in WHO_HE_IS)


class RiskRule(Struct, frozen=True):
    """Points for a member of whom a condition holds."""

    id: str
    points: int
    when: Condition


class RiskList(Struct, frozen=True):
    """Members by external id, and segments."""

    members: frozenset[str] = frozenset()
    segments: tuple[str, ...] = ()


class Risk(Struct, frozen=True):
    """The risk part of a plan, ready to run. `days` is how long it counts where a member was seen; `lapse_days` and
    `then` are what becomes of what nobody decides on (None: it waits); `asks` are the signals its rules look at."""

    rules: tuple[RiskRule, ...]
    block: RiskList
    allow: RiskList
    lapse_days: int | None
    then: str
    days: int = 30
    asks: frozenset[str] = frozenset()


class CompiledCampaign(Struct, frozen=True):
    """One published campaign, ready to run."""

    campaign: str
    version: int
    title: Mapping[str, str]
    zone: ZoneInfo
    schedule: Schedule
    audience: Condition | None
    holdout: int
    """Members per ten thousand who never see the campaign, chosen by a stable hash."""
    salt: str
    mechanics: tuple[CompiledMechanic, ...]
    """Those that decide, in plan order."""
    modifiers: tuple[CompiledMechanic, ...]
    assets: Mapping[str, Asset]
    shared: tuple[SharedAccount, ...]
    randomness: Mapping[str, str]
    """Per drawing mechanic, the public randomness its seeds are mixed with, named beforehand; "" for none."""
    currency: str = ""
    lines: Mapping[str, Line] = {}
    things: Mapping[str, Thing] = {}
    """Coupons, badges, items, gifts and memberships by `kind:ref`, for whoever shows them."""
    wearing: Mapping[str, int] = {}
    """How many things can be worn at once, by place."""
    consents: tuple[Consent, ...] = ()
    """The channels that members are asked about, in plan order."""
    segments: tuple[CompiledSegment, ...] = ()
    """The segments that Festoon computes."""
    segment_keys: Mapping[str, str] = {}
    """How profiles name those segments, by the name that conditions ask for."""
    events: tuple[DeclaredType, ...] = ()
    """The event types that the plan declares itself; intake checks them."""
    experiments: Mapping[str, Experiment] = {}
    """By name, in plan order."""
    risk: Risk | None = None
    shared_caps: tuple[SharedCap, ...] = ()
    group: str = ""
    """The exclusion group, or ""."""
    rollout: Rollout | None = None
    alerts: AlertsPlan = AlertsPlan()
    kinds: Mapping[str, int] = {}
    """The version of every mechanic kind used, to be stored beside the plan's text for a later `upgrade`."""

    @property
    def stocks(self) -> tuple[SharedAccount, ...]:
        """The stocks that people are shown: of coupons, gifts and items, and of a mechanic's own, such as a draw's
        prizes, but for those it only counts by."""
        prefix = f"{self.campaign}/stock/"
        counters = frozenset[str]().union(*(each.mechanic.counters() for each in self.mechanics))
        return tuple(
            account
            for account in self.shared
            if account.source and account.asset.startswith(prefix) and account.key not in counters
        )
