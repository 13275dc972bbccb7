"""Figures and segments come out the same from the facts as event by event: live refreshes and back-tests agree."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import count, product
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from festoon.audience.behaviour import When, away_column, behaviour
from festoon.audience.membership import Audience
from festoon.audience.population import MEMBERS, listed
from festoon.base.events import Event
from festoon.base.times import local_day
from festoon.engine.behaviour import Behaviour
from festoon.engine.replay import Replay, program_in_memory
from festoon.engine.segmenting import Segmenting
from festoon.outbox.schemas import EVENTS
from festoon.plan.behaviour import EVER, FIGURES, Over, taken
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan

PLAN = """
festoon: 1
campaign: spring
title: Spring
timezone: America/New_York
schedule: {start: 2027-03-10, end: 2027-03-31}
budget: {currency: USD}
attributes: {kids: int, since: date}
segments:
  vip: {title: V, list: uploaded, order: {by: spend}}
  buyers:
    title: B
    when: member.spend >= 100 and member.days_since_order < 9 and not (member.kids > 1)
    over: 12 days
  settled: {title: S, when: "member.days_since('registered') > 3 or member.days_since('since') > 10"}
  new: {title: N, when: "member.registered_in(campaign) and member.registered > '2027-03-11T12:00-05:00'"}
  tiers: {title: T, split: {by: active_days, over: 10 days, parts: {top: 20%, middle: 45%}, rest: low}}
  lots:
    title: L
    split: {by: interactions, over: ever, parts: {l1: 30%, l2: 30%}, of: everyone, ties: drawn}
    when: not member.segment('top')
  level: {title: E, split: {by: spend, over: campaign, parts: {e1: 25%, e2: 25%}, rest: e3, ties: together}}
  worth: {title: W, split: {by: spend, over: ever, cuts: {gold: 4, silver: 1}, rest: bronze}}
  told: {title: D, when: member.consents.sms}
  refused: {title: R, when: present(member.consents.sms) and not member.consents.sms and present(member.consents)}
  away: {title: A, absent: 3 days, order: {list: vip, by: orders, over: 20 days}}
  logged-out: {title: O, absent: {days: 5, without: member.logged_in}, when: member.orders >= 1}
mechanics:
  one: {kind: gift, on: member.registered, give: [{points: 1}]}
"""
CAMPAIGN = compile_plan(read_plan(PLAN))
AT = datetime(2027, 3, 22, 13, 30, tzinfo=UTC)
TYPES = [
    *sorted({type_ for figure in FIGURES.values() for type_ in figure.every}),
    "member.profile_changed",
    "content.favourited",
]
QUICK = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
"""Each history is a database of its own, so a failing one is shown as it is and not made smaller."""
NAMES = ("ann", "ben", "cat", "dan", "eve", "fay", "gus")
LISTED = {"vip": ("eve", "nobody", "ann", "eve")}


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events of a month around a change of clocks, in their order; some members register, all do things."""
    events: list[Event] = []
    ids = count(1)
    hours = st.integers(0, 30 * 24 * 4).map(lambda quarters: AT - timedelta(minutes=15 * quarters + 1))

    def happens(type_: str, who: str, data: dict[str, Any]) -> None:
        events.append(Event("shop", str(next(ids)), type_, who, draw(hours), data))

    for who in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        attributes = draw(st.sampled_from([{}, {"kids": 2}, {"kids": "two"}, {"since": "2027-03-10"}]))
        consents = draw(st.sampled_from([{}, {"consents": {"sms": True}}, {"consents": {"sms": False}}]))
        happens("member.registered", who, {"attributes": attributes, **consents})
    for _ in range(draw(st.integers(0, 80))):
        type_ = draw(st.sampled_from(TYPES))
        money = {
            "amount": draw(st.sampled_from([0, 50, 100, 150, 400])),
            "currency": draw(st.sampled_from(["USD", "USD", "CNY"])),
        }
        is_money = type_ in ("order.paid", "order.refunded", "topup.succeeded")
        happens(type_, draw(st.sampled_from(NAMES)), money if is_money else {})
    return sorted(events, key=lambda event: event.time)


