from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from festoon.base.amounts import MAX_AMOUNT
from festoon.base.errors import Refused
from festoon.base.rewards import AssetGift
from tests.mechanics.stage import FIRST, Stage, mistake, noon, refused

PLAN = {
    "kind": "referral",
    "actions": ["content.published", "content.commented"],
    "count": 3,
    "within_days": 7,
    "invitee": "newcomer",
    "inviter": "thanks",
}
ONE_ORDER = {**PLAN, "actions": ["order.paid"], "count": 1}


def accept(stage: Stage, inviter: str, invitee: str, day: str = "2027-02-05", **data: Any) -> None:
    stage.person(inviter)
    stage.happens("invite.accepted", noon(day), subject=invitee, inviter=inviter, **data)
    stage.passes(noon(day))


def cannot_accept(
    code: str, stage: Stage, inviter: str, invitee: str, day: str = "2027-02-05"
) -> dict[str, Any]:
    return refused(code, stage, "invite.accepted", noon(day), subject=invitee, inviter=inviter)


def act(stage: Stage, subject: str, *days: str) -> None:
    for day in days:
        stage.happens("content.published", noon(day), subject=subject)
        stage.passes(noon(day))


# Both sides


def test_both_are_rewarded_when_the_invitee_has_done_enough() -> None:
    stage = Stage(PLAN)
    accept(stage, "han", "mei")
    act(stage, "mei", "2027-02-05", "2027-02-06")
    assert (stage.given("mei"), stage.given("han")) == ({}, {})
    act(stage, "mei", "2027-02-07")
    assert (stage.given("mei"), stage.given("han")) == ({"newcomer": 1}, {"thanks": 1})


def test_what_comes_afterwards_gives_nothing_more() -> None:
    stage = Stage(PLAN)
    accept(stage, "han", "mei")
    act(stage, "mei", *["2027-02-06"] * 9)
    assert (stage.given("mei"), stage.given("han")) == ({"newcomer": 1}, {"thanks": 1})


def test_actions_of_who_was_not_invited_are_none_of_its_business() -> None:
    stage = Stage(PLAN)
    assert stage.happens("content.published", noon("2027-02-05")) == []


def test_it_listens_to_the_accepting_and_to_every_action_once() -> None:
    mechanic = Stage({**PLAN, "actions": ["order.paid", "order.paid"]}).mechanic
    assert mechanic.listens(mechanic.params) == ("invite.accepted", "order.paid", "invite.sent")
    assert mechanic.beside(mechanic.params) == ("invite.sent",)


def test_what_was_done_before_accepting_does_not_count() -> None:
    stage = Stage({**PLAN, "count": 1})
    accept(stage, "han", "mei", "2027-02-06")
    before = noon("2027-02-06", 11)
    assert stage.happens("content.published", before, now=noon("2027-02-06")) == []


def test_what_is_done_too_late_is_refused() -> None:
    stage = Stage(PLAN)
    accept(stage, "han", "mei")
    assert refused("referral.too_late", stage, "content.published", noon("2027-02-13")) == {
        "until": "2027-02-12"
    }
    act(stage, "mei", "2027-02-12")
    assert stage.shows("2027-02-12")["counted"] == 1


def test_a_late_action_of_the_right_time_counts() -> None:
    stage = Stage({**PLAN, "count": 1})
    accept(stage, "han", "mei")
    stage.happens("content.published", noon("2027-02-12"), now=noon("2027-02-20"))
    assert stage.given("mei") == {"newcomer": 1}


def test_actions_can_be_asked_for_on_different_days() -> None:
    stage = Stage({**PLAN, "distinct": "day"})
    accept(stage, "han", "mei")
    act(stage, "mei", "2027-02-05", "2027-02-05", "2027-02-06", "2027-02-06")
    assert stage.given("mei") == {}
    act(stage, "mei", "2027-02-08")
    assert stage.given("mei") == {"newcomer": 1}


