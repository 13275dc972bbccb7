"""A mechanic of a campaign as the engine asks it: everything that the chain looks at, one attribute away."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from festoon.base.rewards import Reward
from festoon.base.split import below
from festoon.base.times import FOREVER, days_in
from festoon.engine.progress import Progress
from festoon.engine.world import Member
from festoon.ledger.shapes import Shapes
from festoon.mechanics.base import Mechanic, Modifier
from festoon.plan.compiled import CompiledCampaign, CompiledMechanic, Rollout, SharedCap
from festoon.plan.rollout import PARTS

HOLDOUT_PARTS = 10_000


@cache
def _typed(state: type[Struct]) -> "msgspec.json.Decoder[Progress]":
    """A decoder of progress rows whose state has its type."""
    typed = msgspec.defstruct(f"{state.__name__}Progress", [("state", state | None, None)], bases=(Progress,))
    return msgspec.json.Decoder(typed)


class Boosts(dict[str, tuple[CompiledMechanic, ...]]):
    """The campaign's modifiers that may change what a mechanic gives, by asset; found when first asked for."""

    def __init__(self, modifiers: Iterable[CompiledMechanic], mechanic: str) -> None:
        super().__init__()
        self._modifiers = tuple(modifiers)
        self._mechanic = mechanic

    def __missing__(self, asset: str) -> tuple[CompiledMechanic, ...]:
        found = self[asset] = tuple(
            each
            for each in self._modifiers
            if isinstance(each.mechanic, Modifier) and each.mechanic.covers(self._mechanic, asset)
        )
        return found


class Opening:
    """Who takes part while a campaign opens bit by bit. A command takes over from the steps of the plan: from its time
    on theirs count no more."""

    def __init__(self, campaign: str, plan: Rollout, commanded: Sequence[tuple[datetime, int]]) -> None:
        until = min((since for since, _ in commanded), default=FOREVER)
        planned = [step for step in plan.steps if step[0] < until]
        self.steps = tuple(sorted((*planned, *commanded), reverse=True))
        self.testers = plan.testers
        self.salt = f"{campaign}/rollout"

    def share(self, at: datetime) -> int:
        """How many in ten thousand may take part at an instant."""
        return next((share for since, share in self.steps if since <= at), 0)

    def admits(self, subject: str, at: datetime) -> bool:
        """Whether a member may take part in what happened at an instant: by a stable hash, so that who is in stays in
        while the share grows."""
        share = self.share(at)
        return share >= PARTS or below(self.salt, subject, share, PARTS)


