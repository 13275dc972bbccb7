"""Rewards that differ by member, as plans say them: what they compile to, and what they cost at the most."""

from festoon.base.rewards import AssetGift, Choice
from festoon.plan.check import check_plan
from festoon.plan.dump import dump
from festoon.plan.parse import read_plan
from festoon.plan.versions import compare
from tests.plan.plans import plan, said
from tests.plan.test_budget import at_most, compiled

COUPONS = "{dear: {value: 50, cost: 50, line: prizes}, cheap: {value: 5, cost: 5, line: prizes, stock: 3}}"
EXPERIMENTS = "{pack: {arms: {small: 3, large: 1}}}"
BY_ARM = "{experiment: pack, arms: {small: [{coupon: cheap}], large: {coupon: dear}}}"
BY_CASE = "{first: [{when: \"member.region == 'north'\", give: {coupon: dear}}], else: {coupon: cheap}}"


def one(give: str, limits: str = "{total: 7}") -> str:
    return f"{{one: {{kind: gift, on: order.paid, give: {give}, limits: {limits}}}}}"


def trial(give: str = BY_ARM, experiments: str | None = EXPERIMENTS, **sections: str | None) -> str:
    return plan(
        **{"coupons": COUPONS, "rewards": None, "experiments": experiments, "mechanics": one(give)} | sections
    )


def codes_of(text: str) -> list[tuple[str, str]]:
    return said(check_plan(text).errors)


def test_the_arms_of_an_experiment_become_the_variants_of_a_choice() -> None:
    campaign = compiled(coupons=COUPONS, rewards=None, experiments=EXPERIMENTS, mechanics=one(BY_ARM))
    ((reward, _),) = campaign.mechanics[0].mechanic.worst_case()
    (choice,) = reward.gifts
    assert isinstance(choice, Choice)
    assert [variant.arm for variant in choice.variants] == ["small", "large"]
    assert choice.split == campaign.experiments["pack"].split
    assert [gift.ref for gift in reward.every() if not isinstance(gift, AssetGift)] == [
        "spring/cheap",
        "spring/dear",
    ]


def test_an_experiment_costs_what_its_dearest_arm_costs() -> None:
    campaign = compiled(coupons=COUPONS, rewards=None, experiments=EXPERIMENTS, mechanics=one(BY_ARM))
    assert at_most(campaign) == 7 * 5_000


def test_cases_cost_what_the_dearest_of_them_costs_beside_what_everybody_gets() -> None:
    campaign = compiled(coupons=COUPONS, rewards=None, mechanics=one(f"[{{coupon: cheap}}, {BY_CASE}]"))
    assert at_most(campaign) == 3 * 5_500, "there are three of what everybody gets"


def test_one_variants_stock_does_not_bound_the_others() -> None:
    campaign = compiled(
        coupons=COUPONS,
        rewards=None,
        mechanics=one(BY_CASE, "{per_member: 1}"),
    )
    assert at_most(campaign) is None


def test_stock_of_every_variant_bounds_the_whole() -> None:
    both = BY_CASE.replace("coupon: dear", "coupon: cheap")
    campaign = compiled(coupons=COUPONS, rewards=None, mechanics=one(both, "{per_member: 1}"))
    assert at_most(campaign) == 3 * 500, "both give of the same three"


def test_a_plan_with_variants_written_by_a_program_reads_the_same() -> None:
    made = read_plan(trial(f"[{BY_ARM}, {BY_CASE}]"))
    assert read_plan(dump(made)) == made


def test_a_case_may_ask_for_the_event_and_is_told_what_it_cannot_ask() -> None:
    known = BY_CASE.replace("member.region == 'north'", "event.amount >= 100")
    assert codes_of(trial(known, None)) == []
    unknown = BY_CASE.replace("member.region == 'north'", "event.colour == 'red'")
    assert [path for _, path in codes_of(trial(unknown, None))] == ["mechanics.one.give.first[0].when"]


def test_a_case_in_a_named_reward_is_checked_where_it_stands() -> None:
    wrong = BY_CASE.replace("member.region", "member.regoin")
    text = trial("named", None, rewards=f"{{named: [{wrong}]}}")
    assert [path for _, path in codes_of(text)] == ["rewards.named[0].first[0].when"]


def test_a_new_version_cannot_move_members_between_arms() -> None:
    old = read_plan(trial())
    for arms, effect in (("{small: 1, large: 1}", ["refused"]), ("{large: 1, small: 3}", [])):
        found = compare(old, read_plan(trial(experiments=f"{{pack: {{arms: {arms}}}}}")))
        assert [change.effect for change in found if change.what == "experiment"] == effect


def test_an_experiment_may_end_by_leaving_the_plan() -> None:
    found = compare(read_plan(trial()), read_plan(trial("[{coupon: cheap}]", None)))
    assert "refused" not in [change.effect for change in found]
