"""What a plan can say of places, what it cannot, and what the page shows of them."""

from datetime import date

import msgspec
import pytest

from festoon.mechanics.place import Place, PlaceState
from festoon.mechanics.place_line import LOOK, look_again
from festoon.plan.check import check_plan
from festoon.plan.parse import load_plan
from festoon.plan.versions import compare
from tests.mechanics.pages import blocks, plan
from tests.scenarios.story import Story, code

PLAN = plan("place")


def meeting(text: str = PLAN) -> Place:
    compiled = check_plan(text).compiled
    assert compiled is not None
    made = compiled.mechanics[0].mechanic
    assert isinstance(made, Place)
    return made


@pytest.mark.parametrize("drawn", ["2027-03-31", "2027-02-28 20:00", "end + 1 day"])
def test_a_lottery_outside_the_campaign_is_a_mistake(drawn: str) -> None:
    wrong = check_plan(PLAN.replace("lottery: 2027-03-05 20:00", f"lottery: {drawn}")).errors
    assert [(problem.code, problem.path) for problem in wrong] == [
        ("place.drawn_outside", "mechanics.beta.lottery")
    ]


def test_a_running_lottery_cannot_become_a_queue() -> None:
    later = PLAN.replace("2027-03-05 20:00", "2027-03-06 20:00")
    changed = compare(load_plan(PLAN), load_plan(later))
    assert [change.path for change in changed if change.effect == "refused"] == ["mechanics.beta.lottery"]


def test_the_next_in_line_looks_every_five_minutes_and_nobody_less_than_once_an_hour() -> None:
    assert [look_again(ahead) // LOOK for ahead in (0, 1, 10, 11, 12, 5_000)] == [1, 2, 11, 12, 12, 12]


def test_the_progress_on_the_page_is_what_a_member_sees() -> None:
    state = PlaceState("waiting", number=5, ahead=1)
    assert meeting().shows(state, date(2027, 3, 2)) == msgspec.json.decode(blocks("place", "json")[-1])


def test_the_note_on_the_page_has_what_a_lottery_notes() -> None:
    story = Story(PLAN)
    story.happens("segment.entered", "mei", "2027-03-01", segment="most-active")
    story.happens("place.applied", "mei", "2027-03-02", campaign="early-access", mechanic="beta")
    story.passes("2027-03-05 20:02")
    shown = msgspec.json.decode(blocks("place", "json")[0])
    assert list(story.timers[0].note) == list(shown)
    assert story.timers[0].note["until"] == shown["until"]


def test_when_is_asked_of_who_applies_and_not_of_who_takes_up() -> None:
    """Out of the segment since, and still welcome to the place that was offered."""
    story, to_beta = Story(PLAN), {"campaign": "early-access", "mechanic": "beta"}
    outcome = story.send("place.applied", "mei", "2027-03-02", **to_beta)
    assert outcome.refused is not None
    assert outcome.refused.code == "request.not_for_you"
    story.happens("segment.entered", "mei", "2027-03-02 13:00", segment="most-active")
    story.happens("place.applied", "mei", "2027-03-02 14:00", **to_beta)
    story.happens("segment.left", "mei", "2027-03-05", segment="most-active")
    story.passes("2027-03-05 20:02")
    assert code(story.happens("place.taken", "mei", "2027-03-06", **to_beta)["beta"]) == ""


def test_more_places_call_the_next_in_line() -> None:
    """What a new version changes is read at the next look: the numbers in line stay what they are."""
    larger = meeting(PLAN.replace("places: 3", "places: 5"))
    assert (meeting().line.places, larger.line.places) == (3, 5)
    assert meeting().stocks() == larger.stocks()
