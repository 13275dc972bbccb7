"""Apply a posting to the world: the ledger first, which may refuse it; then everything else, which cannot fail."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from festoon.base.errors import Refused
from festoon.base.times import FOREVER, period_of
from festoon.engine import arms, together
from festoon.engine.answered import answer
from festoon.engine.aside import ALL
from festoon.engine.listener import Listener
from festoon.engine.posting import KEEP_STATE, Posting
from festoon.engine.progress import Progress
from festoon.engine.view import EventView
from festoon.engine.waiting import Waiting, waiting_id, with_less, with_more
from festoon.engine.world import IN_HAND, ITEM_LAPSE, Grant, Item, Member, Timer
from festoon.ledger.accounts import holder_and_asset
from festoon.ledger.book import NOTHING_LEFT, post
from festoon.ledger.transfers import Transfer
from festoon.mechanics.limits import LIMIT_MEMBER, LIMIT_PERIOD, LIMIT_TOTAL

LOT_LAPSE = "festoon/lot"
HOLD_LAPSE = "festoon/hold"
GRANT_LAPSE = "festoon/grant"
KEPT_PERIODS = 62
"""How many days, weeks or months of limit counters are kept per mechanic; older ones cannot be asked for, because
an event that late is turned away."""


def apply(posting: Posting, view: EventView) -> Sequence[Transfer]:
    """Write a posting and return its transfers as they happened. Raises Refused when the ledger does, and then nothing
    has changed."""
    member = view.person
    done: Sequence[Transfer] = posting.transfers
    if done and not posting.shape.write(member.book, view.world.shared, done):
        done = posted(posting.listener, done, view, posting.leaving)
    if member.book.opened:
        start_lot_timers(member)
    if posting.aside:
        if posting.seen:
            arms.keep(posting, view)
        _beside(posting, view)
        if posting.given or posting.state is not KEEP_STATE or posting.granted or posting.counts:
            _keep_progress(posting, view)
    elif posting.given or posting.state is not KEEP_STATE:
        listener = posting.listener
        progress = _to_change(member, listener)
        if posting.given:
            count(progress, listener, view)
        if posting.state is not KEEP_STATE:
            progress.state = posting.state
    return done


def _to_change(member: Member, listener: Listener) -> Progress:
    """A member's progress with a mechanic, to be changed in place."""
    try:
        return member.changed[listener.campaign.campaign][listener.plan.id]
    except KeyError:
        return member.progress_to_change(listener.key, listener.version)


def posted(
    listener: Listener,
    transfers: Sequence[Transfer],
    view: EventView,
    leaving: Mapping[str, int] = NOTHING_LEFT,
) -> Sequence[Transfer]:
    """Write transfers of a mechanic that no short way wrote, and return them as they happened. Raises Refused."""
    try:
        return post(view.person.book, view.world.shared, transfers, view.program.expiring, leaving)
    except Refused as short:
        quota = listener.quota
        if quota and short.data.get("asset") == holder_and_asset(quota)[1]:
            raise Refused(LIMIT_TOTAL, limit=listener.plan.limits.total) from None
        raise


def _beside(posting: Posting, view: EventView) -> None:
    """Items, timers and messages; and what must be left of an account."""
    member = view.person
    if posting.leaving:
        leave = view.world.shared.leaving
        for account, leaving in posting.leaving.items():
            leave[account] = max(leaving, leave.get(account, 0))
    for item in posting.items:
        put_item(member, item)
        if item.expires < FOREVER and item.state in IN_HAND:
            start_timer(member, item_timer(item))
    _timers(posting, member)
    if posting.drawn:
        together.count(posting.drawn, posting.listener, view)
    if posting.undrawn:
        together.uncount(posting.undrawn, view)
    if posting.facts:
        member.profile = {**member.profile, **{fact.name: fact.value for fact in posting.facts}}
        member.touched_profile = True
    _grants(posting, view)
    if posting.messages:
        member.messages.extend(posting.messages)
    if posting.files:
        view.world.lists.write(posting.listener.key, posting.files)
    if posting.codes:
        view.world.codes.change(posting.codes)


def _timers(posting: Posting, member: Member) -> None:
    for other, timer in posting.started:
        if other is None:
            start_timer(member, timer)
        else:
            room = member.room()
            room.foreign_timers.append((other, timer))
            room.moved = True
    for id in posting.stopped:
        stop_timer(member, id)


def _grants(posting: Posting, view: EventView) -> None:
    """What is set aside, what no longer is, and what is pending."""
    member, listener = view.person, posting.listener
    for id in posting.closed:
        answer(close_grant(member, id), "undone", "", view)
    for grant in (*posting.grants, *posting.amended):
        open_grant(member, grant)
    if posting.pending:
        keep_waiting(member, listener.key, listener.zone.key, posting.pending, view.now)
    if posting.unpended:
        take_waiting(member, posting.unpended)


def take_waiting(member: Member, unpended: Mapping[tuple[str, str], int]) -> None:
    """Take amounts out of what waits to be ready, by hold and asset."""
    for (hold, asset), amount in unpended.items():
        left = with_less(member.open_grants()[hold], asset, amount)
        if left is None:
            close_grant(member, hold)
        else:
            open_grant(member, left)


def count(progress: Progress, listener: Listener, view: EventView) -> None:
    """Something was given. Nothing given uses up no limit."""
    progress.given += 1
    if listener.periods:
        progress.periods = _counted(progress.periods, listener, view.day)


