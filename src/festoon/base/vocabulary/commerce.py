"""Events about money and goods: orders, refunds, coupons, top-ups.

All amounts of an event are in the smallest unit of its currency.
"""

from typing import Annotated

from festoon.base.vocabulary.event_type import EventType, fact
from festoon.base.vocabulary.kinds import Amount, Count, Currency, Data, Id, Text, Word, says


class OrderLine(Data, frozen=True):
    """One line of an order."""

    line: Annotated[Id, says("Names the line within its order; a refund refers to it.")]
    product: Id
    amount: Annotated[Amount, says("What was paid for the line, its discount taken off.")]
    quantity: Annotated[Count, says("How many; 0 for a line that only carries a discount.")] = 1
    category: Word | None = None
    discount: Annotated[Amount, says("What the line would have cost more.")] = 0


class OrderPaid(Data, frozen=True):
    """An order was paid. It is the platform that says so, never the member's own browser."""

    order: Id
    amount: Annotated[Amount, says("What was paid in all.")]
    currency: Currency
    lines: list[OrderLine] = []
    coupons: Annotated[list[Id], says("The coupons that were used.")] = []
    discount: Annotated[Amount, says("All that was taken off, on lines and on the whole.")] = 0
    shipping: Annotated[Amount, says("The part of the amount that paid for delivery.")] = 0
    channel: Word | None = None
    store: Id | None = None


class RefundLine(Data, frozen=True):
    """What was given back of one line."""

    line: Annotated[Id, says("The line of the order.")]
    amount: Amount
    quantity: Count = 1


class OrderRefunded(Data, frozen=True):
    """Money of an order was given back, all or in part. An order may be refunded more than once."""

    order: Id
    refund: Annotated[Id, says("Names this refund among those of the order.")]
    amount: Amount
    currency: Currency
    lines: Annotated[list[RefundLine], says("Empty when the refund is not for certain lines.")] = []
    reason: Word | None = None


class CouponRedeemed(Data, frozen=True):
    """The member used a coupon."""

    coupon: Annotated[Id, says("The coupon's code.")]
    offer: Annotated[Id | None, says("The platform's offer that it belongs to.")] = None
    order: Id | None = None
    amount: Annotated[Amount | None, says("What it took off.")] = None
    currency: Currency | None = None


class GiftDelivered(Data, frozen=True):
    """A physical gift has reached the member."""

    item: Annotated[Id, says("The item's id, as the outcome that gave it names it.")]
    parcel: Annotated[Id | None, says("The number of the parcel.")] = None


class TopupSucceeded(Data, frozen=True):
    """Money was put into the member's wallet."""

    topup: Id
    amount: Annotated[Amount, says("What was paid.")]
    currency: Currency
    gifted: Annotated[Amount, says("What was added on top.")] = 0
    automatic: Annotated[bool, says("Whether a mandate did it.")] = False
    method: Word | None = None


class TopupFailed(Data, frozen=True):
    """A top-up did not go through."""

    topup: Id
    amount: Amount
    currency: Currency
    automatic: Annotated[bool, says("Whether a mandate tried it.")] = False
    attempt: Annotated[Count, says("1 for the first try.")] = 1
    reason: Text | None = None


_TOPUP = {"topup": "u-31", "amount": 8000, "currency": "CNY", "automatic": True}

TYPES: tuple[EventType, ...] = (
    fact(
        "order.paid",
        OrderPaid,
        "Order paid",
        "订单支付",
        {
            "order": "o-2027-0001",
            "amount": 12900,
            "currency": "CNY",
            "lines": [
                {"line": "1", "product": "tea-250g", "category": "tea", "quantity": 2, "amount": 9900},
                {"line": "2", "product": "cup-03", "category": "home", "amount": 3000, "discount": 500},
            ],
            "coupons": ["TEN-5F2K"],
            "discount": 500,
        },
    ),
    fact(
        "order.refunded",
        OrderRefunded,
        "Order refunded",
        "订单退款",
        {
            "order": "o-2027-0001",
            "refund": "r-1",
            "amount": 3000,
            "currency": "CNY",
            "lines": [{"line": "2", "amount": 3000, "quantity": 1}],
            "reason": "damaged",
        },
    ),
    fact(
        "coupon.redeemed",
        CouponRedeemed,
        "Coupon redeemed",
        "优惠券核销",
        {"coupon": "TEN-5F2K", "order": "o-2027-0001", "amount": 1000, "currency": "CNY"},
    ),
    fact(
        "gift.delivered",
        GiftDelivered,
        "Gift delivered",
        "礼品送达",
        {"item": "9f2c41d07be3a85516c0d2e4", "parcel": "SF-1042"},
    ),
    fact("topup.succeeded", TopupSucceeded, "Top-up succeeded", "充值成功", _TOPUP | {"gifted": 2000}),
    fact(
        "topup.failed",
        TopupFailed,
        "Top-up failed",
        "充值失败",
        _TOPUP | {"attempt": 2, "reason": "insufficient funds"},
    ),
)
