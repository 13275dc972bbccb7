"""Several campaigns at once: caps over all of them, and groups of which a member takes part in one."""

from datetime import timedelta

from festoon.base.events import Event
from festoon.engine.outcome import MechanicOutcome
from tests.scenarios.story import Story, code

PLAN = """
festoon: 1
campaign: {name}
title: {name}
timezone: Asia/Shanghai
schedule: {{start: 2027-03-01, end: 2027-03-31}}
{more}
"""
DAILY = "shared_caps: {daily: {of: points, amount: 100, per: day}}"
SPEND = "mechanics: {%s: {kind: gift, on: order.paid, give: [{points: 60}]}}"
GROUP = "exclusive: {group: spring-offers}"


def plan(name: str, *more: str) -> str:
    return PLAN.format(name=name, more="\n".join(more))


def points(made: MechanicOutcome) -> list[tuple[int, int | None]]:
    return [(given.amount, given.wanted) for given in made.given]


def test_points_of_all_campaigns_count_towards_one_cap_and_what_is_over_is_cut() -> None:
    story = Story(plan("one", DAILY, SPEND % "first"), plan("two", DAILY, SPEND % "second"))
    made = story.happens("order.paid", "mei", "2027-03-02", amount=1)
    assert points(made["first"]) == [(60, None)]
    assert points(made["second"]) == [(40, 60)]
    again = story.happens("order.paid", "mei", "2027-03-02 13:00", amount=1)
    assert {name: code(each) for name, each in again.items()} == {
        "first": "cap.shared",
        "second": "cap.shared",
    }
    assert points(story.happens("order.paid", "mei", "2027-03-03", amount=1)["first"]) == [(60, None)]
    assert story.points("mei") == 200
    assert story.books_balance()


def test_a_plan_that_does_not_name_the_cap_is_not_held_to_it() -> None:
    story = Story(plan("one", DAILY, SPEND % "first"), plan("two", SPEND % "second"))
    for hour in range(3):
        story.happens("order.paid", "mei", f"2027-03-02 {hour + 10}:00", amount=1)
    assert story.points("mei") == 100 + 3 * 60


def test_a_cap_that_refuses_leaves_the_whole_reward_for_another_day() -> None:
    refuse = DAILY.replace("per: day", "per: day, over: refuse")
    story = Story(plan("one", DAILY, SPEND % "first"), plan("two", refuse, SPEND % "second"))
    made = story.happens("order.paid", "mei", "2027-03-02", amount=1)
    assert code(made["second"]) == "cap.shared"
    assert made["second"].refused is not None
    assert made["second"].refused.data == {"cap": "daily", "limit": 100, "of": "points", "period": "day"}
    assert story.points("mei") == 60


def test_each_plan_holds_its_own_gifts_to_its_own_amount() -> None:
    lower = DAILY.replace("100", "70")
    story = Story(plan("one", DAILY, SPEND % "first"), plan("two", lower, SPEND % "second"))
    assert points(story.happens("order.paid", "mei", "2027-03-02", amount=1)["second"]) == [(10, 60)]
    assert points(story.happens("order.paid", "mei", "2027-03-02 13:00", amount=1)["first"]) == [(30, 60)]


def test_a_late_event_counts_in_its_own_day() -> None:
    story = Story(plan("one", DAILY, SPEND % "first"))
    story.happens("order.paid", "mei", "2027-03-02", amount=1)
    story.happens("order.paid", "mei", "2027-03-03", amount=1)
    late = Event("app", "late", "order.paid", "mei", story.instant("2027-03-02 23:00"), {"amount": 1})
    ((_, _, decided),) = story.replay.run([late])
    assert points(decided.outcome.mechanics[0]) == [(40, 60)]
    assert points(story.happens("order.paid", "mei", "2027-03-03 13:00", amount=1)["first"]) == [(40, 60)]


def test_what_a_shared_cap_has_cut_counts_towards_the_mechanics_own_cap_as_it_was_given() -> None:
    own = "mechanics: {first: {kind: gift, on: order.paid, give: [{points: 60}], caps: {points: {amount: 100}}}}"
    story = Story(plan("one", DAILY.replace("100", "40"), own))
    days = [story.happens("order.paid", "mei", f"2027-03-0{day}", amount=1)["first"] for day in range(2, 6)]
    assert [points(made) for made in days] == [[(40, 60)], [(40, 60)], [(20, 60)], []]
    assert code(days[-1]) == "cap.reached"
    assert story.points("mei") == 100


