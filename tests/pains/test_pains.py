"""What goes wrong in other systems of this kind, each pain a test that would catch it.

A pain with a stronger test elsewhere names it in STRONGER instead of repeating it. These belong to what is not built
yet, and get their tests with it:

| pain | comes with |
|---|---|
| a cancelled order does not give a coupon's usage back, or twice | coupons in use (C1) |
| validity judged at confirmation breaks carts already paid, for coupons | coupons in use (C1) |
| points kept after a refund, but for those of referrals | refunds (C6) |
| automatic top-ups run away for weeks | top-up (C5) |
| a message sent twice by overlapping jobs; a scheduled one deleted | channels (A4) |
"""

import asyncio
import importlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec import structs

from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.outcome import Outcome, decode
from tests.live import HEAD, NOW, Platform, event, gifts, order, play, put_up, refusals
from tests.serving import serving

LANES = 8
STRONGER = {
    "a limit of 3 is used 5 times under concurrency": [
        "tests.races.test_races:test_a_limit_per_member_holds_when_his_claims_come_at_once",
        "tests.races.test_races:test_one_coupon_is_claimed_once_by_many_claimers",
    ],
    "a redemption without effect uses up a limit": [
        "tests.engine.test_run_batch:test_a_redemption_without_effect_uses_up_no_limit",
        "tests.scenarios.test_earn:test_an_order_that_earns_nothing_uses_up_no_cap",
        "tests.scenarios.test_draw:test_a_prize_that_the_budget_cannot_pay_for_is_refused_and_uses_no_chance",
    ],
    "points expire in the wrong order, or not at all": [
        "tests.engine.test_run_batch:test_points_expire_first_expiring_first_when_their_day_is_over",
        "tests.engine.test_run_batch:test_a_due_timer_comes_before_the_members_next_event",
    ],
    "a streak is lost after a restore, or when events come late": [
        "tests.mechanics.check_in.test_check_in:test_in_order_each_streak_is_paid_each_rung_once",
        "tests.scenarios.test_check_in:test_a_check_in_that_arrives_late_joins_the_streak_in_its_place",
        (
            "tests.mechanics.check_in.test_days_off:"
            "test_in_any_order_no_rung_is_paid_twice_for_one_streak_over_the_holidays"
        ),
        (
            "tests.mechanics.check_in.test_photos:"
            "test_daily_rewards_and_days_do_not_depend_on_the_order_of_verdicts"
        ),
    ],
    "a missed day past the end of the ladder restarts it": [
        "tests.mechanics.check_in.test_check_in:test_past_its_end_the_ladder_gives_nothing_more_and_does_not_restart",
        "tests.mechanics.check_in.test_check_in:test_a_missed_day_past_the_end_starts_a_new_streak_from_the_bottom",
        "tests.mechanics.check_in.test_check_in:test_the_day_is_the_campaigns_wherever_the_member_is",
    ],
    "draw weights with one unreachable value": [
        (
            "tests.mechanics.draw.test_draw_table:"
            "test_every_value_of_a_roll_falls_on_a_prize_and_each_prize_gets_exactly_its_weight"
        ),
        (
            "tests.mechanics.draw.test_draw_table:"
            "test_the_last_value_wins_the_last_prize_and_the_one_after_it_is_an_error"
        ),
    ],
    "stock below zero": [
        "tests.races.test_races:test_one_prize_is_won_once_by_sixteen_processes",
        "tests.crash.test_server_is_killed:test_fifty_deaths_under_load_lose_nothing_and_double_nothing",
    ],
    "earned draw chances vanish with a cache": [
        "tests.scenarios.test_draw:test_earned_chances_do_not_vanish"
    ],
    "a prize cap changes the odds nobody declared": [
        "tests.mechanics.draw.test_draw_table:test_the_odds_change_only_where_the_plan_declares_it",
        "tests.mechanics.draw.test_playing:test_a_member_cap_holds_for_each_member_and_falls_to_the_policy",
        "tests.scenarios.test_draw:test_the_phones_are_released_over_the_campaign_and_nobody_wins_two",
    ],
    "budget overrun between two jobs": ["tests.races.test_races:test_a_budget_line_is_never_overspent"],
    "the same thing done twice by overlapping jobs": [
        "tests.races.test_races:test_the_same_event_from_sixteen_processes_acts_once",
        "tests.intake.test_clock:test_processes_that_all_peek_at_the_same_timers_fire_each_once",
    ],
    "a cancelled order gives the usage back twice": [
        "tests.engine.test_held:test_released_and_voided_at_once_it_is_one_of_the_two",
        "tests.engine.test_set_aside:test_of_verdicts_that_come_at_once_one_decides",
    ],
    "an approved reward that had run out meanwhile": [
        "tests.scenarios.test_task:test_what_cannot_be_paid_is_not_taken_in_and_an_approval_is_always_paid",
    ],
    "clawback silently skipped when the balance is short": [
        "tests.scenarios.test_referral_clawback:test_down_to_zero_leaves_what_was_spent",
        "tests.scenarios.test_referral_clawback:test_a_debt_is_paid_by_what_comes_next",
    ],
    "a broken segment disappears silently": [
        "tests.audience.test_refresh:test_a_refresh_cut_off_anywhere_and_repeated_sends_every_event_once",
        "tests.audience.test_refresh:test_what_was_begun_is_finished_before_anything_is_computed_anew",
    ],
    "a member changes experiment variant between visits": [
        "tests.base.test_split:test_a_member_stays_in_his_arm_however_the_arms_are_written",
        "tests.scenarios.test_variants:test_a_member_is_in_one_arm_in_every_mechanic_and_the_outcome_says_which",
        "tests.plan.test_variants:test_a_new_version_cannot_move_members_between_arms",
    ],
    "a webhook's id changes with every retry": [
        (
            "tests.outbox.webhooks.test_delivery:"
            "test_what_fails_is_tried_again_by_the_schedule_under_the_same_id_and_then_given_up"
        ),
    ],
    "a prize that was promised cannot be paid for": [
        "tests.engine.test_set_apart:test_publishing_sets_the_prizes_apart_and_others_do_not_get_at_them",
    ],
    "a large segment holds everybody up": [
        "tests.audience.test_pieces:test_a_long_list_keeps_its_order_and_is_read_a_piece_at_a_time",
        "tests.store.test_pieces:test_rows_are_copied_piece_by_piece_and_the_loop_turns_in_between",
    ],
    "referral rewards farmed by empty accounts": [
        "tests.scenarios.test_signals:test_a_ring_of_invitations_on_one_device_is_beyond_doubt",
        "tests.scenarios.test_referral:test_empty_accounts_earn_nothing",
        "tests.scenarios.test_referral:test_nobody_invites_himself_or_back",
        "tests.scenarios.test_referral:test_who_closes_a_ring_gets_nothing_and_brings_nothing",
    ],
}
BEFORE_NOW = datetime(2026, 2, 1, tzinfo=UTC)
PLAN = (
    HEAD
    + """
assets:
  points: {cost: 0.01, line: prizes}
  stars: {expires: {days: 1}}
coupons: {five-off: {value: 5, cost: 5, line: prizes, valid: {days: 30}}}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 100}, {coupon: five-off}], limits: {per_member: 1}}
  star: {kind: gift, on: content.published, give: [{asset: stars, amount: 3}]}
  once: {kind: gift, on: page.viewed, give: [{points: 1}], limits: {per_member: 1}}
  three: {kind: gift, on: content.liked, give: [{points: 1}], limits: {total: 3}}
  check-in: {kind: check_in, daily: {points: 5}, ladder: {3: {points: 50}}}
"""
)


