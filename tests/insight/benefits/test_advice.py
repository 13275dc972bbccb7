"""When a rule says something, and when it does not: at the bound, early, and of few."""

from datetime import date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from festoon.insight.benefits.advice import FEW, Known, advise
from festoon.insight.benefits.benefit import Benefit, Giver, Group, Return, Tally, Uplift
from festoon.insight.compare import MEASURES
from festoon.insight.results import said
from festoon.insight.spend import LineSpend, StockLeft
from tests.insight.campaign import plan_of
from tests.insight.journal import at

PLAN, CAMPAIGN = plan_of()
DAYS = tuple(date(2027, 3, day) for day in range(1, 15))
OVER, HALF, EARLY = at("2027-03-20"), at("2027-03-09"), at("2027-03-05")
NAME = said("Ten off", "十元券", "十元券")
SPEND = MEASURES[0]
UPLIFT = Uplift("holdout", SPEND, 100, 100, 10.0, 5.0, 15.0, 1, "better", True, 0.05)


def known(as_of: datetime = OVER, **changes: Any) -> Known:
    nothing = Known(PLAN, CAMPAIGN, as_of, 100, 50, (), (), (), (), None, SPEND)
    return replace(nothing, **changes)


def benefit(times: int = 100, used: int = 0, kind: str = "coupon", **more: Any) -> Benefit:
    tally = Tally(times=times, members=times, amount=times, used=used, actual=1_000)
    gave = Giver("first-order", said("First order", "首单", "首單"), (), tally)
    made = Benefit(kind, "spring/ten-off", NAME, True, tally, 0.5, (gave,), (), None, None)
    return replace(made, **more)


def line(used: list[int], amount: int = 1_000) -> LineSpend:
    return LineSpend(
        "prizes", NAME, "own", amount, used[-1], 0, 0, 0, 7, used[-1], None, DAYS, tuple(used), tuple(used)
    )


def codes(found: Known) -> list[str]:
    return [each.code for each in advise(found)]


@pytest.mark.parametrize(
    ("times", "used", "as_of", "says"),
    [
        (100, 24, OVER, ["benefit.hardly_used"]),
        (100, 25, OVER, []),
        (FEW - 1, 0, OVER, []),
        (100, 0, HALF, []),  # they can still be used
    ],
)
def test_given_and_hardly_used(times: int, used: int, as_of: datetime, says: list[str]) -> None:
    assert codes(known(as_of, benefits=(benefit(times, used),))) == says


def test_before_the_end_it_is_said_when_half_of_them_have_come_to_theirs() -> None:
    tally = Tally(times=100, members=100, amount=100, used=10, lapsed=40)
    (advice,) = advise(known(HALF, benefits=(benefit(tally=tally),)))
    assert advice.figures == {"given": 100, "used": 10, "share": 0.1, "open": 50}
    assert advice.text["en"].startswith("“Ten off” was given 100 times and used 10 times (10.0%).")
    assert advice.text["zh-Hans"].startswith("“十元券”发放 100 次，使用 10 次（10.0%）。")


def test_a_gift_is_sent_and_not_used() -> None:
    assert codes(known(benefits=(benefit(kind="gift"),))) == ["benefit.hardly_sent"]
    assert codes(known(benefits=(benefit(kind="badge"),))) == []


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(0.2, 0.9, ["benefit.below_cost"]), (0.2, 1.1, []), (1.1, 3.0, ["benefit.paid_off"])],
)
def test_a_return_is_judged_by_the_whole_of_its_interval(low: float, high: float, says: list[str]) -> None:
    back = Return((low + high) / 2, low, high, 1_000, certain=True)
    found = benefit(used=100, uplift=UPLIFT, returned=back)
    assert codes(known(benefits=(found,))) == says
    doubted = replace(found, returned=replace(back, certain=False))
    assert codes(known(benefits=(doubted,))) == []


def test_what_is_split_is_judged_together_only() -> None:
    half = replace(UPLIFT, basis="holdout_split", part=0.5)
    back = Return(0.5, 0.25, 0.75, 1_000, True)
    two = (benefit(used=100, uplift=half, returned=back), benefit(used=100, uplift=half, returned=back))
    below, shared = advise(known(benefits=two))
    assert (below.code, shared.code) == ("campaign.below_cost", "uplift.shared")
    # 100 members brought 10 fen each, of a cost of 20 yuan together.
    assert below.figures["ratio"] == pytest.approx(1_000 / 2_000)
    assert "brought back ¥0.50 for each ¥1.00 they cost (between ¥0.25 and ¥0.75)" in below.text["en"]


def test_what_was_never_given_is_said_once_half_of_the_campaign_is_over() -> None:
    never = benefit(0, givers=(Giver("first-order", NAME, (), Tally()),), tally=Tally())
    assert codes(known(EARLY, benefits=(never,))) == []
    assert codes(known(HALF, benefits=(never,))) == ["benefit.never_given"]
    assert codes(known(HALF, benefits=(replace(never, offered=False),))) == []


def test_a_stock_that_was_gone_early_or_hardly_touched() -> None:
    gone = StockLeft("coupon:ten-off", 40, DAYS, (40, 20, 0, 5, 0, *(0,) * 9))
    (advice,) = advise(known(stocks=(gone,)))
    # It came back on the fourth day and was gone for good on the fifth; the campaign went on for nine more.
    assert advice.figures == {"day": "2027-03-05", "days_without": 9, "opening": 40}
    last = StockLeft("coupon:ten-off", 40, DAYS, (*(40,) * 13, 0))
    assert codes(known(stocks=(last,))) == []
    rest = StockLeft("coupon:ten-off", 40, DAYS, (21,) * 14)
    assert codes(known(stocks=(rest,))) == ["stock.left_over"]
    assert codes(known(HALF, stocks=(rest,))) == []
    assert codes(known(stocks=(replace(rest, left=(20,) * 14),))) == []


def test_a_budget_line_that_was_used_up_or_left() -> None:
    assert codes(known(lines=(line([500] * 6 + [990] * 8),))) == ["line.used_up"]
    assert codes(known(lines=(line([500] * 14),))) == ["line.unspent"]
    assert codes(known(HALF, lines=(line([500] * 14),))) == []
    assert codes(known(lines=(line([700] * 14),))) == []


def test_a_group_is_left_out_below_half_of_everybody_s_share() -> None:
    asleep = Group("segment:asleep", "segment", "asleep", NAME, 20, 4, 0)
    assert codes(known(groups=(asleep,))) == ["group.left_out"]  # 20 % against 50 %
    assert codes(known(groups=(replace(asleep, got=5),))) == []
    assert codes(known(groups=(replace(asleep, members=19, got=0),))) == []


def test_nothing_is_advised_before_a_campaign_begins() -> None:
    assert codes(known(at("2027-02-27"), benefits=(benefit(),), lines=(line([0] * 14),))) == []
