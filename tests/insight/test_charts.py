import re
from datetime import date

import pytest

from festoon.insight import charts
from festoon.insight.results import Cohort, Cohorts, Daily
from festoon.insight.theme import PALETTE, Chart

DAYS = tuple(date(2027, 3, day) for day in range(1, 15))
WHITE, DARK = "#ffffff", "#171a1f"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def texts(drawn: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)</text>", drawn)


def active(language: str) -> Chart:
    daily = Daily(DAYS, {"active": tuple(range(14)), "participants": tuple(range(14))})
    labels = {"active": "活跃会员", "participants": "参与会员"}
    return charts.lines("days", daily, labels, language, "what it shows")


@pytest.mark.parametrize("colour", PALETTE)
def test_a_colour_stands_out_on_a_white_and_on_a_dark_page(colour: str) -> None:
    assert contrast(colour, WHITE) >= 3
    assert contrast(colour, DARK) >= 3


def test_two_lines_differ_by_more_than_their_colour() -> None:
    first, second = active("en").legend
    assert first.colour != second.colour
    assert first.dash != second.dash


def test_days_on_an_axis_are_the_days_that_were_given() -> None:
    assert texts(active("en").wide)[0] == "1 Mar"
    assert "14 Mar" in texts(active("en").narrow)
    assert {"3月1日", "3月14日"} <= set(texts(active("zh-Hans").narrow))


def test_text_takes_the_page_s_own_colour() -> None:
    fills = set(re.findall(r"<text[^>]*fill=\"([^\"]+)\"", active("en").wide))
    assert fills == {"currentColor"}


def test_a_telephone_gets_a_drawing_of_its_own_width() -> None:
    made = active("en")
    width = re.compile(r'viewBox="0 0 (\d+)')
    wide, narrow = (width.search(drawn) for drawn in (made.wide, made.narrow))
    assert wide is not None
    assert narrow is not None
    assert int(narrow[1]) <= 370 < int(wide[1])


def test_a_drawing_s_ids_begin_with_its_name() -> None:
    made = active("en")
    for name, drawn in (("days-w", made.wide), ("days-n", made.narrow)):
        for id in re.findall(r' id="([^"]+)"', drawn) + re.findall(r"url\(#([^)]+)\)", drawn):
            assert id.startswith(name)


def test_a_name_with_markup_stays_text() -> None:
    bar = charts.Bar('<script>alert("x")</script>', 3, "3")
    drawn = charts.bars("b", [bar], "en", "").wide
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn


def test_a_cohort_cell_shows_the_part_that_came_back() -> None:
    cohorts = Cohorts("week", (Cohort(date(2027, 3, 1), 40, (40, 10, 0)),))
    assert {"100%", "25%", "0%", "1 Mar · 40"} <= set(texts(charts.retention("r", cohorts, "en", "").wide))


def test_the_forecast_is_drawn_to_the_campaign_s_last_day() -> None:
    course = charts.Spend(DAYS[:7], [1.0] * 7, [2.0] * 7, 10.0, DAYS[-1], 5.0)
    labels = {name: name for name in ("actual", "used", "limit", "forecast")}
    made = charts.spend("s", course, labels, "en", "")
    assert [entry.label for entry in made.legend] == ["actual", "used", "limit", "forecast"]
    assert "14 Mar" in texts(made.wide)
    ended = charts.spend(
        "s", charts.Spend(DAYS, [1.0] * 14, [2.0] * 14, 10.0, DAYS[-1], None), labels, "en", ""
    )
    assert [entry.label for entry in ended.legend] == ["actual", "used", "limit"]


def test_an_interval_that_holds_zero_is_on_both_sides_of_the_axis() -> None:
    row = charts.Interval("Spending", 0.02, -0.04, 0.08, "+2.0%", charts.UNCLEAR)
    shown = texts(charts.intervals("i", [row], "en", "").wide)
    assert {"Spending", "+2.0%", "0"} <= set(shown)
    assert any(text.startswith("−") for text in shown)