# The delay


def test_the_inviter_waits_working_days_of_the_plans_calendar() -> None:
    """After the 8th come a holiday until the 11th, a working Friday, a weekend, and Monday and Tuesday."""
    stage = Stage({**ONE_ORDER, "delay": {"working_days": 3}})
    accept(stage, "han", "mei")
    stage.happens("order.paid", noon("2027-02-08"), amount=100)
    assert stage.given("mei") == {"newcomer": 1}
    stage.passes(datetime(2027, 2, 15, 15, 59, 59, tzinfo=UTC))
    assert stage.given("han") == {}
    stage.passes(datetime(2027, 2, 15, 16, tzinfo=UTC))
    assert stage.given("han") == {"thanks": 1}


def test_the_delay_can_be_in_calendar_days() -> None:
    stage = Stage({**ONE_ORDER, "delay": {"days": 2}})
    accept(stage, "han", "mei")
    stage.happens("order.paid", noon("2027-02-08"), amount=100)
    stage.passes(noon("2027-02-09", 23))
    assert stage.given("han") == {}
    stage.passes(noon("2027-02-10", 0))
    assert stage.given("han") == {"thanks": 1}


# A share


def test_the_inviter_can_get_a_share_of_the_amount() -> None:
    stage = Stage({**ONE_ORDER, "inviter": None, "share": {"percent": "2.5", "cap": 500}})
    accept(stage, "han", "mei")
    stage.happens("order.paid", noon("2027-02-06"), amount=10_000)
    stage.passes(noon("2027-02-06"))
    assert stage.given("han") == {"points": 250}


def test_a_share_has_its_cap_and_may_come_to_nothing() -> None:
    stage = Stage({**ONE_ORDER, "share": {"percent": 10, "cap": 500}})
    accept(stage, "han", "mei")
    accept(stage, "han", "lei")
    stage.happens("order.paid", noon("2027-02-06"), subject="mei", amount=1_000_000)
    stage.happens("order.paid", noon("2027-02-06"), subject="lei", amount=0)
    stage.passes(noon("2027-02-06"))
    assert stage.given("han") == {"thanks": 2, "points": 500}


# Who cannot be invited


def test_nobody_invites_himself() -> None:
    cannot_accept("referral.self_invite", Stage(PLAN), "mei", "mei")


def test_an_inviter_whom_nobody_knows_is_refused() -> None:
    stage = Stage(PLAN)
    assert cannot_accept("referral.inviter_unknown", stage, "ghost", "mei") == {"inviter": "ghost"}
    refused("referral.nobody_invited", stage, "invite.accepted", noon("2027-02-05"))


def test_the_first_inviter_stays() -> None:
    stage = Stage(PLAN)
    accept(stage, "han", "mei")
    stage.person("lei")
    cannot_accept("referral.already_invited", stage, "lei", "mei")
    cannot_accept("referral.already_invited", stage, "han", "mei")


def test_who_registered_long_before_is_not_new() -> None:
    stage = Stage({**PLAN, "new_within_days": 3})
    stage.person("han")
    stage.person("old", registered="2027-02-01")
    stage.person("new", registered="2027-02-02")
    assert cannot_accept("referral.not_new", stage, "han", "old") == {"days": 3}
    accept(stage, "han", "new")
    accept(stage, "han", "not-yet-registered")


def test_whom_one_has_invited_cannot_invite_back() -> None:
    stage = Stage(PLAN)
    accept(stage, "han", "mei")
    cannot_accept("referral.ring", stage, "mei", "han")


def test_two_who_invite_each_other_at_the_same_moment_get_nothing() -> None:
    stage = Stage({**PLAN, "count": 1})
    stage.person("han")
    stage.person("mei")
    at = noon("2027-02-05")
    # Neither timer has fired when the second invitation is accepted: the two were decided at the same time.
    stage.decides("invite.accepted", at, subject="mei", inviter="han")
    stage.decides("invite.accepted", at, subject="han", inviter="mei")
    stage.passes(at)
    refused("referral.ring", stage, "content.published", at, subject="mei")
    refused("referral.ring", stage, "content.published", at, subject="han")


