from festoon.insight.figures import FIGURES
from festoon.insight.results import Number
from festoon.insight.taking_part import daily_participants, funnel, grants, refusals
from tests.insight.journal import Journal, scope

MARCH = scope("2027-03-01", "2027-03-31", kinds={"first-post": "task", "invite": "referral"})
POINTS = {"kind": "asset", "ref": "points"}


def test_being_refused_or_passed_over_is_no_participation() -> None:
    journal = Journal().outcome(1, "2027-03-02", "draw", "given", **POINTS, amount=5)
    journal.outcome(1, "2027-03-03", "draw", "given", **POINTS, amount=5)
    journal.outcome(2, "2027-03-02", "draw", "refused", code="draw.no_chances")
    journal.outcome(3, "2027-03-02", "draw", "passed_over", code="holdout")
    journal.outcome(4, "2027-03-02", "draw", "noted")
    journal.outcome(5, "2027-03-02", "draw", "taken", kind="asset", ref="spring/chances/draw", amount=1)
    journal.outcome(6, "2027-03-02", "draw", "given", campaign="autumn", **POINTS, amount=5)
    facts = journal.facts()
    assert FIGURES["participants"].number(facts, MARCH) == Number(3)
    assert daily_participants(facts, MARCH).series["participants"][:4] == (0, 3, 1, 0)


def test_only_a_registration_makes_a_new_member() -> None:
    journal = Journal().event(1, "2027-03-02", "member.registered").event(2, "2027-03-02", "member.imported")
    journal.event(3, "2027-02-28", "member.registered")
    assert FIGURES["new_members"].number(journal.facts(), MARCH) == Number(1)


def test_grants_are_broken_down_by_what_was_given() -> None:
    journal = Journal()
    for member in (1, 1, 2):
        journal.outcome(member, "2027-03-02", "draw", "given", **POINTS, amount=10, cost=3)
    journal.outcome(2, "2027-03-02", "draw", "given", kind="gift", ref="phone", amount=1, cost=400_000)
    rows = grants(journal.facts(), MARCH).rows
    assert [row.key for row in rows] == [("draw", "asset", "points"), ("draw", "gift", "phone")]
    assert rows[0].numbers == {"times": 3, "members": 2, "amount": 30, "cost": 9}
    assert rows[1].numbers["cost"] == 400_000
    assert FIGURES["grants"].number(journal.facts(), MARCH) == Number(4)


def test_refusals_are_counted_by_code_with_the_data_of_one_of_them() -> None:
    journal = Journal()
    for member in (1, 2, 2):
        journal.outcome(member, "2027-03-02", "draw", "refused", code="limit.per_member", note={"limit": 3})
    [row] = refusals(journal.facts(), MARCH).rows
    assert row.key == ("limit.per_member", "draw")
    assert row.numbers == {"times": 3, "members": 2}
    assert row.note == '{"limit": 3}'


def test_the_funnel_goes_from_whom_it_was_for_to_who_was_given_something() -> None:
    journal = Journal().outcome(1, "2027-03-02", "draw", "refused", code="draw.no_chances")
    journal.outcome(2, "2027-03-02", "draw", "noted")
    journal.outcome(3, "2027-03-02", "draw", "given", **POINTS, amount=5)
    journal.outcome(3, "2027-03-03", "draw", "given", **POINTS, amount=5)
    journal.outcome(4, "2027-03-02", "draw", "passed_over", code="condition")
    [row] = funnel(journal.facts(), MARCH).rows
    assert row.numbers == {"reached": 3, "took_part": 2, "given": 1, "times": 2}


def test_task_completion_is_of_the_members_who_made_progress_in_a_task() -> None:
    journal = Journal().outcome(1, "2027-03-02", "first-post", "noted", note={"counted": 1, "goal": 2})
    journal.outcome(1, "2027-03-03", "first-post", "given", **POINTS, amount=5)
    journal.outcome(2, "2027-03-02", "first-post", "noted", note={"counted": 1, "goal": 2})
    journal.outcome(3, "2027-03-02", "draw", "given", **POINTS, amount=5)
    assert FIGURES["task_completion"].number(journal.facts(), MARCH) == Number(1, 2)