def test_coupons_of_all_campaigns_are_counted_and_the_points_beside_them_are_given() -> None:
    both = (
        "budget: {lines: {prizes: 1000}}",
        "coupons: {off: {value: 5, cost: 5, line: prizes}}",
        "shared_caps: {coupons: {of: coupon, amount: 3, per: month}}",
    )
    gives = "mechanics: {%s: {kind: gift, on: order.paid, give: [{coupon: off, count: 2}, {points: 1}]}}"
    story = Story(plan("one", *both, gives % "first"), plan("two", *both, gives % "second"))
    made = story.happens("order.paid", "mei", "2027-03-02", amount=1)
    assert [given.kind for given in made["second"].given] == ["coupon", "asset"]
    assert made["second"].note == {"capped": "coupons"}
    made = story.happens("order.paid", "mei", "2027-03-20", amount=1)
    assert [given.kind for given in made["first"].given] == ["asset"]
    assert story.items("mei") == {"off": 3}
    assert story.books_balance()


def test_an_exchange_is_refused_whole_and_costs_nothing() -> None:
    shop = (
        "coupons: {off: {value: 5}}",
        "shared_caps: {coupons: {of: coupon, amount: 3, per: month}}",
        "mechanics:",
        "  shop: {kind: exchange, price: {amount: 10}, give: [{coupon: off, count: 2}]}",
        "  start: {kind: gift, on: member.registered, give: [{points: 100}]}",
    )
    story = Story(plan("one", *shop))
    story.happens("member.registered", "mei", "2027-03-01")
    ask = {"campaign": "one", "mechanic": "shop"}
    assert story.send("exchange.made", "mei", "2027-03-02", **ask).status == "accepted"
    refused = story.send("exchange.made", "mei", "2027-03-03", **ask)
    assert refused.refused is not None
    assert refused.refused.code == "cap.shared"
    assert (story.points("mei"), story.items("mei")) == (90, {"off": 2})


def test_a_check_in_that_earns_nothing_any_more_still_counts() -> None:
    check_in = "mechanics: {daily-check: {kind: check_in, daily: {points: 60}}}"
    story = Story(plan("one", DAILY, SPEND % "first"), plan("two", DAILY, check_in))
    story.happens("order.paid", "mei", "2027-03-02 10:00", amount=1)
    story.happens("order.paid", "mei", "2027-03-02 11:00", amount=1)
    made = story.happens("check_in.made", "mei", "2027-03-02 12:00")["daily-check"]
    assert made.given == []
    assert made.note["capped"] == "daily"
    again = story.happens("check_in.made", "mei", "2027-03-02 13:00")["daily-check"]
    assert code(again) == "check_in.already_that_day"


def test_multipliers_come_before_the_cap() -> None:
    double = (
        "mechanics:\n  first: {kind: gift, on: order.paid, give: [{points: 60}]}\n"
        "  twice: {kind: multiplier, asset: points, factor: 2}"
    )
    story = Story(plan("one", DAILY, double))
    assert points(story.happens("order.paid", "mei", "2027-03-02", amount=1)["first"]) == [(100, 120)]


def test_periods_are_counted_in_the_zone_of_the_cap() -> None:
    utc = DAILY.replace("per: day", "per: day, timezone: UTC")
    story = Story(plan("one", utc, SPEND % "first"))
    story.happens("order.paid", "mei", "2027-03-02 07:00", amount=1)
    assert points(story.happens("order.paid", "mei", "2027-03-02 09:00", amount=1)["first"]) == [(60, None)]


def test_what_is_kept_of_a_member_does_not_grow_with_the_years() -> None:
    year = plan("one", DAILY, SPEND % "first").replace("2027-03-31", "2028-03-31")
    story = Story(year)
    for day in range(300):
        at = story.instant("2027-03-02") + timedelta(days=day)
        list(story.replay.run([Event("app", f"d{day}", "order.paid", "mei", at, {"amount": 1})]))
    progress = story.replay.world.members["mei"].progress_of("festoon/together")
    assert progress is not None
    assert 36 < len(progress.capped) < 45


