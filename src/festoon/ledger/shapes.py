"""Postings of one shape, written by a function made for it.

The same few transfers are posted again and again, with other amounts. For each such shape (between which accounts, in
which order) one Python function is written out, without a loop and with the names of the accounts in it, and compiled
once. It does the ordinary only: everything is there, there is enough of it, and nobody owes anything. Otherwise it
changes nothing and says so, and `book.post` finds out what is the matter. `source_of` shows what a shape becomes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from festoon.ledger.accounts import MEMBER, OWED
from festoon.ledger.book import MemberBook, SharedBook, sides
from festoon.ledger.transfers import Transfer

Way = tuple[str, str, str]
"""A transfer without its amount: asset, debit, credit."""
Write = Callable[[MemberBook, SharedBook, Sequence[Transfer]], bool]
"""Writes transfers and says True; or changes nothing and says False, when they are not for the short way."""
MOST_JOINED = 1_000
"""How many shapes of one program are put together from others; a mechanic that gives something else every time goes
without."""


class Shape:
    """Transfers of one shape. `write` writes them, or changes nothing and says False."""

    __slots__ = ("_joined", "_shapes", "ways", "write")

    def __init__(self, shapes: "Shapes | None", ways: tuple[Way, ...], write: Write) -> None:
        self.ways = ways
        self.write = write
        self._shapes = shapes
        self._joined: dict[Shape, Shape] = {}

    def then(self, more: "Shape") -> "Shape":
        """This shape and another behind it."""
        try:
            return self._joined[more]
        except KeyError:
            if self._shapes is None or more is UNKNOWN:
                return UNKNOWN
            found = self._joined[more] = self._shapes.joined(self.ways + more.ways)
            return found


def _never(_book: MemberBook, _accounts: SharedBook, _transfers: Sequence[Transfer]) -> bool:
    return False


UNKNOWN = Shape(None, (), _never)
"""The shape of transfers that always go the long way."""


class Shapes:
    """The shapes of one program. `floors` names every shared account with its floor, `exact` those that are read under
    their lock only, `expiring` the assets that are kept in lots."""

    def __init__(
        self, floors: Mapping[str, int | None], exact: frozenset[str], expiring: frozenset[str]
    ) -> None:
        self._floors = floors
        self._exact = exact
        self.expiring = expiring
        self._known: dict[tuple[Way, ...], Shape] = {}

    def of(self, ways: tuple[Way, ...]) -> Shape:
        """The shape of transfers between these accounts."""
        found = self._known.get(ways)
        if found is None:
            found = self._known[ways] = Shape(self, ways, self._writer(ways))
        return found

    def of_all(self, transfers: Iterable[Transfer]) -> Shape:
        """The shape of these transfers."""
        ways = tuple([(each.asset, each.debit, each.credit) for each in transfers])
        return self._known.get(ways) or self.joined(ways)

    def joined(self, ways: tuple[Way, ...]) -> Shape:
        """A shape that is put together from others, unless there are too many already."""
        return self.of(ways) if len(self._known) < MOST_JOINED else UNKNOWN

    def _writer(self, ways: tuple[Way, ...]) -> Write:
        accounts = self._accounts(ways)
        return _never if accounts is None else _written(ways, accounts, self._lots(ways))

    def _accounts(self, ways: tuple[Way, ...]) -> tuple[tuple[str, int], ...] | None:
        """The shared accounts that have a floor and are taken from, with it. None when a look at them is not enough:
        one must be read under its lock, or is not known; or a member's debts or lots are taken from."""
        found = {}
        for asset, debit, credit in ways:
            from_own, taken_from, to_own, put_into = sides(asset, debit, credit)
            if not to_own and put_into not in self._floors:
                return None
            if from_own:
                if debit == OWED or (debit == MEMBER and asset in self.expiring):
                    return None
            elif taken_from not in self._floors or taken_from in self._exact:
                return None
            elif (floor := self._floors[taken_from]) is not None:
                found[taken_from] = floor
        return tuple(found.items())

    def _lots(self, ways: tuple[Way, ...]) -> frozenset[int]:
        """The places of the transfers that put something into a lot."""
        return frozenset(
            place
            for place, (asset, _, credit) in enumerate(ways)
            if credit == MEMBER and asset in self.expiring
        )


