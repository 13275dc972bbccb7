"""What becomes of a code that somebody types, before any mechanic looks at it: is it right, is it free, is it his."""

from festoon.base.errors import Refused
from festoon.base.events import derived_id
from festoon.base.times import FOREVER
from festoon.engine.apply import put_item
from festoon.engine.code_book import Typed
from festoon.engine.code_shelf import Code
from festoon.engine.view import EventView
from festoon.engine.world import Item
from festoon.ledger.accounts import GIVEN, SHELF, holder_and_asset, stock_asset
from festoon.ledger.book import post
from festoon.ledger.transfers import Transfer
from festoon.mechanics.code_refusals import (
    AT_CHECKOUT,
    LAPSED,
    NO_COUPON,
    NOT_YOURS,
    UNKNOWN,
    USED,
    USED_BY_YOU,
    VOID,
)

COUPON = "/coupon:"
"""In the owner of a batch: its codes are those of a coupon."""


def free_code(view: EventView, typed: Typed) -> Code:
    """A code of a batch that this member may use now. Raises Refused with the reason why he may not."""
    found = view.world.codes.code(typed.code)
    batch = None if found is None else view.program.codes.batches.get(found.batch)
    if found is None or batch is None:
        raise Refused(UNKNOWN, code=typed.shown)
    if found.used is not None and found.member is not None:
        raise Refused(USED_BY_YOU if found.member == view.number else USED, code=typed.shown)
    if batch.void or found.used is not None:
        raise Refused(VOID, code=typed.shown)
    if not batch.open(view.now):
        assert batch.until is not None
        raise Refused(LAPSED, code=typed.shown, until=batch.until.isoformat(timespec="minutes"))
    if found.member not in (None, view.number):
        raise Refused(NOT_YOURS, code=typed.shown)
    return found


def enter(view: EventView) -> None:
    """A code was entered: find out what it is and whether this member may use it. Raises Refused.

    What it is a code of answers for the rest.
    """
    typed = view.program.codes.entered(view.event.data["code"], view.time)
    owner = typed.owner
    if not owner:
        owner = view.program.codes.batches[free_code(view, typed).batch].owner
    if COUPON in owner:
        raise Refused(AT_CHECKOUT, code=typed.shown)
    if owner not in view.program.by_key:
        raise Refused(UNKNOWN, code=typed.shown)
    view.entered = Typed(typed.code, typed.shown, owner)


def redeem_typed(view: EventView, typed: Typed) -> tuple[Item, list[Transfer]]:
    """A coupon that nobody was given is used by who typed its code: it comes off the stock, and its cost is booked.
    The coupon, and what moved.

    Raises Refused.
    """
    if typed.owner:
        raise Refused(NO_COUPON, code=typed.shown)
    free = free_code(view, typed)
    campaign, _, name = view.program.codes.batches[free.batch].owner.partition(COUPON)
    compiled = view.program.campaigns.get(campaign)
    thing = None if compiled is None else compiled.things.get(f"coupon:{campaign}/{name}")
    if thing is None:
        raise Refused(NO_COUPON if not name else UNKNOWN, code=typed.shown)
    why = "festoon/coupon.redeemed"
    moves = [Transfer(stock_asset(campaign, f"coupon:{name}"), SHELF, GIVEN, 1, None, why)]
    line = thing.line if thing.cost else ""
    if line:
        holder, currency = holder_and_asset(line)
        spent = holder.replace("/budget/", "/cost/", 1)
        moves.append(Transfer(currency, holder, spent, thing.cost, None, why))
    done = list(post(view.person.book, view.world.shared, moves, view.program.expiring))
    id = derived_id(view.event.source, view.event.id, why, view.number)
    item = Item(
        id,
        "coupon",
        thing.ref,
        "used",
        view.now,
        FOREVER,
        campaign,
        "",
        typed.shown,
        None,
        thing.cost,
        thing.line,
    )
    put_item(view.person, item)
    view.world.codes.change((("", Code(typed.code, free.batch, view.number, view.now)),))
    return item, done


def used_up(view: EventView, text: str) -> None:
    """A coupon that the member was given is used: so is its code, if it is one of a batch."""
    typed = view.program.codes.meant(text)
    found = None if typed is None or typed.owner else view.world.codes.code(typed.code)
    if found is not None and found.member == view.number:
        view.world.codes.change((("", Code(found.code, found.batch, found.member, view.now)),))
