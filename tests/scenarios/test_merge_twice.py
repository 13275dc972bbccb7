"""Two accounts of one person: what a person is given once and both have had is named, thing by thing."""

from typing import Any

from tests.scenarios.story import SPRING, Story

PLAN = (
    SPRING
    + """assets: {points: {cost: 0.01, line: prizes}, growth: {}}
attributes: {birthday: date}
badges: {fan: {}}
mechanics:
  check-in: {kind: check_in, each: campaign, ladder: {2: {badge: fan}, 3: {points: 5}}, cumulative: {2: {points: 1}}}
  days: {kind: check_in, ladder: {2: {points: 3}}}
  post: {kind: task, on: content.published, give: [{badge: fan}]}
  posts: {kind: task, on: content.published, repeat: {times: 5}, give: [{points: 1}]}
  orders: {kind: task, on: order.paid, give: [{points: 1}]}
  all: {kind: task_set, tasks: [post, orders], give: {points: 2}}
  views: {kind: gift, on: page.viewed, give: {growth: 10}}
  level:
    kind: level
    on: [page.viewed]
    levels: [{id: one, growth: 0}, {id: two, growth: 10, entry: {points: 9}, birthday: {points: 1}}]
  friends:
    kind: referral
    actions: [page.viewed]
    invitee: {points: 20}
    inviter: {points: 1}
    tiers: {1: {badge: fan}}
  lucky:
    kind: draw
    chances: {free: {per: day, count: 1}}
    prizes: [{id: some, weight: 1, per_member: 1, stock: 9, give: {points: 3}}]
    sold_out: nothing
  seat: {kind: place, places: 5, give: {badge: fan}}
  packets: {kind: red_packet, pool: {amount: 100}, packets: 10, split: equal}
"""
)
PEOPLE = ("ann", "bea")


def story() -> Story:
    told = Story(PLAN)
    for who in (*PEOPLE, "cho", "dot"):
        told.happens("member.imported", who, "2027-03-01 00:00", attributes={"birthday": "2000-03-06"})
    return told


def named(told: Story) -> dict[str, Any]:
    outcome = told.send("member.merged", "ann", "2027-03-20", member="bea", reason="one phone")
    note = outcome.mechanics[0].note
    assert note.get("over_limit", []) == list(note.get("twice", {}))
    return {key.partition("/")[2]: what for key, what in note.get("twice", {}).items()}


def each(told: Story, type: str, *days: str, **data: Any) -> None:
    for day in days:
        for who in PEOPLE:
            told.happens(type, who, f"2027-03-{day}", **data)


def test_who_have_done_nothing_have_had_nothing_twice() -> None:
    assert named(story()) == {}


def test_rungs_that_are_climbed_once_and_days_in_total() -> None:
    told = story()
    each(told, "check_in.made", "02", "03")
    told.happens("check_in.made", "ann", "2027-03-04")
    assert named(told) == {"check-in": ["rung:2", "days:2"]}


def test_tasks_sets_of_them_and_their_rounds() -> None:
    told = story()
    each(told, "content.published", "02", content="c")
    each(told, "order.paid", "02", order="o", amount=1)
    assert named(told) == {"post": ["times:2"], "orders": ["times:2"], "all": ["times:2"]}


def test_packs_of_a_level_and_of_a_birthday() -> None:
    told = story()
    each(told, "page.viewed", "02")
    told.passes("2027-03-07")
    assert named(told) == {"level": ["entry:two", "birthday:2027"]}


def test_both_sides_of_invitations() -> None:
    told = story()
    told.happens("invite.accepted", "ann", "2027-03-02", inviter="cho")
    told.happens("invite.accepted", "bea", "2027-03-02", inviter="dot")
    each(told, "page.viewed", "03")
    assert named(told)["friends"] == ["invited"]
    told = story()
    told.happens("invite.accepted", "cho", "2027-03-02", inviter="ann")
    told.happens("invite.accepted", "dot", "2027-03-02", inviter="bea")
    for who in ("cho", "dot"):
        told.happens("page.viewed", who, "2027-03-03")
    assert named(told) == {"friends": ["tier:1"]}


def test_prizes_places_and_packets() -> None:
    told = story()
    for type, mechanic in (
        ("draw.played", "lucky"),
        ("place.applied", "seat"),
        ("red_packet.claimed", "packets"),
    ):
        each(told, type, "02", campaign="spring", mechanic=mechanic)
    assert named(told) == {"lucky": ["prize:some"], "seat": ["place"], "packets": ["packets:2"]}
    again = (
        told.send("member.merged", "ann", "2027-03-21", member="cho", reason="one phone").mechanics[0].note
    )
    assert "twice" not in again, "who comes third has had nothing"
