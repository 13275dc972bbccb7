"""How a pool is split: coins dealt into packets like cards, so that no place in line is better than another.

Every packet holds the least amount. What the pool has beyond that is laid out in coins, and each packet has one slot
for every kind of coin; all slots full make the largest packet. Who opens a packet draws for every kind whether there is
one in his: as likely as coins of that kind are left among the packets that are left.

That is dealing without replacement, so the n-th packet has each kind with the same chance as the first: the amounts are
exchangeable (de Finetti), and every place has the same mean and the same spread. All packets together hold every coin
once, so they sum to the pool; and no packet lies outside its bounds.

Pure and small on purpose: the mechanic splits with it, and whoever checks a published split does so again.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

Roll = Callable[[int, int], int]
"""The roll for a kind of coin, by its position: a number below the bound."""


class Coins(Struct, frozen=True):
    """Coins of one kind: what each is worth, and how many packets hold one."""

    worth: int
    count: int


class Slot(Struct, frozen=True, array_like=True):
    """One kind of coin as a packet was opened: its worth, how many were left, and the roll (none: it was certain)."""

    worth: int
    left: int
    roll: int | None = None

    @property
    def full(self) -> bool:
        """Whether the packet holds this coin."""
        return self.left > 0 if self.roll is None else self.roll < self.left


def kinds(span: int) -> list[int]:
    """What the coins are worth that fill every amount from 0 to `span` when each is used once at the most: half of
    what is left to span, rounded up, again and again."""
    worths = []
    while span > 0:
        worths.append(span - span // 2)
        span //= 2
    return worths


def coins(total: int, packets: int, least: int, most: int) -> tuple[Coins, ...]:
    """The coins that `total` is laid out in beyond the least amounts; of every kind about the same share of packets
    holds one.

    Raises ValueError when so many packets within these bounds cannot hold the total.
    """
    if packets < 1 or not 0 <= least <= most or not packets * least <= total <= packets * most:
        raise ValueError("the total does not fit into so many packets within these bounds")
    laid, rest, span = [], total - packets * least, most - least
    for worth in kinds(span):
        fair = (2 * rest + span) // (2 * span)
        fewest = -((packets * (span - worth) - rest) // worth)
        count = max(min(fair, rest // worth, packets), fewest, 0)
        laid.append(Coins(worth, count))
        rest, span = rest - count * worth, span - worth
    return tuple(laid)


def opened(left: Sequence[Coins], packets: int, roll: Roll) -> tuple[Slot, ...]:
    """The slots of the next of so many packets, with these coins left among them. What is certain is not rolled."""
    return tuple(
        Slot(kind.worth, kind.count, roll(index, packets) if 0 < kind.count < packets else None)
        for index, kind in enumerate(left)
    )


def amount(least: int, slots: Sequence[Slot]) -> int:
    """What a packet holds."""
    return least + sum(slot.worth for slot in slots if slot.full)
