"""Check-ins with a photo that somebody looks at."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.mechanics.stage import DAY, FIRST, Stage, noon, refused

PLAN: dict[str, Any] = {
    "kind": "check_in", "daily": "daily", "ladder": {3: "three"}, "review": {"again_days": 2},
}  # fmt: skip


def photo(stage: Stage, on: int, name: str = "", **more: Any) -> None:
    stage.happens("check_in.made", noon(date(2027, 2, on)), photo=name or f"p{on}", **more)


def verdict(stage: Stage, kind: str, name: str, on: int) -> None:
    stage.happens(f"proof.{kind}", noon(date(2027, 2, on)), proof=name, reason="dark")


def test_the_day_counts_when_its_photo_is_approved() -> None:
    stage = Stage(PLAN)
    for day in (5, 6, 7):
        photo(stage, day)
    assert stage.given() == {}
    shown = stage.shows("2027-02-07")
    assert (shown["streak"], shown["promised"]) == (0, 3)
    assert [shown["month"][f"2027-02-0{day}"] for day in (5, 6, 7)] == ["in_review"] * 3
    for name in ("p7", "p5", "p6"):
        verdict(stage, "approved", name, on=8)
    assert stage.given() == {"daily": 3, "three": 1}
    assert stage.shows("2027-02-08")["streak"] == 3


def test_without_a_photo_there_is_no_check_in() -> None:
    refused("proof.missing", Stage(PLAN), "check_in.made", noon("2027-02-05"))


def test_a_day_has_one_photo_at_a_time_and_a_photo_one_day() -> None:
    stage = Stage(PLAN)
    photo(stage, 5)
    refused("proof.in_review", stage, "check_in.made", noon("2027-02-05"), photo="p5b")
    refused("proof.used", stage, "check_in.made", noon("2027-02-06"), photo="p5")
    verdict(stage, "approved", "p5", on=6)
    refused("proof.used", stage, "check_in.made", noon("2027-02-06"), photo="p5")
    refused("check_in.already_that_day", stage, "check_in.made", noon("2027-02-05"), photo="p5b")


def test_for_a_rejected_photo_another_may_come_and_the_day_is_still_its_own() -> None:
    stage = Stage(PLAN)
    photo(stage, 5)
    photo(stage, 6)
    verdict(stage, "approved", "p6", on=6)
    verdict(stage, "rejected", "p5", on=7)
    assert stage.shows("2027-02-07")["month"]["2027-02-05"] == "rejected"
    photo(stage, 9, "p5b", day="2027-02-05")
    verdict(stage, "approved", "p5b", on=9)
    assert stage.given() == {"daily": 2}
    assert stage.shows("2027-02-09")["checked_in"] == [["2027-02-05", "2027-02-06"]]
    assert stage.shows("2027-02-09")["rejected"] == []


def test_another_photo_comes_soon_after_the_rejection_or_not_at_all() -> None:
    stage = Stage(PLAN)
    photo(stage, 5)
    at, day = noon("2027-02-06"), "2027-02-05"
    refused("check_in.not_rejected", stage, "check_in.made", at, photo="p5b", day=day)
    verdict(stage, "rejected", "p5", on=7)
    at = noon("2027-02-10")
    assert refused("check_in.not_rejected", stage, "check_in.made", at, photo="p5b", day=day) == {
        "day": "2027-02-05", "days": 2,
    }  # fmt: skip
    refused("check_in.not_a_day", stage, "check_in.made", at, photo="p5b", day="soon")


def test_a_card_repairs_a_rejected_day_but_not_one_in_review() -> None:
    stage = Stage({**PLAN, "make_up": {"asset": "card"}})
    stage.person(registered="2027-01-01").balances["card"] = 2
    photo(stage, 5)
    refused("proof.in_review", stage, "check_in.made", noon("2027-02-06"), repair="2027-02-05")
    verdict(stage, "rejected", "p5", on=6)
    stage.happens("check_in.made", noon("2027-02-06"), repair="2027-02-05")
    assert stage.shows("2027-02-06")["month"]["2027-02-05"] == "repaired"


def test_a_photo_nobody_looks_at_is_approved_in_the_end_where_the_plan_says_so() -> None:
    stage = Stage({**PLAN, "review": {"within_days": 1, "overdue": "approved"}})
    photo(stage, 5)
    stage.passes(noon("2027-02-06", 23))
    assert stage.given() == {}
    stage.passes(noon("2027-02-07", 0))
    assert stage.given() == {"daily": 1}


def test_a_day_that_a_card_has_mended_is_not_shown_as_rejected() -> None:
    stage = Stage({**PLAN, "make_up": {"asset": "card"}})
    stage.person(registered="2027-01-01").balances["card"] = 1
    for day in (5, 6):
        photo(stage, day)
        verdict(stage, "rejected", f"p{day}", on=7)
    stage.happens("check_in.made", noon("2027-02-07", 13), repair="2027-02-05")
    shown = stage.shows("2027-02-07")
    assert [each["day"] for each in shown["rejected"]] == ["2027-02-06"]
    assert shown["month"]["2027-02-05"] == "repaired"


def test_a_check_in_in_words_names_them_and_counts_when_they_are_approved() -> None:
    stage = Stage({**PLAN, "review": {"wants": "words"}})
    stage.happens("check_in.made", noon("2027-02-05"), proof="words:a")
    refused("proof.words_wanted", stage, "check_in.made", noon("2027-02-06"), proof="photo:b")
    stage.happens("proof.approved", noon("2027-02-06"), proof="words:a")
    assert stage.given() == {"daily": 1}


def test_verdicts_on_photos_of_other_campaigns_are_none_of_its_business() -> None:
    stage = Stage(PLAN)
    photo(stage, 5)
    other = stage.happens("proof.approved", noon("2027-02-05"), proof="p5", campaign="spring")
    assert other == []
    assert stage.given() == {}


@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), unique_by=lambda pair: pair[0], min_size=1),
    st.randoms(use_true_random=False),
)
def test_daily_rewards_and_days_do_not_depend_on_the_order_of_verdicts(
    days: list[tuple[int, bool]], shuffle: Any
) -> None:
    stage = Stage(PLAN)
    for day, _ in days:
        stage.happens("check_in.made", noon(FIRST + day * DAY), now=noon(FIRST + 30 * DAY), photo=f"p{day}")
    shuffle.shuffle(days)
    for day, good in days:
        kind = "proof.approved" if good else "proof.rejected"
        stage.happens(kind, noon(FIRST + timedelta(days=30)), proof=f"p{day}", reason="no")
    approved = sum(good for _, good in days)
    assert stage.given().get("daily", 0) == stage.shows(FIRST)["days"] == approved