def test_a_ring_of_three_is_found_and_pays_only_those_before_it_closed() -> None:
    stage = Stage({**PLAN, "count": 1})
    accept(stage, "an", "bo")
    accept(stage, "bo", "chi")
    accept(stage, "chi", "an")
    for subject in ("bo", "chi"):
        act(stage, subject, "2027-02-06")
    refused("referral.ring", stage, "content.published", noon("2027-02-06"), subject="an")
    assert (stage.given("an"), stage.given("chi")) == ({"thanks": 1}, {"newcomer": 1})
    assert stage.shows("2027-02-06", "an")["refused"] == "referral.ring"


def test_the_walk_that_comes_back_to_who_closed_the_ring_under_another_number_finds_it() -> None:
    stage = Stage({**PLAN, "count": 1})
    accept(stage, "old-an", "bo")
    accept(stage, "bo", "chi")
    an = stage.person("an")
    stage.person("old-an").absorbed = (an.number,)
    stage.happens("invite.accepted", noon("2027-02-05"), subject="an", inviter="chi")
    stage.passes(noon("2027-02-05"))
    assert {"void": "referral.ring"} in stage.notes


def test_an_invitation_by_an_account_that_becomes_his_before_it_is_checked_is_one_by_himself() -> None:
    stage = Stage({**PLAN, "count": 1})
    stage.person("han")
    at = noon("2027-02-05")
    stage.decides("invite.accepted", at, subject="mei", inviter="han")
    # What is kept of both is what was kept of her: nothing was of him.
    han, mei = stage.person("han"), stage.person("mei")
    han.absorbed, han.state = (mei.number,), mei.state
    stage.passes(at)
    assert stage.notes[-1] == {"void": "referral.self_invite"}


def test_a_long_chain_that_is_no_ring_pays_everybody() -> None:
    stage = Stage({**PLAN, "count": 1})
    names = [f"m{number}" for number in range(14)]
    for inviter, invitee in pairwise(names):
        accept(stage, inviter, invitee)
    for name in names[1:]:
        act(stage, name, "2027-02-06")
    assert all(stage.given(name).get("newcomer") == 1 for name in names[1:])
    assert all(stage.given(name).get("thanks") == 1 for name in names[:-1])


def test_nothing_is_given_before_the_chain_is_known_to_be_clear() -> None:
    stage = Stage({**PLAN, "count": 1})
    stage.person("han")
    at = noon("2027-02-05")
    stage.decides("invite.accepted", at, subject="mei", inviter="han")
    stage.decides("content.published", at, subject="mei")
    assert stage.given("mei") == {}
    stage.passes(at)
    assert (stage.given("mei"), stage.given("han")) == ({"newcomer": 1}, {"thanks": 1})


def test_a_second_invitee_on_the_same_device_counts_for_nothing() -> None:
    stage = Stage({**PLAN, "count": 1})
    accept(stage, "han", "mei", device="phone-1")
    accept(stage, "han", "mei-again", device="phone-1")
    accept(stage, "han", "lei", device="phone-2")
    refused("referral.same_device", stage, "content.published", noon("2027-02-06"), subject="mei-again")
    act(stage, "lei", "2027-02-06")
    assert stage.given("lei") == {"newcomer": 1}
    assert "phone-1" not in str(stage.person("han").state)


def test_an_inviter_is_rewarded_so_many_times() -> None:
    stage = Stage({**PLAN, "count": 1, "per_inviter": 2})
    for invitee in ("a", "b", "c"):
        accept(stage, "han", invitee)
        act(stage, invitee, "2027-02-06")
    assert stage.given("han") == {"thanks": 2}
    assert stage.given("c") == {"newcomer": 1}
    assert {"refused": "referral.inviter_full"} in stage.notes
    assert stage.shows("2027-02-06", "han")["rewarded"] == 2


