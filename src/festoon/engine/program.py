"""The program: every published campaign compiled and indexed by event type. Never changed, only replaced.

A process holds one program; each batch compares its version with the store's and reloads before deciding.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from festoon.base.learned import Policy
from festoon.base.vocabulary import VOCABULARY, DataCheck, DeclaredType, EventType
from festoon.engine.code_book import Batch, CodeBook, Common, Typed
from festoon.engine.listener import Listener, Opening
from festoon.engine.progress import Progress
from festoon.engine.wardrobe import Wardrobe
from festoon.engine.watch import watched
from festoon.ledger.shapes import Shapes
from festoon.mechanics.base import TIMER_DUE
from festoon.mechanics.fairness import EpochKey
from festoon.plan.compiled import Asset, CompiledCampaign
from festoon.plan.sense.typed import common_codes

TOGETHER = "festoon/together"
"""The key of the progress that all campaigns share."""
SEGMENT_TYPES = frozenset({"segment.entered", "segment.left"})
GRANTED = "reward.granted"
OWNERS = "owners"
"""Where a grant, and a timer that is started because of one, keep the mechanics behind them."""
_REQUESTS = frozenset(name for name, type_ in VOCABULARY.items() if type_.kind == "request")
_progress = msgspec.json.Decoder(Progress)


class NewerProgress(Exception):
    """A member's progress was written by a newer version of its mechanic than this process has: it is left alone."""


def _alone(campaigns: Iterable[CompiledCampaign]) -> dict[str, int]:
    """How much of an asset one person may change in a member's balance in a day: the strictest of what plans say."""
    found: dict[str, int] = {}
    for campaign in campaigns:
        for code, asset in campaign.assets.items():
            if asset.alone is not None:
                found[code] = min(asset.alone, found.get(code, asset.alone))
    return found


def _common(campaigns: Iterable[CompiledCampaign]) -> Iterator[Common]:
    """The codes that many may use, with the mechanics that they are of."""
    for campaign in campaigns:
        for each in common_codes(campaign):
            typed = Typed(each.code, each.shown, f"{campaign.campaign}/{each.mechanic}")
            yield Common(typed, campaign.schedule.start, campaign.schedule.end)


def _assets(campaigns: Iterable[CompiledCampaign]) -> dict[str, Asset]:
    """What can be counted, by code; of two campaigns that know one, it is kept in lots when it is for either."""
    found: dict[str, Asset] = {}
    for campaign in campaigns:
        for code, asset in campaign.assets.items():
            known = found.get(code)
            found[code] = asset if known is None or asset.expires else known
    return found


def declared_types(campaigns: Collection[CompiledCampaign]) -> dict[str, DeclaredType]:
    """The types that plans declare, by name. The earlier campaign's holds."""
    return {type_.name: type_ for campaign in reversed(list(campaigns)) for type_ in campaign.events}


class SharedSpec(Struct, frozen=True):
    """A shared account as the engine knows it."""

    key: str
    floor: int | None
    exact: bool
    id: int = 0


