"""What a plan becomes: rewards with their costs, accounts with their openings, conditions that run."""

from datetime import UTC, date, datetime

import pytest

from festoon.base.rewards import FREE, AssetGift, Cost, ItemGift
from festoon.base.times import Lifetime
from festoon.ledger.accounts import SharedAccount
from festoon.mechanics.gift import Gift
from festoon.plan.build import PlanBuild
from festoon.plan.compile import compile_plan, make_site
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import read_plan
from festoon.plan.places import Findings
from festoon.plan.problems import PlanInvalid
from tests.plan.plans import EXAMPLE, plan


@pytest.fixture(scope="module")
def example() -> CompiledCampaign:
    return compile_plan(read_plan(EXAMPLE), version=3)


def compiled(**sections: str | None) -> CompiledCampaign:
    return compile_plan(read_plan(plan(**sections)))


def account(campaign: CompiledCampaign, key: str) -> SharedAccount:
    (found,) = [each for each in campaign.shared if each.key == key]
    return found


def given(campaign: CompiledCampaign, mechanic: str = "signup") -> tuple[AssetGift | ItemGift, ...]:
    (found,) = [each.mechanic for each in campaign.mechanics if each.id == mechanic]
    assert isinstance(found, Gift)
    return tuple(found.give.reward.every())


def test_the_phases_begin_at_local_midnight_and_the_last_day_counts_in_full(
    example: CompiledCampaign,
) -> None:
    schedule = example.schedule
    assert schedule.warm_up == datetime(2027, 1, 24, 16, tzinfo=UTC)
    assert schedule.start == datetime(2027, 2, 4, 16, tzinfo=UTC)
    assert schedule.end == datetime(2027, 2, 20, 16, tzinfo=UTC)
    assert schedule.settle == datetime(2027, 3, 5, 16, tzinfo=UTC)
    assert schedule.archive == datetime(2028, 3, 5, 16, tzinfo=UTC)


def test_what_is_not_said_of_the_schedule_has_a_default() -> None:
    schedule = compiled(schedule="{start: 2026-03-01 10:00, end: 2026-03-31 22:00}").schedule
    assert schedule.warm_up == schedule.start == datetime(2026, 3, 1, 2, tzinfo=UTC)
    assert schedule.end == datetime(2026, 3, 31, 14, tzinfo=UTC)
    assert schedule.settle == datetime(2026, 4, 14, 14, tzinfo=UTC)


def test_texts_are_there_in_every_language(example: CompiledCampaign) -> None:
    assert example.title == {"en": "New Year", "zh-Hans": "新年活动", "zh-Hant": "新年活動"}
    assert example.lines["prizes"].title["zh-Hant"] == "獎品"
    assert example.lines["promotion"].title["en"] == "promotion"


def test_a_reward_knows_what_it_costs_and_where_that_is_booked() -> None:
    campaign = compiled(assets="{points: {cost: 0.005, line: prizes, expires: {months: 6}}}")
    line = "spring/budget/prizes|CNY"
    assert given(campaign) == (
        ItemGift(
            "coupon",
            "spring/ten-off",
            cost=Cost(1000, 1, line, "CNY"),
            stock="shelf|spring/stock/coupon:ten-off",
            code="*10",
        ),
        AssetGift("points", 200, 200, Cost(1, 2, line, "CNY"), Lifetime(months=6)),
    )


def test_an_asset_with_decimal_places_costs_per_unit_people_see() -> None:
    campaign = compiled(
        assets="{gold: {scale: 3, cost: 2.50, line: prizes}}",
        rewards="{welcome: [{asset: gold, amount: 1500}]}",
        coupons=None,
        mechanics="{signup: {kind: gift, on: order.paid, give: welcome, limits: {total: 5}}}",
    )
    assert given(campaign) == (
        AssetGift("spring/gold", 1500, 1500, Cost(1, 4, "spring/budget/prizes|CNY", "CNY")),
    )
    assert campaign.assets["spring/gold"].scale == 3


def test_days_of_a_membership_cost_by_the_day_and_are_the_platforms_own(example: CompiledCampaign) -> None:
    membership, rabbit = given(example, "first-order")
    assert membership == ItemGift(
        "membership", "gold", cost=Cost(4500, 1, "new-year-2027/budget/service|CNY", "CNY"), days=90
    )
    assert isinstance(rabbit, ItemGift)
    assert (rabbit.serial, rabbit.edition, rabbit.cost) == (True, 888, FREE)


def test_chances_are_an_asset_of_the_draw(example: CompiledCampaign) -> None:
    points, stamp, chance = given(example, "studious")
    assert [each.asset for each in (points, stamp, chance) if isinstance(each, AssetGift)] == [
        "points",
        "new-year-2027/stamp",
        "new-year-2027/chances/lucky-draw",
    ]
    assert example.assets["new-year-2027/chances/lucky-draw"].title["en"] == "Lucky draw"
    assert example.assets["new-year-2027/stamp"].expires
    assert not example.assets["growth"].expires


def test_a_budget_line_opens_from_who_pays_it(example: CompiledCampaign) -> None:
    name = "new-year-2027/{}/phones|CNY"
    assert account(example, name.format("budget")) == SharedAccount(
        "new-year-2027/budget/phones", "CNY", 0, 6_000_000, "funding:bright-phones"
    )
    assert account(example, name.format("committed")) == SharedAccount(
        "new-year-2027/committed/phones", "CNY", 0
    )
    assert account(example, name.format("cost")) == SharedAccount("new-year-2027/cost/phones", "CNY", 0)
    assert account(example, "funding:bright-phones|CNY").floor is None


