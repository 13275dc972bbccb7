"""A draw in a campaign: the plan as it is written, the events as they come, the outcomes, and the books."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from festoon.base.events import Event
from festoon.engine.outcome import MechanicOutcome, Outcome
from festoon.engine.replay import Replay, program_in_memory
from festoon.ledger.accounts import SHELF, budget_line, chances_asset, committed, cost, shared, stock_asset
from festoon.mechanics.draw_record import PlayRecord, record_of
from festoon.mechanics.draw_verify import verify, verify_file
from festoon.mechanics.fairness import SEED_BYTES, EpochKey, commit, epoch_key
from festoon.plan.check import check_plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YEAR = datetime(2027, 2, 5, tzinfo=SHANGHAI)
SEED = b"festoon!" * (SEED_BYTES // 8)
PUBLIC = "2027-015: 02 08 11 19 25 30 + 12"
CAMPAIGN, DRAW = "new-year-2027", "new-year-2027/lucky-draw"
CHANCES = chances_asset(CAMPAIGN, "lucky-draw")

PLAN = """
festoon: 1
campaign: new-year-2027
title: New Year
timezone: Asia/Shanghai
schedule: {start: 2027-02-05, end: 2027-02-20}
budget: {currency: CNY, lines: {prizes: 400000}}
assets: {points: {cost: 0.01, line: prizes}}
coupons: {fifty-off: {value: 50, cost: 50, line: prizes}}
gifts: {phone: {cost: 5000, line: prizes, stock: 10}}
mechanics:
  welcome: {kind: gift, on: member.registered, give: [{points: 250}, {chances: lucky-draw, count: 2}]}
  lucky-draw:
    kind: draw
    chances:
      free: {per: day, count: 1}
      when: "member.registered_in(campaign)"
      bought: {price: 100, per_day: 3}
    prizes:
      - {id: phone,  weight: 1,    stock: 10,   pace: even, give: {gift: phone}, per_member: 1}
      - {id: coupon, weight: 2000, stock: 100, give: {coupon: fifty-off}}
      - {id: packet, weight: 8000, give: {points: [5, 88]}}
    sold_out: next_prize
    randomness: "double colour ball, draw 2027-015"