class Program:
    """What runs now."""

    def __init__(
        self,
        version: int,
        campaigns: Iterable[CompiledCampaign],
        *,
        shared_accounts: Iterable[SharedSpec] = (),
        epochs: Mapping[str, tuple[EpochKey, ...]] | None = None,
        paused: Mapping[str, frozenset[str]] | None = None,
        rolled_out: Mapping[str, Sequence[tuple[datetime, int]]] | None = None,
        batches: Iterable[Batch] = (),
        policies: Mapping[str, Sequence[Policy]] | None = None,
        secret: bytes = b"",
        rehearsal: bool = False,
    ) -> None:
        self.version = version
        self.campaigns = {campaign.campaign: campaign for campaign in campaigns}
        self.epochs, self.policies = epochs or {}, policies or {}
        """What experiments (`campaign/experiment`) have learned, the latest first."""
        self.secret = secret
        self.codes = CodeBook(batches, _common(self.campaigns.values()))
        self.rehearsal = rehearsal
        self.shared = {spec.key: spec for spec in shared_accounts}
        self.floors = {key: spec.floor for key, spec in self.shared.items()}
        self.committed = frozenset(key for key in self.shared if "/committed/" in key)
        self.exact = frozenset(spec.key for spec in self.shared.values() if spec.exact)
        self.assets = _assets(self.campaigns.values())
        self.expiring = frozenset(code for code, asset in self.assets.items() if asset.expires)
        self.shapes = Shapes(self.floors, self.exact, self.expiring)
        declared = declared_types(self.campaigns.values())
        self.declared = {name: DataCheck(type_) for name, type_ in declared.items()}
        """Checks of the types that plans declare; of two plans that declare the same one, the earlier's holds."""
        every: dict[str, EventType | DeclaredType] = {**declared, **VOCABULARY}
        self.personal = {name: type_.personal for name, type_ in every.items() if type_.personal}
        """The fields that never reach journal or facts, by type of event."""
        self.watch = watched(self.campaigns.values())
        self.hidden = frozenset[str]() if self.watch is None else self.watch.fields
        """The same of types that nobody declared."""
        if self.hidden:
            self.personal = {name: self.personal.get(name, frozenset()) | self.hidden for name in every}
        self.by_key: dict[str, Listener] = {}
        by_type: dict[str, list[Listener]] = {}
        self.testers: dict[str, tuple[str, ...]] = {}
        """The campaigns that a member tests, by his external id."""
        self.openings: dict[str, Opening] = {}
        for campaign in self.campaigns.values():
            opening = self._opening(campaign, (rolled_out or {}).get(campaign.campaign, ()))
            off = (paused or {}).get(campaign.campaign, frozenset())
            for plan in campaign.mechanics:
                listener = Listener(campaign, plan, opening, self.shapes, paused=off)
                self.by_key[plan.key] = listener
                for type_ in plan.types:
                    by_type.setdefault(type_, []).append(listener)
        self.alone = _alone(self.campaigns.values())
        self.request_types = _REQUESTS | frozenset(
            type_ for type_, found in by_type.items() if any(listener.request for listener in found)
        )
        self.by_type = {type_: _INDEXES.get(type_, Index)(listeners) for type_, listeners in by_type.items()}
        self.courses: dict[str, Any] = {}
        """What is done with an event of a type; filled by `decide`."""

    @cached_property
    def wardrobe(self) -> Wardrobe:
        """What members can wear where."""
        return Wardrobe.of(self.campaigns.values())

    @cached_property
    def followers(self) -> tuple[Listener, ...]:
        """The mechanics that listen to what others give."""
        return tuple(each for each in self.by_key.values() if GRANTED in each.plan.types and not each.request)

    @cached_property
    def adds(self) -> bool:
        """Whether anything is added to what is decided of an event."""
        return bool(self.followers or self.testers)

    def _opening(
        self, campaign: CompiledCampaign, commanded: Sequence[tuple[datetime, int]]
    ) -> Opening | None:
        if campaign.rollout is None:
            return None
        for subject in campaign.rollout.testers:
            self.testers[subject] = (*self.testers.get(subject, ()), campaign.campaign)
        opening = self.openings[campaign.campaign] = Opening(campaign.campaign, campaign.rollout, commanded)
        return opening

    def listeners(self, type_: str, data: Mapping[str, Any]) -> tuple[Listener, ...]:
        """The mechanics that an event may concern, in plan order."""
        if type_ == TIMER_DUE:
            return ()
        index = self.by_type.get(type_)
        return index.candidates(data).listeners if index is not None else ()

    def decode_progress(self, key: str, raw: str | msgspec.Raw) -> Progress:
        """Stored progress, with the mechanic's own state in its type. One that no longer runs stays raw."""
        listener = self.by_key.get(key)
        if listener is None:
            return _progress.decode(raw)
        made = listener.mechanic
        try:
            progress = listener.decode(raw)
            if progress.version == made.version:
                return progress
        except msgspec.ValidationError:
            pass  # an older version's shape, upgraded below
        progress = _progress.decode(raw)
        if progress.version > made.version:
            raise NewerProgress(key, progress.version, made.version)
        if progress.state is not None:
            upgraded = made.upgrade_state(progress.version, progress.state)
            progress.state = msgspec.convert(upgraded, made.State, strict=False)
        return progress