@pytest.mark.parametrize(("pain", "tests"), STRONGER.items())
def test_every_pain_with_a_stronger_test_elsewhere_still_has_it(pain: str, tests: list[str]) -> None:
    for name in tests:
        module, _, function = name.partition(":")
        assert callable(getattr(importlib.import_module(module), function)), f"{pain}: {name}"


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    yield platform
    await platform.close()


@asynccontextmanager
async def lanes(platform: Platform) -> AsyncIterator[list[Platform]]:
    """Engines of as many serving processes on the same store, each with a connection of its own."""
    opened = [await Platform.open(platform.dsn, now=platform.at) for _ in range(LANES)]
    yield opened
    for each in opened:
        await each.close()


async def at_once(platform: Platform, events: Sequence[Event]) -> list[Outcome]:
    """Each event by another process, all at the same time."""
    async with lanes(platform) as opened:
        sent = [each.send(happened) for each, happened in zip(opened, events, strict=True)]
        answers: list[list[Answer]] = await asyncio.gather(*sent)
    return [decode(answer.outcome) for each in answers for answer in each]


def accepted(outcomes: Sequence[Outcome]) -> int:
    return sum(outcome.status == "accepted" for outcome in outcomes)


# Used more often than allowed -------------------------------------------------------------------------------------