def _count(progress: Progress, posting: Posting, view: EventView) -> None:
    """The same of a posting. What is set aside counts in the periods of the day on which it is, and no more when it is
    given."""
    promises = any(grant.aside.counted for grant in posting.grants)
    if posting.listener.periods and (promises or (posting.counts and not posting.promised)):
        progress.periods = _counted(progress.periods, posting.listener, view.day)
    if posting.counts:
        progress.given += 1
    for name in posting.uncounted:
        if name in progress.periods:
            progress.periods = {**progress.periods, name: max(progress.periods[name] - 1, 0)}


def _keep_progress(posting: Posting, view: EventView) -> None:
    """Count what was given, by limits and caps, and keep the mechanic's state."""
    listener, member = posting.listener, view.person
    progress = _to_change(member, listener)
    _count(progress, posting, view)
    if posting.capped and (posting.given or posting.grants):
        progress.capped = {**progress.capped, **posting.capped}
    if posting.uncapped:
        progress.capped = _uncapped(progress.capped, posting.uncapped)
    if posting.granted:
        progress.granted = {**progress.granted, **posting.granted}
    if posting.forgotten:
        progress.granted = {
            name: kept
            for name, kept in progress.granted.items()
            if name not in posting.forgotten or any(each.back for each in kept)
        }
    if posting.state is not KEEP_STATE:
        progress.state = posting.state


def _uncapped(capped: Mapping[str, int], amounts: Mapping[str, int]) -> dict[str, int]:
    """What counts towards caps without what did not come to be given."""
    return {**capped, **{name: max(capped.get(name, 0) - amount, 0) for name, amount in amounts.items()}}


def _counted(periods: Mapping[str, int], listener: Listener, day: date) -> dict[str, int]:
    """The counters of the periods that a day lies in, one further."""
    counted = dict(periods)
    for period, _ in listener.periods:
        name = period_of(day, period)
        counted[name] = counted.get(name, 0) + 1
    _forget_old(counted, day)
    return counted


def _forget_old(periods: dict[str, int], day: date) -> None:
    if len(periods) <= KEPT_PERIODS:
        return
    oldest = (day - timedelta(days=KEPT_PERIODS)).isoformat()
    for name in [name for name in periods if len(name) == len(oldest) and name < oldest]:
        del periods[name]


def put_item(member: Member, item: Item) -> None:
    room = member.room()
    room.items[item.id] = item
    if item.code is not None:
        room.items[f"code:{item.code}"] = item
    room.touched_items.add(item.id)


def start_timer(member: Member, timer: Timer) -> None:
    """Start a timer, or move the one of the same id."""
    room, id = member.room(), timer.id
    room.moved = True
    room.timers[id] = timer
    room.stopped.discard(id)
    if room.due:
        room.due = [due for due in room.due if due.id != id]


def stop_timer(member: Member, id: str) -> None:
    room = member.room()
    room.moved = True
    room.timers.pop(id, None)
    room.stopped.add(id)
    if room.due:
        room.due = [due for due in room.due if due.id != id]


def open_grant(member: Member, grant: Grant) -> None:
    """Keep what is set aside, until somebody decides on it or it lapses."""
    member.open_grants()[grant.id] = grant
    member.room().touched_grants.add(grant.id)
    if grant.lapses is not None:
        start_timer(member, grant_timer(grant, grant.lapses))


def keep_waiting(member: Member, owner: str, zone: str, more: Iterable[Waiting], now: datetime) -> None:
    """Keep amounts that are given and cannot be spent yet, until their time has come."""
    for each in more:
        known = member.open_grants().get(waiting_id(owner, each.ready, member.number))
        open_grant(member, with_more(known, owner, member.number, zone, each, now))


def close_grant(member: Member, id: str) -> Grant:
    """What was set aside is no longer; what it was."""
    grant = member.open_grants().pop(id)
    member.room().touched_grants.add(id)
    stop_timer(member, f"{GRANT_LAPSE}/{id}")
    return grant


def grant_timer(grant: Grant, lapses: datetime) -> Timer:
    """The timer of what nobody decides on."""
    return Timer(f"{GRANT_LAPSE}/{grant.id}", lapses, GRANT_LAPSE, grant.id, {"hold": grant.id})


def start_lot_timers(member: Member) -> None:
    """Start the lapse timers of lots that were not there before; grants that share a lot share its timer."""
    book = member.book
    for asset, expires in book.opened:
        if expires < FOREVER:
            start_timer(member, lot_timer(asset, expires))
    book.opened = ()


@lru_cache(4096)
def lot_timer(asset: str, expires: datetime) -> Timer:
    """The timer that lets a lot lapse."""
    name = f"{asset}@{expires.isoformat()}"
    return Timer(f"{LOT_LAPSE}/{name}", expires, LOT_LAPSE, name, {"asset": asset})


def item_timer(item: Item) -> Timer:
    """The timer that lets an unused item lapse."""
    return Timer(f"{ITEM_LAPSE}/{item.id}", item.expires, ITEM_LAPSE, item.id, {"item": item.id})


def limits_of(
    listener: Listener, progress: Progress, view: EventView, *, promised: bool = False
) -> tuple[str, int, str] | None:
    """The first limit that is used up, as (code, limit, period), or None. What was promised counts towards them until
    it is given; of that itself only what was given is asked, since two accounts of one person may have been promised
    more than a person can have."""
    most = listener.per_member
    if most is not None and progress.given + (0 if promised else _promises(listener, view)) >= most:
        return LIMIT_MEMBER, most, ""
    if promised:
        return None
    for period, limit in listener.periods:
        if progress.periods.get(period_of(view.day, period), 0) >= limit:
            return LIMIT_PERIOD, limit, period
    return None


def _promises(listener: Listener, view: EventView) -> int:
    """How often something is promised that counts towards limits when it is given."""
    if not listener.mechanic.sets_aside:
        return 0
    grants = view.person.open_grants().values()
    return sum(grant.owner == listener.key and ALL in grant.aside.counted for grant in grants)
