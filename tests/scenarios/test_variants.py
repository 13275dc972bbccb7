"""Rewards that differ by member: packs that match, and an experiment over two mechanics."""

from collections import Counter

from tests.docs.pages import blocks
from tests.scenarios.story import Story

(PAGE,) = (
    block.text for block in blocks("docs/how-to/run-an-experiment.md", "yaml") if "festoon:" in block.text
)
MEMBERS = [f"m{number}" for number in range(400)]


def arms(story: Story, mechanic: str, type: str, at: str) -> dict[str, str]:
    found = {}
    for who in MEMBERS:
        made = story.happens(type, who, at)
        if mechanic in made:
            found[who] = made[mechanic].variants["welcome-size"]
    return found


def test_parents_get_the_parenting_pack_and_the_others_the_reading_pack() -> None:
    story = Story(PAGE)
    packs = {}
    for who, kids, region in (("ann", 2, "north"), ("bob", 0, "south"), ("cai", None, "north")):
        told = {} if kids is None else {"attributes": {"kids": kids}}
        story.send("member.imported", who, "2027-03-01", region=region, **told)
        story.happens("content.published", who, "2027-03-02", content="c")
        packs[who] = set(story.items(who)) - {"ten-off"}
    assert packs == {"ann": {"parenting"}, "bob": {"reading"}, "cai": {"reading"}}


def test_a_member_is_in_one_arm_in_every_mechanic_and_the_outcome_says_which() -> None:
    story = Story(PAGE)
    first = arms(story, "welcome", "member.registered", "2027-03-02")
    second = arms(story, "back", "member.logged_in", "2027-03-03")
    assert first == second
    counted = Counter(first.values())
    assert set(counted) == {"usual", "large", "none"}
    assert 140 < counted["usual"] < 220
    held_out = [who for who in MEMBERS if who not in first]
    assert 20 < len(held_out) < 65, "who is held out is in no arm"


def test_an_arm_that_gives_nothing_counts_like_the_others() -> None:
    story = Story(PAGE)
    seen = arms(story, "welcome", "member.registered", "2027-03-02")
    nobody = next(who for who in MEMBERS if seen.get(who) == "none")
    some = next(who for who in MEMBERS if seen.get(who) == "large")
    assert (story.points(nobody), story.points(some)) == (0, 300)
    again = [story.happens("member.registered", who, "2027-03-04")["welcome"] for who in (nobody, some)]
    assert [made.refused.code if made.refused else "" for made in again] == ["limit.per_member"] * 2
    assert story.books_balance()