async def test_a_limit_of_three_is_used_three_times_by_eight_at_once(platform: Platform) -> None:
    liked = [event("content.liked", f"member-{number}", content="c") for number in range(LANES)]
    outcomes = await at_once(platform, liked)
    assert len(gifts(outcomes)) == 3
    assert refusals(outcomes) == ["limit.total"] * (LANES - 3)
    await platform.audit()


async def test_one_coupon_pays_for_one_order_of_eight_at_once(platform: Platform) -> None:
    (outcome,) = await platform.outcomes(event("member.registered", "ann"))
    code = outcome.mechanics[0].given[1].code
    orders = [event("coupon.redeemed", "ann", f"o{n}", coupon=code, order=f"o{n}") for n in range(LANES)]
    assert accepted(await at_once(platform, orders)) == 1
    assert await platform.shared("spring/cost/prizes", "CNY") == 100 + 500
    assert await platform.shared("spring/committed/prizes", "CNY") == 0
    await platform.audit()


async def test_a_coupon_is_its_owners_and_nobody_elses(platform: Platform) -> None:
    (outcome,) = await platform.outcomes(event("member.registered", "ann"))
    code = outcome.mechanics[0].given[1].code
    await platform.outcomes(event("coupon.redeemed", "ben", coupon=code))
    assert await platform.connection.fetchval("SELECT state FROM item") == "owned"


async def test_stored_value_is_spent_once_by_eight_at_once(platform: Platform) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    holds = [
        event("hold.placed", "ann", f"h{n}", hold=f"h{n}", asset="points", amount=60) for n in range(LANES)
    ]
    assert accepted(await at_once(platform, holds)) == 1
    assert (await platform.balance("ann"), await platform.balance("ann", part="@held")) == (40, 60)
    (held,) = await platform.connection.fetch("SELECT id FROM hold")
    posts = [event("hold.posted", "ann", f"p{n}", hold=held["id"]) for n in range(LANES)]
    assert accepted(await at_once(platform, posts)) == 1
    assert (await platform.balance("ann"), await platform.balance("ann", part="@held")) == (40, 0)
    await platform.audit()


async def test_what_is_given_back_is_given_back_once_by_eight_at_once(platform: Platform) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    await platform.outcomes(event("hold.placed", "ann", hold="h", asset="points", amount=60))
    releases = [event("hold.released", "ann", f"r{n}", hold="h") for n in range(LANES)]
    assert accepted(await at_once(platform, releases)) == 1
    assert await platform.balance("ann") == 100
    seq = await platform.connection.fetchval("SELECT seq FROM event WHERE type = 'member.registered'")
    reversals = [
        event("transfer.reversed", "ann", f"x{n}", transfer=f"{seq}-0", reason="cancelled")
        for n in range(LANES)
    ]
    assert accepted(await at_once(platform, reversals)) == 1
    assert await platform.balance("ann") == 0
    await platform.audit()


async def test_of_same_day_claims_at_once_one_gets_through(platform: Platform) -> None:
    claims = [event("check_in.made", "ann", f"c{n}", NOW + timedelta(minutes=n)) for n in range(LANES)]
    outcomes = await at_once(platform, claims)
    assert await platform.balance("ann") == 5
    assert len(gifts(outcomes)) == 1
    await platform.audit()


