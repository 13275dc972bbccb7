"""Consent by channel: given, used by mechanics and messages, withdrawn, and brought together."""

from typing import Any

import pytest

from festoon.base.errors import Invalid, text_of
from festoon.base.events import Event
from festoon.base.sources import ACTS, MEMBER
from festoon.base.vocabulary import decode_data
from festoon.engine.outcome import Outcome
from festoon.members.consents import Answer, answer_of
from festoon.plan.check import check_plan
from festoon.plan.problems import errors_of
from tests.scenarios.story import Story
from tests.scenarios.test_grand_draw import DRAW, told
from tests.scenarios.test_grand_draw import PLAN as GRAND

PLAN = """
festoon: 1
campaign: spring
title: Spring
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31}
consents:
  sms: {text: One message a week, wording: 2027-01}
  whatsapp: {title: WhatsApp}
mechanics:
  thanks: {kind: gift, on: consent.changed, when: event.agreed, give: [{points: 10}], limits: {per_member: 1}}
  reached: {kind: gift, on: order.paid, when: member.consents.sms or member.consents.whatsapp, give: [{points: 5}]}
  quiet: {kind: gift, on: order.paid, when: not member.consents.sms, give: [{points: 1}]}
"""


@pytest.fixture
def story() -> Story:
    return Story(PLAN)


def says(story: Story, at: str, answer: str, source: str = MEMBER, who: str = "ann", **more: Any) -> Outcome:
    """What the member, or somebody for him, says of text messages."""
    data = {"channel": "sms", "agreed": answer == "yes", **more}
    event = Event(source, f"{at}{answer}", "consent.changed", who, story.instant(at), data)
    *_, (_, _, decided) = story.replay.run([event])
    return decided.outcome


def buys(story: Story, at: str) -> int:
    """What an order brings: five from who may be written to, one from who may not by text message."""
    before = story.points("ann")
    story.happens("order.paid", "ann", at, amount=100)
    return story.points("ann") - before


def test_who_agreed_is_reached_until_he_says_no(story: Story) -> None:
    story.happens("member.registered", "ann", "2027-03-01")
    assert buys(story, "2027-03-02") == 1
    story.happens("consent.changed", "ann", "2027-03-03", channel="sms", agreed=True)
    assert story.points("ann") == 1 + 10
    assert buys(story, "2027-03-04") == 5
    outcome = says(story, "2027-03-05", "no")
    assert outcome.mechanics[0].note == {"channel": "sms", "agreed": False, "was": True}
    assert buys(story, "2027-03-06") == 1
    story.happens("consent.changed", "ann", "2027-03-07", channel="whatsapp", agreed=True)
    assert buys(story, "2027-03-08") == 5 + 1


def test_a_yes_that_comes_late_changes_nothing_and_the_outcome_says_which_answer_holds(story: Story) -> None:
    says(story, "2027-03-05", "no")
    late = Event("shop", "late", "consent.changed", "ann", story.instant("2027-03-04"),
                 {"channel": "sms", "agreed": True})  # fmt: skip
    *_, (_, _, decided) = story.replay.run([late])
    (made,) = [each for each in decided.outcome.mechanics if each.mechanic == "festoon/consent.changed"]
    assert made.note["stands"] == {"agreed": False, "at": story.instant("2027-03-05")}
    assert buys(story, "2027-03-06") == 1


def test_it_is_known_who_said_it_and_an_operator_leaves_a_line(story: Story) -> None:
    says(story, "2027-03-02", "yes", wording="2027-01", where="settings", made_by="somebody")
    member = story.replay.world.members["ann"]
    assert answer_of(member.profile, "sms") == Answer(
        "sms", True, story.instant("2027-03-02"), "member", "", "2027-01", "settings"
    )
    assert story.replay.world.trail == []
    says(story, "2027-03-03", "no", ACTS, made_by="lin", reason="he called")
    found = answer_of(member.profile, "sms")
    assert found is not None
    assert (found.by, found.who) == ("operator", "lin")
    (line,) = story.replay.world.trail
    assert (line.actor, line.act, line.object) == ("lin", "member.consent", f"member/{member.number}")
    assert (line.before, line.after["agreed"], line.after["reason"]) == ({"agreed": True}, False, "he called")


