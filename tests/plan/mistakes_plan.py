"""One plan for each thing that can be wrong with what a plan says: code, text, path."""

from festoon.plan import codes_pending
from festoon.plan import codes_plan as codes
from festoon.plan.sense.typed import CODE_OF_TWO
from tests.plan.mistakes_file import Mistake
from tests.plan.plans import plan

_DRAW = "{draw: ▸{kind: draw, prizes: [{id: one, weight: 1, give: {points: 1}}]}}"
_SIZES = "{size: {arms: {a: 1, b: 1}}}"
_RISK = "{{rules: {{new: {{when: 'member.is_staff', points: {points}}}}}, thresholds: {{high: {at}}}}}"
_POINTS = "[{points: 1}]"


def gift(**keys: str) -> str:
    """Mechanics of one gift with these keys."""
    told = {"kind": "gift", "on": "order.paid", "give": _POINTS, **keys}
    return "{one: {" + ", ".join(f"{key}: {value}" for key, value in told.items()) + "}}"


MISTAKES: list[Mistake] = [
    (codes.UNKNOWN_NAME, plan(mechanics=gift(give="▸welcom")), "mechanics.one.give"),
    (codes.UNKNOWN_NAME, plan(rewards="{welcome: [{coupon: ▸ten}]}"), "rewards.welcome[0].coupon"),
    (codes.UNKNOWN_NAME, plan(rewards="{welcome: [{badge: ▸x}]}"), "rewards.welcome[0].badge"),
    (codes.UNKNOWN_NAME, plan(rewards="{welcome: [{item: ▸x}]}"), "rewards.welcome[0].item"),
    (codes.UNKNOWN_NAME, plan(rewards="{welcome: [{gift: ▸x}]}"), "rewards.welcome[0].gift"),
    (codes.UNKNOWN_NAME, plan(rewards="{welcome: [{chances: ▸x}]}"), "rewards.welcome[0].chances"),
    (
        codes.UNKNOWN_NAME,
        plan(rewards="{welcome: [{asset: ▸stamp, amount: 1}]}"),
        "rewards.welcome[0].asset",
    ),
    (
        codes.UNKNOWN_NAME,
        plan(rewards="{welcome: [{membership: ▸gold, days: 3}]}"),
        "rewards.welcome[0].membership",
    ),
    (
        codes.UNKNOWN_NAME,
        plan(coupons="{ten-off: {value: 10, cost: 10, line: ▸price}}"),
        "coupons.ten-off.line",
    ),
    (
        codes.UNKNOWN_NAME,
        plan(mechanics=gift(give="{experiment: ▸size, arms: {a: [], b: []}}")),
        "mechanics.one.give.experiment",
    ),
    (
        codes.UNKNOWN_NAME,
        plan(experiments=_SIZES, rewards="{welcome: [{experiment: size, arms: {a: [], c: ▸[]}}]}"),
        "rewards.welcome[0].arms.c",
    ),
    (
        codes.BATCH_WITHOUT_STOCK,
        plan(coupons="{ten-off: ▸{value: 10, cost: 10, line: prizes, batch: 'TEN-########'}}"),
        "coupons.ten-off",
    ),
    (
        CODE_OF_TWO,
        plan(
            mechanics="{a: {kind: code, codes: [OTHER, ABCDEF], give: welcome},"
            " b: {kind: code, codes: [MORE, ▸ABC-def], give: welcome}}"
        ),
        "mechanics.b.codes[1]",
    ),
    (codes.MERGED_NEEDS_LIMIT, plan(mechanics=gift(merged="▸take_back")), "mechanics.one.merged"),
    (codes.SHARE_OUT_OF_RANGE, plan(alerts="{budget: [50%, ▸120%]}"), "alerts.budget[1]"),
    (
        codes.GRANTS_CIRCLE,
        plan(
            mechanics="{one: ▸{kind: gift, on: reward.granted, when: 'event.amount > 0', give: [{points: 1}]}}"
        ),
        "mechanics.one",
    ),
    (
        codes.APPOINTMENT_TOO_LATE,
        plan(
            mechanics="{ride: ▸{kind: grand_draw, frozen: end, drawn: settle + 1 day,"
            " prizes: [{id: bike, count: 1, give: {points: 1}}]}}"
        ),
        "mechanics.ride",
    ),
    (
        codes.ARM_MISSING,
        plan(experiments=_SIZES, mechanics=gift(give="{experiment: size, arms: ▸{a: []}}")),
        "mechanics.one.give.arms",
    ),
    (
        codes.NESTED_VARIANTS,
        plan(
            experiments=_SIZES,
            rewards="{welcome: [{experiment: size, arms: {a: [], b: []}}]}",
            mechanics=gift(give="{first: [{when: event.amount > 1, give: ▸welcome}], else: []}"),
        ),
        "mechanics.one.give.first[0].give",
    ),
    (
        codes.VARIANT_VARIES,
        plan(mechanics=gift(give="{first: [{when: event.amount > 1, give: ▸{points: [1, 9]}}], else: []}")),
        "mechanics.one.give.first[0].give",
    ),
    (
        codes.ROLLOUT_SHRINKS,
        plan(rollout="{steps: [{from: start, share: 10%}, ▸{from: start + 1 day, share: 1%}]}"),
        "rollout.steps[1]",
    ),
    (codes.ROLLOUT_STAYS, plan(rollout="{steps: ▸[{from: start, share: 10%}]}"), "rollout.steps"),
    (
        codes.SHARE_OUT_OF_RANGE,
        plan(rollout="{steps: [{from: start, share: ▸0.001%}]}"),
        "rollout.steps[0].share",
    ),
    (
        codes.OUTSIDE_SCHEDULE,
        plan(rollout="{steps: [{from: ▸end + 1 week, share: 100%}]}"),
        "rollout.steps[0].from",
    ),
    (codes.UNKNOWN_NAME, plan(mechanics=gift(at_risk="{doubtful: ▸hold}")), "mechanics.one.at_risk.doubtful"),
    (codes.UNKNOWN_NAME, plan(risk="{block: {segments: [▸banned]}}"), "risk.block.segments[0]"),
    (
        codes.RISK_OUT_OF_REACH,
        plan(risk=_RISK.format(points=5, at="▸9"), mechanics=gift(at_risk="{high: hold}")),
        "risk.thresholds.high",
    ),
    (codes.RISK_UNUSED, plan(risk=_RISK.format(points="9", at=9).replace("{new", "▸{new", 1)), "risk.rules"),
    (codes.NOT_SHARED, plan(shared_caps="{c: {of: ▸stamp, amount: 5, per: day}}"), "shared_caps.c.of"),
    (codes.UNUSED_CAP, plan(shared_caps="{c: ▸{of: gift, amount: 5, per: day}}"), "shared_caps.c"),
    (
        codes.UNKNOWN_ZONE,
        plan(shared_caps="{c: {of: points, amount: 5, per: day, timezone: ▸Mars/Base}}"),
        "shared_caps.c.timezone",
    ),
    (codes.NAME_TAKEN, plan(campaign="▸festoon"), "campaign"),
    (codes.UNUSED_EXPERIMENT, plan(experiments=_SIZES.replace("{arms", "▸{arms")), "experiments.size"),
    (codes.UNKNOWN_NAME, plan(assets="{points: {line: ▸x, cost: 1}}"), "assets.points.line"),
    (codes.UNKNOWN_NAME, plan(mechanics=gift(caps="{stamp: ▸{amount: 1}}")), "mechanics.one.caps.stamp"),
    (codes.UNKNOWN_NAME, plan(work="{a: {after: [▸b]}}"), "work.a.after[0]"),
    (
        codes.UNKNOWN_NAME,
        plan(
            risks="{r: {title: R, impact: 1, likelihood: 1, owner: A,"
            " runbook: {trigger: t, steps: [s], pause: [▸x]}}}"
        ),
        "risks.r.runbook.pause[0]",
    ),
    (codes.UNKNOWN_KIND, plan(mechanics="{one: {kind: ▸gft}}"), "mechanics.one.kind"),
    (codes.UNKNOWN_ZONE, plan(timezone="▸Asia/Shang"), "timezone"),
    (codes.UNKNOWN_ZONE, plan(timezone="▸../../etc/passwd"), "timezone"),
    (codes.UNKNOWN_ZONE, plan(timezone="▸Asia"), "timezone"),
    (codes.UNKNOWN_CURRENCY, plan(budget="{currency: ▸XYZ, lines: {prizes: 9}}"), "budget.currency"),
    (codes.UNKNOWN_METRIC, plan(goals="[{metric: ▸order, target: 1}]"), "goals[0].metric"),
    (codes.UNKNOWN_METRIC, plan(evaluation="{a: {metric: ▸fame}}"), "evaluation.a.metric"),
    (
        codes.NO_TWO_SIDES,
        plan(audience="{holdout: 5%}", evaluation="{a: {metric: ▸coverage, method: holdout}}"),
        "evaluation.a.metric",
    ),
    (
        codes.NOBODY_HELD_OUT,
        plan(audience="{}", evaluation="{a: {metric: churn, method: ▸holdout}}"),
        "evaluation.a.method",
    ),
    (codes.NAME_TAKEN, plan(attributes="{level: ▸text}"), "attributes.level"),
    (codes.NAME_TAKEN, plan(assets="{points: {scale: ▸2}}"), "assets.points.scale"),
    (codes.REPEATED_TASK, plan(work="{a: {tasks: {b: {}}}, b: ▸{}}"), "work.b"),
    (codes.UNKNOWN_EVENT_TYPE, plan(mechanics=gift(on="▸moon.risen")), "mechanics.one.on"),
    (codes.NOT_ONE_THING, plan(rewards="{welcome: [▸{}]}"), "rewards.welcome[0]"),
    (
        codes.NOT_ONE_THING,
        plan(rewards="{welcome: [▸{points: 1, growth: 1}]}"),
        "rewards.welcome[0]",
    ),
    (codes.LINE_NEEDS, plan(mechanics=gift(give="▸{first: []}")), "mechanics.one.give"),
    (codes.LINE_NEEDS, plan(rewards="{welcome: [▸{membership: gold}]}"), "rewards.welcome[0]"),
    (
        codes.LINE_HAS_NO,
        plan(rewards="{welcome: [{points: 1, days: ▸3}]}"),
        "rewards.welcome[0].days",
    ),
    (
        codes.LINE_HAS_NO,
        plan(rewards="{welcome: [{points: 1, months: ▸3}]}"),
        "rewards.welcome[0].months",
    ),
    (codes.LINE_HAS_NO, plan(rewards="{welcome: [{points: 1, count: ▸3}]}"), "rewards.welcome[0].count"),
    (
        codes.LINE_HAS_NO,
        plan(rewards="{welcome: [{coupon: ten-off, pending: ▸{days: 7}}]}"),
        "rewards.welcome[0].pending",
    ),
    (
        codes_pending.PENDING_NOTHING,
        plan(rewards="{welcome: [{points: 1, pending: ▸{days: 0}}]}"),
        "rewards.welcome[0].pending",
    ),
    (
        codes_pending.PENDING_WATCHED,
        plan(
            mechanics="{login: ▸{kind: gift, on: member.logged_in, give: [{growth: 1, pending: {days: 7}}]},"
            " club: {kind: level, on: [order.paid], levels: [{id: gold, growth: 9}]}}"
        ),
        "mechanics.login",
    ),
    (codes_pending.WORN_NOWHERE, plan(wearing="{avatr: ▸1}", items="{cat: {wear: avatar}}"), "wearing.avatr"),
    (codes.NOT_POSITIVE, plan(rewards="{welcome: [{points: ▸0}]}"), "rewards.welcome[0].points"),
    (
        codes.NOT_POSITIVE,
        plan(rewards="{welcome: [{coupon: ten-off, count: ▸0}]}"),
        "rewards.welcome[0].count",
    ),
    (codes.RANGE_TURNED, plan(rewards="{welcome: [{points: ▸[9, 3]}]}"), "rewards.welcome[0].points"),
    (codes.EMPTY_REWARD, plan(mechanics=gift(give="{first: ▸[], else: []}")), "mechanics.one.give.first"),
    (codes.EMPTY_REWARD, plan(rewards="{welcome: ▸[]}"), "rewards.welcome"),
    (codes.EMPTY_REWARD, plan(mechanics=gift(give="▸[]")), "mechanics.one.give"),
    (codes.NO_CHANCES_HERE, plan(rewards="{welcome: [{chances: ▸signup}]}"), "rewards.welcome[0].chances"),
    (codes.NEGATIVE_MONEY, plan(budget="{lines: {prizes: ▸-1}}"), "budget.lines.prizes"),
    (codes.TOO_MANY_DECIMALS, plan(budget="{lines: {prizes: ▸1.005}}"), "budget.lines.prizes"),
    (
        codes.TOO_MUCH_MONEY,
        plan(budget="{lines: {prizes: ▸4000000000000000000}}"),
        "budget.lines.prizes",
    ),
    (codes.COST_WITHOUT_LINE, plan(coupons="{ten-off: ▸{value: 10, cost: 10}}"), "coupons.ten-off"),
    (codes.STOCK_WITHOUT_LINE, plan(coupons="{ten-off: ▸{value: 10, stock: 5}}"), "coupons.ten-off"),
    (
        codes.OVER_BUDGET,
        plan(
            coupons="{ten-off: {value: 10, cost: 10, line: prizes, stock: 101}}",
            mechanics="{signup: ▸{kind: gift, on: member.registered, give: welcome}}",
        ),
        "mechanics.signup",
    ),
    (
        codes.LINE_OVERDRAWN,
        plan(
            budget="{lines: {prizes: ▸1000}}",
            promotion="{a: {channel: sms, cost: 501, line: prizes}}",
        ),
        "budget.lines.prizes",
    ),
    (
        codes.NO_BOUND,
        plan(
            coupons="{ten-off: {value: 10, cost: 10, line: prizes}}",
            mechanics="{signup: ▸{kind: gift, on: member.registered, give: welcome}}",
        ),
        "mechanics.signup",
    ),
    (codes.EDITION_AND_STOCK, plan(items="{x: {edition: 5, stock: ▸6}}"), "items.x.stock"),
    (codes.NOT_ONE_VALUE, plan(coupons="{ten-off: ▸{}}"), "coupons.ten-off"),
    (codes.NOT_ONE_VALUE, plan(coupons="{ten-off: ▸{value: 1, percent: 5%}}"), "coupons.ten-off"),
    (codes.SHARE_OUT_OF_RANGE, plan(audience="{holdout: ▸60%}"), "audience.holdout"),
    (codes.SHARE_OUT_OF_RANGE, plan(audience="{holdout: ▸0.001%}"), "audience.holdout"),
    (codes.SHARE_OUT_OF_RANGE, plan(coupons="{ten-off: {percent: ▸120%}}"), "coupons.ten-off.percent"),
    (codes.NEVER_GIVEN, plan(badges="{writer: ▸{}}"), "badges.writer"),
    (codes.NEVER_GIVEN, plan(rewards="{welcome: [{coupon: ten-off}], bye: ▸[{points: 1}]}"), "rewards.bye"),
    (codes.PHASES_TURNED, plan(schedule="{start: 2026-03-01, end: ▸2026-02-01}"), "schedule.end"),
    (
        codes.PHASES_TURNED,
        plan(schedule="{start: 2026-03-01, end: 2026-03-31, settle: ▸2026-03-31}"),
        "schedule.settle",
    ),
    (
        codes.OUTSIDE_SCHEDULE,
        plan(promotion="{a: {channel: sms, from: 2025-01-01, to: ▸2025-02-01}}"),
        "promotion.a.to",
    ),
    (
        codes.EXPIRES_TOO_SOON,
        plan(assets="{points: {expires: {until: ▸2026-03-30}}}"),
        "assets.points.expires.until",
    ),
    (
        codes.ENDS_BEFORE_IT_BEGINS,
        plan(work="{a: {from: start, to: ▸start - 1 day}}"),
        "work.a.to",
    ),
    (codes.MOMENT_OUT_OF_REACH, plan(work="{a: {to: ▸end + 9999 years}}"), "work.a.to"),
    (
        codes.CALENDAR_UNKNOWN,
        plan(calendar="▸CN", schedule="{start: 2031-03-01, end: 2031-03-31}"),
        "calendar",
    ),
    (codes.NO_MECHANICS, plan(mechanics="▸{}", rewards=None, coupons=None), "mechanics"),
    (codes.NEVER_HOLDS, plan(mechanics=gift(when="▸'False'")), "mechanics.one.when"),
    (
        codes.NEVER_HOLDS,
        plan(mechanics=gift(when="▸event.amount == 1 and event.amount == 2")),
        "mechanics.one.when",
    ),
    (codes.LIMIT_ZERO, plan(mechanics=gift(limits="{per_day: ▸0}")), "mechanics.one.limits.per_day"),
    (
        codes.LIMIT_ZERO,
        plan(mechanics=gift(caps="{points: {amount: ▸0}}")),
        "mechanics.one.caps.points.amount",
    ),
    (codes.NOBODY_GRANTS, plan(mechanics=_DRAW), "mechanics.draw"),
    (
        codes.STANDS_ABOVE,
        plan(
            mechanics="{club: ▸{kind: level, on: [order.paid], levels: [{id: gold, growth: 9}]},"
            " login: {kind: gift, on: member.logged_in, give: {growth: 1}},"
            " spend: {kind: earn, on: order.paid, asset: growth}}"
        ),
        "mechanics.club",
    ),
    (
        codes.AFTER_CIRCLE,
        plan(
            mechanics="{a: {kind: task, on: order.paid, give: [{points: 1}], after: ▸[b]},"
            " b: {kind: task, on: order.paid, give: [{points: 1}], after: [a]}}"
        ),
        "mechanics.a.after",
    ),
    (
        codes.NOT_A_TASK,
        plan(
            mechanics="{a: {kind: gift, on: order.paid, give: [{points: 1}]},"
            " b: {kind: task_set, tasks: [▸a], give: [{points: 1}]}}"
        ),
        "mechanics.b.tasks[0]",
    ),
    (codes.AFTER_CIRCLE, plan(work="{a: {after: ▸[b]}, b: {after: [a]}}"), "work.a.after"),
    (codes.UNKNOWN_CAP, plan(mechanics=gift(caps="{growth: ▸{amount: 5}}")), "mechanics.one.caps.growth"),
    (codes.TARGET_OR_LIFT, plan(goals="[▸{metric: orders}]"), "goals[0]"),
    (codes.LIFT_WITHOUT_BASELINE, plan(goals="[▸{metric: orders, lift: 5%}]"), "goals[0]"),
    (
        codes.BASELINE_VALUE,
        plan(goals="[{metric: orders, lift: 5%, baseline: ▸{value: 1, since: start, until: end}}]"),
        "goals[0].baseline",
    ),
    (
        codes.DUE_TOO_EARLY,
        plan(goals="[{metric: orders, target: 5, due: ▸2026-01-01}]"),
        "goals[0].due",
    ),
    (codes.RISK_WITHOUT_RESPONSE, plan(risks="{r: ▸{title: R, impact: 5, likelihood: 2}}"), "risks.r"),
    (
        codes.RISK_WITHOUT_OWNER,
        plan(risks="{r: ▸{title: R, impact: 5, likelihood: 2, response: Act.}}"),
        "risks.r",
    ),
    (
        codes.SIGNAL_WITHOUT_BOUND,
        plan(
            risks="{r: {title: R, impact: 1, likelihood: 1, response: A, owner: B,"
            " signal: ▸{metric: orders}}}"
        ),
        "risks.r.signal",
    ),
    (codes.EVALUATION_MISSING, plan(goals=None), "evaluation"),
]
