"""What is given once a person, when two accounts turn out to be one person's and the plan wants one of two back.

Where the plan says `merged: take_back`, a mechanic's grants are kept with their time. When a merge brings together more
of them than the mechanic's limit, the later ones are taken back as far as they are still there.
"""

from collections import defaultdict
from typing import Any

from festoon.base.amounts import added
from festoon.base.effects import TakeBack
from festoon.base.events import derived_id
from festoon.engine.apply import put_item, start_lot_timers, stop_timer, take_waiting
from festoon.engine.aside import RISK
from festoon.engine.held import void
from festoon.engine.listener import Listener
from festoon.engine.outcome import MechanicOutcome
from festoon.engine.posting import Posting
from festoon.engine.progress import Granted, Progress
from festoon.engine.take_back import Back, granted_of, mark_of, take_back
from festoon.engine.together import uncount
from festoon.engine.view import EventView
from festoon.engine.world import ITEM_LAPSE, Item, Member
from festoon.ledger.book import post
from festoon.ledger.transfers import Transfer

ONCE = "once/"
"""Before the time of a grant, it is the name that the grant is kept under."""
BACK = "back/"
"""The same of one that was taken back."""
ALL = TakeBack("", 1, 1)


def remember_once(posting: Posting, view: EventView) -> None:
    """Keep what is given, to be taken back in a merge. What the mechanic itself keeps it takes back itself."""
    if not posting.counts or posting.granted or posting.remembers:
        return
    name = f"{ONCE}{view.now.isoformat()}/{derived_id(view.event.source, view.event.id)[:8]}"
    if posting.withheld is not None:
        posting.remembers = name
        return
    mark = mark_of(view.event, posting.listener.key)
    posting.granted = {name: granted_of(posting.given, mark, posting.listener, posting.drawn)}
    posting.aside = True


def take_back_later(
    view: EventView, gone: Member, listener: Listener, ours: Progress, transfers: list[Transfer]
) -> MechanicOutcome | None:
    """Of what both accounts were given beyond the limit, take the latest back. What that moves is added to the
    transfers; None when nothing is."""
    into, most = view.person, listener.per_member
    waits = [each for each in into.open_grants().values() if (each.owner, each.why) == (listener.key, RISK)]
    held = {name: each for each in waits if (name := each.data.get("remembers", "")).startswith(ONCE)}
    over = 0 if most is None else ours.given - most - (len(waits) - len(held))
    names = sorted(
        {*held, *(name for name in ours.granted if name.startswith(ONCE))}, reverse=True
    )[: max(over, 0)]  # fmt: skip
    if not names:
        return None
    ours.given -= len(names)
    for name in names:
        if name in held:
            transfers += void(view, held[name], {"reason": "merged"})[1]
    given = [(name, each) for name in names if name not in held for each in ours.granted[name]]
    backs = _backs(view, gone, listener, [each for _, each in given])
    others = {name: each for name, each in ours.granted.items() if name not in names}
    ours.granted = others | _taken_back(given, backs[0].kept)
    taken: dict[str, int] = {}
    lost: dict[str, int] = {}
    for back in backs:
        transfers += post(into.book, view.world.shared, back.moves, view.program.expiring)
        take_waiting(into, back.unpended)
        taken, lost = added(taken, back.taken), added(lost, back.lost)
        if back.freed:
            uncount(back.freed, view)
    start_lot_timers(into)
    note: dict[str, Any] = {"merged": gone.subject, "times": len(names)}
    return MechanicOutcome(listener.key, taken=taken, note={**note, "lost": lost} if lost else note)


def _taken_back(given: list[tuple[str, Granted]], kept: list[Granted]) -> dict[str, list[Granted]]:
    """What was taken back is still known under another name, so that nobody takes it back once more. `kept` are the
    amounts of it, as they are now."""
    amounts, found = iter(kept), defaultdict[str, list[Granted]](list)
    for name, each in given:
        found[BACK + name.removeprefix(ONCE)].append(each if each.item else next(amounts))
    return dict(found)


def _backs(view: EventView, gone: Member, listener: Listener, granted: list[Granted]) -> list[Back]:
    """What there is to take back: first the amounts, of who stays, who has them all by now; then things of whoever has
    them."""
    into = view.person
    backs = [take_back(into, [each for each in granted if not each.item], ALL, (), listener.key)]
    for owner in (into, gone):
        his = [each for each in granted if each.item and _owner(each.item, into, gone) is owner]
        back = take_back(owner, his, ALL, (), listener.key)
        backs.append(back)
        for item in back.items:
            _put_back(owner, into, item)
    return backs


def _owner(item: str, into: Member, gone: Member) -> Member:
    return into if into.item(item) is not None else gone


def _put_back(owner: Member, into: Member, item: Item) -> None:
    put_item(owner, item)
    stop_timer(into, f"{ITEM_LAPSE}/{item.id}")
