import pytest

from festoon.base.vocabulary import VOCABULARY
from festoon.base.vocabulary.activity import NOT_ACTIVITY
from festoon.insight.active import daily_active, rolling_active
from festoon.insight.figures import FIGURES
from festoon.insight.results import Number
from tests.insight.journal import Journal, scope

LOGIN = "member.logged_in"


def logins(*days: tuple[int, str]) -> Journal:
    journal = Journal()
    for member, day in days:
        journal.event(member, f"{day} 10:00", LOGIN)
    return journal


def test_a_member_active_twice_on_a_day_counts_once_that_day() -> None:
    facts = logins((1, "2027-03-01"), (1, "2027-03-01"), (2, "2027-03-01"), (1, "2027-03-03")).facts()
    found = daily_active(facts, scope("2027-03-01", "2027-03-03"))
    assert found.series["active"] == (2, 0, 1)
    assert FIGURES["daily_active_members"].number(facts, scope("2027-03-01", "2027-03-03")) == Number(3, 3)


@pytest.mark.parametrize("type_", NOT_ACTIVITY)
def test_what_others_do_to_a_member_does_not_make_him_active(type_: str) -> None:
    assert type_ in VOCABULARY
    facts = Journal().event(1, "2027-03-01", type_).facts()
    assert FIGURES["active_members"].number(facts, scope("2027-03-01", "2027-03-02")) == Number(0)


def test_rolling_activity_counts_each_member_once_a_day() -> None:
    facts = logins(
        (1, "2027-02-26"), (1, "2027-03-01"), (1, "2027-03-02"), (2, "2027-02-20"), (3, "2027-03-04")
    ).facts()
    found = rolling_active(facts, scope("2027-03-01", "2027-03-10"), 7)
    # Member 1 is covered from 26 February to 8 March, member 3 from 4 to 10 March, member 2 no longer.
    assert found.series["active"] == (1, 1, 1, 2, 2, 2, 2, 2, 1, 1)


def test_weekly_and_monthly_active_members_are_means_over_the_days() -> None:
    facts = logins((1, "2027-03-01"), (2, "2027-02-01")).facts()
    asked = scope("2027-03-01", "2027-03-04")
    assert FIGURES["weekly_active_members"].number(facts, asked) == Number(4, 4)
    assert FIGURES["monthly_active_members"].number(facts, asked) == Number(4 + 2, 4)  # until 2 March
    assert FIGURES["dau_mau_ratio"].number(facts, asked) == Number(1, 6)


def test_churn_looks_at_the_thirty_days_before() -> None:
    facts = logins((1, "2027-02-01"), (2, "2027-02-10"), (2, "2027-03-05"), (3, "2027-01-20")).facts()
    assert FIGURES["churn"].number(facts, scope("2027-03-01", "2027-03-31")) == Number(1, 2)


def test_interaction_rate_is_of_the_active_members() -> None:
    facts = (
        logins((1, "2027-03-01"), (2, "2027-03-01"))
        .event(2, "2027-03-02 09:00", "content.liked", content="p")
        .event(2, "2027-03-02 09:01", "content.published", content="q")
        .facts()
    )
    assert FIGURES["interaction_rate"].number(facts, scope("2027-03-01", "2027-03-02")) == Number(1, 2)


def test_a_scope_s_members_are_the_only_ones_that_count() -> None:
    facts = logins((1, "2027-03-01"), (2, "2027-03-01")).facts()
    only = facts.events.filter(facts.events.member == 2).select("member").distinct()
    assert FIGURES["active_members"].number(facts, scope("2027-03-01", "2027-03-01", members=only)) == Number(
        1
    )


def test_no_activity_at_all_is_no_ratio() -> None:
    facts = Journal().facts()
    asked = scope("2027-03-01", "2027-03-02")
    assert FIGURES["interaction_rate"].number(facts, asked).value is None
    assert FIGURES["churn"].number(facts, asked).value is None
    assert FIGURES["daily_active_members"].number(facts, asked).value == 0
