"""How many can wait for a place at a time, whoever has left the line: numbers are kept, room is not."""

from collections import Counter
from collections.abc import Iterable

import pytest

from festoon.mechanics.fairness import roll
from festoon.mechanics.place import Place, PlaceState
from festoon.mechanics.place_line import SLIPS
from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code

PLAN = plan("place")
NOON = "2027-03-02"


def asks(story: Story, step: str, who: str, at: str = NOON, of: str = "meeting") -> str:
    made = story.happens(f"place.{step}", who, at, campaign="early-access", mechanic=of)[of]
    return code(made) or str(made.note["status"])


def state(story: Story, who: str, of: str = "meeting") -> PlaceState:
    progress = story.replay.world.members[who].progress_of(f"early-access/{of}")
    return PlaceState() if progress is None or progress.state is None else progress.state


def full(*others: str) -> Story:
    """Three places are taken; the others wait in this order."""
    story = Story(PLAN)
    for who in ("ann", "bo", "cai", *others):
        asks(story, "applied", who)
    return story


def test_a_line_of_people_who_have_all_left_has_room_for_everybody() -> None:
    story = full(*"defg")
    for who in "defg":
        assert asks(story, "cancelled", who) == "left"
    assert [asks(story, "applied", who) for who in "hijkl"] == ["waiting"] * 4 + ["place.full"]
    assert asks(story, "cancelled", "bo", "2027-03-03 08:00") == ""
    story.passes("2027-03-03 13:00")
    assert state(story, "h").status == "offered"
    assert [asks(story, "applied", who, "2027-03-03 13:00") for who in "lm"] == ["waiting", "place.full"]
    assert story.books_balance()


def test_who_comes_back_into_a_full_line_is_refused_and_keeps_his_number() -> None:
    story = full(*"defg")
    asks(story, "cancelled", "d")
    assert asks(story, "applied", "h") == "waiting"
    assert asks(story, "applied", "d") == "place.full"
    assert asks(story, "cancelled", "h") == "left"
    assert asks(story, "applied", "d") == "waiting"
    assert (state(story, "d").number, asks(story, "applied", "h")) == (4, "place.full")


def test_who_comes_back_when_it_is_his_turn_needs_no_room_in_line() -> None:
    story = full(*"defg")
    asks(story, "cancelled", "d", "2027-03-03 10:00:01")
    asks(story, "applied", "h", "2027-03-03 10:00:02")
    asks(story, "cancelled", "bo", "2027-03-03 10:00:03")
    assert asks(story, "applied", "d", "2027-03-03 10:00:04") == "offered"


def test_of_two_who_waited_and_are_one_by_now_one_waits() -> None:
    story = full(*"defg")
    story.happens("member.merged", "d", NOON, member="e", reason="one phone")
    assert [asks(story, "applied", who) for who in "hi"] == ["waiting", "place.full"]
    asks(story, "cancelled", "d")
    assert [asks(story, "applied", who) for who in "ij"] == ["waiting", "place.full"]


def test_behind_a_lottery_as_many_wait_as_can_and_who_left_comes_back_to_where_he_was() -> None:
    text = PLAN.replace("places: 2", "places: 2\n    waiting: 2").replace(
        '    when: member.segment("most-active")\n', ""
    )
    story = Story(text)
    for who in "abcdef":
        asks(story, "applied", who, of="beta")
    story.passes("2027-03-05 20:02")
    standing = {who: state(story, who, "beta").status for who in "abcdef"}
    assert sorted(standing.values()) == ["lost"] * 2 + ["offered"] * 2 + ["waiting"] * 2
    one = next(who for who, status in standing.items() if status == "waiting")
    number = state(story, one, "beta").number
    steps = [asks(story, step, one, "2027-03-05 20:03", "beta") for step in ("cancelled", "applied")]
    assert (steps, state(story, one, "beta").number) == (["left", "waiting"], number)


def really_waiting(story: Story, people: Iterable[str]) -> int:
    """Who would wait if everybody whose turn it is had looked by now, out of nothing but their numbers."""
    mechanic = story.replay.program.by_key["early-access/meeting"].mechanic
    assert isinstance(mechanic, Place)
    states = [state(story, who) for who in people]
    left = [each.number for each in states if each.status == "left"]
    left += [number for each in states for number in each.passing]
    given_back = SLIPS - story.replay.world.shared.balances[mechanic.line.freed.account]
    called = first = 3 + given_back
    while called < first + sum(number <= called for number in left):
        called += 1
    return sum(each.status == "waiting" and each.number > called for each in states)


@pytest.mark.parametrize("seed", range(4))
def test_a_line_is_full_when_so_many_wait_and_not_before(seed: int) -> None:
    """Twenty members apply, leave, take up and let lapse, and some turn out to be one, as a seed makes it."""
    story, people = Story(PLAN), [f"m{number}" for number in range(20)]
    for who in people:
        story.happens("member.imported", who, "2027-03-01 00:00")
    steps = ("applied", "applied", "applied", "cancelled", "cancelled", "taken")
    seen: Counter[str] = Counter()
    for minute in range(400):
        at = f"2027-03-{2 + minute // 96:02} {minute // 4 % 24:02}:{minute % 4 * 15:02}"
        chance = [
            roll(b"k", "", seed, minute, label, bound) for label, bound in (("a", 19), ("b", 6), ("c", 60))
        ]
        who = people[chance[0] % len(people)]
        if chance[2] == 0 and len(people) > 12:
            if (other := people[-1]) != who:
                people.pop()
                story.happens("member.merged", who, at, member=other, reason="one phone")
            continue
        story.passes(at)
        before = really_waiting(story, people)
        status = asks(story, steps[chance[1]], who, at)
        seen[status] += 1
        assert really_waiting(story, people) <= 4
        if status == "place.full":
            assert before == 4
    assert min(seen[each] for each in ("taken", "waiting", "left", "", "place.full")) > 3
    assert story.books_balance()