def test_stock_and_quotas_are_put_on_the_shelf(example: CompiledCampaign) -> None:
    shelf = {
        each.asset: (each.opening, each.floor, each.exact)
        for each in example.shared
        if each.holder == "shelf"
    }
    prefix = "new-year-2027"
    assert shelf == {
        f"{prefix}/stock/coupon:ten-off": (20000, 0, False),
        f"{prefix}/stock/coupon:fifty-off": (5000, 0, False),
        f"{prefix}/stock/item:golden-rabbit": (888, 0, True),
        f"{prefix}/stock/lucky-draw/phone": (10, 0, False),
        f"{prefix}/stock/lucky-draw/coupon": (5000, 0, False),
        f"{prefix}/quota/signup-gift": (20000, 0, False),
        f"{prefix}/quota/studious": (10000, 0, False),
        f"{prefix}/quota/first-order": (500, 0, False),
    }


def test_every_account_that_money_or_stock_can_move_to_is_there(example: CompiledCampaign) -> None:
    keys = [each.key for each in example.shared]
    assert len(keys) == len(set(keys))
    for each in example.shared:
        if each.opening:
            assert f"{each.source}|{each.asset}" in keys
        if each.holder == "shelf":
            assert f"given|{each.asset}" in keys
    for asset in example.assets:
        assert {f"{holder}|{asset}" for holder in ("issuer", "spent", "lapsed")} <= set(keys)


def test_mechanics_and_modifiers_are_kept_apart_in_plan_order(example: CompiledCampaign) -> None:
    names = [each.id for each in example.mechanics]
    assert names == ["signup-gift", "first-post", "studious", "spend", "first-order", "lucky-draw"]
    assert [each.id for each in example.modifiers] == ["double-points"]
    signup = example.mechanics[0]
    assert signup.key == "new-year-2027/signup-gift"
    assert signup.types == ("member.registered",)
    assert signup.quota == "shelf|new-year-2027/quota/signup-gift"
    assert (example.version, example.holdout) == (3, 500)
    assert example.randomness == {"lucky-draw": "China Sports Lottery 6+1, the draw of 2027-02-04"}
    assert example.kinds == {"gift": 1, "task": 1, "earn": 1, "multiplier": 1, "draw": 1}


def test_conditions_know_the_fields_of_declared_events_and_attributes(example: CompiledCampaign) -> None:
    (studious,) = [each for each in example.mechanics if each.id == "studious"]
    assert studious.when is not None
    assert studious.when.reads == {"event.minutes", "member.kids"}
    (declared,) = example.events
    assert (declared.name, declared.title["en"]) == ("lesson.finished", "Lesson finished")


def test_caps_go_by_the_asset_that_is_really_given() -> None:
    campaign = compiled(
        assets="{stamp: {}}",
        rewards="{welcome: [{asset: stamp, amount: 1}]}",
        coupons=None,
        mechanics="{signup: {kind: gift, on: order.paid, give: welcome, caps: {stamp: {amount: 5}}}}",
    )
    assert list(campaign.mechanics[0].caps) == ["spring/stamp"]


def test_a_currency_without_decimals_is_counted_whole() -> None:
    campaign = compiled(budget="{currency: JPY, lines: {prizes: 1000}}")
    assert campaign.lines["prizes"].amount == 1000
    assert campaign.assets["JPY"].scale == 0


def test_things_are_listed_with_their_titles_and_costs(example: CompiledCampaign) -> None:
    coupon = example.things["coupon:new-year-2027/ten-off"]
    assert (coupon.title["zh-Hans"], coupon.cost) == ("满50减10", 1000)
    assert "membership:gold" in example.things


def test_a_plan_made_by_a_program_is_checked_for_names_too() -> None:
    sound = read_plan(plan())
    broken = type(sound)(
        campaign="spring",
        title="Spring",
        timezone="Nowhere",
        schedule=sound.schedule,
        mechanics=sound.mechanics,
    )
    with pytest.raises(PlanInvalid) as raised:
        compile_plan(broken)
    assert {problem.path for problem in raised.value.problems} == {"timezone", "mechanics.signup.give"}
    assert {problem.line for problem in raised.value.problems} == {0}


def test_mechanics_ask_the_plans_own_calendar_for_working_days() -> None:
    site = make_site(read_plan(EXAMPLE), Findings())
    build = PlanBuild(site, "lucky-draw", ("draw.played",))
    assert [build.is_working_day(date(2027, 2, day)) for day in (4, 5, 12, 13)] == [True, False, True, False]


def test_a_mechanic_knows_who_waits_for_it() -> None:
    text = plan(
        mechanics="""
  a: {kind: task, on: order.paid, give: welcome}
  b: {kind: task, on: order.paid, give: welcome, after: [a]}
  c: {kind: task, on: order.paid, give: welcome, after: [a, b]}
"""
    )
    site = make_site(read_plan(text), Findings())
    assert PlanBuild(site, "a", ("order.paid",)).followers() == ("b", "c")
    assert PlanBuild(site, "c", ("order.paid",)).followers() == ()
