"""Rewards that differ by member: packs that match, and an experiment over two mechanics."""

from collections import Counter

from tests.docs.pages import blocks
from tests.scenarios.story import SPRING, Story

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


def test_who_saw_his_arm_as_a_visitor_stays_in_it_when_he_registers() -> None:
    story = Story(f"""{SPRING}
experiments: {{size: {{arms: {{usual: 1, large: 1}}}}}}
rewards: {{by-arm: [{{experiment: size, arms: {{usual: [{{points: 1}}], large: [{{points: 10}}]}}}}]}}
mechanics:
  look: {{kind: gift, who: everyone, on: content.liked, give: by-arm}}
  poster: {{kind: gift, on: content.published, give: by-arm}}
""")
    split = story.replay.program.campaigns["spring"].experiments["size"].split
    moved = [number for number in range(20) if split.arm(f"visitor:{number}") != split.arm(f"m{number}")]
    assert moved
    for number in range(20):
        visitor, who = f"visitor:{number}", f"m{number}"
        seen = story.happens("content.liked", visitor, "2027-03-02", content="c")["look"].variants
        assert seen == {"size": split.arm(visitor)}
        story.happens("member.registered", who, "2027-03-03", visitors=[visitor])
        for type, mechanic in (("content.published", "poster"), ("content.liked", "look")):
            assert story.happens(type, who, "2027-03-04", content="c")[mechanic].variants == seen
    direct = story.happens("content.published", "m30", "2027-03-04", content="c")["poster"].variants
    assert direct == {"size": split.arm("m30")}
    other = next(f"visitor:{n}" for n in range(40, 80) if split.arm(f"visitor:{n}") != split.arm("m30"))
    story.happens("content.liked", other, "2027-03-05", content="c")
    story.happens("visitor.joined", "m30", "2027-03-06", visitors=[other])
    again = story.happens("content.liked", "m30", "2027-03-07", content="c")["look"].variants
    assert again == direct, "what he saw as a member stands before what he saw as a visitor"
    assert story.books_balance()


EVERYWHERE = """
festoon: 1
campaign: everywhere
title: Everywhere
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31}
attributes: {kids: int}
coupons: {off: {value: 5, stock: 9}}
experiments: {size: {arms: {usual: 1, large: 1}}}
rewards:
  by-arm: [{experiment: size, arms: {usual: [{points: 1}], large: [{points: 10}]}}]
  by-kids: [{first: [{when: member.kids > 0, give: {points: 100}}], else: [{coupon: off}]}]
mechanics:
  daily: {kind: check_in, daily: by-arm, ladder: {2: by-kids}, cumulative: {3: by-arm}}
  posts: {kind: task, on: content.published, count: 1, repeat: {times: 9}, give: by-arm}
  orders: {kind: task, on: order.paid, count: 1, give: by-kids}
  both: {kind: task_set, tasks: [posts, orders], give: by-arm}
  shop: {kind: exchange, price: {amount: 1}, give: by-kids}
  wheel:
    kind: draw
    chances: {free: {per: day, count: 1}}
    prizes: [{id: points, weight: 1, give: by-arm}]
"""


def test_whatever_gives_can_give_by_arm_and_by_case() -> None:
    story = Story(EVERYWHERE)
    for who, kids in (("ann", 1), ("bob", 0)):
        story.send("member.imported", who, "2027-03-01", attributes={"kids": kids})
        for day in (2, 3, 4):
            story.happens("check_in.made", who, f"2027-03-0{day}")
        story.happens("content.published", who, "2027-03-05", content="c")
        story.happens("order.paid", who, "2027-03-05", amount=100)
        for name, type in (("shop", "exchange.made"), ("wheel", "draw.played")):
            made = story.send(type, who, "2027-03-06", campaign="everywhere", mechanic=name)
            assert made.status == "accepted", made.refused
    each = {who: _unit(story, who) for who in ("ann", "bob")}
    # Three days, three in all, a post, the set and a draw by arm; two in a row, an order and the shop by case.
    assert story.points("ann") == 7 * each["ann"] + 3 * 100 - 1
    assert story.points("bob") == 7 * each["bob"] - 1
    assert story.items("bob") == {"off": 3}
    assert story.books_balance()


def _unit(story: Story, who: str) -> int:
    """What the member's arm gives."""
    split = story.replay.program.campaigns["everywhere"].experiments["size"].split
    return {"usual": 1, "large": 10}[split.arm(who)]
