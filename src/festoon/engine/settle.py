"""From what a mechanic wants to what will be written: modifiers, caps, cost and stock, as one posting.

A mechanic's own refusals and those of caps come up here; what the ledger refuses comes up when the posting is applied,
before anything else of it is.
"""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from festoon.base.effects import (
    Amount,
    Effect,
    Fact,
    Forget,
    FromShared,
    Give,
    HandOver,
    Keep,
    Note,
    Post,
    Release,
    Remember,
    Reserve,
    Start,
    Stop,
    Take,
    TakeBack,
    Tell,
    UseCode,
    Write,
)
from festoon.base.rewards import AssetGift, Choice, Gift, ItemGift, Reward, Variant
from festoon.engine.amounts import Moves, beside_line, giver_of, placing, within_shared
from festoon.engine.arms import arm_of
from festoon.engine.aside import post_reserved, release, reserve, take_places
from festoon.engine.listener import Listener
from festoon.engine.noting import fact, keep, note, start, stop, tell, use_code, write
from festoon.engine.once import remember_once
from festoon.engine.outcome import Given
from festoon.engine.posting import Posting, move
from festoon.engine.risk import judged
from festoon.engine.take_back import forget, give_back, remember
from festoon.engine.things import give_item
from festoon.engine.together import draw, reached
from festoon.engine.view import EventView
from festoon.engine.withhold import hold, hold_reserved, hold_stock, hold_up, withheld
from festoon.engine.world import NEEDS_USE
from festoon.ledger.accounts import GIVEN, MEMBER, SPENT
from festoon.ledger.shapes import UNKNOWN, Shape
from festoon.ledger.transfers import Transfer
from festoon.mechanics.base import TIMER_DUE
from festoon.mechanics.fairness import gift_label
from festoon.plan.compiled import SharedCap

MOST_FIXED = 256
"""Rewards of one mechanic that are worked out once. One that makes a reward anew for every event goes without."""


def settle(listener: Listener, effects: Iterable[Effect], view: EventView) -> Posting:
    """Turn effects into a posting. Raises Refused, and then nothing has changed."""
    posting = Posting(listener)
    if listener.plain:
        for effect in effects:
            _ADD[type(effect)](posting, effect, view)
    else:
        _settle(posting, effects, view)
    if effects is listener.mechanic.always and _is_constant(posting):
        listener.constant = posting
    return posting


def settle_beside(listener: Listener, effects: Iterable[Effect], view: EventView) -> Posting:
    """The same of effects that give a member nothing: nobody is judged, and no cap has a say."""
    posting = Posting(listener)
    for effect in effects:
        _ADD[type(effect)](posting, effect, view)
    return posting


def _settle(posting: Posting, effects: Iterable[Effect], view: EventView) -> None:
    """The same where rules about risk, a total, shared caps or a line that clips may have a say, or something is kept
    for a merge."""
    listener = posting.listener
    add = _ADD
    if listener.risk is not None:
        add = _AT_RISK
        if listener.request and view.event.type != TIMER_DUE:
            judged(
                posting, view
            )  # by a timer nobody asks for anything; what it gives is judged as it is given
    for effect in effects:
        add[type(effect)](posting, effect, view)
    if posting.starved is not None and posting.idle:
        raise posting.starved
    if listener.once:
        remember_once(posting, view)
    if posting.withheld is not None:
        hold(posting, posting.withheld, view)
    elif listener.quota and (posting.grants or posting.counts):
        take_places(posting)
    if posting.short is not None:
        _fell_short(posting, posting.short)


def _is_constant(posting: Posting) -> bool:
    """Whether the same effects come to the same posting every time."""
    listener = posting.listener
    return (
        listener.risk is None
        and not posting.aside
        and all(
            type(each) is Give and listener.fixed.get((id(each.reward), each.times)) is not None
            for each in listener.mechanic.always or ()
        )
    )


def _fell_short(posting: Posting, cap: SharedCap) -> None:
    """A cap that campaigns share took something away: what is left and what is remembered stands; of nothing, nothing
    does."""
    if posting.idle:
        raise reached(cap)
    posting.note = {**posting.note, "capped": cap.name}