def test_a_task_that_gives_nothing_is_completed_all_the_same() -> None:
    done = {"counted": 2, "goal": 2, "completed": 1}
    journal = Journal().outcome(1, "2027-03-03", "first-post", "noted", note=done)
    journal.outcome(2, "2027-03-02", "first-post", "noted", note={"counted": 2, "goal": 2})
    journal.outcome(3, "2027-03-02", "first-post", "given", **POINTS, amount=5)
    assert FIGURES["task_completion"].number(journal.facts(), MARCH) == Number(2, 3)


def test_a_campaign_without_tasks_has_no_task_completion() -> None:
    journal = Journal().outcome(3, "2027-03-02", "draw", "given", **POINTS, amount=5)
    asked = scope("2027-03-01", "2027-03-31", kinds={"draw": "draw"})
    assert FIGURES["task_completion"].number(journal.facts(), asked).value is None


def test_coverage_leaves_out_who_is_held_out_or_outside_the_audience() -> None:
    journal = Journal()
    for member in (1, 2, 3, 4, 5):
        journal.event(member, "2027-03-02", "member.logged_in")
    journal.outcome(1, "2027-03-02", "draw", "given", **POINTS, amount=5)
    journal.outcome(1, "2027-03-01", "draw", "passed_over", code="audience")  # he came to belong to it
    journal.outcome(2, "2027-03-02", "draw", "passed_over", code="holdout")
    journal.outcome(3, "2027-03-02", "draw", "passed_over", code="audience")
    journal.outcome(4, "2027-03-02", "draw", "passed_over", code="condition")
    assert FIGURES["coverage"].number(journal.facts(), MARCH) == Number(1, 3)


def test_a_referral_counts_when_the_invitee_has_done_all_of_it() -> None:
    journal = Journal().outcome(1, "2027-03-02", "invite", "noted", note={"counted": 1, "goal": 2})
    journal.outcome(1, "2027-03-04", "invite", "given", **POINTS, amount=9, note={"counted": 2, "goal": 2})
    journal.outcome(2, "2027-03-04", "invite", "noted", note={"counted": 1, "goal": 2})
    journal.outcome(9, "2027-03-04", "invite", "given", **POINTS, amount=9, note={"invitee": 1})
    assert FIGURES["referrals"].number(journal.facts(), MARCH) == Number(1)


def test_the_redemption_rate_reads_uses_off_the_books() -> None:
    journal = Journal()
    for member in (1, 2, 3, 4):
        journal.outcome(member, "2027-03-02", "draw", "given", kind="coupon", ref="ten", amount=1, cost=1000)
    committed, cost, budget = (f"spring/{part}/prizes" for part in ("committed", "cost", "budget"))
    journal.transfer("2027-03-05", "CNY", committed, cost, 1000, "festoon/coupon")
    journal.transfer("2027-03-20", "CNY", committed, budget, 1000, "festoon/coupon")
    assert FIGURES["redemption_rate"].number(journal.facts(), MARCH) == Number(1, 4)


def test_feedback_counts_answers_and_each_valid_word_once() -> None:
    journal = Journal().event(1, "2027-03-02", "survey.answered", survey="s")
    journal.event(1, "2027-03-03", "survey.answered", survey="t").event(
        2, "2027-04-02", "survey.answered", survey="s"
    )
    for member, feedback, valid in (
        (1, "f1", True),
        (2, "f1", True),
        (3, "f2", False),
        (4, "f3", None),
        (5, "f4", True),
    ):
        said = {} if valid is None else {"valid": valid}
        journal.event(member, "2027-03-05", "feedback.received", feedback=feedback, **said)
    assert FIGURES["feedback"].number(journal.facts(), MARCH) == Number(2 + 2)
