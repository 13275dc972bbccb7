"""The places of docs/reference/mechanics/place.md: a meeting for who comes first, and a beta test by lottery."""

from collections import Counter
from typing import Any

import pytest

from festoon.mechanics.fairness import roll
from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code

CAMPAIGN = "early-access"
PLAN = plan("place")
NOON = "2027-03-02"


def asks(story: Story, step: str, who: str, at: str = NOON, of: str = "meeting") -> str:
    """One step of a member: what he stands at after it, or what it was refused with."""
    made = story.happens(f"place.{step}", who, at, campaign=CAMPAIGN, mechanic=of)[of]
    return code(made) or str(made.note["status"])


def stands(story: Story, who: str, of: str = "meeting", at: str = "2027-03-31") -> dict[str, Any]:
    return story.shows(who, of, at)


def full(*others: str) -> Story:
    """Ann, Bo and Cai have the three places; the others wait in this order."""
    story = Story(PLAN)
    for who in ("ann", "bo", "cai", *others):
        asks(story, "applied", who)
    return story


def test_who_comes_first_has_a_place_and_who_comes_later_waits_as_far_as_the_line_reaches() -> None:
    story = Story(PLAN)
    outcomes = [asks(story, "applied", f"m{n}") for n in range(8)]
    assert outcomes == ["taken"] * 3 + ["waiting"] * 4 + ["place.full"]
    assert [stands(story, f"m{n}")["place"] for n in range(3)] == [1, 2, 3]
    assert [stands(story, f"m{n}")["position"] for n in range(3, 7)] == [1, 2, 3, 4]


def test_nobody_has_two_places() -> None:
    story = full("dan")
    assert asks(story, "applied", "ann") == "place.have_one"
    assert asks(story, "applied", "dan") == "place.in_line"
    assert asks(story, "taken", "dan") == "place.nothing_offered"


def test_a_place_given_back_is_offered_to_the_next_who_takes_it_up() -> None:
    story = full("dan", "eva")
    assert asks(story, "cancelled", "bo", "2027-03-03 10:00") == ""
    story.passes("2027-03-03 10:05")
    assert stands(story, "dan")["status"] == "offered"
    assert stands(story, "dan")["until"] <= "2027-03-04T10:05+08:00"
    story.passes("2027-03-03 10:10")
    assert stands(story, "eva") == {
        "status": "waiting", "place": None, "position": 1, "until": None, "places": 3, "drawn": None,
    }  # fmt: skip
    assert asks(story, "taken", "dan", "2027-03-04 09:00") == "taken"
    assert (stands(story, "dan")["place"], stands(story, "dan")["until"]) == (4, None)
    story.passes("2027-03-31")
    assert stands(story, "eva")["status"] == "waiting"
    assert story.books_balance()


def test_an_offer_that_is_not_taken_up_goes_on_to_the_next() -> None:
    story = full("dan", "eva", "fei")
    asks(story, "cancelled", "bo", "2027-03-03 10:00")
    story.passes("2027-03-04 10:15")
    assert [stands(story, who)["status"] for who in ("dan", "eva", "fei")] == ["", "offered", "waiting"]
    assert asks(story, "taken", "dan", "2027-03-04 10:20") == "place.nothing_offered"
    assert asks(story, "applied", "dan", "2027-03-04 10:20") == "waiting"
    assert stands(story, "dan")["position"] == 2
    assert asks(story, "taken", "eva", "2027-03-04 11:00") == "taken"


def test_who_declines_an_offer_passes_it_on_at_once() -> None:
    story = full("dan", "eva")
    asks(story, "cancelled", "bo", "2027-03-03 10:00")
    story.passes("2027-03-03 10:05")
    assert asks(story, "cancelled", "dan", "2027-03-03 10:06") == ""
    assert asks(story, "taken", "eva", "2027-03-03 10:07") == "taken"


def test_it_is_somebodys_turn_before_he_has_looked() -> None:
    story = full("dan")
    asks(story, "cancelled", "bo", "2027-03-03 10:00:30")
    assert stands(story, "dan")["status"] == "waiting"
    assert asks(story, "taken", "dan", "2027-03-03 10:00:31") == "taken"
    story.passes("2027-03-31")
    assert stands(story, "dan")["status"] == "taken"


