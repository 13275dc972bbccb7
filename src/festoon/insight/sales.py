"""Orders, revenue, order value and repurchase. Money is in the smallest unit of the scope's currency."""

from datetime import timedelta

import ibis

from festoon.insight.facts import Facts
from festoon.insight.results import Daily, Figure, Number, metric, said
from festoon.insight.scope import Scope, within
from festoon.insight.taking_part import daily, first, whole

FOLLOW_UP = timedelta(days=30)
"""How long after a redemption an order counts as brought by it."""


def orders(facts: Facts, scope: Scope) -> Number:
    """Paid orders."""
    return Number(whole(scope.money(facts.orders).count()))


def revenue(facts: Facts, scope: Scope) -> Number:
    """What was paid, with what was refunded in the window taken off."""
    paid, refunded = scope.money(facts.orders), scope.money(facts.refunds)
    return Number(whole(paid.amount.sum()) - whole(refunded.amount.sum()))


def order_value(facts: Facts, scope: Scope) -> Number:
    """What an order is worth on average (客单价), before refunds."""
    paid = scope.money(facts.orders)
    row = first(paid.aggregate(top=paid.amount.sum(), bottom=paid.count()))
    return Number(row["top"] or 0, row["bottom"])


def buyers(facts: Facts, scope: Scope) -> Number:
    """Members who paid for an order."""
    return Number(whole(scope.money(facts.orders).member.nunique()))


def daily_sales(facts: Facts, scope: Scope) -> Daily:
    """Orders, and what was paid, by local day."""
    paid = scope.money(facts.orders)
    return daily(
        paid.group_by(day=scope.day(paid.time)).aggregate(orders=paid.count(), paid=paid.amount.sum()), scope
    )


def repurchase_rate(facts: Facts, scope: Scope) -> Number:
    """Of the members who bought, the part that bought on two days or more."""
    paid = scope.money(facts.orders)
    each = paid.group_by("member").aggregate(days=scope.day(paid.time).nunique())
    return Number(**first(each.aggregate(top=(each.days > 1).sum().coalesce(0), bottom=each.count())))


def repurchase_after_redemption(facts: Facts, scope: Scope) -> Number:
    """Of the members who used a coupon, the part that ordered again within thirty days of the first time.

    The order on which the coupon was used does not count. Members whose thirty days are not over by what
    the scope has seen are left out on both sides.
    """
    window = scope.window.until(scope.until - FOLLOW_UP)
    used = within(scope.ours(facts.redemptions), window)
    firsts = used.group_by("member").aggregate(used=used.time.min(), with_order=used.order.argmin(used.time))
    paid = facts.orders.select("member", "time", "order")
    joined = firsts.join(paid, "member")
    again = joined.filter(
        joined.time > joined.used,
        joined.time <= joined.used + ibis.interval(days=FOLLOW_UP.days),
        joined.with_order.isnull() | (joined.with_order != joined.order),
    )
    return Number(whole(again.member.nunique()), whole(firsts.count()))


FIGURES = (
    metric("orders", "訂單數", "order.paid 的數量", orders),
    metric("revenue", "支付金額", "order.paid 金額合計 − order.refunded 金額合計", revenue),
    metric("order_value", "客單價", "order.paid 金額合計 ÷ order.paid 數量", order_value),
    Figure(
        "buyers",
        "members",
        said("Buyers", "购买会员", "購買會員"),
        said(
            "distinct members with an order.paid in the span",
            "统计期内有 order.paid 的去重会员数",
            "統計期內有 order.paid 的不重複會員數",
        ),
        buyers,
    ),
    metric("repurchase_rate", "回購率", "在不同日期下單兩次及以上的會員 ÷ 下單會員", repurchase_rate),
    Figure(
        "repurchase_after_redemption",
        "share",
        said("Repurchase after a redemption", "用券后复购率", "用券後回購率"),
        said(
            "members who paid another order within 30 days of their first coupon use ÷ members who used"
            " a coupon; the order on which it was used does not count, nor do members whose 30 days are"
            " not over",
            "首次用券后 30 天内再次下单的会员 ÷ 用券会员；用券当单不计，未满 30 天的会员不纳入",
            "首次用券後 30 天內再次下單的會員 ÷ 用券會員；用券當單不計，未滿 30 天的會員不納入",
        ),
        repurchase_after_redemption,
    ),
)
