"""Retention: of those who began in one week or month, how many were active in each later one."""

from datetime import date, timedelta
from typing import Any

import ibis
from ibis import Table

from festoon.base.times import add_months, local_day, start_of_day
from festoon.insight.facts import Facts
from festoon.insight.results import Cohort, Cohorts, Every, Figure, Number, metric, said
from festoon.insight.scope import Scope, Window, within
from festoon.insight.taking_part import TOOK_PART, whole

_MONDAY = date(1970, 1, 5)
_FIRST_MONTH = date(1970, 1, 1)


def first_activity(facts: Facts, scope: Scope) -> Table:
    """Each member's first activity of all: member, time."""
    rows = scope.ours(facts.activity)
    return rows.group_by("member").aggregate(time=rows.time.min())


def first_participation(facts: Facts, scope: Scope) -> Table:
    """Each participant's first part in the campaign: member, time."""
    rows = scope.outcomes(facts.outcomes)
    took_part = rows.filter(rows.what.isin(TOOK_PART))
    return took_part.group_by("member").aggregate(time=took_part.time.min())


def cohorts(facts: Facts, scope: Scope, began: Table, every: Every) -> Cohorts:
    """The cohorts of those who began in the window, by the period of `began.time`.

    A member is kept in a period when he was active in it at least once.
    """
    started = scope.rows(began)
    started = started.select("member", cohort=_index(scope.day(started.time), every))
    active = scope.rows(facts.activity)
    periods = active.select("member", period=_index(scope.day(active.time), every)).distinct()
    joined = started.join(periods, "member")
    kept = joined.filter(joined.period >= joined.cohort).group_by("cohort", "period")
    counts = {
        (row["cohort"], row["period"]): row["members"]
        for row in kept.aggregate(members=joined.member.nunique()).to_pyarrow().to_pylist()
    }
    sizes = started.group_by("cohort").aggregate(size=started.member.nunique()).to_pyarrow().to_pylist()
    last = _last_whole(scope, every)
    return Cohorts(
        every,
        tuple(
            Cohort(
                _start(cohort, every),
                size,
                tuple(counts.get((cohort, period), 0) for period in range(cohort, last + 1)),
            )
            for cohort, size in sorted((row["cohort"], row["size"]) for row in sizes)
        ),
    )


def weekly_retention(facts: Facts, scope: Scope) -> Cohorts:
    return cohorts(facts, scope, first_activity(facts, scope), "week")


def monthly_retention(facts: Facts, scope: Scope) -> Cohorts:
    return cohorts(facts, scope, first_activity(facts, scope), "month")


def participant_retention(facts: Facts, scope: Scope) -> Cohorts:
    return cohorts(facts, scope, first_participation(facts, scope), "week")


def retention_d7(facts: Facts, scope: Scope) -> Number:
    return _on_day(facts, scope, 7)


def retention_d30(facts: Facts, scope: Scope) -> Number:
    return _on_day(facts, scope, 30)


def _on_day(facts: Facts, scope: Scope, n: int) -> Number:
    """Of the members first active in the window, the part active on the n-th local day after. Members whose
    n-th day is not over by what the scope has seen are left out."""
    today = local_day(scope.until, scope.zone)
    began = scope.window.until(start_of_day(today - timedelta(days=n), scope.zone))
    beyond = scope.over(Window(began.start, began.end + timedelta(days=n + 2)))
    firsts = within(first_activity(facts, scope), began)
    firsts = firsts.select("member", wanted=beyond.day(firsts.time) + ibis.interval(days=n))
    active = beyond.rows(facts.activity)
    active = active.select("member", day=beyond.day(active.time)).distinct()
    kept = firsts.semi_join(active, [firsts.member == active.member, firsts.wanted == active.day])
    return Number(whole(kept.count()), whole(firsts.count()))


def _index(day: Any, every: Every) -> Any:
    """The number of a local day's week or month since 1970."""
    if every == "week":
        return day.delta(ibis.date(_MONDAY), unit="day") // 7
    return (day.year() - 1970) * 12 + day.month() - 1


def _start(index: int, every: Every) -> date:
    return _MONDAY + timedelta(weeks=index) if every == "week" else add_months(_FIRST_MONTH, index)


def _last_whole(scope: Scope, every: Every) -> int:
    """The last period that is over when the window ends."""
    days = scope.window.days(scope.zone)
    if not days:
        return -1
    day = days[-1]
    index = (day - _MONDAY).days // 7 if every == "week" else (day.year - 1970) * 12 + day.month - 1
    over = start_of_day(_start(index + 1, every), scope.zone) <= scope.window.end
    return index if over else index - 1


FIGURES = (
    metric("retention_d7", "7 日留存率", "統計期內首次活躍的會員中，第 7 天仍活躍的比例", retention_d7),
    metric("retention_d30", "30 日留存率", "統計期內首次活躍的會員中，第 30 天仍活躍的比例", retention_d30),
    Figure(
        "weekly_retention",
        "share",
        said("Weekly retention", "周留存", "週留存"),
        said(
            "Of the members first active in a week (Monday to Sunday), those active in the n-th week after"
            " it. Weeks that are not over are left out.",
            "某周（周一至周日）首次活跃的会员中，在其后第 n 周活跃的人数占比；未结束的周不计。",
            "某週（週一至週日）首次活躍的會員中，在其後第 n 週活躍的人數占比；未結束的週不計。",
        ),
        weekly_retention,
    ),
    Figure(
        "monthly_retention",
        "share",
        said("Monthly retention", "月留存", "月留存"),
        said(
            "Of the members first active in a month, those active in the n-th month after it. Months that"
            " are not over are left out.",
            "某月首次活跃的会员中，在其后第 n 月活跃的人数占比；未结束的月份不计。",
            "某月首次活躍的會員中，在其後第 n 月活躍的人數占比；未結束的月份不計。",
        ),
        monthly_retention,
    ),
    Figure(
        "participant_retention",
        "share",
        said("Retention of participants", "参与会员留存", "參與會員留存"),
        said(
            "Of the members who first took part in a week, those active in the n-th week after it,"
            " whether they took part again or not.",
            "某周首次参与活动的会员中，在其后第 n 周活跃（不论是否再次参与）的人数占比。",
            "某週首次參與活動的會員中，在其後第 n 週活躍（不論是否再次參與）的人數占比。",
        ),
        participant_retention,
    ),
)