def _give(posting: Posting, effect: Give, view: EventView) -> None:
    reward, listener = effect.reward, posting.listener
    if effect.times > posting.times:
        posting.times = effect.times
    key = (id(reward), effect.times)
    try:
        fixed: Fixed | None = listener.fixed[key]
    except KeyError:
        fixed = _fixed(reward, effect.times, listener, view)
        if len(listener.fixed) < MOST_FIXED:
            listener.fixed[key] = fixed
    if fixed is not None:
        posting.add(fixed.transfers, fixed.shape)
        posting.given += fixed.given
        return
    for index, gift in enumerate(reward.gifts):
        if isinstance(gift, AssetGift):
            amount = gift.low
            if gift.high > gift.low:
                play = posting.note.get("play", view.times)
                amount += view.roll(gift.high - gift.low + 1, play, gift_label(index))
            giver_of(posting.listener, gift).give(posting, amount * effect.times, view)
        elif isinstance(gift, Choice):
            for chosen in _chosen(posting, gift, view).gifts:
                _give_fixed(posting, chosen, effect.times, view)
        else:
            _give_fixed(posting, gift, effect.times, view)


def _give_fixed(posting: Posting, gift: Gift, times: int, view: EventView) -> None:
    """Give what no chance changes."""
    if isinstance(gift, AssetGift):
        giver_of(posting.listener, gift).give(posting, gift.low * times, view)
        return
    for _ in range(gift.count * times):
        _give_item(posting, gift, view)


def _chosen(posting: Posting, choice: Choice, view: EventView) -> Variant:
    """The variant for this member and event. The arm of an experiment is noted: it has been seen."""
    if choice.split is not None:
        arm = arm_of(posting, choice.split, view)
        posting.variants = {**posting.variants, choice.split.name.partition("/")[2]: arm}
        posting.aside = True
        return next(variant for variant in choice.variants if variant.arm == arm)
    data = view.event.data
    return next(
        variant for variant in choice.variants if variant.when is None or variant.when.holds(data, view, view)
    )


def _hand_over(posting: Posting, effect: HandOver, view: EventView) -> None:
    before, times = len(posting.given), posting.times
    _give(posting, Give(effect.reward, effect.times), view)
    posting.paid_for += len(posting.given) - before
    posting.aside = True
    posting.times = times


class Fixed(Struct, frozen=True):
    """What a reward comes to every time."""

    reward: Reward
    transfers: list[Transfer]
    given: list[Given]
    shape: Shape
    moves: Moves
    """All of it, with the places of the mechanic's total that it takes."""


def _fixed(reward: Reward, times: int, listener: Listener, view: EventView) -> Fixed | None:
    """A reward of whole amounts that neither chance nor a cap, a multiplier or the day it is given can change; None
    for any other."""
    varies = any(
        not isinstance(gift, AssetGift)
        or gift.low != gift.high
        or gift.asset in listener.caps
        or gift.asset in listener.shared_caps
        or listener.boosts[gift.asset]
        or gift.lasts.moves
        or gift.waits
        for gift in reward.gifts
    )
    if varies or listener.cost_short == "clip":
        return None
    posting = Posting(listener)
    for gift in reward.gifts:
        assert isinstance(gift, AssetGift)
        giver_of(listener, gift).give(posting, gift.low * times, view)
    placed = placing(listener)(posting.transfers, posting.shape, max(times, 1))
    return Fixed(reward, posting.transfers, posting.given, posting.shape, (*placed, posting.given))


def _amount(posting: Posting, effect: Amount, view: EventView) -> None:
    for gift in effect.reward.gifts:
        if isinstance(gift, AssetGift) and effect.amount:
            giver_of(posting.listener, gift).give(posting, effect.amount, view)


