"""Limits of what somebody looks at: they are asked when it is handed in, and not of whoever looks at it."""

import pytest

from tests.live import HEAD, NOW, Platform, event, refusals
from tests.scenarios.story import SPRING, Story, code

ASSETS = "assets: {points: {cost: 0.01, line: prizes}}\nmechanics:\n"
TASK = "  t: {kind: task, on: proof.submitted, repeat: {}, review: {}, give: {points: 1}, limits: LIMITS}\n"


def limited(limits: str) -> Story:
    return Story(SPRING + ASSETS + TASK.replace("LIMITS", limits))


def hands_in(told: Story, proof: str, at: str) -> str:
    return code(told.happens("proof.submitted", "ann", at, proof=proof)["t"])


def decides(told: Story, verdict: str, proof: str, at: str) -> str:
    return code(told.happens(f"proof.{verdict}", "ann", at, proof=proof, reason="no")["t"])


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_an_approval_counts_for_the_day_of_what_was_handed_in(order: str) -> None:
    told = limited("{per_day: 1}")
    for day, proof in enumerate("ab", 1):
        assert hands_in(told, proof, f"2027-03-0{day}") == ""
    for proof in order:
        assert decides(told, "approved", proof, "2027-03-03") == ""
    assert told.points("ann") == 2
    assert hands_in(told, "c", "2027-03-03") == ""
    assert told.books_balance()


@pytest.mark.parametrize("limit", ["per_day", "per_week", "per_month", "per_member"])
def test_what_waits_uses_up_a_limit_and_a_rejection_gives_it_back(limit: str) -> None:
    told = limited(f"{{{limit}: 1}}")
    refused = "limit.per_member" if limit == "per_member" else "limit.per_period"
    assert hands_in(told, "a", "2027-03-02 10:00") == ""
    assert hands_in(told, "b", "2027-03-02 11:00") == refused
    assert decides(told, "rejected", "a", "2027-03-02 12:00") == ""
    assert hands_in(told, "b", "2027-03-02 13:00") == ""
    assert decides(told, "approved", "b", "2027-03-09") == ""
    assert hands_in(told, "c", "2027-03-02 14:00") == refused
    assert told.points("ann") == 1
    assert not told.set_aside()


def test_a_rejection_gives_back_the_limit_of_its_own_day_whatever_was_decided_before() -> None:
    told = limited("{per_day: 1}")
    for day, proof in enumerate("ab", 1):
        hands_in(told, proof, f"2027-03-0{day} 10:00")
    decides(told, "approved", "a", "2027-03-02 11:00")
    decides(told, "rejected", "b", "2027-03-02 12:00")
    assert hands_in(told, "c", "2027-03-02 13:00") == ""
    assert hands_in(told, "d", "2027-03-02 14:00") == "limit.per_period"
    assert decides(told, "approved", "c", "2027-03-03") == ""
    assert told.points("ann") == 2
    assert told.books_balance()


def test_a_rejection_comes_through_when_a_limit_is_used_up() -> None:
    told = limited("{per_member: 2}")
    for day, proof in enumerate("ab", 1):
        hands_in(told, proof, f"2027-03-0{day}")
    assert hands_in(told, "c", "2027-03-03") == "limit.per_member"
    decides(told, "approved", "a", "2027-03-03")
    assert decides(told, "rejected", "b", "2027-03-03") == ""
    assert hands_in(told, "c", "2027-03-04") == ""


def test_two_accounts_that_were_promised_more_than_a_person_can_have_get_what_he_can() -> None:
    told = limited("{per_member: 1}")
    for who in ("ann", "bea"):
        told.happens("member.imported", who, "2027-03-01")
        told.happens("proof.submitted", who, "2027-03-02", proof=who)
    told.happens("member.merged", "ann", "2027-03-03", member="bea", reason="one phone")
    assert decides(told, "approved", "ann", "2027-03-03 13:00") == ""
    assert decides(told, "approved", "bea", "2027-03-03 13:00") == "limit.per_member"
    assert decides(told, "rejected", "bea", "2027-03-03 14:00") == ""
    assert told.points("ann") == 1
    assert not told.set_aside()


def test_check_ins_with_photos_count_for_the_week_they_were_made_in() -> None:
    told = Story(
        SPRING
        + ASSETS
        + "  c: {kind: check_in, daily: {points: 1}, review: {within_days: 9, overdue: approved},"
        + " limits: {per_week: 2}}\n"
    )
    days = ("02", "03", "04", "09", "10", "11")
    made = [
        told.happens("check_in.made", "ann", f"2027-03-{day}", photo=day)["c"] for day in days
    ]  # 1 March is a Monday
    assert [code(each) for each in made] == ["", "", "limit.per_period"] * 2
    told.passes("2027-03-25")
    assert told.points("ann") == 4
    assert {code(each) for each in told.timers} == {""}
    assert told.books_balance()


async def test_the_same_on_a_real_database(database: str) -> None:
    platform = await Platform.open(database, HEAD + ASSETS + TASK.replace("LIMITS", "{per_day: 1}"))
    codes = []
    for day, proof in ((10, "a"), (10, "b"), (11, "c")):
        platform.at = NOW.replace(day=day)
        codes += refusals(
            await platform.outcomes(event("proof.submitted", "ann", proof, platform.at, proof=proof))
        )
    assert codes == ["limit.per_period"]
    platform.at = NOW.replace(day=12)
    for proof in "ac":
        outcomes = await platform.outcomes(
            event("proof.approved", "ann", f"v{proof}", platform.at, proof=proof)
        )
        assert refusals(outcomes) == []
    assert await platform.balance("ann") == 2
    await platform.audit()
    await platform.close()