class Candidates:
    """The listeners that an event may concern, in plan order. `chain` is filled when they are first asked."""

    __slots__ = ("chain", "listeners")

    def __init__(self, listeners: Iterable[Listener] = ()) -> None:
        self.listeners = tuple(listeners)
        self.chain: Any = None


NOBODY = Candidates()


class Index:
    """The listeners of one event type. When many ask for one value of the same field (`event.topic == "tea"`), only
    those of the event's own value are looked at, so that a thousand mechanics cost what the matching ones cost."""

    def __init__(self, listeners: list[Listener]) -> None:
        self.field = _commonest_field(listeners)
        self.all = Candidates(listeners)
        self.by_value: dict[Any, Candidates] = {}
        self.rest = self.all
        if self.field is None:
            return
        wanted = {id(listener): _value(listener, self.field) for listener in listeners}
        self.rest = Candidates(listener for listener in listeners if wanted[id(listener)] is None)
        for value in {value for value in wanted.values() if value is not None}:
            self.by_value[value] = Candidates(
                listener for listener in listeners if wanted[id(listener)] in (None, value)
            )

    @property
    def always_all(self) -> bool:
        """Whether they are the same whatever is in an event."""
        return self.field is None

    def candidates(self, data: Mapping[str, Any]) -> Candidates:
        if self.field is None:
            return self.all
        value = data.get(self.field)
        return self.by_value.get(value, self.rest) if isinstance(value, str | int) else self.rest


class OwnSegments(Index):
    """The listeners of `segment.entered` or `segment.left`. One that a plan defines concerns its campaign alone:
    what another campaign, or the platform, calls by the same name is another segment."""

    def __init__(self, listeners: list[Listener]) -> None:
        super().__init__(listeners)
        self.by_campaign = {
            campaign: Index([listener for listener in listeners if listener.campaign.campaign == campaign])
            for campaign in {listener.campaign.campaign for listener in listeners}
        }
        self.by_platform = {
            name: Index([listener for listener in listeners if name not in listener.segments])
            for name in {name for listener in listeners for name in listener.segments}
        }
        """Who hears of a segment of the platform's, where the plans of others define one of that name."""

    @property
    def always_all(self) -> bool:
        return False

    def candidates(self, data: Mapping[str, Any]) -> Candidates:
        campaign = data.get("campaign")
        if campaign is None:
            others = self.by_platform.get(data["segment"])
            return super().candidates(data) if others is None else others.candidates(data)
        own = self.by_campaign.get(campaign)
        return NOBODY if own is None else own.candidates(data)


class OwnGrants(Index):
    """The listeners of `reward.granted`. A grant concerns its own campaign, and who asks of which campaign it is."""

    def __init__(self, listeners: list[Listener]) -> None:
        super().__init__(listeners)
        asking = {id(each) for each in listeners if each.plan.when and _CAMPAIGN in each.plan.when.reads}
        self.others = Index([each for each in listeners if id(each) in asking])
        self.by_campaign = {
            campaign: Index(
                [each for each in listeners if each.campaign.campaign == campaign or id(each) in asking]
            )
            for campaign in {each.campaign.campaign for each in listeners}
        }

    @property
    def always_all(self) -> bool:
        return False

    def candidates(self, data: Mapping[str, Any]) -> Candidates:
        return self.by_campaign.get(str(data.get("campaign")), self.others).candidates(data)


_CAMPAIGN = "event.campaign"
_INDEXES: Mapping[str, type[Index]] = {**dict.fromkeys(SEGMENT_TYPES, OwnSegments), GRANTED: OwnGrants}


MANY = 8
"""Below this many listeners of one type an index saves nothing."""


def _commonest_field(listeners: list[Listener]) -> str | None:
    counts: dict[str, int] = {}
    for listener in listeners:
        for field, _ in listener.equal:
            counts[field] = counts.get(field, 0) + 1
    best = max(counts, key=lambda field: counts[field], default=None)
    return best if best is not None and counts[best] >= MANY else None


def _value(listener: Listener, field: str) -> Any:
    return next((value for name, value in listener.equal if name == field), None)


def epoch_at(epochs: tuple[EpochKey, ...], now: datetime) -> EpochKey | None:
    """The seed epoch that is open at an instant."""
    return next((epoch for epoch in epochs if epoch.opens <= now < epoch.closes), None)