def test_merged_accounts_keep_a_refusal_and_erasing_destroys_all(story: Story) -> None:
    says(story, "2027-03-03", "yes")
    says(story, "2027-03-02", "no", who="ann-2")
    story.happens("member.merged", "ann", "2027-03-04", member="ann-2", reason="one phone")
    assert buys(story, "2027-03-05") == 1
    says(story, "2027-03-06", "yes")
    assert buys(story, "2027-03-07") == 5
    ann = story.replay.world.members["ann"]
    story.happens("member.erased", "ann", "2027-03-08", reason="asked for")
    assert ann.profile == {}
    assert "ann" not in story.replay.world.members
    assert story.books_balance()


def test_what_a_visitor_said_comes_to_the_member_and_what_he_says_then_is_newer(story: Story) -> None:
    for who, device in (("ann", "visitor:c-1"), ("ben", "visitor:c-2")):
        says(story, "2027-03-01", "no", "shop", device)
        more = {"consents": {"sms": True}} if who == "ben" else {}
        story.happens("member.registered", who, "2027-03-02", visitors=[device], **more)
    found = [answer_of(story.replay.world.members[who].profile, "sms") for who in ("ann", "ben")]
    assert [each and each.agreed for each in found] == [False, True]


@pytest.mark.parametrize("service", ["false", "true"])
def test_winners_are_told_by_a_channel_they_agreed_to_unless_it_is_a_service(service: str) -> None:
    said = f"    tell: {{channel: sms, service: {service}}}\n    frozen:"
    story = told(members=5, text=GRAND.replace("    frozen:", said, 1))
    for who, agreed in (("m0", True), ("m1", False)):
        story.happens("consent.changed", who, "2027-02-12", channel="sms", agreed=agreed)
    story.passes("2027-02-20")
    members = story.replay.world.members.values()
    written = {
        each.subject for each in members for message in each.messages if message.data["channel"] == "sms"
    }
    assert written == ({f"m{number}" for number in range(5)} if service == "true" else {"m0"})
    untold = [made.note["untold"] for made in story.timers if made.mechanic == DRAW and "untold" in made.note]
    assert len(untold) == (0 if service == "true" else 4)
    for each in untold:
        assert each == {"code": "message.no_consent", "channel": "sms", "template": "grand_draw.won"}
        assert "sms" in text_of(each["code"], each, "en")
    assert story.books_balance()


def test_a_channel_that_nobody_knows_is_found_when_the_plan_is_written() -> None:
    wrong = PLAN.replace("member.consents.whatsapp", "member.consents.whatsap")
    (problem,) = errors_of(check_plan(wrong).problems)
    assert problem.data["suggestion"] == "member.consents.whatsapp"
    draw = GRAND.replace("    frozen:", "    tell: {channel: smms}\n    frozen:", 1)
    (problem,) = [each for each in check_plan(draw).problems if each.code == "plan.unknown_name"]
    assert (problem.path, problem.data["suggestion"]) == ("mechanics.journey.tell.channel", "sms")
    taken = errors_of(check_plan(PLAN + "attributes: {consents: text, consents_said: text}\n").problems)
    assert [each.path for each in taken] == ["attributes.consents", "attributes.consents_said"]


@pytest.mark.parametrize("name", ["", "SMS", "text message", "短信", "x" * 41])
def test_a_channel_has_a_name_that_conditions_can_write(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_data("consent.changed", {"channel": name, "agreed": True})
    assert (refused.value.code, refused.value.data["field"]) == ("event.data_invalid", "channel")
    with pytest.raises(Invalid):
        decode_data("member.registered", {"consents": {name: True}})
