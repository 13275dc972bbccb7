"""A spring campaign of two weeks with a hold-out, a budget and stock, and a small town of members who lived it."""

from datetime import timedelta

from festoon.engine.listener import holdout_bucket
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import read_plan
from festoon.plan.schema import Plan
from tests.insight.journal import Journal, at

TEXT = """
festoon: 1
campaign: spring
title: {en: Spring <thanks> & more, zh-Hans: 春季回馈 <谢谢>, zh-Hant: 春季回饋 <謝謝>}
background: {en: Regulars get little., zh-Hans: 老会员缺少回馈。, zh-Hant: 老會員缺少回饋。}
timezone: Asia/Shanghai
schedule: {warm_up: 2027-02-26, start: 2027-03-01, end: 2027-03-14, settle: 2027-03-28}
goals:
  - {metric: participants, target: 200}
  - {metric: revenue, lift: 10%, baseline: 28 days before warm_up}
  - metric: awareness
    target: 40%
    horizon: long
    due: end + 6 months
    outside: {title: {en: Brand awareness, zh-Hans: 品牌认知, zh-Hant: 品牌認知}, evidence: Survey of 1000, unit: share}
audience: {holdout: 30%}
budget:
  currency: CNY
  lines:
    prizes: {amount: 10000, title: {en: Prizes, zh-Hans: 奖品, zh-Hant: 獎品}}
    points: {amount: 300, source: acme, title: {en: Points, zh-Hans: 积分, zh-Hant: 積分}}
assets:
  points: {cost: 0.01, line: points}
coupons:
  ten-off: {title: {en: Ten off, zh-Hans: 十元券, zh-Hant: 十元券}, value: 10, cost: 10, line: prizes, stock: 100,
            valid: {days: 30}}
mechanics:
  basket-points: {kind: earn, title: {en: Points a basket, zh-Hans: 购物积分, zh-Hant: 購物積分},
                  on: order.paid, asset: points, of: event.amount, give: 1, per: 100}
  first-order: {kind: task, title: {en: First order, zh-Hans: 首单, zh-Hant: 首單},
                on: order.paid, give: [{coupon: ten-off}]}
"""

BARE = """
festoon: 1
campaign: bare
title: Bare
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-14}
mechanics:
  hello: {kind: gift, on: member.registered, give: [{points: 5}]}
"""

MEMBERS = 400


def plan_of(text: str = TEXT) -> tuple[Plan, CompiledCampaign]:
    plan = read_plan(text)
    return plan, compile_plan(plan)


def town(journal: Journal) -> Journal:
    """Everybody buys for about 50 yuan on a day of February and of March; members in the campaign for 10 more. They
    get a point a yuan and a coupon for the first order, of which every third is used five days later."""
    used, committed, cost = "spring/budget", "spring/committed", "spring/cost"
    for member in range(1, MEMBERS + 1):
        inside = holdout_bucket(b"spring", member) >= 3000
        february, march = f"2027-02-{member % 13 + 10:02d} 12:00", f"2027-03-{member % 7 + 1:02d} 12:00"
        journal.event(member, "2027-01-15 09:00", "member.registered")
        journal.order(member, february, 5_000 + member % 10 * 100)
        journal.order(member, march, 5_000 + member % 10 * 100 + (1_000 if inside else 0))
        if not inside:
            for mechanic in ("basket-points", "first-order"):
                journal.outcome(member, march, mechanic, "passed_over", code="holdout")
            continue
        journal.outcome(
            member,
            march,
            "basket-points",
            "given",
            kind="asset",
            ref="points",
            amount=60,
            cost=60,
            line="points",
        )
        journal.transfer(march, "CNY", f"{used}/points", f"{cost}/points", 60, member=member)
        journal.outcome(
            member, march, "first-order", "given",
            kind="coupon", ref="spring/ten-off", amount=1, cost=1_000, line="prizes",
        )  # fmt: skip
        if member % 5 == 0:
            journal.outcome(member, march, "first-order", "refused", code="task.done", note={"times": 1})
        if member % 4 == 0:
            journal.transfer(march, "spring/stock/coupon:ten-off", "shelf", "given", 1, member=member)
            journal.transfer(march, "CNY", f"{used}/prizes", f"{committed}/prizes", 1_000, member=member)
        if member % 12 == 0:
            later = (at(march) + timedelta(days=5, hours=8)).strftime("%Y-%m-%d %H:%M")
            journal.transfer(
                later, "CNY", f"{committed}/prizes", f"{cost}/prizes", 1_000, "festoon/coupon", member
            )
    return journal
