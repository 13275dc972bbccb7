"""The card, in a plan that runs in memory: the same code decides that decides live."""

from datetime import datetime
from pathlib import Path
from typing import Any

from festoon.base.events import Event
from festoon.engine.outcome import MechanicOutcome
from festoon.engine.replay import Replay, program_in_memory
from festoon.plan.check import check_plan
from festoon.plan.compiled import CompiledCampaign

PLAN = (Path(__file__).parents[1] / "plan.yaml").read_text(encoding="utf-8")


def campaign() -> CompiledCampaign:
    checked = check_plan(PLAN)
    assert checked.compiled is not None, checked.errors
    return checked.compiled


class Shopper:
    """One member, and the campaign around him."""

    def __init__(self) -> None:
        self.campaign = campaign()
        self.replay = Replay(program_in_memory([self.campaign]))
        self.orders = 0

    def buys(self, day: str, amount: int = 2_000, who: str = "mei") -> MechanicOutcome | None:
        """An order at noon of a local day, and what the card made of it."""
        data = {"order": f"o{self.orders}", "amount": amount, "currency": "CNY", "lines": []}
        return self.sends("order.paid", day, data, who)

    def sends(self, type_: str, day: str, data: dict[str, Any], who: str = "mei") -> MechanicOutcome | None:
        """An event at noon of a local day, after what is due, and the first thing that came of it."""
        self.orders += 1
        at = datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=self.campaign.zone)
        *_, (_, _, decided) = self.replay.run([Event("shop", f"o{self.orders}", type_, who, at, data)])
        return next(iter(decided.outcome.mechanics), None)

    @property
    def points(self) -> int:
        return self.replay.world.members["mei"].book.balance("points")

    def sees(self, day: str) -> dict[str, Any]:
        listener = self.replay.program.by_key["weekly-shopper/card"]
        progress = self.replay.world.members["mei"].progress_of(listener.key)
        assert progress is not None
        return listener.mechanic.shows(progress.state, datetime.fromisoformat(day).date())


def refused(made: MechanicOutcome | None) -> str:
    assert made is not None
    return made.refused.code if made.refused else ""


def test_the_plan_has_no_mistake() -> None:
    assert check_plan(PLAN).problems == ()


def test_five_different_weekdays_fill_a_card() -> None:
    shopper = Shopper()
    for day in ("2027-03-01", "2027-03-02", "2027-03-04", "2027-03-05"):
        assert refused(shopper.buys(day)) == ""
    assert shopper.points == 0
    last = shopper.buys("2027-03-07")
    assert last is not None
    assert (shopper.points, last.note) == (100, {"stamps": 5, "days": 5})


def test_a_day_is_stamped_once_and_a_full_card_takes_no_more() -> None:
    shopper = Shopper()
    shopper.buys("2027-03-01")
    assert refused(shopper.buys("2027-03-01")) == "weekday_card.stamped"
    for day in range(2, 6):
        shopper.buys(f"2027-03-0{day}")
    assert refused(shopper.buys("2027-03-06")) == "weekday_card.full"
    assert shopper.points == 100


def test_every_week_has_a_card_of_its_own() -> None:
    shopper = Shopper()
    for day in (*range(4, 8), *range(8, 12)):  # Thursday to Sunday, Monday to Thursday
        shopper.buys(f"2027-03-{day:02d}")
    assert shopper.points == 0
    shopper.buys("2027-03-12")
    assert shopper.points == 100


def test_an_order_that_comes_late_stamps_the_week_it_belongs_to() -> None:
    shopper = Shopper()
    for day in ("2027-03-08", "2027-03-01", "2027-03-09", "2027-03-05", "2027-03-03", "2027-03-02"):
        shopper.buys(day)
    assert shopper.points == 0
    shopper.buys("2027-03-04")
    assert shopper.points == 100
    assert shopper.sees("2027-03-09")["stamped"] == ["mon", "tue"]


def test_a_small_order_stamps_nothing() -> None:
    shopper = Shopper()
    shopper.buys("2027-03-01")
    assert shopper.buys("2027-03-02", amount=999) is None
    assert shopper.sees("2027-03-02") == {
        "week": "2027-03-01",
        "stamped": ["mon"],
        "days": 5,
        "full": False,
        "gives": [{"asset": "points", "amount": 100}],
    }


def test_a_card_that_only_two_accounts_of_one_person_have_filled_is_paid_once() -> None:
    shopper = Shopper()
    for day, who in (("01", "mei"), ("02", "mei"), ("03", "mei-2"), ("04", "mei-2"), ("05", "mei-2")):
        shopper.buys(f"2027-03-{day}", who=who)
    shopper.sends("member.merged", "2027-03-06", {"member": "mei-2", "reason": "one phone"})
    shopper.buys("2027-03-07")
    assert shopper.points == 100
    assert shopper.sees("2027-03-06")["stamped"] == ["mon", "tue", "wed", "thu", "fri"]