async def test_a_limit_per_member_is_not_shared_by_all_guests(platform: Platform) -> None:
    guests = [event("page.viewed", f"guest-{number}", page="x") for number in range(LANES)]
    outcomes = await at_once(platform, guests)
    assert len(gifts(outcomes)) == LANES
    again = [event("page.viewed", f"guest-{number}", "second", page="x") for number in range(LANES)]
    assert refusals(await at_once(platform, again)) == ["limit.per_member"] * LANES
    await platform.audit()


async def test_a_balance_that_is_short_is_refused_and_not_skipped_in_silence(platform: Platform) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    taken = event("balance.adjusted", "ann", asset="points", amount=-150, reason="granted twice")
    (outcome,) = await platform.outcomes(taken)
    assert outcome.refused is not None
    assert outcome.refused.code == "balance.short"
    assert await platform.balance("ann") == 100


# Time -------------------------------------------------------------------------------------------------------------


async def test_points_expire_when_the_campaigns_day_is_over_whatever_the_servers_zone(
    platform: Platform,
) -> None:
    """Given at 23:30 on the 10th in Shanghai, for one day: spendable until the 11th is over there."""
    platform.at = datetime(2027, 2, 10, 15, 30, tzinfo=UTC)
    await platform.outcomes(event("content.published", "ann", at=platform.at, content="c"))
    over = datetime(2027, 2, 11, 16, tzinfo=UTC)
    expires = await platform.connection.fetchval("SELECT expires FROM lot")
    assert expires == over
    for zone in ("America/Los_Angeles", "Pacific/Kiritimati"):
        await platform.connection.execute(f"SET timezone = '{zone}'")
        platform.at = over - timedelta(seconds=1)
        await platform.wake("ann")
        assert await platform.balance("ann", "spring/stars") == 3
    platform.at = over
    await platform.wake("ann")
    assert await platform.balance("ann", "spring/stars") == 0
    await platform.audit()


async def test_what_has_expired_is_not_spent_though_nobody_looked_at_the_clock(platform: Platform) -> None:
    await platform.outcomes(event("content.published", "ann", content="c"))
    platform.at = NOW + timedelta(days=2)
    late = event("hold.placed", "ann", at=platform.at, hold="h", asset="spring/stars", amount=1)
    (outcome,) = await platform.outcomes(late)
    assert outcome.refused is not None
    assert outcome.refused.code == "balance.short"
    await platform.audit()


def test_a_balance_that_is_shown_is_not_stale_after_expiry(database: str) -> None:
    """Also while no clock runs that would take away what has expired."""

    async def long_ago() -> None:
        platform = await Platform.open(database, PLAN.replace("2027-02-01", "2026-01-01"), now=BEFORE_NOW)
        given = (event("content.published", "ann", content="c"), event("member.registered", "ann"))
        await platform.outcomes(*(structs.replace(each, time=BEFORE_NOW) for each in given))
        await platform.close()

    asyncio.run(long_ago())
    with serving(database, clock=False) as running:
        member = running.client.get("/v1/members/ann").json()
    balances = {each["asset"]: (each["available"], each["lots"]) for each in member["balances"]}
    assert balances == {"points": (100, []), "spring/stars": (0, [])}
    assert {item["state"] for item in member["items"]} == {"expired"}


async def test_what_was_reserved_in_time_can_be_confirmed_after_it_expired(platform: Platform) -> None:
    await platform.outcomes(event("content.published", "ann", content="c"))
    await platform.outcomes(event("hold.placed", "ann", hold="h", asset="spring/stars", amount=2))
    platform.at = NOW + timedelta(days=2)
    (outcome,) = await platform.outcomes(event("hold.posted", "ann", at=platform.at, hold="h"))
    assert outcome.status == "accepted"
    assert await platform.shared("spent", "spring/stars") == 2
    await platform.audit()


async def test_a_day_is_not_forged_by_travelling(platform: Platform) -> None:
    """One afternoon in Shanghai is yesterday in Samoa and tomorrow in Kiritimati."""
    afternoon = datetime(2027, 2, 10, 10, 30, tzinfo=UTC)
    for hours in (8, 14, -11):
        there = afternoon.astimezone(timezone(timedelta(hours=hours)))
        await platform.outcomes(event("check_in.made", "ann", f"{hours}", there))
    assert await platform.balance("ann") == 5


