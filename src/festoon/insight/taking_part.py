"""Who took part, what was given to whom and why others were refused."""

from typing import Any

from ibis import Table
from ibis.expr.types import BooleanValue

from festoon.insight.facts import Facts
from festoon.insight.results import Daily, Figure, Number, Row, Rows, metric, said
from festoon.insight.scope import Scope, within

TOOK_PART = ("given", "held", "taken", "noted", "assigned")
"""An outcome of these kinds means that the mechanic counted the member's event, gave for it or took for
it."""

COUPON_CLOSED = "festoon/coupon"
"""Why money moves when a coupon of ours is used or lapses."""


def participants(facts: Facts, scope: Scope) -> Number:
    """Members whose events a mechanic of the campaign counted, gave something for or took something for."""
    return Number(whole(_took_part(facts, scope).member.nunique()))


def daily_participants(facts: Facts, scope: Scope) -> Daily:
    """Participants by local day."""
    rows = _took_part(facts, scope)
    counted = rows.group_by(day=scope.day(rows.time)).aggregate(participants=rows.member.nunique())
    return daily(counted, scope)


def new_members(facts: Facts, scope: Scope) -> Number:
    """Members who registered. An imported profile is no registration."""
    events = facts.events
    return Number(whole(scope.rows(events.filter(events.type == "member.registered")).member.nunique()))


def visitors(facts: Facts, scope: Scope) -> Number:
    """Visitors of whom an event came, whoever is a member by now."""
    return Number(whole(within(facts.visits, scope.window).member.nunique()))


def visitors_joined(facts: Facts, scope: Scope) -> Number:
    """Visitors who turned out to be a member."""
    return Number(whole(scope.rows(facts.joins).count()))


def grants(facts: Facts, scope: Scope) -> Rows:
    """What was given, by mechanic, kind and name: times, members, amount and cost (smallest units)."""
    rows = scope.outcomes(facts.outcomes)
    given = rows.filter(_is_grant(rows))
    counted = given.group_by("mechanic", "kind", "ref").aggregate(
        times=given.count(),
        members=given.member.nunique(),
        amount=given.amount.sum(),
        cost=given.cost.sum(),
    )
    return breakdown(counted, ("mechanic", "kind", "ref"))


def grant_count(facts: Facts, scope: Scope) -> Number:
    """How often something was given."""
    rows = scope.outcomes(facts.outcomes)
    return Number(whole(rows.filter(_is_grant(rows)).count()))


def refusals(facts: Facts, scope: Scope) -> Rows:
    """Refusals by code and mechanic: times and members; the note is the data of one of them."""
    rows = scope.outcomes(facts.outcomes)
    refused = rows.filter(rows.what == "refused")
    counted = refused.group_by("code", "mechanic").aggregate(
        times=refused.count(), members=refused.member.nunique(), note=refused.note.max()
    )
    return breakdown(counted, ("code", "mechanic"))


def funnel(facts: Facts, scope: Scope) -> Rows:
    """By mechanic: members it was for (`reached`), that took part, and that were given something, and how
    often."""
    rows = scope.outcomes(facts.outcomes)
    ours = rows.filter(rows.what != "passed_over")
    given = _is_grant(ours)
    counted = ours.group_by("mechanic").aggregate(
        reached=ours.member.nunique(),
        took_part=ours.member.nunique(where=ours.what.isin(TOOK_PART)),
        given=ours.member.nunique(where=given),
        times=given.sum(),
    )
    return breakdown(counted, ("mechanic",), by="reached")


def task_completion(facts: Facts, scope: Scope) -> Number:
    """Of the members who made progress in a task of the campaign, the part that completed one, whether or not it gave
    something."""
    rows = scope.outcomes_of(facts.outcomes, "task")
    begun = rows.filter(rows.what.isin(TOOK_PART))
    completed = _is_grant(begun) | (begun.note.cast("json")["completed"].unwrap_as("int64") > 0).fill_null(
        False
    )
    counted = begun.aggregate(top=begun.member.nunique(where=completed), bottom=begun.member.nunique())
    return Number(**first(counted))


def audience(facts: Facts, scope: Scope) -> Table:
    """The members the campaign was for and who were active in it, each once: member."""
    activity = scope.rows(facts.activity).select("member").distinct()
    outcomes = scope.outcomes(facts.outcomes)
    passed = outcomes.filter(
        outcomes.what == "passed_over", outcomes.code.isin(("audience", "holdout", "exclusive", "rollout"))
    )
    kept_out = passed.anti_join(outcomes.filter(outcomes.what.isin(TOOK_PART)), "member")
    return activity.anti_join(kept_out, "member")


