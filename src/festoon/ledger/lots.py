"""Lots: the parts of a balance that expire together. First-expiring is spent first.

A member's lots of one asset are a list of (expiry, amount), sorted by expiry; the amounts sum to the balance.
Grants that expire at the same instant are one lot.
"""

from bisect import bisect_left
from datetime import datetime

Lots = list[tuple[datetime, int]]


def put(lots: Lots, expiry: datetime, amount: int) -> Lots:
    """The lots with `amount` more expiring at `expiry`."""
    if not lots or lots[-1][0] < expiry:  # most often what is given last lasts the longest
        return [*lots, (expiry, amount)]
    at = bisect_left(lots, (expiry,))
    if at < len(lots) and lots[at][0] == expiry:
        return [*lots[:at], (expiry, lots[at][1] + amount), *lots[at + 1 :]]
    return [*lots[:at], (expiry, amount), *lots[at:]]


def take(lots: Lots, amount: int) -> tuple[Lots, Lots]:
    """What is left after taking `amount`, first-expiring first, and what was taken from which lot.

    Raises ValueError when the lots hold less.
    """
    taken: Lots = []
    for index, (expiry, held) in enumerate(lots):
        part = min(held, amount)
        taken.append((expiry, part))
        amount -= part
        if amount == 0:
            rest = [(expiry, held - part)] if held > part else []
            return rest + lots[index + 1 :], taken
    if amount:
        raise ValueError(f"{amount} more than the lots hold")
    return lots, taken


def take_from(lots: Lots, expiry: datetime, amount: int) -> tuple[Lots, Lots]:
    """Take `amount` from the lot that expires at `expiry`. Raises ValueError when that lot holds less."""
    at = bisect_left(lots, (expiry,))
    held = lots[at][1] if at < len(lots) and lots[at][0] == expiry else 0
    if held < amount:
        raise ValueError(f"the lot holds {held}, not {amount}")
    rest = [(expiry, held - amount)] if held > amount else []
    return lots[:at] + rest + lots[at + 1 :], [(expiry, amount)]


def lapse(lots: Lots, now: datetime) -> tuple[Lots, Lots]:
    """What is still good at `now`, and what has lapsed. A lot is good strictly before its expiry."""
    first_good = bisect_left(lots, (now,))
    while first_good < len(lots) and lots[first_good][0] == now:
        first_good += 1
    return lots[first_good:], lots[:first_good]
