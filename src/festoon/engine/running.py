"""Run one mechanic for one event that concerns it: limits, decision, settlement, posting. A refusal leaves nothing.

There are short ways beside the whole one, and they come to the same. `way_of` makes a function of a mechanic, with all
at hand that depends on the plan alone, for what most mechanics come to with most events: an amount or a reward that
never varies, a new state, a note. As soon as there is anything else in it, the event goes the whole way.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from festoon.base.effects import Amount, Effect, Give, Keep, Note
from festoon.base.errors import Refused
from festoon.base.events import Event
from festoon.engine.amounts import NO_MOVES, Giver, Moves, sole_giver
from festoon.engine.apply import apply, count, limits_of, posted, start_lot_timers
from festoon.engine.listener import Listener
from festoon.engine.outcome import MechanicOutcome, Refusal, gave
from festoon.engine.posting import Posting
from festoon.engine.progress import Progress
from festoon.engine.settle import settle
from festoon.engine.together import claim
from festoon.engine.view import EventView
from festoon.engine.world import Member
from festoon.ledger.shapes import Shape
from festoon.ledger.transfers import Transfer
from festoon.mechanics.limits import LIMIT_MEMBER

Way = Callable[[EventView, list[Transfer]], MechanicOutcome | None]
"""How one mechanic is run: it adds to the transfers of the event, and says what came of it."""
Write = Callable[[Sequence[Transfer], Shape, EventView, list[Transfer]], None]
NOT_YET: Any = object()


def run(listener: Listener, view: EventView, transfers: list[Transfer]) -> MechanicOutcome | None:
    """The whole way. A verdict is asked for what it gives, and not whether it may come."""
    verdict = listener.mechanic.sets_aside and view.event.type in listener.beside
    if listener.limited and not verdict and (reached := limit_reached(listener, view)):
        return reached
    try:
        posting = settle(listener, listener.mechanic.decide(view.event, view), view)
        if listener.limited and verdict and (reached := limit_of(posting, view)):
            return reached
        transfers += apply(posting, view)
    except Refused as no:
        return MechanicOutcome(listener.key, refused=Refusal(no.code, no.data))
    return told(posting, view)


def told(posting: Posting, view: EventView) -> MechanicOutcome | None:
    """What a posting is told of as; None when there is nothing to tell."""
    given, taken, note = posting.given, posting.taken, posting.note
    if given or note or taken or posting.variants or posting.held:
        listener = posting.listener
        if listener.group:
            claim(listener, view)
        return MechanicOutcome(
            listener.key, given, taken, note, None, posting.variants, posting.held, posting.sights
        )
    return None


def limit_reached(listener: Listener, view: EventView) -> MechanicOutcome | None:
    """The refusal of the first limit that is used up, or None; what is undone is not limited."""
    if view.event.type in listener.undoing:
        return None
    progress = view.person.progress_of(listener.key)
    found = None if progress is None else limits_of(listener, progress, view)
    return None if found is None else _limited(listener.key, *found)


def limit_of(posting: Posting, view: EventView) -> MechanicOutcome | None:
    """The refusal of what a verdict or a timer would give, or set aside, beyond a limit; what was promised counts
    from when it was set aside, and is given."""
    listener = posting.listener
    progress = view.person.progress_of(listener.key)
    if progress is None or not (posting.counts or posting.grants):
        return None
    found = limits_of(listener, progress, view, promised=posting.promised)
    return None if found is None else _limited(listener.key, *found)


@lru_cache(4096)
def _limited(key: str, code: str, limit: int, period: str) -> MechanicOutcome:
    """The same few refusals, again and again."""
    return MechanicOutcome(key, refused=Refusal(code, {"limit": limit, "period": period}))


def way_of(listener: Listener) -> Way:
    """How a mechanic is run: by a short way, unless rules about risk, shared caps or groups may have a say, or what is
    given is kept to be taken back."""
    if listener.risk is not None or listener.shared_caps or listener.group or listener.once:
        return partial(run, listener)
    if listener.limited and listener.mechanic.sets_aside:
        return partial(run, listener)
    if listener.mechanic.amount is not None:
        giver = sole_giver(listener, listener.mechanic.amount[0])
        if giver is not None:
            return _way_of_amounts(listener, giver, listener.mechanic.amount[1])
    if listener.mechanic.always is not None:
        return _way_of_the_same(listener)
    return _way_of_effects(listener)


def _way_of_amounts(listener: Listener, giver: Giver, amount_of: Callable[[Event, Any], int]) -> Way:
    """For who yields an amount of one reward, and nothing else."""
    key, reached, ready, write = listener.key, _limiting(listener), giver.ready, _writing(listener)

    def way(view: EventView, transfers: list[Transfer]) -> MechanicOutcome | None:
        if reached is not None and (refused := reached(view)) is not None:
            return refused
        try:
            amount = amount_of(view.event, view)
            if not amount:
                return None
            moves, shape, given = ready(amount, 1, view)
            if not given:
                return None
            write(moves, shape, view, transfers)
        except Refused as no:
            return MechanicOutcome(key, refused=Refusal(no.code, no.data))
        return gave(key, given)

    return way


def _way_of_the_same(listener: Listener) -> Way:
    """For who always yields the same: once it has turned out to come to the same, that is written, and told, again."""
    reached, changed = _limiting(listener), _changing(listener)
    same: list[MechanicOutcome] = []

    def way(view: EventView, transfers: list[Transfer]) -> MechanicOutcome | None:
        if reached is not None and (refused := reached(view)) is not None:
            return refused
        posting = listener.constant
        if posting is None or not posting.given:
            return run(listener, view, transfers)
        moves, person = posting.transfers, view.person
        if not posting.shape.write(person.book, view.world.shared, moves):
            try:
                moves = posted(listener, moves, view)
            except Refused as no:
                return MechanicOutcome(listener.key, refused=Refusal(no.code, no.data))
        transfers += moves
        if person.book.opened:
            start_lot_timers(person)
        if not same:
            same.append(gave(listener.key, posting.given))
        count(changed(person), listener, view)
        return same[0]

    return way


def _way_of_effects(listener: Listener) -> Way:
    """For who yields what he likes, as long as that is a new state, a note, and one thing that he gives."""
    key, decide = listener.key, listener.mechanic.decide
    reached, changed, write = _limiting(listener), _changing(listener), _writing(listener)
    simple = {Amount: partial(_amount, listener), Give: partial(_reward, listener)}

    def way(view: EventView, transfers: list[Transfer]) -> MechanicOutcome | None:
        if reached is not None and (refused := reached(view)) is not None:
            return refused
        gives: Effect | None = None
        keeps: Keep | None = None
        notes: Note | None = None
        found: Moves = NO_MOVES
        try:
            effects = decide(view.event, view)
            for effect in effects:
                kind = type(effect)
                if kind is Keep:
                    keeps = effect  # type: ignore[assignment]
                elif kind is Note and notes is None:
                    notes = effect  # type: ignore[assignment]
                elif gives is None and kind in simple and (more := simple[kind](effect, view)) is not None:
                    gives, found = effect, more
                else:
                    if iter(effects) is effects:  # a generator, of which some is gone
                        begun = [each for each in (gives, notes, keeps, effect) if each is not None]
                        effects = chain(begun, effects)
                    return _long_way(listener, effects, view, transfers)
            moves, shape, given = found
            if given:
                write(moves, shape, view, transfers)
        except Refused as no:
            return MechanicOutcome(key, refused=Refusal(no.code, no.data))
        if keeps is not None:
            changed(view.person).state = keeps.state
        if notes is not None and notes.data:
            return gave(key, given, notes.data)
        return gave(key, given) if given else None

    return way


def _long_way(
    listener: Listener, effects: Iterable[Effect], view: EventView, transfers: list[Transfer]
) -> MechanicOutcome | None:
    """The whole way for effects that turn out not to be simple; those looked at have changed nothing yet. Raises
    Refused."""
    posting = settle(listener, effects, view)
    transfers += apply(posting, view)
    return told(posting, view)


def _limiting(listener: Listener) -> Callable[[EventView], MechanicOutcome | None] | None:
    """What says which limit is used up; None where there is none."""
    if not listener.limited:
        return None
    most = listener.per_member
    if most is None or listener.periods or listener.undoing:
        return partial(limit_reached, listener)
    key, over = listener.key, _limited(listener.key, LIMIT_MEMBER, most, "")

    def reached(view: EventView) -> MechanicOutcome | None:
        progress = view.person.progress_of(key)
        return over if progress is not None and progress.given >= most else None

    return reached


def _changing(listener: Listener) -> Callable[[Member], Progress]:
    """What gives a member's progress with a mechanic, to be changed in place."""
    key, version, campaign, id = listener.key, listener.version, listener.campaign.campaign, listener.plan.id

    def changed(person: Member) -> Progress:
        written = person.changed.get(campaign)
        progress = None if written is None else written.get(id)
        return person.progress_to_change(key, version) if progress is None else progress

    return changed