def test_who_leaves_the_line_is_passed_over_when_his_turn_comes() -> None:
    story = full("dan", "eva")
    assert asks(story, "cancelled", "dan") == "left"
    assert asks(story, "cancelled", "dan") == "place.nothing_to_cancel"
    asks(story, "cancelled", "bo", "2027-03-03 10:00")
    story.passes("2027-03-03 10:20")
    assert [stands(story, who)["status"] for who in ("dan", "eva")] == ["", "offered"]


def test_who_comes_back_before_his_turn_is_where_he_was() -> None:
    story = full("dan", "eva")
    asks(story, "cancelled", "dan")
    assert asks(story, "applied", "dan", "2027-03-02 13:00") == "waiting"
    assert stands(story, "dan")["position"] == 1


def test_places_given_back_while_nobody_waits_go_to_who_comes_next() -> None:
    story = full()
    asks(story, "cancelled", "ann")
    assert asks(story, "applied", "dan", "2027-03-03") == "taken"
    assert asks(story, "applied", "ann", "2027-03-03 13:00") == "waiting"


def test_there_are_never_more_holders_than_places() -> None:
    """Forty members apply, cancel, take up and let lapse, in an order that a seed makes."""
    story = Story(PLAN.replace("waiting: 4", "waiting: 30"))
    steps = ("applied", "applied", "cancelled", "taken")
    seen: Counter[str] = Counter()
    for minute in range(360):
        who = f"m{roll(b'k', 'who', minute, 1, '', 40)}"
        step = steps[roll(b"k", "what", minute, 1, "", 4)]
        seen[asks(story, step, who, f"2027-03-{2 + minute // 24:02} {minute % 24:02}:30")] += 1
        statuses = Counter(stands(story, name)["status"] for name in story.replay.world.members)
        assert statuses["taken"] + statuses["offered"] <= 3
    assert min(seen[each] for each in ("taken", "waiting", "left", "")) > 3
    waiting = [stands(story, name)["position"] for name in story.replay.world.members]
    assert story.books_balance()
    assert any(waiting)


def lottery(applicants: int, text: str = PLAN) -> Story:
    """So many of the most active have applied for the two places of the beta test."""
    story = Story(text)
    for n in range(applicants):
        story.happens("segment.entered", f"m{n}", "2027-03-01", segment="most-active")
        assert asks(story, "applied", f"m{n}", NOON, "beta") == "applied"
    return story


def test_as_many_are_drawn_as_there_are_places_and_the_others_wait_in_an_order_of_chance() -> None:
    story = lottery(20)
    story.passes("2027-03-05 20:00:59")
    assert {stands(story, f"m{n}", "beta")["status"] for n in range(20)} == {"applied"}
    story.passes("2027-03-05 20:01:02")
    shown = [stands(story, f"m{n}", "beta") for n in range(20)]
    assert Counter(each["status"] for each in shown) == {"offered": 2, "waiting": 18}
    assert sorted(each["place"] for each in shown if each["place"]) == [1, 2]
    waiting = [each["position"] for each in shown if each["position"]]
    assert sorted(waiting) == list(range(1, 19))
    assert waiting != sorted(waiting)
    assert asks(story, "applied", "m0", "2027-03-06", "beta") in ("place.in_line", "place.have_one")
    story.happens("segment.entered", "late", "2027-03-06", segment="most-active")
    assert asks(story, "applied", "late", "2027-03-06", "beta") == "place.closed"
    assert story.books_balance()


def test_the_lottery_can_be_checked_from_its_rolls() -> None:
    story = lottery(20)
    story.passes("2027-03-05 20:02")
    key = story.replay.program.epochs[f"{CAMPAIGN}/beta"][0].key
    draws = [made.note for made in story.timers if "roll" in made.note]
    places = 2
    for left, note in zip(range(20, 0, -1), draws, strict=True):
        assert (note["left"], note["places"]) == (left, places)
        places -= note["roll"] < places
    assert places == 0
    members = story.replay.world.members
    rolls = {(note["left"], note["roll"]) for note in draws}
    made = {
        (left, roll(key, f"{CAMPAIGN}/beta", member.number, 1, "", left))
        for left, member in zip(range(20, 0, -1), members.values(), strict=True)
    }
    assert rolls == made


