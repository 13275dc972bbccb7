"""A thing comes to its end: used, delivered, lapsed or taken back. What it was committed to cost moves with it."""

from msgspec.structs import replace

from festoon.engine.apply import put_item, start_lot_timers, stop_timer
from festoon.engine.view import EventView
from festoon.engine.world import ITEM_LAPSE, Item
from festoon.ledger.accounts import home_of
from festoon.ledger.book import post
from festoon.ledger.transfers import Transfer

SPENT_BY = frozenset({"used", "delivered"})
"""The states in which what was committed has been spent; in the others it goes back to its budget line."""

LAPSED = "expired"
"""The state of what was not used in time."""


def close_item(view: EventView, item: Item, state: str) -> list[Transfer]:
    """Put an item into its last state; returns what moved. What one that has lapsed was committed to cost is with its
    budget line again. Raises Refused when that cannot pay for it any more."""
    moves = []
    if item.line and item.cost:
        holder, _, currency = item.line.partition("|")
        to = holder.replace("/budget/", "/cost/", 1) if state in SPENT_BY else home_of(holder)
        committed = holder.replace("/budget/", "/committed/", 1)
        source = home_of(holder) if item.state == LAPSED else committed
        moves.append(Transfer(currency, source, to, item.cost, None, f"festoon/{item.kind}"))
    done = post(view.person.book, view.world.shared, moves, view.program.expiring)
    start_lot_timers(view.person)
    put_item(view.person, replace(item, state=state))
    stop_timer(view.person, f"{ITEM_LAPSE}/{item.id}")
    return list(done)
