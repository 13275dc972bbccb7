"""The things with an identity that a posting gives: coupons, badges, items, gifts, memberships."""

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from festoon.base.events import derived_id
from festoon.base.rewards import ItemGift
from festoon.base.times import FOREVER
from festoon.engine.code_shelf import Code
from festoon.engine.codes import coupon_code
from festoon.engine.outcome import Given
from festoon.engine.posting import Posting
from festoon.engine.view import EventView
from festoon.engine.world import Item
from festoon.ledger.set_aside import beside


def give_item(posting: Posting, gift: ItemGift, view: EventView, *, kept: bool = False) -> None:
    """Make one thing for the member. What it takes from stock and budget is moved by the caller. `kept` is one that was
    set aside, its unit of the stock too."""
    owner = posting.listener.key
    before = 0
    if gift.serial:
        before = sum(1 for item in posting.items if item.kind == gift.kind and item.ref == gift.ref)
    item, given = made(gift, owner, posting.listener.zone, view, len(posting.items), before)
    if gift.codes and not (
        gift.stock and not kept and view.shared(gift.stock) < 1
    ):  # then the books refuse it
        ahead = sum(1 for owner, _ in posting.codes if owner == gift.codes)
        item, given, codes = of_a_batch(gift, view, item, given, ahead)
        posting.codes += codes
    posting.items += (item,)
    posting.things += (gift,)
    posting.aside = True
    posting.given.append(given)


def of_a_batch(
    gift: ItemGift, view: EventView, item: Item, given: Given, ahead: int
) -> tuple[Item, Given, tuple[tuple[str, Code], ...]]:
    """A coupon with the next code of its batches, behind so many others, and that code as it is given from now on. The
    coupon is not valid for longer than its batch. Raises Refused when there is no code left. A thing that has none of a
    batch, or that is made in a world without batches, is as it was."""
    if not gift.codes or view.world.complete:
        return item, given, ()
    code = view.world.codes.next(gift.codes, ahead)
    batch = view.program.codes.batches[code.batch]
    text = batch.pattern.shown(code.code)
    expires = min(item.expires, batch.until or FOREVER)
    item, given = replace(item, code=text, expires=expires), replace(given, code=text, expires=shown(expires))
    return item, given, ((gift.codes, replace(code, member=view.number)),)


def made(
    gift: ItemGift, owner: str, zone: ZoneInfo, view: EventView, index: int, before: int
) -> tuple[Item, Given]:
    """One thing, and how it is told of. `index` is its place among all that the event makes for `owner`, `before` how
    many of the same were made with it and are not in the books yet."""
    id = derived_id(view.event.source, view.event.id, owner, view.number, index)
    campaign, _, mechanic = owner.partition("/")
    serial = _serial(gift, view) + before if gift.serial and gift.stock else None
    code = coupon_code(view.program.secret, id, gift.code) if gift.kind == "coupon" else ""
    expires = gift.lasts.end(view.now, zone)
    item = Item(
        id, gift.kind, gift.ref, gift.state, view.now, expires, campaign, mechanic, code or None, serial,
        gift.cost.amount, gift.cost.line,
    )  # fmt: skip
    given = Given(
        gift.kind, gift.ref, max(gift.days, 1), item=id, code=code, serial=serial, expires=shown(expires),
        cost=gift.cost.amount, line=gift.cost.line,
    )  # fmt: skip
    return item, given


def _serial(gift: ItemGift, view: EventView) -> int:
    """The next number: one more than were given. What is set aside has no number yet."""
    left, waiting = view.shared(gift.stock), beside(gift.stock)
    if waiting in view.program.floors:
        left += view.shared(waiting)
    return gift.edition - left + 1


def shown(expires: datetime) -> datetime | None:
    """When something lapses, as a member is told: nothing of what never does."""
    return None if expires is FOREVER else expires