"""


class Campaign:
    """The plan, running in memory with a seed that we know."""

    def __init__(self, plan: str = PLAN) -> None:
        checked = check_plan(plan)
        assert checked.compiled is not None, checked.errors
        program = program_in_memory([checked.compiled])
        schedule = checked.compiled.schedule
        key = EpochKey("campaign", schedule.start, schedule.settle, epoch_key(SEED, PUBLIC))
        program.epochs = {DRAW: (key,)}
        self.replay = Replay(program)
        self.plays: list[PlayRecord] = []

    def send(self, type: str, who: str, at: datetime, **data: Any) -> Outcome:
        ((_, _, decided),) = self.replay.run([Event("app", f"{at}{who}{type}", type, who, at, data)])
        return decided.outcome

    def register(self, who: str, at: datetime = NEW_YEAR) -> Outcome:
        return self.send("member.registered", who, at)

    def play(self, who: str, at: datetime) -> Outcome:
        outcome = self.send("draw.played", who, at, campaign=CAMPAIGN, mechanic="lucky-draw")
        for made in outcome.mechanics:
            if made.refused is None:
                self.plays.append(record_of(DRAW, self.number(who), made.note))
        return outcome

    def number(self, who: str) -> int:
        return self.replay.world.members[who].number

    def balance(self, who: str, asset: str) -> int:
        return self.replay.world.members[who].book.balance(asset)

    def account(self, key: str) -> int:
        return self.replay.world.shared.balance(key)

    def busy(self, members: int, days: int) -> "Campaign":
        """Everybody registers, plays what he has and comes back every day."""
        for day in range(days):
            for who in (f"m{number}" for number in range(members)):
                at = NEW_YEAR + timedelta(days=day, hours=10)
                if day == 0:
                    self.register(who, NEW_YEAR)
                for press in range(3 if day == 0 else 1):
                    self.play(who, at + timedelta(seconds=press))
        return self


def given(outcome: Outcome) -> Iterator[tuple[str, str, int]]:
    return ((gift.kind, gift.ref, gift.amount) for made in outcome.mechanics for gift in made.given)


def only(outcome: Outcome) -> MechanicOutcome:
    (made,) = outcome.mechanics
    return made


def test_a_new_member_plays_his_free_chance_then_the_two_he_was_given_then_none() -> None:
    campaign = Campaign()
    assert ("asset", CHANCES, 2) in given(campaign.register("lin"))
    noon = NEW_YEAR + timedelta(hours=12)
    chances = [only(campaign.play("lin", noon + timedelta(minutes=n))).note["chance"] for n in range(3)]
    assert chances == ["free", "earned", "earned"]
    fourth = campaign.play("lin", noon + timedelta(hours=1))
    assert fourth.status == "refused"
    assert fourth.refused is not None
    assert (fourth.refused.code, fourth.refused.data) == (
        "draw.no_chances",
        {"next": "2027-02-06T00:00+08:00"},
    )
    assert campaign.play("lin", NEW_YEAR + timedelta(days=1)).status == "accepted"


def test_an_old_member_has_no_free_chances_and_can_buy_some() -> None:
    campaign = Campaign()
    campaign.send("member.imported", "wu", NEW_YEAR, registered="2024-03-01")
    refused = campaign.play("wu", NEW_YEAR + timedelta(hours=1))
    assert (refused.status, refused.refused and refused.refused.code) == ("refused", "draw.no_chances_left")
    data = {"campaign": CAMPAIGN, "mechanic": "lucky-draw", "count": 2}
    poor = campaign.send("draw.chance_bought", "wu", NEW_YEAR + timedelta(hours=2), **data)
    assert (poor.status, poor.refused and poor.refused.code) == ("refused", "balance.short")
    campaign.send(
        "balance.adjusted", "wu", NEW_YEAR + timedelta(hours=3), asset="points", amount=250, reason="old"
    )
    bought = campaign.send("draw.chance_bought", "wu", NEW_YEAR + timedelta(hours=4), **data)
    assert only(bought).taken == {"points": 200}
    assert (campaign.balance("wu", "points"), campaign.balance("wu", CHANCES)) == (50, 2)
    assert only(campaign.play("wu", NEW_YEAR + timedelta(hours=5))).taken == {CHANCES: 1}


def test_earned_chances_do_not_vanish() -> None:
    campaign = Campaign()
    campaign.register("lin")
    last_evening = NEW_YEAR + timedelta(days=15, hours=23)
    chances = [
        only(campaign.play("lin", last_evening + timedelta(minutes=n))).note["chance"] for n in range(3)
    ]
    assert chances == ["free", "earned", "earned"]


def test_a_packet_holds_the_amount_that_the_record_says() -> None:
    campaign = Campaign().busy(members=30, days=1)
    packets = 0
    for who in (f"m{number}" for number in range(30)):
        records = [play for play in campaign.plays if play.member == campaign.number(who)]
        rolled = sum(amount for play in records for _, _, _, amount in play.amounts)
        packets += sum(play.given == "packet" for play in records)
        assert campaign.balance(who, "points") == 250 + rolled
    assert packets == sum(len(play.amounts) for play in campaign.plays) > 50


def test_stock_budget_and_items_agree_with_what_was_given() -> None:
    campaign = Campaign().busy(members=100, days=8)
    won = Counter(play.given for play in campaign.plays)
    assert won["coupon"] == 100
    assert {play.reason for play in campaign.plays if play.rolled == "coupon" != play.given} == {"sold_out"}
    for prize, stock in (("phone", 10), ("coupon", 100)):
        assert (
            campaign.account(shared(SHELF, stock_asset(CAMPAIGN, f"lucky-draw/{prize}")))
            == stock - won[prize]
        )
    points = sum(campaign.balance(f"m{number}", "points") for number in range(100))
    spent = campaign.account(cost(CAMPAIGN, "prizes", "CNY"))
    reserved = campaign.account(committed(CAMPAIGN, "prizes", "CNY"))
    assert (spent, reserved) == (points, 5000 * won["coupon"] + 500_000 * won["phone"])
    assert campaign.account(budget_line(CAMPAIGN, "prizes", "CNY")) == 40_000_000 - spent - reserved


def test_a_stranger_can_replay_the_whole_campaign_from_what_was_published(tmp_path: Path) -> None:
    campaign = Campaign().busy(members=60, days=5)
    assert len(campaign.plays) == 60 * 7
    assert verify(campaign.plays, SEED, PUBLIC, commit(SEED)) == []
    path = tmp_path / "plays.ndjson"
    path.write_bytes(b"".join(msgspec.json.encode(play) + b"\n" for play in campaign.plays))
    verdict = verify_file(path, SEED.hex(), PUBLIC, commit(SEED), lambda *_: None)
    assert verdict.holds
    assert verdict.given == Counter(play.given for play in campaign.plays)


def test_the_phones_are_released_over_the_campaign_and_nobody_wins_two() -> None:
    """Half of all rolls fall on the phone; what is not released yet goes to the next prize."""
    campaign = Campaign(PLAN.replace("weight: 1,  ", "weight: 10000,")).busy(members=40, days=15)
    phones = [play for play in campaign.plays if play.given == "phone"]
    assert len(phones) == 10
    assert len({play.member for play in phones}) == 10
    first_day = [play for play in campaign.plays[:120] if play.given == "phone"]
    assert len(first_day) == 1
    assert {"not_released", "member_cap", "sold_out"} <= {play.reason for play in campaign.plays}


def test_a_draw_that_nobody_named_is_not_played() -> None:
    campaign = Campaign()
    campaign.register("lin")
    outcome = campaign.send(
        "draw.played", "lin", NEW_YEAR + timedelta(hours=1), campaign=CAMPAIGN, mechanic="other"
    )
    assert (outcome.status, outcome.refused and outcome.refused.code) == (
        "refused",
        "request.no_such_mechanic",
    )
    assert campaign.balance("lin", CHANCES) == 2


def test_the_same_events_always_come_to_the_same() -> None:
    one, other = (Campaign().busy(members=20, days=3) for _ in range(2))
    assert one.plays == other.plays


def test_a_prize_that_the_budget_cannot_pay_for_is_refused_and_uses_no_chance() -> None:
    campaign = Campaign(PLAN.replace("prizes: 400000", "prizes: 0.04").replace("{points: 250}, ", ""))
    campaign.register("lin")
    for hour in (1, 2, 3, 4):
        outcome = campaign.play("lin", NEW_YEAR + timedelta(hours=hour))
        assert (outcome.status, outcome.refused and outcome.refused.code) == ("refused", "budget.short")
    assert campaign.balance("lin", CHANCES) == 2