# What is shown


def test_both_see_where_they_stand() -> None:
    stage = Stage({**PLAN, "per_inviter": 5})
    accept(stage, "han", "mei")
    act(stage, "mei", "2027-02-06")
    seen = stage.shows("2027-02-06")
    assert (seen["invited"], seen["counted"], seen["goal"], seen["qualified"]) == (True, 1, 3, None)
    act(stage, "mei", "2027-02-06", "2027-02-07")
    assert stage.shows("2027-02-07")["qualified"] == "2027-02-07"
    seen = stage.shows("2027-02-07", "han")
    assert (seen["invited"], seen["friends"], seen["rewarded"], seen["per_inviter"]) == (False, 1, 1, 5)


# Mistakes


def test_a_referral_gives_something_and_waits_in_one_measure() -> None:
    nothing = {name: value for name, value in PLAN.items() if name not in ("invitee", "inviter")}
    assert mistake(nothing).code == "referral.gives_nothing"
    assert mistake({**PLAN, "delay": {}}).code == "referral.delay_wrong"
    assert mistake({**PLAN, "delay": {"days": 1, "working_days": 1}}).code == "referral.delay_wrong"
    assert mistake({**PLAN, "share": {"percent": 2000}}).place == "share.percent"


def test_every_side_counts_in_the_worst_case() -> None:
    (invitee, _), (inviter, times) = Stage({**PLAN, "share": {"percent": 1, "cap": 9}}).mechanic.worst_case()
    assert times is None
    assert [gift.high for gift in invitee.gifts if isinstance(gift, AssetGift)] == [1]
    assert [gift.high for gift in inviter.gifts if isinstance(gift, AssetGift)] == [1, 9]


def test_a_share_without_a_cap_has_no_end() -> None:
    alone = {name: value for name, value in PLAN.items() if name not in ("invitee", "inviter")}
    [(share, _)] = Stage({**alone, "share": {"percent": 1}}).mechanic.worst_case()
    assert [gift.high for gift in share.gifts if isinstance(gift, AssetGift)] == [MAX_AMOUNT]


# Whatever happens

PEOPLE = st.sampled_from(["a", "b", "c", "d", "e"])
STEPS = st.lists(st.tuples(st.sampled_from(["accept", "act"]), PEOPLE, PEOPLE), max_size=30)


@given(STEPS)
def test_everybody_is_a_newcomer_once_and_each_thanks_has_its_newcomer(
    steps: list[tuple[str, str, str]],
) -> None:
    stage = Stage({**PLAN, "count": 2})
    at = noon(FIRST)
    for name in "abcde":
        stage.person(name)
    invited: dict[str, str] = {}
    for step, subject, inviter in steps:
        at += timedelta(minutes=1)
        try:
            if step == "accept":
                stage.happens("invite.accepted", at, subject=subject, inviter=inviter)
                invited[subject] = inviter
            else:
                stage.happens("content.published", at, subject=subject)
        except Refused:
            pass
        stage.passes(at)
    newcomers = {name for name in "abcde" if stage.given(name).get("newcomer")}
    assert all(stage.given(name)["newcomer"] == 1 for name in newcomers)
    for name in "abcde":
        brought = [newcomer for newcomer in newcomers if invited[newcomer] == name]
        assert stage.given(name).get("thanks", 0) == len(brought)
    assert all(not _in_ring(name, {k: v for k, v in invited.items() if k in newcomers}) for name in newcomers)


def _in_ring(name: str, inviters: dict[str, str]) -> bool:
    at = inviters.get(name)
    for _ in range(len(inviters)):
        if at is None or at == name:
            break
        at = inviters.get(at)
    return at == name
