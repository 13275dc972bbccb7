"""Drawing lots over tickets: a shuffle that anybody can make again, walked down until every prize has its winner.

The tickets lie side by side, each holder's together, holders by their number. The first ticket is drawn among all of
them, the next among those that are left, and so on: the shuffle of Fisher and Yates, stopped early. A ticket whose
holder has won already is passed over. So every ticket is as likely as any other to win each prize, whatever came
before, and nobody wins twice.

A list of tickets is text: a line `member,tickets` for each holder, by ascending number.
"""

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import accumulate, pairwise

from msgspec import Struct

TICKET = "ticket"
"""The label under which tickets are rolled."""


class Holders(Struct, frozen=True):
    """Who holds how many tickets, by ascending number. `ends` are the tickets up to and with each holder's."""

    members: Sequence[int]
    ends: Sequence[int]

    @property
    def tickets(self) -> int:
        return self.ends[-1] if self.ends else 0


class Drawn(Struct, frozen=True):
    """A ticket that won: the how-manieth that was drawn (from 1), its place among all (from 0), whose it is."""

    play: int
    ticket: int
    member: int


def listed(holders: Iterable[tuple[int, int]]) -> str:
    """The list as text. Who has no ticket is not on it."""
    return "".join(f"{member},{tickets}\n" for member, tickets in sorted(holders) if tickets > 0)


def read_list(text: str) -> Holders:
    """The list from its text. Raises ValueError for what is none."""
    numbers = list(map(int, text.replace("\n", ",").split(",")[:-1]))
    members, tickets = numbers[::2], numbers[1::2]
    if text and (not text.endswith("\n") or len(members) != len(tickets) or text.count("\n") != len(members)):
        raise ValueError("a line is not `member,tickets`")
    if any(later <= earlier for earlier, later in pairwise(members)):
        raise ValueError("the members do not stand in ascending order, each once")
    if tickets and min(tickets) < 1:
        raise ValueError("somebody on the list has no ticket")
    return Holders(members, list(accumulate(tickets)))


def digest(text: str) -> str:
    """The SHA-256 of a list, in hexadecimal: published when it is frozen."""
    return sha256(text.encode()).hexdigest()


def draw(holders: Holders, roll: Callable[[int, int], int], winners: int) -> Iterator[Drawn]:
    """The winning tickets in order, of so many different holders, or of all when there are fewer.

    `roll(bound, play)` gives a number in [0, bound) for the play-th ticket that is drawn, from 1 on.
    """
    moved: dict[int, int] = {}
    won: set[int] = set()
    members, ends = holders.members, holders.ends
    for play in range(1, holders.tickets + 1):
        if len(won) >= min(winners, len(members)):
            return
        last = holders.tickets - play
        at = roll(last + 1, play)
        ticket = moved.get(at, at)
        moved[at] = moved.get(last, last)
        member = members[bisect(ends, ticket)]
        if member not in won:
            won.add(member)
            yield Drawn(play, ticket, member)
