"""What each form of an expression means."""

from datetime import UTC, date, datetime

import pytest

from festoon.base.expressions import DATE, INT, NUMBER, TEXT, compile_value
from tests.base.expressions.stage import VOCABULARY, Member, Moment, holds, worth


def test_the_condition_of_the_handbook_holds_for_a_new_gold_member_with_a_large_order() -> None:
    condition = (
        'event.amount >= 100 and member.level in ("gold", "platinum")'
        ' and member.days_since("registered") <= 7'
    )
    new = Member(facts={"level": "gold"}, days={"registered": 7})
    assert holds(condition, {"amount": 100}, new)
    assert not holds(condition, {"amount": 99}, new)
    assert not holds(condition, {"amount": 100}, Member(facts={"level": "silver"}, days={"registered": 7}))
    assert not holds(condition, {"amount": 100}, Member(facts={"level": "gold"}, days={"registered": 8}))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("event.amount == 250", True),
        ("event.amount != 250", False),
        ("250 <= event.amount", True),
        ("100 < event.amount < 250", False),
        ("100 < event.amount <= 250 != 3", True),
        ("event.amount in (1, 250)", True),
        ("event.amount not in [1, 250]", False),
        ("event.amount in (1, 2, 3, 4, 5, 6, 7, 8, 250)", True),
        ("event.rating > 4", True),
        ("event.rating == 4.5", True),
        ("event.rating in (1, 4.5)", True),
        ("event.rating < event.amount", True),
        ('event.category == "tea"', True),
        ('"tea" == event.category != "rice"', True),
        ('event.category in ("rice",)', False),
        ("event.gift", True),
        ("not event.gift", False),
        ("event.gift == True", True),
        ("event.gift != (event.amount > 1000)", True),
        ('"spring" in event.tags', True),
        ('"spring" not in event.tags', False),
        ("event.category in event.tags", False),
        ('event.address.city == "杭州"', True),
        ("event.address.geo.height > 8", True),
        ("event.amount > 1000 or event.gift and event.rating > 4", True),
        ("(event.amount > 1000 or event.gift) and event.rating > 5", False),
        ("event.rating > 5 if event.amount > 1000 else event.gift", True),
    ],
)
def test_comparisons_and_logic_mean_what_they_mean_in_python(text: str, *, answer: bool) -> None:
    event = {
        "amount": 250,
        "rating": 4.5,
        "category": "tea",
        "gift": True,
        "tags": ["spring"],
        "address": {"city": "杭州", "geo": {"height": 9}},
    }
    assert holds(text, event) is answer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("event.amount // 100", 2),
        ("-event.amount // 100", -3),
        ("event.amount // -100", -3),
        ("event.amount % 100", 50),
        ("-event.amount % 100", 50),
        ("event.amount % -100", -50),
        ("event.amount - 1 - 1", 248),
        ("event.amount - (1 - 1)", 250),
        ("2 * event.amount + 1", 501),
        ("min(event.amount // 100, 50, 1)", 1),
        ("max(event.amount, 1000)", 1000),
        ("event.amount if event.amount > 100 else 0", 250),
        ("event.amount", 250),
        ("7", 7),
    ],
)
def test_whole_numbers_are_computed_as_in_python_rounding_down(text: str, value: int) -> None:
    assert worth(text, {"amount": 250}) == value


def test_written_dates_are_days_of_the_campaigns_zone() -> None:
    saturday = Moment(time=datetime(2027, 2, 5, 16, 0, tzinfo=UTC))
    assert holds('event.date == "2027-02-06"', at=saturday)
    assert holds('between(event.date, "2027-02-06", "2027-02-06")', at=saturday)
    assert holds('event.date in ("2027-02-05", "2027-02-06")', at=saturday)
    assert holds('event.weekday == "sat" and event.hour == 0', at=saturday)
    friday = Moment(time=datetime(2027, 2, 5, 15, 59, tzinfo=UTC))
    assert holds('event.weekday in ("fri", "sun") and event.hour == 23 and day(event.date) == 5', at=friday)


def test_a_written_moment_without_an_offset_is_in_the_campaigns_zone() -> None:
    at = Moment(time=datetime(2027, 2, 5, 12, 0, tzinfo=UTC))
    assert holds('event.time == "2027-02-05T20:00"', at=at)
    assert holds('event.time == "2027-02-05 20:00:00.0"', at=at)
    assert holds('event.time == "2027-02-05T12:00Z"', at=at)
    assert holds('"2027-02-05T13:59:59+02:00" < event.time < event.received', at=at)


