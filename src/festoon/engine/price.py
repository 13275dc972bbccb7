"""What a member has paid for a reward that is then held: kept with it, lot by lot, so that it comes back when the
reward is voided."""

from datetime import datetime
from typing import Any

from festoon.engine.posting import Posting
from festoon.engine.view import EventView
from festoon.engine.world import Grant
from festoon.ledger.accounts import LAPSED, MEMBER, SPENT
from festoon.ledger.lots import take
from festoon.ledger.transfers import Transfer

PRICE = "price"
"""Where a held reward keeps it: a list of asset, amount and the end of the lot it was taken from, if it was in one."""


def price_of(posting: Posting, view: EventView) -> dict[str, Any]:
    """What a held reward keeps of its price; nothing when what the member gives for it is no price."""
    if not posting.listener.mechanic.paid:
        return {}
    paid: list[list[Any]] = []
    for asset, amount in posting.taken.items():
        if view.person.book.balance(asset) < amount:
            return {}  # the books refuse it
        if asset in view.program.expiring:
            lots = take(view.person.book.lots_of(asset), amount)[1]
            paid += [[asset, part, end.isoformat()] for end, part in lots]
        else:
            paid.append([asset, amount, None])
    return {PRICE: paid} if paid else {}


def price_back(grant: Grant, view: EventView) -> list[Transfer]:
    """The way back of what was paid, into the lots it came from. What has lapsed by now lapses as it comes."""
    moves = []
    for asset, amount, said in grant.data.get(PRICE, ()):
        end = None if said is None else datetime.fromisoformat(said)
        if end is not None and end <= view.now:
            moves.append(Transfer(asset, SPENT, LAPSED, amount, None, grant.owner))
        else:
            moves.append(Transfer(asset, SPENT, MEMBER, amount, end, grant.owner))
    return moves


def returned(moves: list[Transfer]) -> dict[str, Any]:
    """The same as the outcome says it, by asset."""
    back: dict[str, int] = {}
    for move in moves:
        if move.credit == MEMBER:
            back[move.asset] = back.get(move.asset, 0) + move.amount
    return {PRICE: back} if back else {}
