from datetime import date

from msgspec.structs import replace

from festoon.insight.spend import line_spend, stock_left
from tests.insight.campaign import plan_of
from tests.insight.journal import Journal, at

_, CAMPAIGN = plan_of()
BUDGET, COMMITTED, COST = "spring/budget/prizes", "spring/committed/prizes", "spring/cost/prizes"


def test_a_line_that_nobody_touched_is_all_left() -> None:
    prizes, points = line_spend(Journal().facts(), CAMPAIGN, at("2027-03-05"))
    assert (prizes.name, prizes.amount, prizes.remaining, prizes.used) == ("prizes", 1_000_000, 1_000_000, 0)
    assert (points.source, points.amount) == ("acme", 30_000)


def test_cost_is_committed_then_spent_or_given_back() -> None:
    journal = Journal().transfer("2027-03-01 10:00", "CNY", "funding:own", BUDGET, 1_000_000)
    for _ in range(3):
        journal.transfer("2027-03-02 10:00", "CNY", BUDGET, COMMITTED, 1_000)
    journal.transfer("2027-03-03 10:00", "CNY", COMMITTED, COST, 1_000)
    journal.transfer("2027-03-03 11:00", "CNY", COMMITTED, BUDGET, 1_000)
    journal.transfer("2027-03-03 12:00", "CNY", BUDGET, COST, 250)
    prizes, _ = line_spend(journal.facts(), CAMPAIGN, at("2027-03-04"))
    assert (prizes.actual, prizes.committed, prizes.given_back) == (1_250, 1_000, 1_000)
    assert prizes.remaining == 1_000_000 - 2_250
    assert prizes.days[-3:] == (date(2027, 3, 1), date(2027, 3, 2), date(2027, 3, 3))
    assert prizes.used_by_day[-3:] == (0, 3_000, 2_250)
    assert prizes.actual_by_day[-3:] == (0, 0, 1_250)


def test_a_cost_taken_back_is_left_again() -> None:
    journal = Journal().transfer("2027-03-02 10:00", "CNY", BUDGET, COST, 900)
    journal.transfer("2027-03-03 10:00", "CNY", COST, BUDGET, 400)
    prizes, _ = line_spend(journal.facts(), CAMPAIGN, at("2027-03-04"))
    assert (prizes.actual, prizes.committed, prizes.given_back, prizes.remaining) == (500, 0, 400, 999_500)


def test_the_forecast_carries_the_last_seven_days_on() -> None:
    journal = Journal().transfer("2027-03-01 10:00", "CNY", BUDGET, COST, 300_000)
    for day in range(2, 9):
        journal.transfer(f"2027-03-{day:02d} 10:00", "CNY", BUDGET, COST, 10_000)
    prizes, _ = line_spend(journal.facts(), CAMPAIGN, at("2027-03-09"))
    # 70,000 in seven days, six days to go until 14 March is over.
    assert (prizes.burn, prizes.burn_days) == (70_000, 7)
    assert prizes.forecast == 370_000 + 6 * 10_000
    assert prizes.runs_out is None


def test_a_line_that_will_not_last_says_on_which_day() -> None:
    journal = Journal().transfer("2027-03-01 10:00", "CNY", BUDGET, COST, 300_000)
    journal.transfer("2027-03-02 10:00", "CNY", BUDGET, COST, 300_000)
    prizes, _ = line_spend(journal.facts(), CAMPAIGN, at("2027-03-03"))
    # 300,000 a day; the 400,000 that are left last into the second day after 2 March.
    assert prizes.runs_out == date(2027, 3, 4)
    assert prizes.forecast == prizes.amount


def test_what_one_line_gives_another_changes_what_they_have() -> None:
    apart = "spring/budget/prizes.draw"
    journal = Journal().transfer("2027-03-01 10:00", "CNY", apart, "spring/committed/prizes.draw", 5_000)
    journal.transfer("2027-03-01 10:00", "CNY", apart, BUDGET, 2_000)
    journal.transfer("2027-03-02 10:00", "CNY", "spring/committed/prizes.draw", BUDGET, 1_000)
    prizes, _ = line_spend(journal.facts(), CAMPAIGN, at("2027-03-03"))
    line = CAMPAIGN.lines["prizes"]
    assert (prizes.amount, prizes.used, prizes.remaining) == (line.amount + 3_000, 0, line.amount + 3_000)
    with_draw = replace(CAMPAIGN, lines={"prizes.draw": replace(line, name="prizes.draw", amount=7_000)})
    (draw,) = line_spend(journal.facts(), with_draw, at("2027-03-03"))
    assert (draw.amount, draw.committed, draw.given_back, draw.remaining) == (4_000, 4_000, 1_000, 0)


def test_an_ended_campaign_forecasts_what_it_used() -> None:
    journal = Journal().transfer("2027-03-14 10:00", "CNY", BUDGET, COST, 5_000)
    prizes, _ = line_spend(journal.facts(), CAMPAIGN, at("2027-04-14"))
    assert (prizes.forecast, prizes.runs_out) == (5_000, None)


def test_days_of_spending_are_local_days() -> None:
    journal = Journal().transfer("2027-03-02 00:30", "CNY", BUDGET, COST, 7)
    prizes, _ = line_spend(journal.facts(), CAMPAIGN, at("2027-03-03"))
    assert prizes.actual_by_day[-2:] == (0, 7)


def test_another_campaign_s_money_is_not_counted() -> None:
    journal = Journal().transfer("2027-03-02", "CNY", "autumn/budget/prizes", "autumn/cost/prizes", 7)
    prizes, _ = line_spend(journal.facts(), CAMPAIGN, at("2027-03-03"))
    assert prizes.used == 0


def test_stock_is_what_is_left_at_each_day_s_end() -> None:
    asset = "spring/stock/coupon:ten-off"
    journal = Journal().transfer("2027-02-20", asset, "maker", "shelf", 100)
    journal.transfer("2027-03-01 23:59", asset, "shelf", "given", 3)
    journal.transfer("2027-03-02 12:00", asset, "given", "shelf", 1)
    [stock] = stock_left(journal.facts(), CAMPAIGN, at("2027-03-03"))
    assert (stock.name, stock.opening, stock.left, stock.now) == ("coupon:ten-off", 100, (97, 98), 98)