def test_parts_of_a_moment_of_the_data_are_taken_in_the_campaigns_zone() -> None:
    event = {"departs": "2026-12-31T16:30:00Z", "booked": "2024-02-29"}
    assert holds('date(event.departs) == "2027-01-01" and hour(event.departs) == 0', event)
    assert holds('weekday(event.departs) == "fri" and year(event.departs) == 2027', event)
    assert holds("month(event.booked) == 2 and day(event.booked) == 29", event)
    assert holds('weekday(event.booked) in ("thu",)', event)


def test_days_between_counts_calendar_days_and_can_go_backwards() -> None:
    assert holds("days_between(campaign.start, event.date) == 1")
    assert holds("days_between(event.date, campaign.start) == -1")
    assert holds('days_between("2027-02-01", event.time) == 5')


def test_a_birthday_is_found_by_its_month_and_day() -> None:
    born = Member(facts={"birthday": date(1990, 2, 6)})
    birthday = "month(member.birthday) == month(event.date) and day(member.birthday) == day(event.date)"
    assert holds(birthday, member=born)
    assert not holds(birthday, member=Member(facts={"birthday": date(1990, 2, 7)}))


def test_functions_of_the_member_are_asked_with_what_is_written() -> None:
    member = Member(
        days={"last_order": 40},
        segments={"returning"},
        counts={"first-post": 2},
        registered=date(2027, 2, 20),
    )
    assert holds('member.segment("returning") and not member.segment("parents")', member=member)
    assert holds('member.days_since("last_order") > 30', member=member)
    assert holds('member.count("first-post") == 2 and member.count("check-in") == 0', member=member)
    assert holds("member.registered_in(campaign)", member=member)


LINES = [
    {"category": "tea", "amount": 30, "wrapped": True, "tags": ["new"]},
    {"category": "rice", "amount": 20, "wrapped": False, "tags": []},
    {"category": "tea", "amount": 5, "wrapped": False, "tags": []},
]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('any(line.category == "rice" for line in event.lines)', True),
        ('any(line.category == "oil" for line in event.lines)', False),
        ("all(line.amount >= 5 for line in event.lines)", True),
        ("all(line.amount > 5 for line in event.lines)", False),
        ('all(line.amount > 5 for line in event.lines if line.category == "rice")', True),
        ('any("new" in line.tags for line in event.lines if line.amount > 20 if line.wrapped)', True),
        ('any(tag == "spring" for tag in event.tags)', True),
        ('all(tag in ("spring", "sale") for tag in event.tags)', True),
        ("any(line.amount * 2 > event.amount for line in event.lines)", True),
        ('any(line.amount > 20 for line in event.lines) and all(tag != "x" for tag in event.tags)', True),
    ],
)
def test_any_and_all_look_at_each_element(text: str, *, answer: bool) -> None:
    assert holds(text, {"lines": LINES, "tags": ["spring"], "amount": 55}) is answer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sum(line.amount for line in event.lines)", 55),
        ('sum(line.amount for line in event.lines if line.category == "tea")', 35),
        ("sum(line.amount * 2 - 1 for line in event.lines)", 107),
        ('sum(1 for line in event.lines if line.category == "oil")', 0),
        ("count(event.lines)", 3),
        ("count(line for line in event.lines if line.amount > 5)", 2),
        ("count(tag for tag in event.tags)", 1),
        ("sum(line.amount for line in event.lines) // count(event.lines)", 18),
    ],
)
def test_sum_and_count_run_through_the_elements(text: str, value: int) -> None:
    assert worth(text, {"lines": LINES, "tags": ["spring"]}) == value


def test_an_expression_may_run_over_several_lines() -> None:
    text = "\n  event.amount > 1\n\tand\r\n  event.amount < 3\n"
    assert holds(text, {"amount": 2})
    assert not holds(text, {"amount": 3})


def test_a_data_field_called_like_one_of_the_events_own_is_read_by_its_long_name() -> None:
    vocabulary = VOCABULARY.fields
    assert vocabulary["event.date"] == DATE
    assert compile_value("event.hour", VOCABULARY, INT)({"hour": 99}, Member(), Moment()) == 2


def test_a_value_can_be_of_any_kind_that_is_wanted() -> None:
    scope = {"category": "tea", "rating": 4, "amount": 3}, Member(), Moment()
    assert compile_value("event.category", VOCABULARY, TEXT)(*scope) == "tea"
    rating = compile_value("event.rating", VOCABULARY, NUMBER)(*scope)
    assert (rating, type(rating)) == (4.0, float)
    assert compile_value("event.amount", VOCABULARY, NUMBER)(*scope) == 3.0
    assert compile_value('"2027-02-05"', VOCABULARY, DATE)(*scope) == date(2027, 2, 5)
    assert compile_value('event.date if event.amount > 1 else "2027-02-05"', VOCABULARY, DATE)(
        *scope
    ) == date(2027, 2, 6)
