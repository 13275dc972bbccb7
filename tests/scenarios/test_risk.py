"""The plan of docs/how-to/hold-doubtful-rewards.md: what members at risk would get is refused, or held until somebody
has looked at it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.story import Story, code

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "hold-doubtful-rewards.md"
PLAN = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[0]
PRIZES = "CNY|teahouse/committed/prizes"


def told(*segments: str) -> Story:
    """Mei, who registered long ago, and is in these segments; Lin is as she is, without any."""
    story = Story(PLAN)
    for who in ("mei", "lin"):
        story.happens("member.registered", who, "2027-01-01")
    for segment in segments:
        story.happens("segment.entered", "mei", "2027-03-01", segment=segment)
    return story


def views(story: Story, who: str = "mei", at: str = "2027-03-02") -> Any:
    return story.happens("page.viewed", who, at, page="tea")["hello"]


def decides(story: Story, act: str, hold: str, who: str = "mei", at: str = "2027-03-03") -> Any:
    return story.send(f"grant.{act}", who, at, hold=hold, reason="looked at", decided_by="wu")


def test_who_is_not_at_risk_gets_it_at_once() -> None:
    story = told()
    made = views(story)
    assert (len(made.given), made.held) == (2, [])


def test_what_a_doubtful_member_would_get_is_held_with_its_stock_budget_and_place() -> None:
    story = told("watched")
    made = views(story)
    assert made.given == []
    assert [(gift.kind, gift.amount) for gift in made.held] == [("asset", 50), ("coupon", 1)]
    assert (made.note["score"], made.note["rules"]) == (40, ["watched"])
    assert (story.points("mei"), story.points("mei", "points@pending"), story.items("mei")) == (5, 50, {})
    assert story.set_aside() == {
        "points|@pending": 50, PRIZES: 1050, "teahouse/stock/coupon:ten-off|reserved": 1,
        "teahouse/quota/hello|reserved": 1,
    }  # fmt: skip
    assert code(views(story, at="2027-03-02 13:00")) == "limit.per_member", "it counts as had"


def test_released_it_is_given_and_its_days_begin_then() -> None:
    story = told("watched")
    hold = views(story).note["hold"]
    outcome = decides(story, "released", hold, at="2027-03-04")
    (made,) = outcome.mechanics
    assert made.mechanic == "teahouse/hello"
    assert made.note == {
        "hold": hold, "decision": "released", "reason": "looked at", "by": "wu", "score": 40, "rules": ["watched"],
    }  # fmt: skip
    assert [gift.expires.astimezone(story.zone).day for gift in made.given if gift.expires] == [15, 12]
    assert (story.points("mei"), story.items("mei")) == (55, {"ten-off": 1})
    assert story.set_aside() == {PRIZES: 1000}
    assert story.books_balance()


def test_voided_it_goes_back_and_is_there_for_others() -> None:
    story = told("watched")
    hold = views(story).note["hold"]
    assert decides(story, "voided", hold).mechanics[0].given == []
    assert story.set_aside() == {}
    assert (story.points("mei", "points@pending"), story.items("mei")) == (0, {})
    assert code(views(story, at="2027-03-05")) == "limit.per_member"
    assert [len(views(story, who).given) for who in ("lin", "bo")] == [2, 2]
    assert code(views(story, "wu")) == "limit.total"
    assert story.books_balance()


def test_decided_once_is_decided() -> None:
    story = told("watched")
    hold = views(story).note["hold"]
    assert decides(story, "released", hold).status == "accepted"
    for act in ("voided", "released"):
        refused = decides(story, act, hold).refused
        assert refused is not None
        assert (refused.code, refused.data) == ("grant.not_held", {"hold": hold})
    assert story.points("mei") == 55


def test_a_held_reward_is_not_somebody_elses() -> None:
    story = told("watched")
    hold = views(story).note["hold"]
    refused = decides(story, "released", hold, who="lin").refused
    assert refused is not None
    assert refused.code == "grant.not_held"


def test_who_is_beyond_doubt_is_refused_and_nothing_has_happened() -> None:
    story = told("watched")
    story.happens("member.registered", "eve", "2027-03-02 09:00")
    story.happens("segment.entered", "eve", "2027-03-02 09:01", segment="watched")
    made = views(story, "eve")
    assert code(made) == "risk.refused"
    assert made.refused.data == {"score": 70, "rules": ["new-account", "watched"]}
    assert story.points("eve") == 5, "a mechanic that says nothing about risk gives"
    story.happens("segment.left", "eve", "2027-03-05", segment="watched")
    assert len(views(story, "eve", "2027-03-05").given) == 2


def test_who_is_blocked_gets_nothing_and_who_is_allowed_is_not_scored() -> None:
    story = told("watched", "friends")
    assert len(views(story).given) == 2
    for who, at in (("mallory", "2027-03-02"), ("lin", "2027-03-03")):
        story.happens("segment.entered", "lin", "2027-03-03 10:00", segment="banned")
        outcome = story.happens("page.viewed", who, at, page="tea")
        assert {code(made) for made in outcome.values()} == {"risk.blocked"}
    play = story.send("draw.played", "mallory", "2027-03-04", campaign="teahouse", mechanic="tea-draw")
    assert play.refused is not None
    assert play.refused.code == "risk.blocked"


@pytest.mark.parametrize("act", ["released", "voided"])
def test_a_prize_that_is_held_is_off_the_shelf_and_the_play_is_played(act: str) -> None:
    story = told("watched")
    play = story.happens("draw.played", "mei", "2027-03-02", campaign="teahouse", mechanic="tea-draw")[
        "tea-draw"
    ]
    assert (play.note["given"], [gift.ref for gift in play.held]) == ("pot", ["teahouse/teapot"])
    assert story.set_aside() == {PRIZES: 2000, "teahouse/stock/tea-draw/pot|reserved": 1}
    again = story.send("draw.played", "mei", "2027-03-02 13:00", campaign="teahouse", mechanic="tea-draw")
    assert again.refused is not None
    assert again.refused.code == "draw.no_chances"
    other = story.send("draw.played", "lin", "2027-03-02", campaign="teahouse", mechanic="tea-draw")
    assert other.refused is not None
    assert other.refused.code == "draw.sold_out"
    decides(story, act, play.note["hold"])
    won = story.happens("draw.played", "lin", "2027-03-03 13:00", campaign="teahouse", mechanic="tea-draw")
    assert (story.items("mei"), code(won["tea-draw"])) == (
        ({"teapot": 1}, "draw.sold_out") if act == "released" else ({}, "")
    )
    assert story.books_balance()


def test_an_approved_proof_of_a_doubtful_member_is_held_out_of_what_was_set_aside() -> None:
    story = told()
    story.happens("proof.submitted", "mei", "2027-03-02", proof="p1")
    story.happens("segment.entered", "mei", "2027-03-02 13:00", segment="watched")
    made = story.happens("proof.approved", "mei", "2027-03-02 14:00", proof="p1")["photo"]
    assert [gift.amount for gift in made.held] == [7]
    assert story.set_aside() == {"points|@pending": 7, PRIZES: 7}
    story.happens("proof.submitted", "mei", "2027-03-02 15:00", proof="p2")
    assert story.points("mei", "points@pending") == 14
    decides(story, "released", made.note["hold"])
    assert (story.points("mei"), story.points("mei", "points@pending")) == (7, 7)
    assert story.books_balance()


def test_what_waits_for_a_verdict_is_not_released_past_it() -> None:
    story = told()
    story.happens("proof.submitted", "mei", "2027-03-02", proof="p1")
    (hold,) = story.replay.world.members["mei"].open_grants()
    refused = decides(story, "released", hold).refused
    assert refused is not None
    assert refused.code == "grant.awaits_verdict"


@pytest.mark.parametrize(("then", "points"), [("void", 5), ("release", 55)])
def test_what_nobody_decides_on_lapses_as_the_plan_says(then: str, points: int) -> None:
    story = Story(PLAN.replace("lapse: {days: 3}", f"lapse: {{days: 3, then: {then}}}"))
    story.happens("member.registered", "mei", "2027-01-01")
    story.happens("segment.entered", "mei", "2027-03-01", segment="watched")
    hold = views(story).note["hold"]
    story.passes("2027-03-05 23:59")
    assert story.points("mei", "points@pending") == 50
    story.passes("2027-03-06 00:00")
    assert (story.points("mei"), story.points("mei", "points@pending")) == (points, 0)
    lapsed = next(made for made in story.timers if made.note.get("hold") == hold)
    assert lapsed.note["reason"] == "lapsed"
    assert story.books_balance()


def test_without_a_date_it_waits_beyond_the_end() -> None:
    story = Story(PLAN.replace("  lapse: {days: 3}\n", ""))
    story.happens("member.registered", "mei", "2027-01-01")
    story.happens("segment.entered", "mei", "2027-03-01", segment="watched")
    hold = views(story).note["hold"]
    story.passes("2027-05-01")
    decides(story, "released", hold, at="2027-05-02")
    assert story.points("mei") == 50
    assert story.books_balance()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["view", "play", "in", "approved", "rejected", "entered", "left", "released", "voided"]
        ),
        st.sampled_from(["mei", "lin", "bo"]),
    ),
    max_size=45,
)


def happens(story: Story, step: str, who: str, at: str, number: int) -> None:
    """One step; a verdict or a decision is on the first of what waits for one."""
    story.passes(at)  # what lapses by then cannot be decided on any more
    grants = story.replay.world.members[who].open_grants().values()
    match step:
        case "view":
            story.happens("page.viewed", who, at, page="tea")
        case "play":
            story.happens("draw.played", who, at, campaign="teahouse", mechanic="tea-draw")
        case "in":
            story.happens("proof.submitted", who, at, proof=f"p{number}")
        case "approved" | "rejected":
            for proof in story.shows(who, "photo", at)["in_review"][:1]:
                story.happens(f"proof.{step}", who, at, proof=proof["proof"], reason="no")
        case "entered" | "left":
            story.happens(f"segment.{step}", who, at, segment="watched")
        case _:
            for hold in [grant.id for grant in grants if grant.why == "risk"][:1]:
                assert decides(story, step, hold, who, at).status == "accepted"


@given(steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_books_agree_whatever_is_held_and_decided(steps: Sequence[tuple[str, str]]) -> None:
    story = Story(PLAN.replace("prizes: 100}", "prizes: 34}"))
    for who in ("mei", "lin", "bo"):
        story.happens("member.registered", who, "2027-01-01")
    for number, (step, who) in enumerate(steps):
        happens(story, step, who, f"2027-03-{2 + number // 3:02} 12:{number:02}", number)
        story.set_aside()
        assert story.books_balance()
    story.passes("2027-06-01")
    assert not [name for name in story.set_aside() if name != PRIZES]
    assert story.books_balance()


def test_a_step_that_allows_gives_at_once_between_one_that_holds_and_one_that_refuses() -> None:
    allowed = PLAN.replace(
        "thresholds: {doubtful: 30, certain: 60}", "thresholds: {low: 20, doubtful: 30, certain: 60}"
    )
    allowed = allowed.replace(
        "{doubtful: hold, certain: refuse}", "{low: hold, doubtful: allow, certain: refuse}", 1
    )
    assert "doubtful: allow" in allowed
    story = Story(allowed)
    story.happens("member.registered", "mei", "2027-01-01")
    story.happens("segment.entered", "mei", "2027-03-01", segment="watched")
    made = views(story)
    assert (len(made.given), made.held) == (2, []), "forty points are doubtful, and here that is allowed"
    story.happens("member.registered", "eve", "2027-03-02 09:00")
    story.happens("segment.entered", "eve", "2027-03-02 09:01", segment="watched")
    assert code(views(story, "eve")) == "risk.refused"
    assert story.books_balance()
