"""What the campaigns of a platform keep of a member together: what counts towards caps that several of them name, and
which campaign of an exclusion group has him.

It is stored as the campaigns' own progress is (amounts by cap and period, campaigns by group), so that it is covered by
the member's lock and comes together when two members become one; it is only read for mechanics of plans that ask for
it. Amounts are kept by the period of the event's own time, so that a late event counts where it belongs; who has a
member goes by when events were taken, since what was given first cannot be undone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from festoon.base.errors import Refused
from festoon.base.times import local_day, period_of
from festoon.engine.listener import Listener
from festoon.engine.outcome import Given
from festoon.engine.program import TOGETHER
from festoon.engine.view import EventView
from festoon.mechanics.limits import SHARED_CAP
from festoon.plan.compiled import SharedCap

KEPT = timedelta(days=40)
"""Periods that ended longer ago are forgotten: events that late are turned away."""

Drawn = dict[tuple[str, str], int]
"""Amounts by cap and period."""


def period(cap: SharedCap, view: EventView) -> str:
    """The period of a cap that the event lies in."""
    return period_of(local_day(view.time, cap.zone), cap.per)


def used(cap: SharedCap, within: str, view: EventView) -> int:
    """What counts already towards a cap in a period, of whatever campaign."""
    progress = view.person.progress_of(TOGETHER)
    return 0 if progress is None else progress.capped.get(f"{cap.name} {within}", 0)


def room(
    drawn: Drawn, listener: Listener, of: str, amount: int, view: EventView
) -> tuple[int, SharedCap | None]:
    """How much of an amount the caps leave, with what is already `drawn`, and the cap that leaves least of it.

    Raises Refused where a cap says so, and always for a request: what is paid, played or drawn for is given whole.
    """
    least, by = amount, None
    for cap in listener.shared_caps[of]:
        within = period(cap, view)
        left = max(cap.amount - used(cap, within, view) - drawn.get((cap.name, within), 0), 0)
        if left < least:
            if cap.over == "refuse" or listener.request or listener.whole:
                raise reached(cap)
            least, by = left, cap
    return least, by


def reached(cap: SharedCap) -> Refused:
    """The refusal of a cap."""
    return Refused(SHARED_CAP, cap=cap.name, limit=cap.amount, of=cap.of, period=cap.per)


def draw(drawn: Drawn, listener: Listener, of: str, amount: int, view: EventView) -> Drawn:
    """What is drawn with an amount more."""
    caps = [(cap.name, period(cap, view)) for cap in listener.shared_caps[of]]
    return {**drawn, **{cap: drawn.get(cap, 0) + amount for cap in caps}}


def count(drawn: Drawn, listener: Listener, view: EventView) -> None:
    """Let amounts count towards their caps."""
    progress = view.person.progress_to_change(TOGETHER)
    counted = dict(progress.capped)
    for (name, within), amount in drawn.items():
        key = f"{name} {within}"
        counted[key] = counted.get(key, 0) + amount
    progress.capped = _fresh(counted, listener, view)


def _fresh(counted: dict[str, int], listener: Listener, view: EventView) -> dict[str, int]:
    """Without what is too old to be asked for."""
    oldest = view.now - KEPT
    until = {
        cap.name: period_of(local_day(oldest, cap.zone), cap.per) for cap in listener.campaign.shared_caps
    }
    split = ((key, key.rpartition(" ")) for key in counted)
    return {key: counted[key] for key, (name, _, within) in split if within >= until.get(name, "")}


def uncount(drawn: Drawn, view: EventView) -> None:
    """Let amounts that did not come to be given, or were taken back, count no longer."""
    progress = view.person.progress_to_change(TOGETHER)
    counted = dict(progress.capped)
    for (name, within), amount in drawn.items():
        key = f"{name} {within}"
        if key in counted:
            counted[key] = max(counted[key] - amount, 0)
    progress.capped = counted


def counts_of(
    listener: Listener, given: Given, drawn: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Of the caps and periods that were drawn on, those that something given counts towards until it is taken back."""
    of = given.ref if given.kind == "asset" else given.kind
    caps = {cap.name for cap in listener.shared_caps.get(of, ()) if cap.frees}
    return tuple(cap for cap in drawn if cap[0] in caps) if caps else ()


def counts_at(listener: Listener, given: Given, time: datetime) -> tuple[tuple[str, str], ...]:
    """The same of something that was given for an event of that time."""
    of = given.ref if given.kind == "asset" else given.kind
    caps = listener.shared_caps.get(of, ())
    return tuple((cap.name, period_of(local_day(time, cap.zone), cap.per)) for cap in caps if cap.frees)


def held_by_another(listener: Listener, view: EventView) -> bool:
    """Whether another campaign of the group has the member. A campaign that was settled or stopped has nobody."""
    holder = _groups(view).get(listener.group, "")
    return holder not in ("", listener.campaign.campaign) and _has(listener.group, holder, view)


def _has(group: str, holder: str, view: EventView) -> bool:
    """Whether a campaign still has the members who took part in it."""
    campaign = view.program.campaigns.get(holder)
    return campaign is not None and campaign.group == group and view.now < campaign.schedule.settle


def groups_of_both(
    ours: Mapping[str, str] | None, theirs: Mapping[str, str] | None, view: EventView
) -> dict[str, str]:
    """The campaigns that have a person of two accounts, by group: that of the account that stays, unless only the
    other's still has him."""
    mine, yours = dict(ours or {}), dict(theirs or {})
    return yours | {
        group: holder
        for group, holder in mine.items()
        if group not in yours or _has(group, holder, view) or not _has(group, yours[group], view)
    }


def claim(listener: Listener, view: EventView) -> None:
    """From now on the member takes part in this campaign, and in no other of its group."""
    mine = listener.campaign.campaign
    groups = _groups(view)
    if groups.get(listener.group) != mine:
        view.person.progress_to_change(TOGETHER).state = {**groups, listener.group: mine}


def _groups(view: EventView) -> Mapping[str, str]:
    """The campaign that has the member, by group."""
    progress = view.person.progress_of(TOGETHER)
    return {} if progress is None or progress.state is None else progress.state
