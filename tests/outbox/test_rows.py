"""Rows of facts: what each thing in a stored outcome, a transfer and an order becomes."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pyarrow as pa

from festoon.engine.outcome import Given, MechanicOutcome, Outcome, Refusal, encode, encode_transfers
from festoon.ledger.transfers import Transfer
from festoon.outbox.rows import Unfolding
from festoon.outbox.schemas import SCHEMAS
from tests.outbox.writing import GAVE, LOT, MOVED

TIME = datetime(2027, 2, 10, 4, 0, 0, 250_000, tzinfo=UTC)
MICROSECONDS = 1_802_232_000_250_000
LINES = [
    {"line": "1", "product": "tea", "category": "drinks", "quantity": 2, "amount": 9900, "discount": 100},
    {"line": "2", "product": "cup", "amount": 3000},
]


def row(
    seq: int, outcome: Outcome, type: str = "content.published", data: Any = None, moves: Any = ()
) -> tuple[Any, ...]:
    text = msgspec.json.encode(data or {}).decode()
    transfers = encode_transfers(list(moves))
    return seq, 7, "shop", f"e{seq}", type, MICROSECONDS, MICROSECONDS, text, encode(outcome), transfers


def unfolded(*rows: tuple[Any, ...]) -> dict[str, pa.Table]:
    unfolding = Unfolding()
    unfolding.add_events(rows)
    return unfolding.tables()


def columns(table: pa.Table, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one.values()) for one in table.select(names).to_pylist()]


def test_a_row_for_each_thing_given_taken_refused_noted_and_passed_over() -> None:
    outcomes = unfolded(row(1, GAVE))["outcomes"]
    assert columns(outcomes, "mechanic", "what", "kind", "ref", "amount", "cost", "line", "code", "item") == [
        ("earn", "given", "asset", "points", 99, 12, "prizes", "", ""),
        ("lucky-draw", "given", "coupon", "five-off", 1, 500, "prizes", "", "i1"),
        ("lucky-draw", "given", "asset", "growth", 3, 0, "", "", ""),
        ("lucky-draw", "taken", "asset", "spring/chances/lucky-draw", 1, 0, "", "", ""),
        ("task", "refused", "", "", 0, 0, "", "limit.per_member", ""),
        ("other-draw", "noted", "", "", 0, 0, "", "", ""),
        ("vip", "passed_over", "", "", 0, 0, "", "condition", ""),
        ("a", "passed_over", "", "", 0, 0, "", "holdout", ""),
        ("b", "passed_over", "", "", 0, 0, "", "holdout", ""),
    ]
    assert set(outcomes["campaign"].to_pylist()) == {"spring"}
    assert set(columns(outcomes, "seq", "member", "type", "time", "now")) == {
        (1, 7, "content.published", TIME, TIME)
    }


def test_what_is_held_is_a_row_of_its_own_and_given_only_when_it_is() -> None:
    note = {"hold": "h1", "score": 40}
    points = [Given("asset", "points", 50)]
    held = [MechanicOutcome("spring/hello", held=points, note=note)]
    given = [MechanicOutcome("spring/hello", points)]
    outcomes = unfolded(row(1, Outcome("accepted", held)), row(2, Outcome("accepted", given)))["outcomes"]
    assert columns(outcomes, "seq", "what", "ref", "amount") == [
        (1, "held", "points", 50),
        (2, "given", "points", 50),
    ]
    assert outcomes["note"].to_pylist()[0] == '{"hold":"h1","score":40}'


def test_the_arm_of_an_experiment_has_a_row_of_its_own_also_where_it_gives_nothing() -> None:
    outcome = Outcome("accepted", [MechanicOutcome("spring/gift", variants={"size": "none"})])
    found = columns(
        unfolded(row(1, outcome))["outcomes"], "campaign", "mechanic", "what", "kind", "ref", "code"
    )
    assert found == [("spring", "gift", "assigned", "experiment", "size", "none")]


def test_the_mark_of_a_tester_is_a_row_of_its_campaign() -> None:
    outcome = Outcome("accepted", [], {"condition": ["spring/gift"]}, tests=["spring", "summer"])
    found = columns(unfolded(row(1, outcome))["outcomes"], "campaign", "mechanic", "what")
    assert found == [("spring", "gift", "passed_over"), ("spring", "", "tested"), ("summer", "", "tested")]


def test_a_mechanics_note_stands_on_its_first_row_only() -> None:
    notes = unfolded(row(1, GAVE))["outcomes"]["note"].to_pylist()
    assert notes == [None, '{"roll":7}', None, None, '{"limit":1}', '{"roll":9}', None, None, None]


def test_a_request_refused_by_its_mechanic_is_refused_once() -> None:
    no = Refusal("stock.empty", {"left": 0})
    outcome = Outcome("refused", [MechanicOutcome("spring/draw", refused=no)], {}, no)
    assert columns(unfolded(row(1, outcome))["outcomes"], "mechanic", "code") == [("draw", "stock.empty")]


def test_an_event_refused_before_any_mechanic_is_refused_by_none() -> None:
    outcome = Outcome("refused", refused=Refusal("hold.unknown", {"hold": "h"}))
    tables = unfolded(row(1, outcome))
    assert tables["events"]["status"].to_pylist() == ["refused"]
    found = columns(tables["outcomes"], "campaign", "mechanic", "what", "code", "note")
    assert found == [("", "", "refused", "hold.unknown", '{"hold":"h"}')]


def test_transfers_keep_their_place_and_their_lot() -> None:
    transfers = unfolded(row(1, GAVE, moves=MOVED))["transfers"]
    assert transfers.to_pylist() == [
        {
            "seq": 1, "place": 0, "member": 7, "at": TIME, "asset": "points", "debit": "issuer",
            "credit": "@", "amount": 99, "lot": LOT, "why": "spring/earn",
        },
        {
            "seq": 1, "place": 1, "member": 7, "at": TIME, "asset": "CNY", "debit": "spring/budget/prizes",
            "credit": "spring/cost/prizes", "amount": 12, "lot": None, "why": "spring/earn",
        },
    ]  # fmt: skip


def test_an_order_has_a_row_for_each_line_and_a_refund_takes_off() -> None:
    paid = {"order": "o1", "amount": 12900, "currency": "CNY", "lines": LINES}
    back = {
        "order": "o1",
        "refund": "r1",
        "amount": 3000,
        "currency": "CNY",
        "lines": [{"line": "2", "amount": 3000}],
    }
    lines = unfolded(row(1, GAVE, "order.paid", paid), row(2, GAVE, "order.refunded", back))["lines"]
    names = ("seq", "order", "line", "product", "category", "quantity", "amount", "discount")
    assert columns(lines, *names) == [
        (1, "o1", "1", "tea", "drinks", 2, 9900, 100),
        (1, "o1", "2", "cup", None, 1, 3000, 0),
        (2, "o1", "2", None, None, -1, -3000, 0),
    ]


def test_an_order_nobody_can_read_is_an_event_without_lines() -> None:
    odd = [{"order": 5}, {"order": "o", "lines": [{"line": "1", "amount": 2**63}]}, {"lines": "none"}]
    unfolding = Unfolding()
    unfolding.add_events([row(n, GAVE, "order.paid", data) for n, data in enumerate(odd, 1)])
    tables = unfolding.tables()
    assert (unfolding.odd, tables["events"].num_rows, tables["lines"].num_rows) == (3, 3, 0)


def test_events_that_come_in_any_order_and_in_parts_make_the_same_tables() -> None:
    paid = {"order": "o1", "amount": 12900, "currency": "CNY", "lines": LINES}
    rows = [row(n, GAVE, "order.paid", paid, MOVED) for n in range(1, 6)]
    parts = Unfolding()
    for part in (rows[3:], rows[:1], rows[1:3]):
        parts.add_events(part)
    assert parts.tables() == unfolded(*rows)


def test_publications_are_transfers_of_nobody_and_no_events() -> None:
    unfolding = Unfolding()
    unfolding.add_events([row(1, GAVE, moves=MOVED)])
    moved = Transfer("CNY", "treasury", "spring/budget/prizes", 1000, None, "spring@1")
    unfolding.add_publications([(3, MICROSECONDS, encode_transfers([moved]))])
    tables = unfolding.tables()
    assert tables["events"]["seq"].to_pylist() == [1]
    assert columns(tables["transfers"], "seq", "member", "at", "amount") == [
        (-3, None, TIME, 1000),
        (1, 7, TIME, 99),
        (1, 7, TIME, 12),
    ]


def test_every_kind_has_its_columns_even_when_it_has_no_rows() -> None:
    tables = unfolded(row(1, Outcome("accepted")))
    assert {kind: table.schema for kind, table in tables.items()} == dict(SCHEMAS)
    assert [tables[kind].num_rows for kind in ("outcomes", "transfers", "lines")] == [0, 0, 0]