def _writing(listener: Listener) -> Write:
    """What writes transfers that give something, and counts that it was given. It raises Refused, and then nothing has
    changed."""
    changed, periods = _changing(listener), listener.periods

    def write(moves: Sequence[Transfer], shape: Shape, view: EventView, transfers: list[Transfer]) -> None:
        person = view.person
        book = person.book
        if not shape.write(book, view.world.shared, moves):
            moves = posted(listener, moves, view)
        transfers += moves
        if book.opened:
            start_lot_timers(person)
        progress = changed(person)
        if periods:
            count(progress, listener, view)
        else:
            progress.given += 1

    return write


def _amount(listener: Listener, effect: Amount, view: EventView) -> Moves | None:
    """What an amount of one asset comes to; None when it is not so simple."""
    giver = sole_giver(listener, effect.reward)
    if giver is None:
        return None
    return giver.ready(effect.amount, 1, view) if effect.amount else NO_MOVES


def _reward(listener: Listener, effect: Give, view: EventView) -> Moves | None:
    """What a reward comes to; None when it is not so simple."""
    fixed = listener.fixed.get((id(effect.reward), effect.times), NOT_YET)
    if fixed is NOT_YET:
        return None
    if fixed is not None:
        moves: Moves = fixed.moves
        return moves
    giver = sole_giver(listener, effect.reward)
    if giver is None or giver.gift.low != giver.gift.high:
        return None
    return giver.ready(giver.gift.low * effect.times, max(effect.times, 1), view)
