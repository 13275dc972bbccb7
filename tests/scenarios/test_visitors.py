"""Visitors: what they did before they registered, and what becomes of it when they do."""

import pytest

from festoon.base.visitors import FIRST_NUMBER
from tests.scenarios.story import Story, code

PLAN = """
festoon: 1
campaign: spring
title: Spring
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31}
segments: {active: {title: Active, when: member.posts >= 2, over: ever}}
mechanics:
  friends:
    kind: referral
    who: everyone
    on: member.registered
    actions: [order.paid]
    inviter: {points: 50}
    attribution: {touch: first, days: 14}
  reader: {kind: task, who: everyone, on: page.viewed, count: 3, give: [{points: 30}]}
  look: {kind: gift, who: everyone, on: content.liked, give: [{points: 5}], limits: {per_member: 1}}
  welcome: {kind: gift, on: member.registered, give: [{points: 100}], limits: {per_member: 1}}
  poster: {kind: gift, on: content.published, give: [{points: 1}]}
  shop: {kind: exchange, price: {amount: 1}, give: [{points: 2}]}
"""
V = "visitor:c-1"


@pytest.fixture
def story() -> Story:
    return Story(PLAN)


def joins(story: Story, who: str, at: str, *visitors: str) -> dict[str, str]:
    """A registration that names visitors: the codes of those that were refused."""
    made = story.send("member.registered", who, at, visitors=list(visitors))
    assert made.status == "accepted"
    story.passes(at)
    return {
        each.refused.data["visitor"]: each.refused.code
        for each in made.mechanics
        if each.mechanic == "festoon/visitor.joined" and each.refused
    }


def test_a_visitor_is_passed_over_by_what_is_for_members(story: Story) -> None:
    posted = story.send("content.published", V, "2027-03-02", content="c")
    assert (posted.status, posted.passed_over) == ("accepted", {"visitor": ["spring/poster"]})
    bought = story.send("exchange.made", V, "2027-03-02", campaign="spring", mechanic="shop")
    assert (bought.status, bought.refused and bought.refused.data) == ("refused", {"reason": "visitor"})
    assert story.points(V) == 0
    assert story.replay.world.members[V].number >= FIRST_NUMBER


def test_what_counts_for_everyone_counts_from_before_the_registration(story: Story) -> None:
    for page in ("a", "b"):
        story.happens("page.viewed", V, "2027-03-02", page=page)
    assert joins(story, "ann", "2027-03-03", V) == {}
    made = story.happens("page.viewed", "ann", "2027-03-04", page="c")
    assert made["reader"].given[0].amount == 30
    assert story.points("ann") == 100 + 30
    assert story.books_balance()


def test_the_first_link_that_was_followed_before_decides_who_invited(story: Story) -> None:
    for who in ("ina", "jon"):
        story.happens("member.registered", who, "2027-03-01")
    story.happens("invite.opened", V, "2027-03-02", inviter="ina")
    story.happens("invite.opened", V, "2027-03-03", inviter="jon")
    assert joins(story, "ann", "2027-03-04", V) == {}
    story.happens("order.paid", "ann", "2027-03-05", amount=100)
    story.passes("2027-03-20")
    assert (story.points("ina"), story.points("jon")) == (150, 100)


def test_what_a_visitor_was_given_comes_along_and_is_not_given_again(story: Story) -> None:
    story.happens("content.liked", V, "2027-03-02", content="c")
    assert story.points(V) == 5
    joins(story, "ann", "2027-03-03", V)
    again = story.happens("content.liked", "ann", "2027-03-04", content="c")
    assert code(again["look"]) == "limit.per_member"
    assert story.points("ann") == 105
    assert V not in story.replay.world.members
    assert story.books_balance()


def test_whatever_comes_under_the_visitors_id_afterwards_is_the_members(story: Story) -> None:
    story.happens("page.viewed", V, "2027-03-02", page="a")
    joins(story, "ann", "2027-03-03", V)
    made = story.happens("content.published", V, "2027-03-04", content="c")
    assert made["poster"].given[0].amount == 1
    assert story.points("ann") == 101


def test_several_visitors_of_one_person_join_at_once(story: Story) -> None:
    for visitor in (V, "visitor:app-7"):
        story.happens("content.liked", visitor, "2027-03-02", content="c")
    made = story.send(
        "member.registered", "ann", "2027-03-03", visitors=[V, "visitor:app-7", "visitor:never"]
    )
    joined = [each for each in made.mechanics if each.mechanic == "festoon/visitor.joined"]
    assert [each.note["visitor"] for each in joined] == [V, "visitor:app-7"]
    assert joined[1].note["over_limit"] == ["spring/look"]
    assert story.points("ann") == 110
    assert story.books_balance()


def test_the_first_member_who_names_a_visitor_has_it_and_the_second_still_registers(story: Story) -> None:
    story.happens("content.liked", V, "2027-03-02", content="c")
    assert joins(story, "ann", "2027-03-03", V) == {}
    assert joins(story, "bob", "2027-03-03", V) == {V: "visitor.taken"}
    assert (story.points("ann"), story.points("bob")) == (105, 100)
    assert story.replay.world.members["bob"].registered is not None
    assert joins(story, "ann", "2027-03-04", V) == {}, "named again by whom it belongs to"
    assert story.points("ann") == 105


def test_a_member_who_signs_in_on_another_device_is_joined_by_that_visitor(story: Story) -> None:
    story.happens("member.registered", "ann", "2027-03-01")
    for page in ("a", "b", "c"):
        story.happens("page.viewed", V, "2027-03-02", page=page)
    made = story.send("visitor.joined", "ann", "2027-03-03", visitors=[V])
    assert made.status == "accepted"
    assert story.points("ann") == 130
    story.happens("member.registered", "bob", "2027-03-03")
    refused = story.send("visitor.joined", "bob", "2027-03-03", visitors=[V])
    assert refused.refused is not None
    assert (refused.status, refused.refused.code) == ("refused", "visitor.taken")


@pytest.mark.parametrize("type", ["member.registered", "member.imported"])
def test_a_visitor_itself_is_made_no_member(story: Story, type: str) -> None:
    made = story.send(type, V, "2027-03-02")
    assert made.refused is not None
    assert (made.status, made.refused.code) == ("refused", "visitor.no_member")
    assert story.replay.world.members[V].registered is None
