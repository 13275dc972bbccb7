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


def close_item(view: EventView, item: Item, state: str) -> list[Transfer]:
    """Put an item into its last state; returns what moved."""
    moves = []
    if item.line and item.cost:
        holder, _, currency = item.line.partition("|")
        to = holder.replace("/budget/", "/cost/", 1) if state in SPENT_BY else home_of(holder)
        committed = holder.replace("/budget/", "/committed/", 1)
        moves.append(Transfer(currency, committed, to, item.cost, None, f"festoon/{item.kind}"))
    done = post(view.person.book, view.world.shared, moves, view.program.expiring)
    start_lot_timers(view.person)
    put_item(view.person, replace(item, state=state))
    stop_timer(view.person, f"{ITEM_LAPSE}/{item.id}")
    return list(done)