async def test_three_days_of_the_campaign_are_a_streak_however_they_fall_in_utc(platform: Platform) -> None:
    """00:10 on the 8th, 23:50 on the 9th and 00:10 on the 10th in Shanghai; in UTC two of them are the same day."""
    for day, moment in enumerate(("07T16:10", "09T15:50", "09T16:10")):
        at = datetime.fromisoformat(f"2027-02-{moment}:00+00:00")
        await platform.outcomes(event("check_in.made", "ann", f"{day}", at))
    assert await platform.balance("ann") == 3 * 5 + 50


# Kept -------------------------------------------------------------------------------------------------------------

DRAW = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  earn-a-chance: {kind: gift, on: content.published, give: [{chances: lucky-draw, count: 2}]}
  lucky-draw:
    kind: draw
    prizes: [{id: few, weight: 1, give: {points: 2}}]
"""
)


async def test_earned_chances_survive_restarts_and_weeks(database: str) -> None:
    first = await Platform.open(database, DRAW)
    await first.outcomes(event("content.published", "ann", content="c"))
    await first.close()
    later = await Platform.open(database, now=NOW + timedelta(days=14))
    played = [play("ann", str(number), at=later.at) for number in range(3)]
    assert [outcome.status for outcome in await later.outcomes(*played)] == [
        "accepted",
        "accepted",
        "refused",
    ]
    await later.audit()
    await later.close()


async def test_who_is_held_out_stays_held_out(database: str) -> None:
    """Over restarts and new versions of the plan, and whatever else he does."""
    plan = (
        HEAD
        + "audience: {holdout: 40%}\nmechanics: {gift: {kind: gift, on: page.viewed, give: [{points: 1}]}}\n"
    )
    await put_up(database, plan)
    seen = []
    for version in range(3):
        platform = await Platform.open(database)
        views = [event("page.viewed", f"member-{n}", f"v{version}", page="x") for n in range(60)]
        seen.append(["holdout" in outcome.passed_over for outcome in await platform.outcomes(*views)])
        await platform.close()
        await put_up(database, plan.replace("points: 1", f"points: {version + 2}"))
    assert seen[0] == seen[1] == seen[2]
    assert 5 < sum(seen[0]) < 50


# Fast enough ------------------------------------------------------------------------------------------------------


async def test_a_hot_account_is_written_once_a_batch_and_not_once_an_event(platform: Platform) -> None:
    """What limits a system to tens of writes a second is a row that every event updates."""
    updates = "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'shared_account'"
    await platform.connection.execute("SELECT pg_stat_force_next_flush()")
    before = await platform.connection.fetchval(updates)
    outcomes = await platform.outcomes(*(event("member.registered", f"member-{n}") for n in range(150)))
    assert len(gifts(outcomes)) == 300
    await platform.connection.execute("SELECT pg_stat_force_next_flush()")
    await platform.connection.execute("SELECT pg_stat_clear_snapshot()")
    after = await platform.connection.fetchval(updates)
    accounts = await platform.connection.fetchval("SELECT count(*) FROM shared_account")
    assert 0 < after - before <= accounts
    await platform.audit()


async def test_eight_processes_on_one_account_all_get_through(platform: Platform) -> None:
    async with lanes(platform) as opened:
        batches = [
            each.outcomes(*(order(f"m{lane}-{n}", 100, "1") for n in range(40)), *(
                event("member.registered", f"m{lane}-{n}") for n in range(40)))
            for lane, each in enumerate(opened)
        ]  # fmt: skip
        outcomes = [outcome for batch in await asyncio.gather(*batches) for outcome in batch]
    coupons = [gift for gift in gifts(outcomes) if gift[0] == "coupon"]
    left = await platform.shared("spring/budget/prizes", "CNY")
    assert left == 100_000 - len(coupons) * 600
    assert left < 600
    assert set(refusals(outcomes)) == {"budget.short"}
    await platform.audit()