def coverage(facts: Facts, scope: Scope) -> Number:
    """Of the members the campaign was for and who were active in it, the part that was given something."""
    target, outcomes = audience(facts, scope), scope.outcomes(facts.outcomes)
    given = target.semi_join(outcomes.filter(_is_grant(outcomes)), "member")
    return Number(whole(given.count()), whole(target.count()))


def referrals(facts: Facts, scope: Scope) -> Number:
    """Invitees who did all that the referral asks of them."""
    rows = scope.outcomes_of(facts.outcomes, "referral")
    note = rows.note.cast("json")
    counted, goal = note["counted"].unwrap_as("int64"), note["goal"].unwrap_as("int64")
    return Number(whole(rows.filter(counted >= goal).member.nunique()))


def feedback(facts: Facts, scope: Scope) -> Number:
    """Surveys answered, and other feedback that was found valid, each once."""
    said = scope.rows(facts.feedback)
    return Number(whole(scope.rows(facts.answers).count()) + whole(said.feedback.nunique()))


def redemption_rate(facts: Facts, scope: Scope) -> Number:
    """Coupons that were used, as a part of those the campaign gave. Only coupons with a cost leave a trace
    of their use in the books, so only those count, on both sides."""
    outcomes = scope.outcomes(facts.outcomes)
    given = outcomes.filter(outcomes.what == "given", outcomes.kind == "coupon", outcomes.cost > 0)
    moves = scope.rows(facts.transfers, "at")
    used = moves.filter(
        moves.why == COUPON_CLOSED,
        moves.debit.startswith(f"{scope.campaign}/committed/"),
        moves.credit.startswith(f"{scope.campaign}/cost/"),
    )
    return Number(whole(used.count()), whole(given.count()))


def _is_grant(rows: Table) -> BooleanValue:
    return (rows.what == "given") & (rows.kind != "")


def _took_part(facts: Facts, scope: Scope) -> Table:
    rows = scope.outcomes(facts.outcomes)
    return rows.filter(rows.what.isin(TOOK_PART))


def whole(expression: Any) -> int:
    """An aggregate as a whole number, 0 when there are no rows."""
    return int(expression.to_pyarrow().as_py() or 0)


def first(table: Table) -> dict[str, Any]:
    """The only row of an aggregated table."""
    row: dict[str, Any] = table.to_pyarrow().to_pylist()[0]
    return row


def daily(counted: Table, scope: Scope) -> Daily:
    """A table with a column `day`, as series over every day of the scope's window."""
    found = {row.pop("day"): row for row in counted.to_pyarrow().to_pylist()}
    days = scope.window.days(scope.zone)
    names = [name for name in counted.columns if name != "day"]
    return Daily(
        tuple(days), {name: tuple(int(found.get(day, {}).get(name) or 0) for day in days) for name in names}
    )


def breakdown(counted: Table, key: tuple[str, ...], by: str = "times") -> Rows:
    """A grouped table as rows, largest first."""
    rows = []
    for found in counted.to_pyarrow().to_pylist():
        at = tuple(str(found.pop(name) or "") for name in key)
        note = str(found.pop("note", "") or "")
        rows.append(Row(at, {name: int(value or 0) for name, value in found.items()}, note))
    return Rows(tuple(sorted(rows, key=lambda row: (-row.numbers[by], row.key))))


FIGURES = (
    metric(
        "participants",
        "參與人數",
        "活動中獲得獎勵或參與玩法的不重複會員數",
        participants,
    ),
    metric("new_members", "新增會員", "註冊時間在統計期內的會員數", new_members),
    metric("visitors", "訪客數", "統計期內有事件的不重複訪客數，無論其後是否註冊", visitors),
    metric("visitors_joined", "轉為會員的訪客數", "統計期內歸入會員的訪客數", visitors_joined),
    Figure(
        "grants",
        "count",
        said("Rewards given", "奖励发放次数", "獎勵發放次數"),
        said(
            "how often something was given: each amount of points, coupon, badge or gift counts once",
            "发放次数：每一笔积分、每一张优惠券、每一枚勋章、每一件礼品各计一次",
            "發放次數：每一筆積分、每一張優惠券、每一枚勳章、每一件禮品各計一次",
        ),
        grant_count,
    ),
    metric("task_completion", "任務完成率", "完成活動任務的會員 ÷ 有任務進度的會員", task_completion),
    metric("coverage", "權益覆蓋率", "獲得權益的目標會員 ÷ 活躍的目標會員", coverage),
    metric(
        "feedback", "有效回饋數", "survey.answered 的數量 + 判定有效的 feedback.received 去重數", feedback
    ),
    metric("referrals", "邀請成功數", "統計期內達成條件的被邀請人數", referrals),
    metric("redemption_rate", "核銷率", "已使用優惠券 ÷ 活動發放優惠券", redemption_rate),
)
