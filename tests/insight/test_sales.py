from typing import Any

from festoon.insight.figures import FIGURES
from festoon.insight.results import Number
from festoon.insight.sales import daily_sales
from tests.insight.journal import Journal, at, scope

MARCH = ("2027-03-01", "2027-03-31")


def number(journal: Journal, id: str, **rest: Any) -> Number:
    return FIGURES[id].number(journal.facts(), scope(*MARCH, **rest))


def test_revenue_is_what_was_paid_less_what_was_refunded() -> None:
    journal = Journal().order(1, "2027-03-02", 10_000).order(2, "2027-03-03", 5_000)
    journal.event(1, "2027-03-05", "order.refunded", order="o1", refund="r", amount=2_500, currency="CNY")
    assert number(journal, "revenue") == Number(12_500)
    assert number(journal, "order_value") == Number(15_000, 2)
    assert number(journal, "orders") == Number(2)
    assert number(journal, "buyers") == Number(2)


def test_another_currency_is_not_added_up() -> None:
    journal = Journal().order(1, "2027-03-02", 10_000).order(2, "2027-03-02", 99, currency="USD")
    assert number(journal, "revenue") == Number(10_000)
    assert number(journal, "revenue", currency="USD") == Number(99)


def test_no_orders_have_no_order_value() -> None:
    assert number(Journal(), "order_value") == Number(0, 0)
    assert number(Journal(), "order_value").value is None


def test_two_orders_on_one_day_are_no_repurchase() -> None:
    journal = Journal().order(1, "2027-03-02 09:00", 1).order(1, "2027-03-02 21:00", 1)
    journal.order(2, "2027-03-02 23:59", 1).order(2, "2027-03-03 00:01", 1).order(3, "2027-03-04", 1)
    assert number(journal, "repurchase_rate") == Number(1, 3)


def test_repurchase_after_a_redemption_leaves_out_the_order_the_coupon_was_used_on() -> None:
    journal = Journal()
    for member in (1, 2, 3):
        journal.order(member, "2027-03-02 10:00", 1, order=f"with-{member}")
        journal.event(member, "2027-03-02 09:59", "coupon.redeemed", coupon="C", order=f"with-{member}")
    journal.order(1, "2027-03-20", 1).order(2, "2027-05-01", 1)
    found = number(journal, "repurchase_after_redemption", seen=at("2027-06-01"))
    assert found == Number(1, 3)


def test_a_redemption_whose_thirty_days_are_not_over_is_left_out() -> None:
    journal = Journal().event(1, "2027-03-02", "coupon.redeemed", coupon="C")
    journal.event(2, "2027-03-25", "coupon.redeemed", coupon="D").order(2, "2027-03-26", 1)
    found = number(journal, "repurchase_after_redemption", seen=at("2027-04-15"))
    assert found == Number(0, 1)


def test_sales_by_day() -> None:
    journal = Journal().order(1, "2027-03-01 00:00", 5).order(1, "2027-03-01 23:59:59", 6)
    found = daily_sales(journal.facts(), scope("2027-03-01", "2027-03-02"))
    assert found.series == {"orders": (2, 0), "paid": (11, 0)}