def _give_item(posting: Posting, gift: ItemGift, view: EventView) -> None:
    if gift.months:
        gift = gift.on(posting.listener.days.of(view.now))
    if gift.kind in posting.listener.shared_caps:
        if not within_shared(posting, gift.kind, 1, view):
            return
        posting.drawn = draw(posting.drawn, posting.listener, gift.kind, 1, view)
    if gift.stock:
        move(posting, gift.stock, GIVEN, 1)
    if gift.cost.line and gift.cost.amount:
        move(posting, gift.cost.line, _cost_holder(gift), gift.cost.amount)
    give_item(posting, gift, view)


def _cost_holder(gift: ItemGift) -> str:
    return beside_line(gift.cost.line, "committed" if gift.kind in NEEDS_USE else "cost")


def _take(posting: Posting, effect: Take, _view: EventView) -> None:
    if effect.amount > 0:
        listener, shape = posting.listener, posting.listener.shapes.of(((effect.asset, MEMBER, SPENT),))
        taken = Transfer(effect.asset, MEMBER, SPENT, effect.amount, None, listener.key)
        posting.add((taken,), shape)
        posting.taken = {**posting.taken, effect.asset: posting.taken.get(effect.asset, 0) + effect.amount}


def _from_shared(posting: Posting, effect: FromShared, _view: EventView) -> None:
    move(posting, effect.account, effect.to or GIVEN, effect.amount)
    if effect.leaving > 0:
        leaving = max(effect.leaving, posting.leaving.get(effect.account, 0))
        posting.leaving = {**posting.leaving, effect.account: leaving}
        posting.shape = UNKNOWN  # no short way looks at what is left
        posting.aside = True


def _reserve(posting: Posting, effect: Reserve, view: EventView) -> None:
    def give() -> None:
        _give(posting, Give(effect.reward, effect.times), view)

    reserve(posting, effect, view, give)


def _post(posting: Posting, effect: Post, view: EventView) -> None:
    if not post_reserved(posting, effect, view):
        _give(posting, Give(effect.reward, effect.times), view)


def _release(posting: Posting, effect: Release, view: EventView) -> None:
    release(posting, effect, view)


_ADD: dict[type, Any] = {
    Give: _give, HandOver: _hand_over, Amount: _amount, Reserve: _reserve, Post: _post, Release: _release,
    Take: _take, FromShared: _from_shared, Keep: keep, Start: start, Stop: stop, Fact: fact, Note: note,
    Tell: tell, Write: write, UseCode: use_code, Remember: remember, TakeBack: give_back, Forget: forget,
}  # fmt: skip


# The same for mechanics of a campaign that has rules about risk.


def _give_at_risk(posting: Posting, effect: Give, view: EventView) -> None:
    if withheld(posting, view):
        hold_up(posting, effect.reward, effect.times, lambda: _give(posting, effect, view))
    else:
        _give(posting, effect, view)


def _amount_at_risk(posting: Posting, effect: Amount, view: EventView) -> None:
    if effect.amount and withheld(posting, view):
        hold_up(posting, effect.reward, 1, lambda: _amount(posting, effect, view))
    else:
        _amount(posting, effect, view)


def _reserve_at_risk(posting: Posting, effect: Reserve, view: EventView) -> None:
    judged(posting, view)  # nobody needs to look at what would be refused in the end
    _reserve(posting, effect, view)


def _post_at_risk(posting: Posting, effect: Post, view: EventView) -> None:
    if not withheld(posting, view):
        _post(posting, effect, view)
    elif not hold_reserved(posting, effect, view):
        _give_at_risk(posting, Give(effect.reward, effect.times), view)


def _from_shared_at_risk(posting: Posting, effect: FromShared, view: EventView) -> None:
    if effect.belongs and withheld(posting, view):
        hold_stock(posting, lambda: _from_shared(posting, effect, view))
    else:
        _from_shared(posting, effect, view)


def _remember_at_risk(posting: Posting, effect: Remember, view: EventView) -> None:
    if posting.withheld is not None:
        posting.remembers = effect.name
    remember(posting, effect, view)


_AT_RISK = {
    **_ADD, Give: _give_at_risk, Amount: _amount_at_risk, Reserve: _reserve_at_risk, Post: _post_at_risk,
    FromShared: _from_shared_at_risk, Remember: _remember_at_risk,
}  # fmt: skip
