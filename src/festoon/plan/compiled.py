"""A compiled plan: everything the engine needs of a campaign, with names resolved and conditions made functions."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.expressions import Condition
from festoon.ledger.accounts import SharedAccount
from festoon.mechanics.base import Mechanic
from festoon.mechanics.limits import Cap, Limits


class Schedule(Struct, frozen=True):
    """The instants (UTC) at which a campaign's phases begin; `settle` is when late events stop counting."""

    warm_up: datetime
    start: datetime
    end: datetime
    settle: datetime


class Asset(Struct, frozen=True):
    """What can be counted. `expires` says that its grants may lapse, so that its balances are kept in lots."""

    code: str
    title: Mapping[str, str]
    scale: int = 0
    """Decimal places of the unit people see: 2 for CNY, whose smallest unit is the fen."""
    expires: bool = False


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