@lru_cache(4096)
def _written(ways: tuple[Way, ...], floors: tuple[tuple[str, int], ...], lots: frozenset[int]) -> Write:
    """The function of a shape. Programs that follow each other mostly have the same ones."""
    names: dict[str, Any] = {}
    exec(compile(source_of(ways, dict(floors), lots), "<shape of a posting>", "exec"), names)
    write: Write = names["write"]
    return write


def source_of(ways: Sequence[Way], floors: Mapping[str, int], lots: Collection[int]) -> str:
    """The function of a shape, as text: look at everything that is taken from, then write."""
    own, shared = _Sums(), _Sums()
    for place, way in enumerate(ways):
        from_own, debit, to_own, credit = sides(*way)
        (own if from_own else shared).taken[debit].append(f"amount{place}")
        (own if to_own else shared).given[credit].append(f"amount{place}")
    looks, writes = [], []
    refused = ["book.owing", *(f"move{place}.lot is None" for place in sorted(lots))]
    for number, key in enumerate(own.keys()):
        looks.append(f"own{number} = balances[{key!r}]{_signed('-', own.taken[key])}")
        refused += [f"own{number} < 0"] if own.taken[key] else []
        writes.append(f"balances[{key!r}] = own{number}{_signed('+', own.given[key])}")
        writes.append(f"touched.add({key!r})")
    for number, (key, floor) in enumerate(floors.items()):
        looks.append(f"delta{number} = deltas[{key!r}]{_signed('-', shared.taken[key])}")
        refused.append(f"read[{key!r}] + delta{number} < {floor}")
        writes.append(f"deltas[{key!r}] = delta{number}{_signed('+', shared.given[key])}")
    for key in sorted(shared.keys() - floors.keys()):
        writes += [f"deltas[{key!r}] -= {amount}" for amount in shared.taken[key]]
        writes += [f"deltas[{key!r}] += {amount}" for amount in shared.given[key]]
    for place in sorted(lots):
        writes.append(_LOT.format(asset=repr(ways[place][0]), place=place))
    return _SOURCE.format(
        shape="".join(f"\n    # {place}: {way!r}" for place, way in enumerate(ways)),
        moves="".join(f"move{place}, " for place in range(len(ways))),
        amounts="".join(f"\n    amount{place} = move{place}.amount" for place in range(len(ways))),
        looks="\n        ".join((*looks, f"if {' or '.join(refused)}:")),
        writes="\n    ".join(writes),
    )


_SOURCE = """\
def write(book, accounts, transfers):{shape}
    {moves}= transfers{amounts}
    balances, touched, read, deltas = book.balances, book.touched, accounts.read, accounts.deltas
    try:
        {looks}
            return False
    except KeyError:
        return False
    {writes}
    return True
"""


_LOT = """\
lots, until = book.lots.get({asset}), move{place}.lot
    if lots and lots[-1][0] == until:  # most have it already, and it lasts the longest
        lots = lots.copy()
        lots[-1] = until, lots[-1][1] + amount{place}
        book.keep_lots({asset}, lots)
    else:
        book.put_into_lot({asset}, until, amount{place})"""


class _Sums:
    """What is taken from accounts and put into them, as the names of amounts."""

    def __init__(self) -> None:
        self.taken: defaultdict[str, list[str]] = defaultdict(list)
        self.given: defaultdict[str, list[str]] = defaultdict(list)

    def keys(self) -> Collection[str]:
        return dict.fromkeys([*self.taken, *self.given]).keys()


def _signed(sign: str, amounts: Iterable[str]) -> str:
    return "".join(f" {sign} {amount}" for amount in amounts)
