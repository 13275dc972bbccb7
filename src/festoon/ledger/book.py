"""The book: balances and lots in memory while events are decided. The only code that changes a balance.

`post` writes transfers or refuses them all. The engine loads a book from the store, posts to it, and stores what was
touched: member accounts as absolute values under the member's lock, shared accounts as netted deltas under a guard.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import cast

from festoon.base.errors import Refused, define
from festoon.base.times import FOREVER
from festoon.ledger.accounts import MEMBER, OWED, SharedAccount, shared
from festoon.ledger.lots import Lots, put, take, take_from
from festoon.ledger.transfers import Transfer

BALANCE_SHORT = define(
    "balance.short",
    200,
    "this takes {needed} {asset} and there is {balance}",
    "需要{needed}{asset}，当前只有{balance}",
)
STOCK_EMPTY = define("stock.empty", 200, "there is none left of {asset}", "{asset}已发完")
BUDGET_SHORT = define(
    "budget.short",
    200,
    "the budget line {line} has {left} left and this costs {needed}",
    "预算“{line}”剩余{left}，本次需要{needed}",
)


NOTHING_LEFT: Mapping[str, int] = MappingProxyType({})
NO_LOTS = cast("dict[str, Lots]", MappingProxyType({}))
"""What most books have of lots. All of them share it, so it cannot be written to."""


MERGED = "festoon/member.merged"
"""Why a transfer moves what one account of a person held to the other."""


class NotLoaded(Exception):
    """Something was read that the engine has not loaded. Never loaded is not zero."""

    def __init__(self, kind: str, member: int, key: str) -> None:
        super().__init__(kind, member, key)
        self.kind = kind
        self.member = member
        self.key = key


class MemberBook:
    """One member's accounts. Keys are an asset for what can be spent, asset + part for the other parts.

    `complete` says that what is not in the book is zero (a new member, a back-test); otherwise it raises NotLoaded.
    """

    __slots__ = ("balances", "complete", "lots", "member", "opened", "owing", "touched", "touched_lots")

    def __init__(self, member: int, *, complete: bool, balances: dict[str, int] | None = None) -> None:
        """`balances` is what he has; it is changed as transfers are posted."""
        self.member = member
        self.complete = complete
        if balances is None:
            balances = defaultdict(int) if complete else {}
        self.balances = balances
        self.lots: dict[str, Lots] = NO_LOTS
        """Changed by `keep_lots` only: until an asset's are, they are whoever's they were read from."""
        self.touched: set[str] = set()
        self.touched_lots: Collection[str] = ()
        self.opened: Collection[tuple[str, datetime]] = ()
        """Lots that were not there before, as (asset, expiry)."""
        self.owing: Collection[str] = ()
        """The assets of which something is owed."""

    def balance(self, key: str) -> int:
        held = self.balances.get(key)
        if held is None:
            if not self.complete:
                raise NotLoaded("account", self.member, key)
            held = self.balances[key] = 0
        return held

    def lots_of(self, asset: str) -> Lots:
        self.balance(asset)  # an account is loaded together with its lots
        return self.lots.get(asset, [])

    def put_into_lot(self, asset: str, expiry: datetime, amount: int) -> None:
        """Part of what can be spent expires at an instant."""
        lots = self.lots.get(asset, [])
        after = put(lots, expiry, amount)
        self.keep_lots(asset, after)
        if len(after) > len(lots):
            self.opened = {*self.opened, (asset, expiry)}

    def keep_lots(self, asset: str, lots: Lots) -> None:
        """Replace the lots of an asset: they will be stored."""
        if asset in self.touched_lots:
            self.lots[asset] = lots
        else:
            self.lots = {**self.lots, asset: lots}
            self.touched_lots = (*self.touched_lots, asset)


class SharedBook:
    """The shared accounts: `read` as they were read, and what this batch changes. `locked` ones were read under lock.

    `floors` names every account there is. Only those with a floor need their balance read; of the others (issuers,
    what is spent or lapsed) only the change matters.
    """

    __slots__ = ("deltas", "exact", "floors", "leaving", "locked", "read")

    def __init__(self) -> None:
        self.read: dict[str, int] = {}
        self.floors: dict[str, int | None] = {}
        self.deltas: defaultdict[str, int] = defaultdict(int)
        self.leaving: dict[str, int] = {}
        """What must be left of an account beside its floor, for what was decided on an unlocked read to stand."""
        self.exact: frozenset[str] = frozenset()
        self.locked: frozenset[str] = frozenset()

    def open(self, key: str, balance: int, floor: int | None) -> None:
        self.read[key] = balance
        self.floors[key] = floor

    def fund(self, accounts: Iterable[SharedAccount]) -> None:
        """Open accounts that are not there yet and put their openings in, each from its source."""
        accounts = tuple(accounts)
        for account in accounts:
            if account.key not in self.floors:
                self.open(account.key, 0, account.floor)
        for account in accounts:
            if account.opening:
                self.read[account.key] += account.opening
                self.read[shared(account.source, account.asset)] -= account.opening

    def balance(self, key: str) -> int:
        """What an account holds now. Raises NotLoaded."""
        held = self.read.get(key)
        if held is None:
            raise NotLoaded("shared", 0, key)
        if key in self.exact and key not in self.locked:
            raise NotLoaded("lock", 0, key)
        return held + self.deltas.get(key, 0)

    def spare(self, key: str, leaving: Mapping[str, int]) -> int:
        """How much can be taken out of an account that has a floor. Raises NotLoaded."""
        floor = self.floors[key] or 0
        if leaving:
            floor = max(floor, leaving.get(key, floor))
        return self.balance(key) - floor

    @property
    def balances(self) -> dict[str, int]:
        """Every account that was read, as it is now."""
        return {key: held + self.deltas.get(key, 0) for key, held in self.read.items()}


def member_key(asset: str, part: str) -> str:
    """The key of a part of a member's asset in his book."""
    return asset if part == MEMBER else asset + part


