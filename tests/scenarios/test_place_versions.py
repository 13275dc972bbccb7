"""More places or fewer in a new version: nobody loses his, and who has one does not wait for one."""

from collections import Counter
from collections.abc import Iterable

import pytest

from festoon.base.events import Event
from festoon.engine.replay import program_in_memory
from festoon.mechanics.fairness import roll
from festoon.mechanics.place import Place, PlaceState
from festoon.mechanics.place_line import SLIPS
from festoon.plan.check import check_plan
from tests.live import HEAD, Platform, event, put_up, refusals
from tests.scenarios.story import SPRING, Story, code

NOON = "2027-03-02"


def plan(places: int, more: str = "waiting: 4, take_up_hours: 24", head: str = SPRING) -> str:
    return f"{head}mechanics: {{meeting: {{kind: place, places: {places}, {more}}}}}\n"


def becomes(story: Story, text: str) -> None:
    """From now on that is the plan."""
    compiled = check_plan(text).compiled
    assert compiled is not None
    epochs, story.replay.program = story.replay.program.epochs, program_in_memory([compiled])
    story.replay.program.epochs = epochs


def asks(story: Story, step: str, who: str, at: str = NOON) -> str:
    made = story.happens(f"place.{step}", who, at, campaign="spring", mechanic="meeting")["meeting"]
    return code(made) or str(made.note["status"])


def state(story: Story, who: str) -> PlaceState:
    progress = story.replay.world.members[who].progress_of("spring/meeting")
    return PlaceState() if progress is None or progress.state is None else progress.state


async def test_holders_beyond_the_places_do_not_wait(database: str) -> None:
    def applies(*whos: str) -> list[Event]:
        return [event("place.applied", who, campaign="spring", mechanic="meeting") for who in whos]

    platform = await Platform.open(database, plan(4, "waiting: 2", HEAD))
    await platform.outcomes(*applies("a", "b", "c", "d"))
    await put_up(database, plan(2, "waiting: 2", HEAD))
    outs = await platform.outcomes(*applies("x", "y", "z"))
    assert refusals(outs) == ["place.full"]
    assert [out.mechanics[0].note["position"] for out in outs[:2]] == [1, 2]
    await put_up(database, plan(5, "waiting: 2", HEAD))
    (out,) = await platform.outcomes(event("place.taken", "x", campaign="spring", mechanic="meeting"))
    assert (out.mechanics[0].note["status"], refusals(await platform.outcomes(*applies("v")))) == (
        "taken",
        [],
    )
    await platform.audit()
    await platform.close()


def test_with_fewer_places_as_many_less_are_passed_on() -> None:
    story = Story(plan(4))
    assert [asks(story, "applied", who) for who in "abcde"] == ["taken"] * 4 + ["waiting"]
    becomes(story, plan(2))
    for hour, who in enumerate("abc", 10):
        assert state(story, "e").status == "waiting"
        asks(story, "cancelled", who, f"2027-03-03 {hour}:00")
        story.passes(f"2027-03-03 {hour}:30")
    assert (state(story, "d").status, state(story, "e").status) == ("taken", "offered")
    assert story.books_balance()


def really_waiting(story: Story, people: Iterable[str]) -> int:
    """Who would wait if everybody whose turn it is had looked by now, out of nothing but their numbers."""
    mechanic = story.replay.program.by_key["spring/meeting"].mechanic
    assert isinstance(mechanic, Place)
    states = [state(story, who) for who in people]
    left = [each.number for each in states if each.status == "left"]
    given_back = SLIPS - story.replay.world.shared.balances[mechanic.line.freed.account]
    called = first = mechanic.params.places + given_back
    while called < first + sum(number <= called for number in left):
        called += 1
    return sum(each.status == "waiting" and each.number > called for each in states)


@pytest.mark.parametrize("seed", range(4))
def test_a_line_is_full_when_so_many_wait_whatever_the_places_have_become(seed: int) -> None:
    """Twenty members apply, leave, take up and let lapse; every night there is another number of places."""
    story, people = Story(plan(3)), [f"m{number}" for number in range(20)]
    for who in people:
        story.happens("member.imported", who, "2027-03-01 00:00")
    steps = ("applied", "applied", "applied", "cancelled", "cancelled", "taken")
    seen: Counter[str] = Counter()
    for turn in range(400):
        day, at = 2 + turn // 40, f"2027-03-{2 + turn // 40:02} {10 + turn % 40 // 4:02}:{turn % 4 * 15:02}"
        if turn % 40 == 0:
            story.passes(f"2027-03-{day:02} 08:00")
            becomes(story, plan((3, 1, 6, 2)[(day + seed) % 4]))
        story.passes(at)
        who = people[roll(b"k", "", seed, turn, "who", len(people))]
        before = really_waiting(story, people)
        status = asks(story, steps[roll(b"k", "", seed, turn, "what", len(steps))], who, at)
        seen[status] += 1
        if status == "place.full":
            assert before == 4
        assert really_waiting(story, people) <= 4
    assert min(seen[each] for each in ("taken", "waiting", "left", "", "place.full")) > 3
    assert story.books_balance()


def test_a_lottery_numbers_its_line_by_the_places_that_it_drew_for() -> None:
    beta = "lottery: 2027-03-05 20:00, take_up_hours: 240"
    story = Story(plan(3, beta))
    for who in "abcdefgh":
        assert asks(story, "applied", who) == "applied"
    story.passes("2027-03-05 20:01:00")
    assert Counter(state(story, who).status for who in "abcdefgh") == {"offered": 3, "drawn": 5}
    becomes(story, plan(1, beta))
    story.passes("2027-03-05 20:02")
    assert sorted(state(story, who).number for who in "abcdefgh") == list(range(1, 9))
    waiting = [who for who in "abcdefgh" if state(story, who).status == "waiting"]
    assert sorted(state(story, who).ahead for who in waiting) == list(range(5))
    becomes(story, plan(5, beta))
    story.passes("2027-03-05 22:02")
    offered = [state(story, who).number for who in "abcdefgh" if state(story, who).status == "offered"]
    assert sorted(offered) == [1, 2, 3, 4, 5]
    assert story.books_balance()