def test_every_applicant_has_the_same_chance() -> None:
    """Chi-square over 150 lotteries of eight for two places; above 24.32 with seven degrees of freedom in one run of a
    thousand, and these seeds are fixed: each lottery is a campaign of its own name."""
    won: Counter[str] = Counter()
    for number in range(150):
        text = PLAN.replace("campaign: early-access", f"campaign: early-access-{number}")
        story = Story(text)
        for n in range(8):
            story.happens("segment.entered", f"m{n}", "2027-03-01", segment="most-active")
            story.happens("place.applied", f"m{n}", NOON, campaign=f"early-access-{number}", mechanic="beta")
        story.passes("2027-03-05 20:02")
        won.update(n for n in (f"m{n}" for n in range(8)) if stands(story, n, "beta")["status"] == "offered")
    assert sum(won.values()) == 300
    assert sum((won[f"m{n}"] - 37.5) ** 2 / 37.5 for n in range(8)) < 24.32


def test_who_withdraws_before_the_lottery_takes_nobodys_chance() -> None:
    story = lottery(3)
    assert asks(story, "cancelled", "m1", "2027-03-03", "beta") == ""
    story.passes("2027-03-05 20:02")
    assert [stands(story, f"m{n}", "beta")["status"] for n in range(3)] == ["offered", "", "offered"]


def test_nobody_withdraws_while_the_places_are_drawn() -> None:
    story = lottery(3)
    assert asks(story, "cancelled", "m1", "2027-03-05 20:00:30", "beta") == "place.being_drawn"


def test_the_badge_comes_with_taking_up_and_the_place_is_then_for_good() -> None:
    story = lottery(3)
    story.passes("2027-03-05 20:02")
    winner = next(f"m{n}" for n in range(3) if stands(story, f"m{n}", "beta")["status"] == "offered")
    assert story.items(winner) == {}
    assert asks(story, "taken", winner, "2027-03-06", "beta") == "taken"
    assert story.items(winner) == {"tester": 1}
    assert asks(story, "cancelled", winner, "2027-03-06 13:00", "beta") == "place.for_good"


def test_a_winner_who_does_not_come_leaves_his_place_to_the_first_in_line() -> None:
    story = lottery(3)
    story.passes("2027-03-07 20:10")
    assert sum(stands(story, f"m{n}", "beta")["status"] == "offered" for n in range(3)) == 1


def test_without_a_waiting_list_who_is_not_drawn_has_lost() -> None:
    story = lottery(5, PLAN.replace("places: 2", "places: 2\n    waiting: 0"))
    story.passes("2027-03-05 20:02")
    assert Counter(stands(story, f"m{n}", "beta")["status"] for n in range(5)) == {"offered": 2, "lost": 3}


def test_a_lottery_waits_for_its_seed() -> None:
    story = lottery(3)
    program = story.replay.program
    epochs, program.epochs = program.epochs, {}
    story.passes("2027-03-05 21:30")
    assert {stands(story, f"m{n}", "beta")["status"] for n in range(3)} == {"applied"}
    program.epochs = epochs
    story.passes("2027-03-05 22:02")
    assert sum(stands(story, f"m{n}", "beta")["status"] == "offered" for n in range(3)) == 2


@pytest.mark.parametrize("step", ["applied", "taken", "cancelled"])
def test_a_step_that_is_refused_changes_nothing(step: str) -> None:
    story = full("m3", "m4", "m5", "m6")
    asks(story, "cancelled", "nobody")
    before = dict(story.replay.world.shared.deltas)
    outcome = story.send(f"place.{step}", "nobody", NOON, campaign=CAMPAIGN, mechanic="meeting")
    assert outcome.status == "refused"
    assert dict(story.replay.world.shared.deltas) == before
