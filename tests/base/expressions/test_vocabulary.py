"""A vocabulary is data: what it takes, and what several have in common."""

import pytest

from festoon.base.expressions import (
    BOOL,
    DATE,
    EVENT,
    INT,
    TEXT,
    FunctionType,
    Kind,
    Literal,
    Partial,
    Vocabulary,
    compile_condition,
    event_fields,
    lines_of,
    member_fields,
    object_of,
    one_of,
)
from tests.base.expressions.stage import VOCABULARY, Member, Moment, wrong


@pytest.mark.parametrize(
    "name", ["amount", "order.amount", "event", "event.", "event.order-id", "event._x", "event.if", "event.1"]
)
def test_a_name_that_no_expression_can_write_is_not_taken(name: str) -> None:
    with pytest.raises(ValueError, match="no expression can speak of"):
        Vocabulary(fields={name: INT})


def test_functions_belong_to_the_member() -> None:
    with pytest.raises(ValueError, match="not a function of the member"):
        Vocabulary(functions={"event.count": FunctionType("count", (), INT)})
    with pytest.raises(ValueError, match="not a function of the member"):
        Vocabulary(functions={"member.count": FunctionType("__class__", (), INT)})


def test_a_platform_can_add_a_function_with_whole_numbers() -> None:
    class Spender(Member):
        def spent_within(self, days: int) -> int:
            return days * 10

    spent = FunctionType("spent_within", (Literal(Kind.INT),), INT)
    vocabulary = Vocabulary(functions={"member.spent": spent})
    condition = compile_condition("member.spent(30) == 300", vocabulary)
    assert condition({}, Spender(), Moment())
    assert condition.reads == {"member.spent:30"}
    for text in ("member.spent(True) == 1", 'member.spent("30") == 1', "member.spent(-1) == 1"):
        assert wrong(text, vocabulary).data["usage"] == "member.spent(1)"


def test_event_fields_keep_the_events_own_and_leave_out_what_cannot_be_written() -> None:
    fields = event_fields({"amount": INT, "date": TEXT, "data": TEXT, "order-id": TEXT, "_raw": TEXT})
    assert fields == {**EVENT, "event.amount": INT, "event.data.date": TEXT, "event.data.data": TEXT}
    condition = compile_condition('event.data.date == "x" and event.data.data == "y"', Vocabulary(fields))
    assert condition({"date": "x", "data": "y"}, Member(), Moment())
    assert condition.equalities == (("date", "x"), ("data", "y"))


def test_member_fields_leave_out_what_cannot_be_written() -> None:
    assert member_fields({"level": TEXT, "e-mail": TEXT}) == {"member.level": TEXT}


def test_in_common_is_what_every_type_has_with_the_same_kind() -> None:
    address = object_of(city=TEXT, street=TEXT)
    paid = Vocabulary(
        {
            "event.amount": INT,
            "event.channel": one_of("app", "web"),
            "event.code": INT,
            "event.address": address,
            "event.lines": lines_of(sku=TEXT, amount=INT),
            "event.coupon": TEXT,
        },
        functions=VOCABULARY.functions,
    )
    refunded = Vocabulary(
        {
            "event.amount": INT.maybe(),
            "event.channel": one_of("app", "shop"),
            "event.code": TEXT,
            "event.address": object_of(city=TEXT, street=INT),
            "event.lines": lines_of(amount=INT, reason=TEXT),
            "event.reason": TEXT,
        },
        functions={"member.segment": VOCABULARY.functions["member.segment"]},
    )
    both = Vocabulary.in_common({"order.paid": paid, "order.refunded": refunded})
    assert both.fields == {
        "event.amount": INT.maybe(),
        "event.channel": one_of("app", "web", "shop"),
        "event.address": object_of(city=TEXT),
        "event.lines": lines_of(amount=INT),
    }
    assert both.partial == {
        "event.code": Partial(("order.paid", "order.refunded"), ()),
        "event.coupon": Partial(("order.paid",), ("order.refunded",)),
        "event.reason": Partial(("order.refunded",), ("order.paid",)),
    }
    assert both.functions.keys() == {"member.segment"}


def test_a_text_without_choices_in_one_type_has_none_in_common() -> None:
    known, free = Vocabulary({"event.x": one_of("a")}), Vocabulary({"event.x": TEXT})
    assert Vocabulary.in_common({"a": known, "b": free}).fields == {"event.x": TEXT}


def test_one_type_alone_keeps_everything() -> None:
    only = Vocabulary.in_common({"order.paid": VOCABULARY})
    assert only.fields == VOCABULARY.fields
    assert only.functions == VOCABULARY.functions
    assert only.zone == VOCABULARY.zone


def test_what_is_required_and_what_is_optional_read_the_same() -> None:
    fields = {"event.a": BOOL, "event.b": BOOL.maybe(), "event.c": DATE}
    for name in ("event.a", "event.b"):
        condition = compile_condition(name, Vocabulary(fields))
        assert [condition({name[-1]: value}, Member(), Moment()) for value in (True, False, None)] == [
            True,
            False,
            False,
        ]