def asset_and_part(key: str) -> tuple[str, str]:
    """The reverse of `member_key`."""
    asset, at, part = key.partition("@")
    return asset, at + part if at else MEMBER


Move = tuple[bool, str, bool, str, int]
"""The sides of a transfer, and its amount."""


@lru_cache(65_536)
def sides(asset: str, debit: str, credit: str) -> tuple[bool, str, bool, str]:
    """Of both sides of a transfer: whether it is the member's own, and the account's key in its book."""
    own = [side[0] == "@" for side in (debit, credit)]
    keys = [
        member_key(asset, side) if own_one else shared(side, asset)
        for side, own_one in zip((debit, credit), own, strict=True)
    ]
    return own[0], keys[0], own[1], keys[1]


def post(
    book: MemberBook,
    accounts: SharedBook,
    transfers: Sequence[Transfer],
    expiring: frozenset[str],
    leaving: Mapping[str, int] = NOTHING_LEFT,
) -> Sequence[Transfer]:
    """Write transfers, or refuse them all together: when they would take an account below its floor, or a shared one
    below what must be left. What comes in cannot be taken out again by the same posting; but what the member owes of an
    asset is paid out of it first.

    Returns them as they happened: those of an expiring asset split by the lots they were taken from. Raises Refused
    (`balance.short`, `stock.empty`, `budget.short`) or NotLoaded, and then nothing has changed.
    """
    moves = [(*sides(move.asset, move.debit, move.credit), move.amount) for move in transfers]
    _take_out(book, accounts, transfers, moves, leaving)
    balances, touched, deltas = book.balances, book.touched, accounts.deltas
    for from_own, debit, to_own, credit, amount in moves:
        if from_own:
            touched.add(debit)
        if to_own:
            balances[credit] += amount
            touched.add(credit)
        else:
            deltas[credit] += amount
    if book.owing:
        transfers = [*transfers, *_repaid(book, transfers[-1].why)] if transfers else transfers
    return _split_by_lot(book, transfers, expiring) if expiring else transfers


def _repaid(book: MemberBook, why: str) -> Iterator[Transfer]:
    """What a member owes and now has. Whoever brought it is why it was paid."""
    for asset in sorted(book.owing):
        owed = member_key(asset, OWED)
        paid = min(book.balance(asset), -book.balance(owed))
        if paid > 0:
            book.balances[asset] -= paid
            book.balances[owed] += paid
            book.touched |= {asset, owed}
            yield Transfer(asset, MEMBER, OWED, paid, None, why)


