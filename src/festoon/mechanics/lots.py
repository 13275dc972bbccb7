"""Drawing lots over tickets: a shuffle that anybody can make again, walked down until every prize has its winner.

The tickets lie side by side, each holder's together, holders by their number. The first ticket is drawn among all of
them, the next among those that are left, and so on: the shuffle of Fisher and Yates, stopped early. A ticket whose
holder has won already is passed over, be it with another account of his, and so is one of an account that is nobody's
any more. So every ticket is as likely as any other to win each prize, whatever came before, and nobody wins twice.

A list of tickets is text: a line `member,tickets` for each holder, by ascending number.
"""

from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate, chain, islice, pairwise

from msgspec import Struct

TICKET = "ticket"
"""The label under which tickets are rolled."""
PART = 65_536


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
    if text and not text.endswith("\n"):
        raise ValueError("a line is not `member,tickets`")
    members: list[int] = []
    ends: list[int] = []
    for part in _parts(text):
        numbers = list(map(int, part.replace("\n", ",").split(",")[:-1]))
        holders, tickets = numbers[::2], numbers[1::2]
        if len(holders) != len(tickets) or part.count("\n") != len(holders):
            raise ValueError("a line is not `member,tickets`")
        if any(later <= earlier for earlier, later in pairwise(chain(members[-1:], holders))):
            raise ValueError("the members do not stand in ascending order, each once")
        if min(tickets) < 1:
            raise ValueError("somebody on the list has no ticket")
        members += holders
        ends += islice(accumulate(tickets, initial=ends[-1] if ends else 0), 1, None)
    return Holders(members, ends)


def _parts(text: str) -> Iterator[str]:
    """The lines in parts, so that what is done to one of them in one call is soon done: others run beside."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PART) + 1 or len(text)
        yield text[start:end]
        start = end


def digest(text: str) -> str:
    """The SHA-256 of a list, in hexadecimal: published when it is frozen."""
    return sha256(text.encode()).hexdigest()


def of_nobody(holders: Holders, no_more: Mapping[int, int]) -> list[int]:
    """The accounts on the list whose person was erased, of all that are no more (0 stands for nobody)."""
    return [gone for gone in sorted(no_more) if not no_more[gone] and _stands(holders, gone)]


def of_one_person(holders: Holders, no_more: Mapping[int, int]) -> dict[int, int]:
    """Of accounts that have become part of others (their numbers, and those that stay): the ones that stand on the list
    beside another of the same person, by number."""
    both = {gone: no_more[gone] for gone in sorted(no_more) if no_more[gone] and _stands(holders, gone)}
    accounts = Counter(both.values())
    return {gone: stays for gone, stays in both.items() if accounts[stays] + _stands(holders, stays) > 1}


def _stands(holders: Holders, member: int) -> bool:
    at = bisect_left(holders.members, member)
    return at < len(holders.members) and holders.members[at] == member


def draw(
    holders: Holders,
    roll: Callable[[int, int], int],
    winners: int,
    merged: Mapping[int, int] = {},
    erased: Collection[int] = (),
) -> Iterator[Drawn]:
    """The winning tickets in order, of so many different people, or of all when there are fewer.

    `roll(bound, play)` gives a number in [0, bound) for the play-th ticket that is drawn, from 1 on. `merged` are the
    accounts that have become part of others, and those others: who holds tickets under two numbers is one person.
    `erased` are accounts of nobody.
    """
    moved: dict[int, int] = {}
    won: set[int] = set()
    members, ends, nobody = holders.members, holders.ends, set(erased)
    people = len(members)
    if merged or nobody:
        people = len({merged.get(member, member) for member in members if member not in nobody})
    for play in range(1, holders.tickets + 1):
        if len(won) >= min(winners, people):
            return
        last = holders.tickets - play
        at = roll(last + 1, play)
        ticket = moved.get(at, at)
        moved[at] = moved.get(last, last)
        member = members[bisect(ends, ticket)]
        person = merged.get(member, member)
        if person not in won and member not in nobody:
            won.add(person)
            yield Drawn(play, ticket, member)
