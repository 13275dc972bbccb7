"""Holding what a member at risk would get, until somebody has looked at it.

The mechanic's decision stands: a chance is used, a round is done, limits count. Only what would be given waits, with
its budget, stock and place, as one held reward for the event and the mechanic.
"""

from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from festoon.base.effects import Post
from festoon.base.events import derived_id
from festoon.base.rewards import Reward
from festoon.base.times import Lifetime, end_of_day, local_day
from festoon.engine.aside import RISK, close, held_up, promised, total_leg, with_places
from festoon.engine.posting import Posting
from festoon.engine.price import price_of
from festoon.engine.risk import judged
from festoon.engine.view import EventView
from festoon.engine.world import Aside, Grant
from festoon.ledger.set_aside import leg_of, set_aside


def withheld(posting: Posting, view: EventView) -> bool:
    """Whether what a posting gives is held. Raises Refused for who gets nothing."""
    return judged(posting, view).action == "hold"


def hold_up(posting: Posting, reward: Reward, times: int, give: Callable[[], None]) -> None:
    """Hold what `give` adds to a posting."""
    _more(posting, held_up(posting, reward, give))
    posting.decided = {**posting.decided, id(reward): posting.decided.get(id(reward), 0) + times}


def hold_stock(posting: Posting, take: Callable[[], None]) -> None:
    """Hold the units of a stock that belong to a reward."""
    before = len(posting.transfers)
    take()
    legs = tuple(leg_of(each, Lifetime()) for each in posting.cut(before))
    _more(posting, Aside(posting.listener.zone.key, legs))


def hold_reserved(posting: Posting, effect: Post, view: EventView) -> bool:
    """Hold on to what was set aside under a name; False when there is nothing."""
    grant = promised(posting, effect.name, view)
    if grant is None:
        return False
    close(posting, grant)
    posting.promised = posting.promised or bool(grant.aside.counted)
    posting.waiting += grant.aside.legs
    posting.decided = {
        **posting.decided, id(effect.reward): posting.decided.get(id(effect.reward), 0) + effect.times,
    }  # fmt: skip
    _more(posting, replace(grant.aside, counted=()))
    return True


def _more(posting: Posting, aside: Aside) -> None:
    """Put more to what is held."""
    known = posting.withheld
    if not aside.legs and not aside.items:
        return
    if known is None:
        posting.withheld = aside
        return
    posting.withheld = replace(
        known,
        legs=known.legs + aside.legs,
        given=known.given + aside.given,
        items=known.items + aside.items,
        capped={
            name: known.capped.get(name, 0) + aside.capped.get(name, 0)
            for name in known.capped.keys() | aside.capped.keys()
        },
        drawn=known.drawn + aside.drawn,
    )


def hold(posting: Posting, aside: Aside, view: EventView) -> None:
    """Keep what is held as one held reward."""
    listener, verdict = posting.listener, judged(posting, view)
    assert listener.risk is not None, "only who has rules holds"
    new = list(aside.legs)
    for leg in posting.waiting:
        new.remove(leg)
    if listener.quota and (place := total_leg(posting, posting.waiting)) is not None:
        new.append(place)
        aside = with_places(aside, place)
    id = derived_id("held", view.event.source, view.event.id, listener.key, view.number)
    lapses = None
    if listener.risk.lapse_days is not None:
        last = local_day(view.now, listener.zone) + timedelta(days=listener.risk.lapse_days)
        lapses = end_of_day(last, listener.zone)
    data = {**verdict.said, "then": listener.risk.then, "remembers": posting.remembers}
    data |= price_of(posting, view)
    posting.grants += (Grant(id, listener.key, RISK, "", view.now, lapses, aside, data),)
    posting.add(set_aside(new, listener.key))
    posting.held = [*posting.held, *aside.given]
    posting.note = {**posting.note, "hold": id, **verdict.said}
    posting.aside = True