def merge(book: MemberBook, gone: MemberBook) -> list[Transfer]:
    """Everything that `gone` holds becomes the other's, lot by lot, and so does what it owes. Its accounts are named by
    its number (`17@`), as the audit names them. Both books must hold all there is of their members."""
    moves: list[Transfer] = []
    for key, balance in sorted(gone.balances.items()):
        if not balance:
            continue
        asset, part = asset_and_part(key)
        book.balances[key] = book.balances.get(key, 0) + balance
        gone.balances[key] = 0
        book.touched.add(key)
        gone.touched.add(key)
        theirs = f"{gone.member}{part}"
        sides = (theirs, part) if balance > 0 else (part, theirs)
        lots = gone.lots.get(asset, []) if part == MEMBER else []
        if lots:
            moves += [Transfer(asset, *sides, amount, expiry, MERGED) for expiry, amount in lots]
        else:
            moves.append(Transfer(asset, *sides, abs(balance), None, MERGED))
        if part == OWED:
            book.owing = {*book.owing, asset}
    for asset, lots in gone.lots.items():
        for expiry, amount in lots:
            book.put_into_lot(asset, expiry, amount)
        gone.keep_lots(asset, [])
    for move in _repaid(book, MERGED):
        moves += _by_lot(book, move) if book.lots.get(move.asset) else [move]
    return moves


def _take_out(
    book: MemberBook,
    accounts: SharedBook,
    transfers: Sequence[Transfer],
    moves: Sequence[Move],
    leaving: Mapping[str, int],
) -> None:
    """The debits, and a look at the accounts to be credited. Puts everything back when there is not enough."""
    balances, deltas, floors = book.balances, accounts.deltas, accounts.floors
    taken = 0
    try:
        for from_own, debit, to_own, credit, amount in moves:
            if not to_own:
                floors[credit]  # an account that was never opened is a KeyError here
            elif credit not in balances:
                book.balance(credit)
            if from_own:
                spare = book.balance(debit)
                if spare < amount:
                    if not debit.endswith(OWED):
                        raise _short(transfers, taken, spare)
                    book.owing = {*book.owing, transfers[taken].asset}
                balances[debit] = spare - amount
            else:
                if floors[debit] is not None:
                    spare = accounts.spare(debit, leaving)
                    if spare < amount:
                        raise _short(transfers, taken, spare)
                deltas[debit] -= amount
            taken += 1
    except BaseException:
        for from_own, debit, _, _, amount in moves[:taken]:
            if from_own:
                balances[debit] += amount
            else:
                deltas[debit] += amount
        raise


def _short(transfers: Sequence[Transfer], at: int, spare: int) -> Refused:
    """The refusal of a transfer for which only `spare` was there, told together with those before it."""
    move = transfers[at]
    before = sum(
        [each.amount for each in transfers[:at] if (each.debit, each.asset) == (move.debit, move.asset)]
    )
    left, wanted = spare + before, move.amount + before
    if move.debit[0] == "@":
        return Refused(BALANCE_SHORT, asset=move.asset, balance=left, needed=wanted)
    if "/budget/" in move.debit:
        line = move.debit.rpartition("/")[2]
        return Refused(BUDGET_SHORT, line=line, left=left, needed=wanted)
    return Refused(STOCK_EMPTY, asset=move.asset, left=left)


def _split_by_lot(
    book: MemberBook, transfers: Iterable[Transfer], expiring: frozenset[str]
) -> list[Transfer]:
    done: list[Transfer] = []
    for move in transfers:
        if move.asset in expiring and (move.debit == MEMBER or move.credit == MEMBER):
            done += _by_lot(book, move)
        else:
            done.append(move)
    return done


def _by_lot(book: MemberBook, move: Transfer) -> Sequence[Transfer]:
    """Split a transfer of an expiring asset by lot and move the lots. Held and pending parts carry no lots of their
    own: a hold remembers which lots it took."""
    lots = book.lots.get(move.asset, [])
    if move.debit == MEMBER:
        rest, taken = take(lots, move.amount) if move.lot is None else take_from(lots, move.lot, move.amount)
        book.keep_lots(move.asset, rest)
    else:
        expiry = move.lot or FOREVER
        taken = [(expiry, move.amount)]
        if move.credit == MEMBER:
            book.put_into_lot(move.asset, expiry, move.amount)
    if len(taken) == 1 and taken[0] == (move.lot, move.amount):
        return (move,)
    return [
        Transfer(move.asset, move.debit, move.credit, amount, expiry, move.why)
        for expiry, amount in taken
        if amount
    ]
