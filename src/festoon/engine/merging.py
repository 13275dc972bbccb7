"""Two accounts of one person become one: the event's subject stays, another member becomes part of him.

The one exception to "an event changes its subject's rows and nothing else": both members are locked, and all that is
kept of both is loaded, before this is decided. Balances move lot by lot; every mechanic says what becomes of its two
states; limits count what either was given. What is only re-keyed in the store (items, holds, timers, ids) is moved by
`engine/merged_rows.py`, in the transaction that writes this.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.effects import TWICE
from festoon.base.errors import Refused, define
from festoon.engine.apply import apply, close_grant, open_grant, start_lot_timers
from festoon.engine.arms import ARMS
from festoon.engine.aside import PROMISE, promise_id
from festoon.engine.listener import Listener
from festoon.engine.once import take_back_later
from festoon.engine.outcome import MechanicOutcome
from festoon.engine.posting import Posting
from festoon.engine.program import TOGETHER
from festoon.engine.progress import NOTHING, Progress
from festoon.engine.settle import settle
from festoon.engine.together import groups_of_both
from festoon.engine.view import EventView
from festoon.engine.wearing import WORN, both
from festoon.engine.world import Member, Trail
from festoon.ledger.book import NotLoaded, merge
from festoon.ledger.transfers import Transfer
from festoon.mechanics.base import NoState
from festoon.mechanics.promised import behind
from festoon.members.consents import of_both
from festoon.plan.compiled import CompiledCampaign

MERGE = "member.merged"
NOBODY = define("merge.unknown", 200, "there is no member '{member}'", "不存在会员“{member}”")
ONE_ALREADY = define(
    "merge.one_already", 200, "'{member}' is this member already", "“{member}”与该会员已是同一账号"
)
HOLD_IN_BOTH = define(
    "merge.hold_in_both",
    200,
    "both have an open hold '{hold}': post or release one of them first",
    "两个账号均有未结清的冻结“{hold}”，请先结清其一",
)


Over = dict[str, list[str]]
"""By mechanic, what both accounts were given and a person is given once; empty where it is its limit per member."""


class Merged(Struct, frozen=True):
    """Into whom, and who is no more."""

    into: Member
    gone: Member


class NotLocked(Exception):
    """A merge needs these other members locked, and its batch to itself."""

    def __init__(self, numbers: frozenset[int]) -> None:
        super().__init__(numbers)
        self.numbers = numbers


def merge_members(view: EventView) -> tuple[list[MechanicOutcome], list[Transfer]]:
    """Make the member whom the event names part of its subject; what was taken back stands behind what the merge itself
    has to say. Raises Refused, NotLoaded and NotLocked, and then nothing has changed."""
    gone = _other(view)
    over, back, transfers = absorb(view, gone)
    view.world.trail.append(_line(view, view.person, gone))
    note = {"member": gone.subject, "number": gone.number, **told(over)}
    return [MechanicOutcome(f"festoon/{MERGE}", note=note), *back], transfers


def told(over: Over) -> dict[str, Any]:
    """What an outcome says of that, if anything."""
    twice = {key: what for key, what in over.items() if what}
    return ({"over_limit": list(over)} if over else {}) | ({"twice": twice} if twice else {})


def absorb(view: EventView, gone: Member) -> tuple[Over, list[MechanicOutcome], list[Transfer]]:
    """Make another member, who is locked, part of the event's subject: what mechanics have now given more often than
    they may, what of that was taken back, and what moved. Raises Refused and NotLoaded, and then nothing has
    changed."""
    world, into = view.world, view.person
    for member in (into, gone):
        if not (member.complete or member.whole):
            raise NotLoaded("whole", member.number, "")
    in_both = {id for id, hold in into.holds.items() if hold is not None and gone.holds.get(id) is not None}
    if in_both:
        raise Refused(HOLD_IN_BOTH, hold=min(in_both))
    # From here on nothing refuses.
    into.absorbed = (*into.absorbed, gone.number, *gone.absorbed)
    transfers = merge(into.book, gone.book)
    _set_aside(into, gone)
    back: list[MechanicOutcome] = []
    over: Over = {}
    for key in sorted(_keys(gone)):
        _progress(view, gone, key, transfers, back, over)
    start_lot_timers(into)
    _profile(into, gone, view.program.campaigns.values())
    if world.complete:
        into.items |= gone.items
        into.holds |= gone.holds
    gone.changed = {}  # a timer of his may have changed it in this batch: no row of it stays to be written
    world.merged.append(Merged(into, gone))
    return over, back, transfers


def _line(view: EventView, into: Member, gone: Member) -> Trail:
    data, event = view.event.data, view.event
    return Trail(
        view.now,
        str(data.get("made_by") or event.source),
        MERGE,
        into.subject,
        {"into": into.number, "member": gone.subject, "number": gone.number},
        {"reason": data.get("reason"), "checked_by": data.get("checked_by"), "event": event.id},
    )


def _other(view: EventView) -> Member:
    named = view.event.data["member"]
    number = view.world.number_of(named)
    if number is None:
        raise Refused(NOBODY, member=named)
    if number == view.person.number:
        raise Refused(ONE_ALREADY, member=named)
    if not view.world.complete and number not in view.world.merging:
        raise NotLocked(frozenset({number}))
    return next(member for member in view.world.members.values() if member.number == number)


def _keys(member: Member) -> set[str]:
    """Every mechanic of which something is kept."""
    stored = {f"{campaign}/{mechanic}" for campaign, part in member.parts.items() for mechanic in part.states}
    return stored | {key for key, progress in member.progress.items() if progress is not None}


def _progress(
    view: EventView,
    gone: Member,
    key: str,
    transfers: list[Transfer],
    back: list[MechanicOutcome],
    over: Over,
) -> None:
    """Bring what is kept of one mechanic together. What that moves is added to the transfers, what is taken back told
    of in `back`, and in `over` when both together were given more than a person is, and still are."""
    into, theirs = view.person, gone.progress_of(key)
    campaign = key.partition("/")[0]
    if campaign not in into.parts and not into.complete:
        into.parts = {**into.parts, campaign: NOTHING}
    listener = view.program.by_key.get(key)
    assert theirs is not None, "it is among the member's keys"
    twice: list[str] = []
    ours = into.progress_to_change(key, theirs.version if listener is None else listener.version)
    _count(ours, theirs)
    if key == WORN:
        ours.state = both(ours.state, theirs.state, view.program.wardrobe)
    elif key == TOGETHER:
        ours.state = groups_of_both(ours.state, theirs.state, view)
    elif key.endswith(f"/{ARMS}"):
        ours.state = {**(theirs.state or {}), **(ours.state or {})}
    elif listener is None or listener.mechanic.State is NoState:
        ours.state = theirs.state if ours.state is None else ours.state
    elif theirs.state is not None:
        posting = _state(view, listener, ours, theirs, gone.number)
        transfers += apply(posting, view)
        twice = posting.note.get(TWICE, [])
    if listener is not None and listener.once:
        taken = take_back_later(view, gone, listener, ours, transfers)
        if taken is not None:
            back.append(taken)
            twice = []
    most = None if listener is None else listener.per_member
    if twice or (most is not None and ours.given > most):
        over[key] = twice


def _count(ours: Progress, theirs: Progress) -> None:
    """Limits count what either was given."""
    ours.given += theirs.given
    for name, count in theirs.periods.items():
        ours.periods = {**ours.periods, name: ours.periods.get(name, 0) + count}
    for name, amount in theirs.capped.items():
        ours.capped = {**ours.capped, name: ours.capped.get(name, 0) + amount}
    for name, granted in theirs.granted.items():
        ours.granted = {**ours.granted, name: [*ours.granted.get(name, []), *granted]}


def _state(view: EventView, listener: Listener, ours: Progress, theirs: Progress, number: int) -> Posting:
    """The mechanic says what becomes of the two states."""
    view.listener = listener
    mechanic = listener.mechanic
    kept = mechanic.State() if ours.state is None else ours.state
    return settle(listener, mechanic.merge(kept, theirs.state, number, view), view)


def _set_aside(into: Member, gone: Member) -> None:
    """Rewards that wait for a decision; what a mechanic has set aside it finds again by the number that stays."""
    known = into.open_grants()
    named = {(grant.owner, grant.name) for grant in known.values() if grant.why == PROMISE}
    for grant in sorted(gone.open_grants().values(), key=lambda grant: grant.name):
        close_grant(gone, grant.id)
        if grant.why == PROMISE:
            name = behind(grant.name, [name for owner, name in named if owner == grant.owner])
            grant = replace(grant, id=promise_id(grant.owner, name, into.number), name=name)
        open_grant(into, grant)


def _profile(into: Member, gone: Member, campaigns: Iterable[CompiledCampaign]) -> None:
    """What is known of both; where they differ, what is known of who stays. A consent that either refused is
    refused."""
    known = {**gone.profile, **into.profile}
    if "segments" in gone.profile and "segments" in into.profile:
        both = {*into.profile["segments"], *gone.profile["segments"]}
        known["segments"] = sorted(both.difference(*(_worse_parts(both, each) for each in campaigns)))
    into.profile = {**known, **of_both(into.profile, gone.profile)}
    dates = [at for at in (into.registered, gone.registered) if at is not None]
    into.registered = min(dates, default=None)
    into.personal = {**gone.personal, **into.personal}
    into.touched_profile = True


def _worse_parts(segments: Collection[str], campaign: CompiledCampaign) -> Iterator[str]:
    """Of the parts of a split a person is in one: the best that either account was in, until the next refresh."""
    for segment in campaign.segments:
        parts = [key for name in segment.names if (key := campaign.segment_keys[name]) in segments]
        yield from parts[1:]
