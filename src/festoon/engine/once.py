"""What is given once a person, when two accounts turn out to be one person's and the plan wants one of two back.

Where the plan says `merged: take_back`, a mechanic's grants are kept with their time. When a merge brings together more
of them than the mechanic's limit, the later ones are taken back as far as they are still there.
"""

from typing import Any

from festoon.base.effects import TakeBack
from festoon.base.events import derived_id
from festoon.engine.apply import put_item, start_lot_timers, stop_timer, take_waiting
from festoon.engine.listener import Listener
from festoon.engine.outcome import MechanicOutcome
from festoon.engine.posting import Posting
from festoon.engine.progress import Granted, Progress
from festoon.engine.take_back import Back, granted_of, take_back
from festoon.engine.together import uncount
from festoon.engine.view import EventView
from festoon.engine.world import ITEM_LAPSE, Item, Member
from festoon.ledger.book import post
from festoon.ledger.transfers import Transfer

ONCE = "once/"
"""Before the time of a grant, it is the name that the grant is kept under."""
ALL = TakeBack("", 1, 1)
KEPT_BACK = "risk"


def remember_once(posting: Posting, view: EventView) -> None:
    """Keep what is given, to be taken back in a merge. What the mechanic itself keeps it takes back itself."""
    if not posting.counts or posting.granted or posting.remembers:
        return
    name = f"{ONCE}{view.now.isoformat()}/{derived_id(view.event.source, view.event.id)[:8]}"
    if posting.withheld is not None:
        posting.remembers = name
        return
    posting.granted = {name: granted_of(posting.given, posting.listener, posting.drawn)}
    posting.aside = True


def take_back_later(
    view: EventView, gone: Member, listener: Listener, ours: Progress, transfers: list[Transfer]
) -> MechanicOutcome | None:
    """Of what both accounts were given beyond the limit, take the latest back. What that moves is added to the
    transfers; None when nothing is."""
    into, most = view.person, listener.per_member
    held = sum(
        1 for grant in into.open_grants().values() if (grant.owner, grant.why) == (listener.key, KEPT_BACK)
    )
    over = 0 if most is None else ours.given - most - held
    names = sorted((name for name in ours.granted if name.startswith(ONCE)), reverse=True)[: max(over, 0)]
    if not names:
        return None
    granted = [each for name in names for each in ours.granted[name]]
    ours.granted = {name: each for name, each in ours.granted.items() if name not in names}
    ours.given -= len(names)
    taken: dict[str, int] = {}
    lost: dict[str, int] = {}
    for back in _backs(view, gone, listener, granted):
        transfers += post(into.book, view.world.shared, back.moves, view.program.expiring)
        take_waiting(into, back.unpended)
        for told, found in ((taken, back.taken), (lost, back.lost)):
            for asset, amount in found.items():
                told[asset] = told.get(asset, 0) + amount
        if back.freed:
            uncount(back.freed, view)
    start_lot_timers(into)
    note: dict[str, Any] = {"merged": gone.subject, "times": len(names)}
    return MechanicOutcome(listener.key, taken=taken, note={**note, "lost": lost} if lost else note)


def _backs(view: EventView, gone: Member, listener: Listener, granted: list[Granted]) -> list[Back]:
    """What there is to take back: amounts of who stays, who has them all by now, and things of whoever has them."""
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