def test_who_takes_part_in_one_campaign_of_a_group_is_shut_out_of_the_other() -> None:
    post = "mechanics: {second: {kind: gift, on: content.published, give: [{points: 5}]}}"
    story = Story(plan("one", GROUP, SPEND % "first"), plan("two", GROUP, post))
    story.send("order.paid", "mei", "2027-03-02", amount=1)
    out = story.send("content.published", "mei", "2027-03-03", content="c")
    assert out.passed_over == {"exclusive": ["two/second"]}
    story.send("content.published", "bao", "2027-03-03", content="d")
    assert story.send("order.paid", "bao", "2027-03-04", amount=1).passed_over == {"exclusive": ["one/first"]}
    assert (story.points("mei"), story.points("bao")) == (60, 5)


def test_in_one_event_the_campaign_that_is_older_has_the_member() -> None:
    story = Story(plan("one", GROUP, SPEND % "first"), plan("two", GROUP, SPEND % "second"))
    outcome = story.send("order.paid", "mei", "2027-03-02", amount=1)
    assert [made.mechanic for made in outcome.mechanics] == ["one/first"]
    assert outcome.passed_over == {"exclusive": ["two/second"]}


def test_a_refusal_is_no_taking_part() -> None:
    never = "mechanics: {first: {kind: gift, on: order.paid, give: [{coupon: off}]}}"
    story = Story(
        plan("one", GROUP, never, "coupons: {off: {value: 1, stock: 0}}"),
        plan("two", GROUP, SPEND % "second"),
    )
    made = story.happens("order.paid", "mei", "2027-03-02", amount=1)
    assert code(made["first"]) == "stock.empty"
    assert points(made["second"]) == [(60, None)]


def test_a_campaign_that_is_settled_lets_go_of_its_members() -> None:
    later = plan("two", GROUP, SPEND % "second").replace("2027-03-31", "2027-06-30")
    story = Story(plan("one", GROUP, SPEND % "first"), later)
    story.send("order.paid", "mei", "2027-03-30", amount=1)
    assert story.send("order.paid", "mei", "2027-04-10", amount=1).passed_over["exclusive"] == ["two/second"]
    made = story.happens("order.paid", "mei", "2027-04-20", amount=1)
    assert points(made["second"]) == [(60, None)]


def test_a_request_says_why_it_is_not_open() -> None:
    shop = (
        "coupons: {off: {value: 5}}\n"
        "mechanics: {shop: {kind: exchange, price: {amount: 10}, give: [{coupon: off}]}}"
    )
    story = Story(plan("one", GROUP, SPEND % "first"), plan("two", GROUP, shop))
    story.send("order.paid", "mei", "2027-03-02", amount=1)
    refused = story.send("exchange.made", "mei", "2027-03-03", campaign="two", mechanic="shop")
    assert refused.refused is not None
    assert (refused.refused.code, refused.refused.data) == ("request.not_for_you", {"reason": "exclusive"})


def test_of_two_accounts_that_become_one_the_campaign_that_still_runs_has_the_member() -> None:
    over = plan("over", GROUP, SPEND % "first").replace("2027-03-31", "2027-03-03, settle: 2027-03-10")
    reads = "mechanics: {reads: {kind: gift, on: page.viewed, give: [{points: 1}]}}"
    posts = "mechanics: {posts: {kind: gift, on: content.published, give: [{points: 5}]}}"
    story = Story(over, plan("two", GROUP, reads), plan("three", GROUP, posts))
    story.happens("order.paid", "mei", "2027-03-02", amount=1)
    story.happens("page.viewed", "lan", "2027-03-05")
    story.happens("member.merged", "mei", "2027-03-12", member="lan", reason="one person")
    assert story.send("content.published", "mei", "2027-03-13", content="c").passed_over == {
        "exclusive": ["three/posts"]
    }
    assert points(story.happens("page.viewed", "mei", "2027-03-13")["reads"]) == [(1, None)]


def test_of_two_campaigns_that_both_run_a_merge_keeps_that_of_the_account_that_stays() -> None:
    posts = "mechanics: {posts: {kind: gift, on: content.published, give: [{points: 5}]}}"
    story = Story(plan("one", GROUP, SPEND % "first"), plan("two", GROUP, posts))
    story.happens("order.paid", "mei", "2027-03-02", amount=1)
    story.happens("content.published", "lan", "2027-03-02", content="c")
    story.happens("member.merged", "lan", "2027-03-12", member="mei", reason="one person")
    assert story.send("order.paid", "lan", "2027-03-13", amount=1).passed_over == {"exclusive": ["one/first"]}