class Listener:
    """One mechanic of one campaign, with all that the chain asks of it at hand."""

    __slots__ = (
        "audience",
        "beside",
        "boosts",
        "campaign",
        "caps",
        "constant",
        "cost_short",
        "days",
        "decode",
        "end",
        "equal",
        "facts",
        "fixed",
        "for_all",
        "givers",
        "going",
        "group",
        "holdout",
        "key",
        "limited",
        "mechanic",
        "once",
        "opening",
        "paused",
        "per_member",
        "periods",
        "plain",
        "plan",
        "quota",
        "request",
        "risk",
        "salt",
        "segments",
        "sets_aside",
        "settle",
        "shapes",
        "shared_caps",
        "soles",
        "start",
        "undoing",
        "version",
        "warm_up",
        "when",
        "whole",
        "zone",
    )  # fmt: skip

    def __init__(
        self,
        campaign: CompiledCampaign,
        plan: CompiledMechanic,
        opening: Opening | None,
        shapes: Shapes,
        *,
        paused: frozenset[str] = frozenset(),
    ) -> None:
        """`paused` are the mechanics of the campaign that are, or `*`."""
        self.shapes = shapes
        self.plan = plan
        self.key = plan.key
        self.mechanic: Mechanic = plan.mechanic
        self.request = plan.mechanic.request
        self.whole = self.request if plan.mechanic.whole is None else plan.mechanic.whole
        self.when = plan.when.holds if plan.when else None
        self.equal: tuple[tuple[str, Any], ...] = plan.when.equalities if plan.when else ()
        self.paused = not paused.isdisjoint(("*", plan.id))
        self.for_all = not self.paused and opening is None
        """Whether it runs, and not bit by bit."""
        self.per_member = plan.limits.per_member
        self.periods = plan.limits.periods()
        self.beside = plan.beside
        self.undoing = plan.mechanic.undoing
        self.limited = self.per_member is not None or bool(self.periods)
        self.caps = plan.caps
        self.opening = opening
        self.cost_short = plan.short
        self.quota = plan.quota
        self.once = plan.merged == "take_back"
        """Whether what is given beyond the limit is taken back when two accounts are merged."""
        self.plain = not (
            campaign.risk or plan.quota or campaign.shared_caps or self.once or plan.short == "clip"
        )
        """Whether what it yields comes to what it gives, with nothing else to be asked."""
        self.constant: Any = None
        """What it comes to for every event, when that is so; filled by `settle`."""
        self.sets_aside = plan.mechanic.sets_aside or any(action == "hold" for _, action in plan.at_risk)
        self.boosts = Boosts((each for each in campaign.modifiers if each.id not in paused), plan.id)
        self.version = plan.mechanic.version
        self.fixed: dict[tuple[int, int], Any] = {}
        """What rewards that never vary come to, by the reward's place in memory and its times; filled by `settle`."""
        self.givers: dict[int, Any] = {}
        """Who gives amounts of an asset in its name, by the gift's place in memory; filled by `amounts`."""
        self.soles: dict[int, tuple[Reward, Any]] = {}
        """The same for rewards that are one such gift, by the reward's place in memory."""
        self.going: dict[Any, Any] = {}
        """What becomes of rewards that were set aside when they are given, by what they are and the day; filled by
        `aside`."""
        self.decode = _typed(plan.mechanic.State).decode
        self._belongs_to(campaign)

    def _belongs_to(self, campaign: CompiledCampaign) -> None:
        """What it has in common with the others of its campaign."""
        self.campaign = campaign
        schedule = campaign.schedule
        self.warm_up, self.start, self.end, self.settle = (
            schedule.warm_up, schedule.start, schedule.end, schedule.settle,
        )  # fmt: skip
        self.zone = campaign.zone
        self.days = days_in(campaign.zone)
        self.facts = campaign_facts(campaign)
        self.segments = campaign.segment_keys
        self.audience = campaign.audience.holds if campaign.audience else None
        self.holdout = campaign.holdout
        self.salt = campaign.salt.encode()
        self.group = campaign.group
        self.risk = campaign.risk
        self.shared_caps = _by_what(campaign.shared_caps)

    def concerns(self, data: Mapping[str, Any]) -> bool:
        """Whether an event's data has every value that the condition asks for outright."""
        return all(data.get(field) == value for field, value in self.equal)

    def holds_out(self, member: Member) -> bool:
        """Whether a member is in the campaign's hold-out: by a stable hash of the campaign's salt and his number."""
        held = member.held_out.get(self.salt)
        if held is None:
            held = holdout_bucket(self.salt, member.number) < self.holdout
            member.held_out = {**member.held_out, self.salt: held}
        return held


def _by_what(caps: Iterable[SharedCap]) -> dict[str, tuple[SharedCap, ...]]:
    found: dict[str, tuple[SharedCap, ...]] = {}
    for cap in caps:
        found[cap.of] = (*found.get(cap.of, ()), cap)
    return found


def campaign_facts(campaign: CompiledCampaign) -> dict[str, Any]:
    """What conditions may ask of a campaign: `id`, and its first and last local day."""
    last = campaign.schedule.end - timedelta(microseconds=1)
    return {
        "id": campaign.campaign,
        "start": campaign.schedule.start.astimezone(campaign.zone).date(),
        "end": last.astimezone(campaign.zone).date(),
    }


def holdout_bucket(salt: bytes, member: int) -> int:
    """A member's place among ten thousand, the same forever for the same salt."""
    digest = blake2b(member.to_bytes(8, "big"), digest_size=8, key=salt[:64]).digest()
    return int.from_bytes(digest, "big") % HOLDOUT_PARTS
