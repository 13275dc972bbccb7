"""A plan written by a program reads back as the same plan."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from festoon.base.times import Lifetime
from festoon.mechanics.gift import GiftParams
from festoon.mechanics.limits import Cap, Limits
from festoon.mechanics.reward_line import RewardLine
from festoon.plan.assemble import parse
from festoon.plan.check import check_plan
from festoon.plan.dump import dump
from festoon.plan.parse import read_plan
from festoon.plan.running import Placement, Risk, Task
from festoon.plan.schema import (
    Audience,
    Budget,
    BudgetLine,
    CalendarPlan,
    Goal,
    MechanicPlan,
    OwnEvent,
    Plan,
    SchedulePlan,
)
from festoon.plan.segments import Absent, Order, Segment, Split
from festoon.plan.things import Coupon, OwnAsset
from tests.plan.plans import EXAMPLE, plan

SLUGS = st.from_regex(r"[a-z0-9]{1,8}(?:[-_][a-z0-9]{1,8})?", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" \n"), max_size=40)
AWKWARD = st.sampled_from(
    [
        "yes",
        "on",
        "null",
        "12",
        "5%",
        "2027-02-30",
        "2027-02-05",
        "a: b",
        "- x",
        "#no",
        "'",
        '"',
        "{",
        "*a",
        "!t",
        "@",
    ]
)
TEXTS = (
    WORDS
    | AWKWARD
    | st.dictionaries(st.sampled_from(["en", "zh-Hans", "zh-Hant"]), WORDS | AWKWARD, min_size=1)
)
MONEY = st.decimals(0, 10**9, places=2)
SHARES = st.integers(0, 5000).map(lambda parts: Decimal(parts) / 10_000)
DATES = st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat)
LIVES = st.builds(Lifetime, days=st.integers(0, 400), until=st.none() | st.dates(date(2020, 1, 1)))


def few(
    values: st.SearchStrategy[Any], keys: st.SearchStrategy[str] = SLUGS
) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(keys, values, max_size=3)


LINES = st.builds(RewardLine, points=st.integers(1, 10**9) | st.just((5, 88)), count=st.just(1))
MECHANICS = st.builds(
    MechanicPlan,
    kind=st.just("gift"),
    title=st.none() | TEXTS,
    when=st.none() | WORDS,
    limits=st.builds(Limits, per_day=st.none() | st.integers(0, 99)),
    caps=few(st.builds(Cap, amount=st.integers(1, 99))),
    short=st.sampled_from(["refuse", "clip"]),
    params=st.builds(GiftParams, on=WORDS, give=st.lists(LINES, max_size=2) | WORDS | AWKWARD),
)
SEGMENTS = st.builds(
    Segment,
    title=TEXTS,
    list=st.none() | st.just("uploaded"),
    when=st.none() | WORDS,
    absent=st.none() | st.just("3 days") | st.builds(Absent, days=st.integers(1, 99), without=WORDS),
    split=st.none() | st.builds(Split, by=st.just("spend"), over=st.just("ever"), parts=few(SHARES)),
    order=st.none() | st.builds(Order, list=WORDS),
)
PLANS = st.builds(
    Plan,
    campaign=SLUGS,
    title=TEXTS,
    background=TEXTS,
    timezone=st.sampled_from(["Asia/Shanghai", "UTC"]),
    calendar=st.just("CN") | st.builds(CalendarPlan, off=st.lists(DATES, max_size=2)),
    schedule=st.builds(SchedulePlan, start=DATES, end=DATES.map(lambda day: f"{day} 10:00")),
    goals=st.lists(
        st.builds(Goal, metric=WORDS, target=st.none() | MONEY, lift=st.none() | SHARES), max_size=2
    ),
    audience=st.builds(Audience, when=st.none() | WORDS, holdout=st.none() | SHARES),
    budget=st.builds(
        Budget, currency=st.just("CNY"), lines=few(MONEY | st.builds(BudgetLine, amount=MONEY, title=TEXTS))
    ),
    assets=few(st.builds(OwnAsset, title=TEXTS, cost=MONEY, expires=LIVES)),
    coupons=few(st.builds(Coupon, title=TEXTS, value=MONEY, percent=st.none() | SHARES, valid=LIVES)),
    segments=few(WORDS | AWKWARD | SEGMENTS, WORDS),
    events=few(st.builds(OwnEvent, data=st.just({"type": "object", "minimum": 1})), WORDS),
    mechanics=few(MECHANICS),
    promotion=few(
        st.builds(Placement, channel=st.just("sms"), text=TEXTS, since=st.none() | DATES, cost=MONEY)
    ),
    work=few(st.builds(Task, title=TEXTS, tasks=few(st.builds(Task, after=st.lists(SLUGS, max_size=2))))),
    risks=few(st.builds(Risk, title=TEXTS, impact=st.just(5), likelihood=st.just(1), response=WORDS)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=PLANS)
def test_any_plan_survives_being_written_and_read(made: Plan) -> None:
    parsed = parse(dump(made))
    assert parsed.problems == ()
    assert parsed.plan == made


def test_the_examples_survive_as_well() -> None:
    for text in (EXAMPLE, plan()):
        made = read_plan(text)
        assert read_plan(dump(made)) == made
        assert check_plan(dump(made)).errors == []


def test_every_written_section_is_readable_by_people() -> None:
    written = dump(read_plan(EXAMPLE))
    assert "schedule:\n  start: 2027-02-05\n" in written
    assert "signup-gift:\n    kind: gift\n" in written
    assert "[{coupon: ten-off}, {points: 200}, {item: lantern-frame}]" in written
