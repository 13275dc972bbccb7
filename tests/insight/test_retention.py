from datetime import date

from festoon.insight.figures import FIGURES
from festoon.insight.results import Number
from festoon.insight.retention import monthly_retention, participant_retention, weekly_retention
from tests.insight.journal import Journal, at, scope

LOGIN = "member.logged_in"


def test_a_weekly_cohort_counts_who_came_back_in_each_whole_week() -> None:
    # 1 March 2027 is a Monday; the window ends on Tuesday 23 March, so its last week is not over.
    journal = Journal().event(1, "2027-03-01", LOGIN).event(1, "2027-03-09", LOGIN)
    journal.event(2, "2027-03-07 23:59", LOGIN).event(2, "2027-03-21 23:59", LOGIN)
    journal.event(3, "2027-03-08 00:00", LOGIN).event(3, "2027-03-22", LOGIN)
    first, second = weekly_retention(journal.facts(), scope("2027-03-01", "2027-03-23")).cohorts
    assert (first.start, first.size, first.kept) == (date(2027, 3, 1), 2, (2, 1, 1))
    assert (second.start, second.size, second.kept) == (date(2027, 3, 8), 1, (1, 0))


def test_a_monthly_cohort_crosses_the_year() -> None:
    journal = Journal().event(1, "2026-12-31 23:59", LOGIN).event(1, "2027-02-01", LOGIN)
    [cohort] = monthly_retention(journal.facts(), scope("2026-12-01", "2027-02-28")).cohorts
    assert (cohort.start, cohort.size, cohort.kept) == (date(2026, 12, 1), 1, (1, 0, 1))


def test_who_was_active_before_the_window_is_in_none_of_its_cohorts() -> None:
    journal = Journal().event(1, "2027-02-01", LOGIN).event(1, "2027-03-01", LOGIN)
    assert weekly_retention(journal.facts(), scope("2027-03-01", "2027-03-28")).cohorts == ()


def test_participants_are_followed_from_when_they_first_took_part() -> None:
    journal = Journal().event(1, "2027-02-01", LOGIN).event(1, "2027-03-10", LOGIN)
    journal.event(1, "2027-03-02", LOGIN).outcome(1, "2027-03-02", "draw", "noted")
    journal.outcome(1, "2027-03-10", "draw", "noted")
    [cohort] = participant_retention(journal.facts(), scope("2027-03-01", "2027-03-14")).cohorts
    assert (cohort.start, cohort.kept) == (date(2027, 3, 1), (1, 1))


def test_retention_after_seven_days_means_the_seventh_local_day() -> None:
    journal = Journal().event(1, "2027-03-01 23:59", LOGIN).event(1, "2027-03-08 00:01", LOGIN)
    journal.event(2, "2027-03-01", LOGIN).event(2, "2027-03-07 23:59", LOGIN)
    journal.event(3, "2027-03-01", LOGIN).event(3, "2027-03-09 00:00", LOGIN)
    asked = scope("2027-03-01", "2027-03-31")
    assert FIGURES["retention_d7"].number(journal.facts(), asked) == Number(1, 3)


def test_members_whose_seventh_day_is_not_over_are_left_out() -> None:
    journal = Journal().event(1, "2027-03-01", LOGIN).event(2, "2027-03-02 12:00", LOGIN)
    asked = scope("2027-03-01", "2027-03-03", seen=at("2027-03-09"))
    assert FIGURES["retention_d7"].number(journal.facts(), asked) == Number(0, 1)
