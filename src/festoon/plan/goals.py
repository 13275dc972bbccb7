"""The metrics a plan can set goals in. What computes them is in insight; their words and formulas are here.

Every formula is over one campaign and a span of local days in its zone. `active` means: sent an event of his
own (anything but imports, timers and adjustments) that day. Held-out members and testers do not count.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Unit = Literal["members", "count", "money", "share"]
Direction = Literal["up", "down"]


class Metric(Struct, frozen=True):
    """A figure by its id. `direction` is where better is. Money is in the currency's smallest unit."""

    id: str
    title: dict[str, str]
    formula: dict[str, str]
    unit: Unit
    direction: Direction = "up"


def _metric(
    id: str, unit: Unit, titles: tuple[str, str], formulas: tuple[str, str], direction: Direction = "up"
) -> Metric:
    return Metric(
        id,
        {"en": titles[0], "zh-Hans": titles[1]},
        {"en": formulas[0], "zh-Hans": formulas[1]},
        unit,
        direction,
    )


_ALL = (
    _metric(
        "new_members",
        "members",
        ("New members", "新增会员"),
        ("members whose registration lies in the span", "注册时间在统计期内的会员数"),
    ),
    _metric(
        "visitors",
        "count",
        ("Visitors", "访客数"),
        (
            "distinct visitors of whom an event came in the span, whether they registered later or not",
            "统计期内有事件的去重访客数，无论其后是否注册",
        ),
    ),
    _metric(
        "visitors_joined",
        "count",
        ("Visitors who became members", "转为会员的访客数"),
        ("visitors who joined a member in the span", "统计期内归入会员的访客数"),
    ),
    _metric(
        "participants",
        "members",
        ("Participants", "参与人数"),
        (
            "distinct members to whom a mechanic of the campaign gave something, or who played",
            "活动中获得奖励或参与玩法的去重会员数",
        ),
    ),
    _metric(
        "daily_active_members",
        "members",
        ("Daily active members (DAU)", "日活跃会员（DAU）"),
        (
            "mean over the span's days of the distinct members active that day",
            "统计期内每日去重活跃会员数的平均值",
        ),
    ),
    _metric(
        "weekly_active_members",
        "members",
        ("Weekly active members (WAU)", "周活跃会员（WAU）"),
        (
            "mean over the span's days of the distinct members active in the 7 days up to that day",
            "统计期内每日的近 7 天去重活跃会员数的平均值",
        ),
    ),
    _metric(
        "monthly_active_members",
        "members",
        ("Monthly active members (MAU)", "月活跃会员（MAU）"),
        (
            "mean over the span's days of the distinct members active in the 30 days up to that day",
            "统计期内每日的近 30 天去重活跃会员数的平均值",
        ),
    ),
    _metric(
        "dau_mau_ratio",
        "share",
        ("DAU ÷ MAU", "DAU ÷ MAU"),
        ("daily active members ÷ monthly active members", "日活跃会员 ÷ 月活跃会员"),
    ),
    _metric(
        "retention_d7",
        "share",
        ("Retention after 7 days", "7 日留存率"),
        (
            "of the members first active in the span: share active on the 7th day after it",
            "统计期内首次活跃的会员中，第 7 天仍活跃的比例",
        ),
    ),
    _metric(
        "retention_d30",
        "share",
        ("Retention after 30 days", "30 日留存率"),
        (
            "of the members first active in the span: share active on the 30th day after it",
            "统计期内首次活跃的会员中，第 30 天仍活跃的比例",
        ),
    ),
    _metric("orders", "count", ("Orders", "订单数"), ("number of order.paid", "order.paid 的数量")),
    _metric(
        "revenue",
        "money",
        ("Revenue", "支付金额"),
        (
            "sum of order.paid amounts − sum of order.refunded amounts",
            "order.paid 金额合计 − order.refunded 金额合计",
        ),
    ),
    _metric(
        "order_value",
        "money",
        ("Order value", "客单价"),
        ("sum of order.paid amounts ÷ number of order.paid", "order.paid 金额合计 ÷ order.paid 数量"),
    ),
    _metric(
        "repurchase_rate",
        "share",
        ("Repurchase rate", "复购率"),
        (
            "members with two or more orders on different days ÷ members with an order",
            "在不同日期下单两次及以上的会员 ÷ 下单会员",
        ),
    ),
    _metric(
        "interaction_rate",
        "share",
        ("Interaction rate", "互动率"),
        (
            "members who published, commented, liked or shared ÷ active members",
            "发布、评论、点赞或分享过的会员 ÷ 活跃会员",
        ),
    ),
    _metric(
        "task_completion",
        "share",
        ("Task completion", "任务完成率"),
        (
            "members who completed a task of the campaign ÷ members who made progress in one",
            "完成活动任务的会员 ÷ 有任务进度的会员",
        ),
    ),
    _metric(
        "coverage",
        "share",
        ("Coverage", "权益覆盖率"),
        (
            "members of the audience who received a benefit ÷ members of the audience who were active",
            "获得权益的目标会员 ÷ 活跃的目标会员",
        ),
    ),
    _metric(
        "churn",
        "share",
        ("Churn", "流失率"),
        (
            "members active in the 30 days before the span and not in it ÷ members active in those 30 days",
            "统计期前 30 天活跃而统计期内不活跃的会员 ÷ 前 30 天活跃会员",
        ),
        "down",
    ),
    _metric(
        "referrals",
        "count",
        ("Referrals", "邀请成功数"),
        ("invitees whose referral qualified in the span", "统计期内达成条件的被邀请人数"),
    ),
    _metric(
        "feedback",
        "count",
        ("Valid feedback", "有效反馈数"),
        (
            "number of survey.answered + distinct feedback.received that was found valid",
            "survey.answered 的数量 + 判定有效的 feedback.received 去重数",
        ),
    ),
    _metric(
        "redemption_rate",
        "share",
        ("Redemption rate", "核销率"),
        ("coupons used ÷ coupons given by the campaign", "已使用优惠券 ÷ 活动发放优惠券"),
    ),
)

METRICS: Mapping[str, Metric] = {metric.id: metric for metric in _ALL}
"""Every metric by its id. One measured outside is described in the plan, under `outside`."""

COMPARED: Mapping[str, str] = {
    "revenue": "spend",
    "orders": "orders",
    "order_value": "order_value",
    "daily_active_members": "active_days",
}
"""Metrics that two sides of members are compared by, with what is measured of a member for it."""
PROPORTIONS = frozenset({"retention_d7", "retention_d30", "repurchase_rate", "interaction_rate", "churn"})
"""Metrics that are a part of some members, so that two sides of members can be compared by them as well."""
