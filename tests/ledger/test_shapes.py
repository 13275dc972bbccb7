"""The short way of a posting comes to what the long way does, or leaves it to it."""

from copy import deepcopy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.errors import Refused
from festoon.ledger.accounts import HELD, ISSUER, LAPSED, MEMBER, OWED, SPENT
from festoon.ledger.book import MemberBook, SharedBook, post
from festoon.ledger.shapes import Shapes, source_of
from festoon.ledger.transfers import Transfer

LOT = datetime(2027, 3, 1, tzinfo=UTC)
LATER = datetime(2027, 5, 1, tzinfo=UTC)
EXPIRING = frozenset({"points"})
FLOORS: dict[str, int | None] = {
    "shelf|phone": 0, "reserved|phone": 0, "given|phone": None, "maker|phone": None, "line|CNY": 0, "cost|CNY": None,
    "issuer|stamps": None, "spent|stamps": None, "issuer|points": None, "spent|points": None, "lapsed|points": None,
}  # fmt: skip
WAYS = (
    ("phone", "shelf", "given"), ("phone", "shelf", "reserved"), ("phone", "reserved", "given"),
    ("CNY", "line", "cost"), ("stamps", ISSUER, MEMBER), ("stamps", MEMBER, SPENT), ("stamps", MEMBER, HELD),
    ("stamps", HELD, MEMBER), ("stamps", OWED, MEMBER), ("points", ISSUER, MEMBER), ("points", MEMBER, SPENT),
    ("points", HELD, LAPSED),
)  # fmt: skip
MOVES = st.lists(
    st.tuples(st.sampled_from(WAYS), st.integers(1, 12), st.sampled_from((LOT, LATER, None))), min_size=1
)
STATES = st.fixed_dictionaries(
    {
        "stamps": st.integers(0, 20),
        "stamps@held": st.integers(0, 20),
        "points": st.integers(0, 20),
        "owed": st.integers(0, 2),
        "shelf": st.integers(0, 20),
        "line": st.integers(0, 20),
    }
)


def books(state: dict[str, int]) -> tuple[MemberBook, SharedBook]:
    book, shared = MemberBook(1, complete=True), SharedBook()
    book.balances = {
        "stamps": state["stamps"],
        "stamps@held": state["stamps@held"],
        "points": state["points"],
    }
    book.balances |= {"points@held": 5, "stamps@owed": -state["owed"]}
    book.lots = {"points": [(LOT, state["points"])]} if state["points"] else {}
    book.owing = ("stamps",) if state["owed"] else ()
    for key, floor in FLOORS.items():
        holder = key.partition("|")[0]
        shared.open(key, state.get(holder, 3), floor)
    return book, shared


def written(book: MemberBook, shared: SharedBook) -> tuple[object, ...]:
    """Everything that is stored of what a posting has done."""
    balances = {key: held for key, held in book.balances.items() if held}
    lots = {asset: lots for asset, lots in book.lots.items() if lots}
    return balances, lots, book.touched, book.touched_lots, book.opened, shared.balances


@settings(deadline=None)
@given(moves=MOVES, state=STATES)
def test_the_short_way_comes_to_what_the_long_way_does_or_changes_nothing(
    moves: list[tuple[tuple[str, str, str], int, datetime | None]], state: dict[str, int]
) -> None:
    transfers = [
        Transfer(*way, amount, lot if way[0] == "points" and way[2] == MEMBER else None, "one/way")
        for way, amount, lot in moves
    ]
    shape = Shapes(FLOORS, frozenset(), EXPIRING).of_all(transfers)
    short, long, before = books(state), books(state), books(state)
    done = shape.write(*short, transfers)
    if not done:
        assert written(*short) == written(*before)
        return
    assert list(post(*long, transfers, EXPIRING)) == transfers
    assert written(*short) == written(*long)


def test_what_the_long_way_refuses_the_short_way_leaves_alone() -> None:
    transfers = [Transfer("stamps", ISSUER, MEMBER, 5), Transfer("phone", "shelf", "given", 3)]
    book, shared = books({"stamps": 0, "stamps@held": 0, "points": 0, "owed": 0, "shelf": 2, "line": 0})
    shape = Shapes(FLOORS, frozenset(), EXPIRING).of_all(transfers)
    assert not shape.write(book, shared, transfers)
    with pytest.raises(Refused):
        post(book, shared, transfers, EXPIRING)
    assert book.balances["stamps"] == 0
    assert shape.write(book, shared, [transfers[0], Transfer("phone", "shelf", "given", 2)])
    assert (book.balances["stamps"], shared.balance("shelf|phone")) == (5, 0)


def test_an_account_that_is_read_under_its_lock_only_goes_the_long_way() -> None:
    transfers = [Transfer("phone", "shelf", "given", 1)]
    state = {"stamps": 0, "stamps@held": 0, "points": 0, "owed": 0, "shelf": 2, "line": 0}
    assert Shapes(FLOORS, frozenset(), EXPIRING).of_all(transfers).write(*books(state), transfers)
    exact = Shapes(FLOORS, frozenset({"shelf|phone"}), EXPIRING)
    assert not exact.of_all(transfers).write(*books(state), transfers)


def test_joined_shapes_are_one_shape() -> None:
    shapes = Shapes(FLOORS, frozenset(), EXPIRING)
    gift, cost = shapes.of((("stamps", ISSUER, MEMBER),)), shapes.of((("CNY", "line", "cost"),))
    assert gift.then(cost) is shapes.of((*gift.ways, *cost.ways))


def test_the_function_of_a_shape_can_be_read() -> None:
    source = source_of((("stamps", ISSUER, MEMBER), ("phone", "shelf", "given")), {"shelf|phone": 0}, ())
    assert "balances['stamps'] = own0 + amount0" in source
    assert "read['shelf|phone'] + delta0 < 0" in source


def test_nothing_is_kept_between_one_posting_and_the_next() -> None:
    state = {"stamps": 0, "stamps@held": 0, "points": 0, "owed": 0, "shelf": 2, "line": 0}
    transfers = [Transfer("phone", "shelf", "given", 1)]
    shape = Shapes(FLOORS, frozenset(), EXPIRING).of_all(transfers)
    one = books(state)
    other = deepcopy(one)
    assert shape.write(*one, transfers)
    assert shape.write(*other, transfers)
    assert written(*one) == written(*other)
