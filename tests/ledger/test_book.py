"""The book under random histories: everything sums to zero, nothing falls below its floor, lots sum to balances."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from festoon.base.errors import Refused
from festoon.base.times import Lifetime
from festoon.ledger.accounts import HELD, ISSUER, LAPSED, MEMBER, SPENT, SharedAccount
from festoon.ledger.book import MemberBook, NotLoaded, SharedBook, post
from festoon.ledger.lots import Lots, lapse, put, take, take_from
from festoon.ledger.set_aside import Leg, given_back, leg_of, posted, set_aside
from festoon.ledger.transfers import Transfer

START = datetime(2027, 1, 1, tzinfo=UTC)
EXPIRING = frozenset({"points"})
AMOUNTS = st.integers(1, 1_000)
DAYS = st.integers(1, 5)


class Books(RuleBasedStateMachine):
    """One member and one stock, moved about at random. Every move is remembered, and must explain every balance."""

    def __init__(self) -> None:
        super().__init__()
        self.book = MemberBook(1, complete=True)
        self.shared = SharedBook()
        self.moves: list[Transfer] = []
        self.held: Lots = []
        self.aside: list[tuple[Leg, ...]] = []

    @initialize(stock=st.integers(0, 50))
    def open(self, stock: int) -> None:
        points = [SharedAccount(holder, "points") for holder in (ISSUER, SPENT, LAPSED)]
        shelf = SharedAccount("shelf", "phone", 0, stock, "maker")
        reserved = SharedAccount("reserved", "phone", 0)
        open_ended = [SharedAccount("maker", "phone"), SharedAccount("given", "phone")]
        self.shared.fund([*points, *open_ended, reserved, shelf])
        self.stock = stock

    def move(self, *wanted: Transfer) -> list[Transfer]:
        before = (dict(self.book.balances), dict(self.shared.balances), dict(self.book.lots))
        try:
            done = post(self.book, self.shared, wanted, EXPIRING)
        except Refused:
            after = (
                {key: held for key, held in self.book.balances.items() if key in before[0] or held},
                dict(self.shared.balances),
                dict(self.book.lots),
            )
            assert after == before, "a refusal changes nothing"
            return []
        self.moves += done
        return list(done)

    @rule(amount=AMOUNTS, days=DAYS)
    def grant(self, amount: int, days: int) -> None:
        self.move(Transfer("points", ISSUER, MEMBER, amount, START + timedelta(days=days)))

    @rule(amount=AMOUNTS)
    def spend(self, amount: int) -> None:
        done = self.move(Transfer("points", MEMBER, SPENT, amount))
        lots = [move.lot for move in done]
        assert lots == sorted(lots, key=lambda lot: lot or START), "first-expiring is spent first"

    @rule(amount=AMOUNTS)
    def hold(self, amount: int) -> None:
        done = self.move(Transfer("points", MEMBER, HELD, amount))
        self.held += [(move.lot, move.amount) for move in done if move.lot is not None]

    @rule()
    def release(self) -> None:
        for lot, amount in self.held:
            self.move(Transfer("points", HELD, MEMBER, amount, lot))
        self.held = []

    @rule(count=st.integers(1, 10))
    def win(self, count: int) -> None:
        self.move(Transfer("phone", "shelf", "given", count))

    @rule(amount=AMOUNTS, count=st.integers(0, 5), days=DAYS)
    def set_aside(self, amount: int, count: int, days: int) -> None:
        legs = [leg_of(Transfer("points", ISSUER, MEMBER, amount), Lifetime(days=days))]
        if count:
            legs.append(leg_of(Transfer("phone", "shelf", "given", count), Lifetime()))
        if self.move(*set_aside(legs, "promise")):
            self.aside.append(tuple(legs))

    @rule(data=st.data())
    def what_was_set_aside_is_given(self, data: st.DataObject) -> None:
        if self.aside:
            legs = self.aside.pop(data.draw(st.integers(0, len(self.aside) - 1)))
            assert self.move(*posted(legs, "promise", START, ZoneInfo("Asia/Shanghai"), EXPIRING))

    @rule(data=st.data())
    def what_was_set_aside_goes_back(self, data: st.DataObject) -> None:
        if self.aside:
            legs = self.aside.pop(data.draw(st.integers(0, len(self.aside) - 1)))
            assert self.move(*given_back(legs, "promise"))

    @rule(day=DAYS)
    def time_passes(self, day: int) -> None:
        _, gone = lapse(self.book.lots.get("points", []), START + timedelta(days=day))
        for expiry, amount in gone:
            self.move(Transfer("points", MEMBER, LAPSED, amount, expiry))

    @invariant()
    def all_balances_of_an_asset_sum_to_zero(self) -> None:
        sums: Counter[str] = Counter()
        for key, balance in self.book.balances.items():
            sums[key.partition("@")[0]] += balance
        for key, balance in self.shared.balances.items():
            sums[key.partition("|")[2]] += balance
        assert not any(sums.values())

    @invariant()
    def every_balance_is_the_sum_of_its_transfers(self) -> None:
        sums: Counter[str] = Counter()
        for move in self.moves:
            sums[move.credit if move.credit[0] != "@" else move.asset + move.credit] += move.amount
            sums[move.debit if move.debit[0] != "@" else move.asset + move.debit] -= move.amount
        assert sums["points@"] == self.book.balances.get("points", 0)
        assert sums["points@held"] == self.book.balances.get("points@held", 0)
        if "shelf|phone" in self.shared.balances:
            assert self.stock + sums["shelf"] == self.shared.balances["shelf|phone"]

    @invariant()
    def what_waits_is_what_was_set_aside(self) -> None:
        waits: Counter[str] = Counter()
        for legs in self.aside:
            for leg in legs:
                waits[leg.asset] += leg.amount
        assert self.book.balances.get("points@pending", 0) == waits["points"]
        assert self.shared.balances.get("reserved|phone", 0) == waits["phone"]

    @invariant()
    def nothing_is_below_its_floor(self) -> None:
        assert all(balance >= 0 for balance in self.book.balances.values())
        assert self.shared.balances.get("shelf|phone", 0) >= 0

    @invariant()
    def lots_sum_to_the_balance(self) -> None:
        lots = self.book.lots.get("points", [])
        assert sum(amount for _, amount in lots) == self.book.balances.get("points", 0)
        assert lots == sorted(lots)
        assert all(amount > 0 for _, amount in lots)


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_what_was_never_loaded_is_not_zero() -> None:
    with pytest.raises(NotLoaded):
        MemberBook(1, complete=False).balance("points")


def shelf(phones: int) -> SharedBook:
    """A shelf with so many phones on it."""
    shared = SharedBook()
    shared.fund(
        [
            SharedAccount("maker", "phone"),
            SharedAccount("given", "phone"),
            SharedAccount("shelf", "phone", 0, phones, "maker"),
            SharedAccount(ISSUER, "points"),
            SharedAccount(SPENT, "points"),
        ]
    )
    return shared


PHONE = Transfer("phone", "shelf", "given", 1)


def test_transfers_of_one_decision_are_refused_together() -> None:
    shared, book = shelf(1), MemberBook(1, complete=True)
    points = Transfer("points", ISSUER, MEMBER, 5)
    with pytest.raises(Refused, match=r"stock\.empty") as refused:
        post(book, shared, [points, PHONE, PHONE], EXPIRING)
    assert refused.value.data == {"asset": "phone", "left": 1}
    assert shared.balance("shelf|phone") == 1
    assert (book.balance("points"), book.lots) == (0, {})
    post(book, shared, [points, PHONE], EXPIRING)
    assert shared.balance("shelf|phone") == 0


def test_what_comes_in_cannot_go_out_with_the_same_decision() -> None:
    book = MemberBook(1, complete=True)
    both = [Transfer("points", ISSUER, MEMBER, 5), Transfer("points", MEMBER, SPENT, 5)]
    with pytest.raises(Refused, match=r"balance\.short") as refused:
        post(book, shelf(0), both, EXPIRING)
    assert refused.value.data == {"asset": "points", "balance": 0, "needed": 5}


def test_what_must_be_left_stays_on_the_shelf() -> None:
    shared, book = shelf(3), MemberBook(1, complete=True)
    post(book, shared, [PHONE], EXPIRING, {"shelf|phone": 2})
    with pytest.raises(Refused, match=r"stock\.empty"):
        post(book, shared, [PHONE], EXPIRING, {"shelf|phone": 2})
    assert shared.balance("shelf|phone") == 2


def test_an_account_nobody_opened_changes_nothing() -> None:
    shared, book = shelf(3), MemberBook(1, complete=True)
    with pytest.raises(KeyError):
        post(book, shared, [PHONE, Transfer("phone", "shelf", "nowhere", 1)], EXPIRING)
    assert shared.balance("shelf|phone") == 3


def test_grants_that_expire_together_are_one_lot() -> None:
    later = START + timedelta(days=1)
    assert put(put([], later, 5), later, 7) == [(later, 12)]


def test_taking_more_than_the_lots_hold_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="more than the lots hold"):
        take([(START, 3)], 4)
    with pytest.raises(ValueError, match="the lot holds 3"):
        take_from([(START, 3)], START, 4)


def test_a_lot_is_good_strictly_before_its_expiry() -> None:
    assert lapse([(START, 3)], START) == ([], [(START, 3)])
    assert lapse([(START, 3)], START - timedelta(microseconds=1)) == ([(START, 3)], [])
