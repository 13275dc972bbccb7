"""How many members were active, how often, and how many came back or stayed away.

A member is active on a local day when at least one event of his own doing happened on it (see
`base.vocabulary.activity` for what is not his own doing).
"""

from collections import Counter
from datetime import date, timedelta
from itertools import accumulate

import ibis

from festoon.insight.facts import Facts
from festoon.insight.results import Daily, Figure, Number, metric, said
from festoon.insight.scope import Scope, Window
from festoon.insight.taking_part import daily, first, whole

INTERACTIONS = ("content.published", "content.commented", "content.liked", "content.shared")


def daily_active(facts: Facts, scope: Scope) -> Daily:
    """Active members by local day."""
    rows = scope.rows(facts.activity)
    return daily(rows.group_by(day=scope.day(rows.time)).aggregate(active=rows.member.nunique()), scope)


def daily_active_members(facts: Facts, scope: Scope) -> Number:
    """Active members a day, on average over the window's days."""
    rows = scope.rows(facts.activity)
    days = len(scope.window.days(scope.zone))
    return Number(whole(rows.select("member", day=scope.day(rows.time)).distinct().count()), days)


def active_members(facts: Facts, scope: Scope) -> Number:
    """Members active at any time in the window."""
    return Number(whole(scope.rows(facts.activity).member.nunique()))


def rolling_active(facts: Facts, scope: Scope, length: int) -> Daily:
    """By local day, the members active in the `length` days up to and with that day.

    Each day of activity covers the days after it until the member's next one, at the most `length` of them,
    so no day is counted twice and one pass suffices.
    """
    earlier = scope.over(Window(scope.window.start - timedelta(days=length), scope.window.end))
    rows = earlier.rows(facts.activity)
    days = rows.select("member", day=earlier.day(rows.time)).distinct()
    following = days.day.lead().over(group_by=days.member, order_by=days.day)
    gap = following.delta(days.day, unit="day").fill_null(length)
    spans = days.mutate(covers=ibis.least(gap, length))
    counted = spans.group_by("day", "covers").aggregate(members=spans.count())
    change: Counter[date] = Counter()
    for row in counted.to_pyarrow().to_pylist():
        change[row["day"]] += row["members"]
        change[row["day"] + timedelta(days=int(row["covers"]))] -= row["members"]
    running = dict(zip(sorted(change), accumulate(change[day] for day in sorted(change)), strict=True))
    wanted = scope.window.days(scope.zone)
    found, latest = [], 0
    for day in earlier.window.days(scope.zone):
        latest = running.get(day, latest)
        if wanted and day >= wanted[0]:
            found.append(latest)
    return Daily(tuple(wanted), {"active": tuple(found)})


def weekly_active_members(facts: Facts, scope: Scope) -> Number:
    """Members active in seven days, on average over the window's days."""
    return _mean(rolling_active(facts, scope, 7))


def monthly_active_members(facts: Facts, scope: Scope) -> Number:
    """Members active in thirty days, on average over the window's days."""
    return _mean(rolling_active(facts, scope, 30))


def dau_mau_ratio(facts: Facts, scope: Scope) -> Number:
    """Daily active members as a part of the monthly ones."""
    return Number(daily_active_members(facts, scope).top, monthly_active_members(facts, scope).top)


def interaction_rate(facts: Facts, scope: Scope) -> Number:
    """Of the active members, the part that interacted."""
    rows = scope.rows(facts.activity)
    counted = rows.aggregate(
        top=rows.member.nunique(where=rows.type.isin(INTERACTIONS)), bottom=rows.member.nunique()
    )
    return Number(**first(counted))


def churn(facts: Facts, scope: Scope) -> Number:
    """Of the members active in the thirty days before the window, the part that was not active in it."""
    start = scope.window.start
    earlier = scope.over(Window(start - timedelta(days=30), start))
    known = earlier.rows(facts.activity).select("member").distinct()
    stayed = known.semi_join(scope.rows(facts.activity), "member")
    total = whole(known.count())
    return Number(total - whole(stayed.count()), total)


def _mean(found: Daily) -> Number:
    return Number(sum(found.series["active"]), len(found.days))


FIGURES = (
    Figure(
        "active_members",
        "members",
        said("Active members", "活跃会员", "活躍會員"),
        said(
            "distinct members with at least one event of their own in the span; what the platform, an"
            " operator or the system does to them does not count",
            "统计期内至少有一次本人行为的去重会员数；平台、运营人员或系统触发的事件不计",
            "統計期內至少有一次本人行為的不重複會員數；平台、營運人員或系統觸發的事件不計",
        ),
        active_members,
    ),
    metric(
        "daily_active_members",
        "日活躍會員（DAU）",
        "統計期內每日不重複活躍會員數的平均值",
        daily_active_members,
    ),
    metric(
        "weekly_active_members",
        "週活躍會員（WAU）",
        "統計期內每日的近 7 天不重複活躍會員數的平均值",
        weekly_active_members,
    ),
    metric(
        "monthly_active_members",
        "月活躍會員（MAU）",
        "統計期內每日的近 30 天不重複活躍會員數的平均值",
        monthly_active_members,
    ),
    metric("dau_mau_ratio", "DAU ÷ MAU", "日活躍會員 ÷ 月活躍會員", dau_mau_ratio),
    metric("interaction_rate", "互動率", "發布、評論、按讚或分享過的會員 ÷ 活躍會員", interaction_rate),
    metric("churn", "流失率", "統計期前 30 天活躍而統計期內不活躍的會員 ÷ 前 30 天活躍會員", churn),
)
