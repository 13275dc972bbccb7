"""The worst case: what a plan can cost at the most, against the lines that pay."""

from festoon.plan.check import check_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.sense.budget import worst
from tests.plan.plans import plan

LINE = "spring/budget/prizes|CNY"


def compiled(**sections: str | None) -> CompiledCampaign:
    made = check_plan(plan(budget="{lines: {prizes: 1000000, other: 1}}", **sections)).compiled
    assert made is not None
    return made


def at_most(campaign: CompiledCampaign, mechanic: str = "one") -> int | None:
    """The worst case of a mechanic on the line, None for no bound."""
    (found,) = [each for each in campaign.mechanics if each.id == mechanic]
    bounded, unbounded = worst(campaign, found)
    return None if LINE in unbounded else bounded.get(LINE, 0)


def test_a_total_bounds_how_often_a_reward_is_given() -> None:
    campaign = compiled(
        coupons="{ten-off: {value: 10, cost: 10, line: prizes}}",
        mechanics="{one: {kind: gift, on: order.paid, give: [{coupon: ten-off}], limits: {total: 7}}}",
        rewards=None,
    )
    assert at_most(campaign) == 7 * 1000


def test_stock_bounds_it_as_well_and_the_smaller_one_counts() -> None:
    campaign = compiled(
        coupons="{ten-off: {value: 10, cost: 10, line: prizes, stock: 9}}",
        mechanics="{one: {kind: gift, on: a.b, give: [{coupon: ten-off, count: 2}], limits: {total: 7}}}",
        rewards=None,
    )
    assert at_most(campaign) == 4 * 2 * 1000


def test_what_has_a_stock_counts_once_however_many_rewards_it_stands_in() -> None:
    campaign = compiled(
        assets="{points: {cost: 0.01, line: prizes}}",
        gifts="{first: {cost: 900, line: prizes, stock: 6}, second: {cost: 90, line: prizes, stock: 12}}",
        mechanics="""
  one:
    kind: gift
    on: order.paid
    give:
      first:
        - {when: event.amount > 900, give: [{gift: first}, {points: 20}]}
        - {when: event.amount > 90, give: [{gift: second}, {points: 10}]}
      else: {points: 1}
    limits: {total: 600}
""",
        coupons=None,
        rewards=None,
    )
    assert at_most(campaign) == 6 * 90_000 + 12 * 9_000 + 600 * 20


def test_limits_per_member_bound_nothing() -> None:
    campaign = compiled(
        coupons="{ten-off: {value: 10, cost: 10, line: prizes}}",
        mechanics="{one: {kind: gift, on: order.paid, give: [{coupon: ten-off}], limits: {per_member: 1}}}",
        rewards=None,
    )
    assert at_most(campaign) is None


def test_the_dearest_rewards_use_up_a_total_first() -> None:
    campaign = compiled(
        coupons="{big: {value: 50, cost: 50, line: prizes}, small: {value: 1, cost: 1, line: prizes}}",
        mechanics="""
  one:
    kind: draw
    limits: {total: 10}
    chances: {free: {per: day}}
    prizes:
      - {id: big, weight: 1, stock: 3, give: {coupon: big}}
      - {id: small, weight: 9, give: {coupon: small}}
    sold_out: next_prize
""",
        rewards=None,
    )
    assert at_most(campaign) == 3 * 5000 + 7 * 100


def test_a_random_amount_counts_at_its_highest_and_is_rounded_up() -> None:
    campaign = compiled(
        assets="{points: {cost: 0.003, line: prizes}}",
        mechanics="{one: {kind: gift, on: order.paid, give: [{points: [1, 5]}], limits: {total: 10}}}",
        coupons=None,
        rewards=None,
    )
    assert at_most(campaign) == 10 * 2


def test_multipliers_that_may_apply_at_once_are_all_counted() -> None:
    campaign = compiled(
        assets="{points: {cost: 0.01, line: prizes}}",
        mechanics="""
  one: {kind: gift, on: order.paid, give: [{points: 100}], limits: {total: 10}}
  two: {kind: gift, on: order.paid, give: [{points: 100}], limits: {total: 10}}
  double: {kind: multiplier, factor: 2}
  more: {kind: multiplier, factor: 1.5, applies_to: [one]}
  less: {kind: multiplier, factor: 0.5, applies_to: [two], on: order.paid, when: event.amount > 5}
""",
        coupons=None,
        rewards=None,
    )
    assert at_most(campaign, "one") == 10 * 300
    assert at_most(campaign, "two") == 10 * 100


def test_points_for_amounts_have_no_bound_even_with_a_total() -> None:
    campaign = compiled(
        assets="{points: {cost: 0.01, line: prizes}}",
        mechanics="{one: {kind: earn, on: order.paid, limits: {total: 5}}}",
        coupons=None,
        rewards=None,
    )
    assert at_most(campaign) is None


def points(mechanic: str) -> int | None:
    """The worst case of one mechanic that gives points of a fen."""
    campaign = compiled(
        assets="{points: {cost: 0.01, line: prizes}}",
        mechanics=f"{{one: {mechanic}, double: {{kind: multiplier, factor: 2}}}}",
        coupons=None,
        rewards=None,
    )
    return at_most(campaign)


def test_points_for_amounts_are_bounded_by_their_maximum_and_a_total() -> None:
    assert points("{kind: earn, on: order.paid, max: 300, limits: {total: 5}}") == 5 * 300 * 2
    assert points("{kind: earn, on: order.paid, fixed: 20, limits: {total: 5}}") == 5 * 20 * 2
    assert points("{kind: earn, on: order.paid, fixed: 20, max: 15, limits: {total: 5}}") == 5 * 15 * 2
    assert points("{kind: earn, on: order.paid, max: 1, limits: {total: 5}}") == 5 * 1 * 2
    assert points("{kind: earn, on: order.paid, max: 300}") is None


def test_a_cap_bounds_what_one_event_earns() -> None:
    caps = "caps: {points: {amount: 100, per: day}}"
    assert points(f"{{kind: earn, on: order.paid, {caps}, limits: {{total: 5}}}}") == 5 * 100
    assert points(f"{{kind: earn, on: order.paid, {caps}}}") is None


def test_one_unit_of_a_gift_is_no_measure_of_something_endless() -> None:
    assert points("{kind: gift, on: order.paid, give: [{points: 1}], limits: {total: 5}}") == 5 * 2


def test_what_one_event_brings_together_is_counted_together() -> None:
    check_in = "{kind: check_in, daily: {points: 1}, ladder: {2: {points: 5}}, limits: {total: 10}}"
    assert points(check_in) == 10 * (1 + 5) * 2
    sides = "invitee: {points: 4}, inviter: {points: 3}, share: {percent: 10, of: event.amount, cap: 7}"
    referral = f"{{kind: referral, actions: [order.paid], {sides}, limits: {{total: 10}}}}"
    assert points(referral) == 10 * (3 + 7) * 2
    assert points(referral.replace(", cap: 7", "")) is None


def test_what_costs_nothing_is_not_in_the_way() -> None:
    campaign = compiled(
        mechanics="{one: {kind: gift, on: order.paid, give: [{points: 100}]}}", coupons=None, rewards=None
    )
    assert at_most(campaign) == 0
