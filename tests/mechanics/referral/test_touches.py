"""Codes, links that were followed, devices that invite, tiers and limits by period."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.errors import Refused
from festoon.mechanics.referral_state import MOST_TOUCHES
from tests.mechanics.stage import FIRST, Stage, mistake, noon, refused

ONE_ORDER = {
    "kind": "referral", "actions": ["order.paid"], "within_days": 30, "invitee": "newcomer", "inviter": "thanks",
}  # fmt: skip
LAST = {**ONE_ORDER, "attribution": {"touch": "last", "days": 3}}


def stage(plan: dict[str, Any], *people: str) -> Stage:
    made = Stage(plan)
    for person in people:
        made.person(person)
    return made


def buys(stage: Stage, who: str, day: str = "2027-02-08", order: str = "o", amount: int = 100) -> None:
    stage.happens("order.paid", noon(day), subject=who, order=order, amount=amount)
    stage.passes(noon(day))


def test_a_code_stands_for_the_inviter() -> None:
    on = stage(ONE_ORDER, "han")
    on.happens("invite.accepted", noon(FIRST), code="#han")
    buys(on, "mei")
    assert on.given("han") == {"thanks": 1}


def test_a_code_that_is_nobodys_is_refused() -> None:
    with pytest.raises(Refused) as no:
        stage(ONE_ORDER).happens("invite.accepted", noon(FIRST), code="#han")
    assert (no.value.code, no.value.data) == ("referral.code_unknown", {"code": "#han"})


def test_nobody_invites_himself_by_his_code() -> None:
    with pytest.raises(Refused) as no:
        stage(ONE_ORDER, "mei").happens("invite.accepted", noon(FIRST), code="#mei")
    assert no.value.code == "referral.self_invite"


def test_a_registration_brings_a_code_or_concerns_nobody() -> None:
    on = stage({**ONE_ORDER, "on": "member.registered"}, "han")
    assert on.happens("member.registered", noon(FIRST), subject="lei") == []
    on.happens("member.registered", noon(FIRST), invite_code="#han")
    buys(on, "mei")
    assert (on.given("han"), on.given("lei")) == ({"thanks": 1}, {})


def test_the_last_link_that_was_followed_counts() -> None:
    on = stage(LAST, "han", "lei")
    on.happens("invite.opened", noon("2027-02-05"), code="#han")
    on.happens("invite.opened", noon("2027-02-06"), inviter="lei")
    on.happens("invite.accepted", noon("2027-02-07"))
    buys(on, "mei")
    assert (on.given("han"), on.given("lei")) == ({}, {"thanks": 1})


def test_the_first_link_within_the_days_counts_even_when_another_inviter_is_named() -> None:
    on = stage({**ONE_ORDER, "attribution": {"touch": "first", "days": 3}}, "han", "lei", "zhao")
    on.happens("invite.opened", noon("2027-02-05"), inviter="zhao")
    on.happens("invite.opened", noon("2027-02-07"), inviter="han")
    on.happens("invite.accepted", noon("2027-02-09"), inviter="lei")
    buys(on, "mei", "2027-02-10")
    assert (on.given("zhao"), on.given("han"), on.given("lei")) == ({}, {"thanks": 1}, {})


def test_a_link_followed_too_long_ago_does_not_count() -> None:
    on = stage(LAST, "han")
    on.happens("invite.opened", noon("2027-02-05"), inviter="han")
    refused("referral.nobody_invited", on, "invite.accepted", noon("2027-02-08") + timedelta(seconds=1))
    on.happens("invite.accepted", noon("2027-02-08"))


def test_a_link_of_ones_own_is_no_touch() -> None:
    on = stage(LAST, "mei")
    assert on.happens("invite.opened", noon("2027-02-05"), inviter="mei") == []


@given(st.permutations(range(6)), st.sampled_from(["first", "last"]))
def test_links_count_by_when_they_were_followed_not_by_when_that_was_heard(
    order: list[int], touch: str
) -> None:
    on = stage({**ONE_ORDER, "attribution": {"touch": touch, "days": 30}}, *(f"i{n}" for n in range(6)))
    for n in order:
        on.happens("invite.opened", noon("2027-02-05", n), now=noon("2027-02-06"), inviter=f"i{n}")
    on.happens("invite.accepted", noon("2027-02-07"))
    buys(on, "mei")
    assert [n for n in range(6) if on.given(f"i{n}")] == [0 if touch == "first" else 5]


@pytest.mark.parametrize("touch", ["first", "last"])
@pytest.mark.parametrize("after", [1, 40])
def test_a_link_followed_after_accepting_takes_no_other_link_s_place_though_it_is_heard_first(
    touch: str, after: int
) -> None:
    on = stage({**ONE_ORDER, "attribution": {"touch": touch, "days": 3}}, "han", "lei")
    on.happens("invite.opened", noon("2027-02-06"), inviter="han")
    for hour in range(after):
        later = noon("2027-02-18") + timedelta(hours=hour)
        on.happens("invite.opened", later, inviter="lei")
    on.happens("invite.accepted", noon("2027-02-08"), now=noon("2027-03-09"))
    buys(on, "mei", "2027-03-09")
    assert (on.given("han"), on.given("lei")) == ({"thanks": 1}, {})


@pytest.mark.parametrize("touch", ["first", "last"])
def test_however_many_links_are_followed_so_many_are_remembered(touch: str) -> None:
    on = stage({**ONE_ORDER, "attribution": {"touch": touch, "days": 3}}, "han", "lei")
    for day in range(120):
        on.happens("invite.opened", noon(FIRST) + timedelta(hours=12 * day), inviter="han")
    assert len(on.person("mei").state.touches) <= 2 * MOST_TOUCHES
    on.happens("invite.opened", noon(FIRST) + timedelta(days=300), inviter="lei")
    assert len(on.person("mei").state.touches) == 1


def test_who_invites_from_a_device_cannot_be_joined_from_it() -> None:
    on = stage(ONE_ORDER, "han")
    on.happens("invite.sent", noon(FIRST), subject="han", code="#han", device="phone-1")
    on.happens("invite.accepted", noon(FIRST), inviter="han", device="phone-1")
    on.passes(noon(FIRST))
    refused("referral.same_device", on, "order.paid", noon("2027-02-06"), order="o", amount=1)


# Tiers and limits


def brings(on: Stage, count: int, day: str = "2027-02-08", first: int = 0) -> None:
    for number in range(first, first + count):
        on.happens("invite.accepted", noon("2027-02-05"), now=noon(day), subject=f"f{number}", inviter="han")
        buys(on, f"f{number}", day)


def test_tiers_are_given_once_each_when_so_many_friends_were_rewarded() -> None:
    on = stage({**ONE_ORDER, "tiers": {3: "bronze", 5: "silver", 30: "gold"}}, "han")
    brings(on, 2)
    assert on.given("han") == {"thanks": 2}
    brings(on, 4, first=2)
    assert on.given("han") == {"thanks": 6, "bronze": 1, "silver": 1}
    assert on.shows("2027-02-08", "han")["tiers"] == [
        {"friends": 3, "reached": True}, {"friends": 5, "reached": True}, {"friends": 30, "reached": False},
    ]  # fmt: skip


def test_tiers_can_be_all_that_is_given() -> None:
    on = stage({"kind": "referral", "actions": ["order.paid"], "tiers": {2: "pack"}}, "han")
    brings(on, 3)
    assert on.given("han") == {"pack": 1}


def test_a_period_has_its_limit_by_the_day_on_which_invitees_qualified() -> None:
    on = stage({**ONE_ORDER, "inviter_limits": {"per_day": 2, "per_week": 3}, "delay": {"days": 3}}, "han")
    brings(on, 3, "2027-02-08")
    brings(on, 3, "2027-02-09", first=3)
    brings(on, 1, "2027-02-15", first=6)
    on.passes(noon("2027-02-20"))
    assert on.given("han") == {"thanks": 4}
    assert [note["refused"] for note in on.notes if "refused" in note] == ["referral.inviter_full_period"] * 3
    assert sum(on.given(f"f{number}").get("newcomer", 0) for number in range(7)) == 7


def test_every_extra_reward_counts_in_the_worst_case() -> None:
    on = stage({**ONE_ORDER, "tiers": {3: "bronze"}})
    assert [reward.name for reward, _ in on.mechanic.worst_case()] == ["newcomer", "thanks", "bronze"]


def test_mistakes_are_found_when_the_plan_is_read() -> None:
    assert mistake({**ONE_ORDER, "link": "https://tea.example/join"}).code == "referral.no_code_in_link"
    assert (
        mistake({**ONE_ORDER, "per_inviter": 2, "tiers": {3: "bronze"}}).code == "referral.tier_out_of_reach"
    )