def facts(replay: Replay, decided: list[tuple[Event, str]]) -> ibis.Table:
    """The events as the relay would have written them."""
    rows = [
        {
            "seq": seq, "member": replay.world.members[event.subject].number, "source": event.source, "id": event.id,
            "type": event.type, "time": event.time, "now": event.time, "status": status,
            "data": json.dumps(event.data),
        }
        for seq, (event, status) in enumerate(decided, 1)
    ]  # fmt: skip
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET TimeZone = 'UTC'")
    backend.con.register("events", pa.Table.from_pylist(rows, EVENTS))
    return backend.table("events")


def day_of(at: datetime | None) -> date | None:
    return None if at is None else local_day(at, CAMPAIGN.zone)


def replayed(history: list[Event]) -> tuple[Replay, Segmenting, list[tuple[Event, str]]]:
    replay = Replay(program_in_memory([CAMPAIGN]))
    segmenting = Segmenting.of(replay, LISTED)
    assert segmenting is not None
    decided = []
    for event, _, outcome in replay.run(history):
        segmenting.note(event, outcome)
        decided.append((event, outcome.outcome.status))
    return replay, segmenting, decided


@settings(QUICK, max_examples=6)
@given(history=histories())
def test_a_figure_is_the_same_from_the_facts_and_event_by_event(history: list[Event]) -> None:
    replay, _, decided = replayed(history)
    figures = {taken(name, over) for name, over in product(FIGURES, (EVER, Over(9), Over(campaign=True)))}
    away: set[tuple[str, ...]] = {(), ("member.logged_in", "order.paid")}
    start, zone = CAMPAIGN.schedule.start, CAMPAIGN.zone
    kept = Behaviour(figures, away, zone, start, "USD")
    for event, status in decided:
        kept.add(event, status)
    rows = (
        behaviour(facts(replay, decided), figures, away, When(AT, zone, start, "USD"))
        .to_pyarrow()
        .to_pylist()
    )
    subjects = {member.number: subject for subject, member in replay.world.members.items()}
    for row in rows:
        who = subjects[row["member"]]
        assert {each.column: row[each.column] for each in figures} == {
            each.column: kept.value(who, each, AT) for each in figures
        }
        assert {types: day_of(row[away_column(types)]) for types in away} == {
            types: kept.last(who, types) for types in away
        }
    silent = replay.world.members.keys() - {subjects[row["member"]] for row in rows}
    assert all(not kept.value(who, each, AT) for who in silent for each in figures)


@settings(QUICK, max_examples=5)
@given(history=histories())
def test_a_segment_is_the_same_in_a_refresh_and_in_a_back_test(history: list[Event]) -> None:
    replay, segmenting, decided = replayed(history)
    world = replay.world
    events = facts(replay, decided)
    backend = events.get_backend()
    members = [
        {"member": each.number, "registered": each.registered, "profile": json.dumps(each.profile)}
        for each in world.members.values()
    ]
    backend.con.register("people", pa.Table.from_pylist(members, MEMBERS))
    on_list = reversed(list(enumerate(LISTED["vip"], 1)))
    places = {world.members[who].number: place for place, who in on_list if who in world.members}
    backend.con.register("vip", listed(places))
    when = When(AT, CAMPAIGN.zone, CAMPAIGN.schedule.start, "USD")
    audience = Audience(
        CAMPAIGN, CAMPAIGN.segments, backend.table("people"), events, {"vip": backend.table("vip")}, when
    )
    subjects = {member.number: subject for subject, member in world.members.items()}
    from_facts = []
    for segment in CAMPAIGN.segments:
        found = audience.find(segment)
        changes = audience.changes(found).to_pylist()
        from_facts += [(row["segment"], subjects[row["member"]], row["entered"]) for row in changes]
        assert sum(found.members.values()) + sum(found.left_out.values()) <= found.counted
        if segment.cuts is not None:
            assert sum(found.members.values()) + sum(found.left_out.values()) == found.counted
    in_memory = []
    for event, _, _ in replay.run(segmenting.refresh_at(AT)):
        if event.source == "festoon/segments":
            in_memory.append((event.data["segment"], event.subject, event.type == "segment.entered"))
    assert in_memory == from_facts
