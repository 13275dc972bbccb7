"""The short ways of running a mechanic come to the same as the whole way, event by event."""

import gc
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import msgspec
import pytest

from festoon.base.collector import still
from festoon.base.events import Event
from festoon.base.times import Lifetime
from festoon.engine.chain import chain_of, course_of
from festoon.engine.outcome import encode, encode_transfers
from festoon.engine.program import Program
from festoon.engine.replay import Replay, program_in_memory
from festoon.ledger.accounts import MEMBER
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from tests.live import HEAD, NOW, event, order

ROOT = Path(__file__).parents[2]
NOBODY_AT_RISK = """
segments: {watched: {title: Watched}}
risk:
  rules: {watched: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
"""
"""Rules about risk that never have anything to say: with them, every mechanic goes the whole way."""
PLAN = """
audience: {holdout: 10%}
assets:
  points: {cost: 0.01, line: prizes, expires: {days: 2}}
  stamps: {}
mechanics:
  always: {kind: gift, on: order.paid, give: [{growth: 2}, {asset: stamps, amount: 1}], limits: {per_day: 2}}
  once: {kind: gift, on: content.published, give: [{growth: 2}], limits: {per_member: 1}}
  few: {kind: gift, on: content.published, give: [{asset: stamps, amount: 3}], limits: {per_week: 9, total: 25}}
  either: {kind: gift, on: content.published, give: [{growth: [1, 9]}]}
  spend: {kind: earn, on: order.paid, per: 100, give: 1, min: 5, max: 120, limits: {per_day: 1, total: 40}}
  rest: {kind: earn, on: order.paid, per: 300, give: 2, rounding: nearest}
  capped: {kind: earn, on: order.paid, asset: growth, per: 100, caps: {growth: {amount: 150, per: day}}}
  large: {kind: multiplier, on: order.paid, asset: points, factor: 1.5, when: event.amount > 10000}
  late: {kind: multiplier, asset: points, factor: 2, when: "event.hour >= 18", applies_to: [rest]}
  three-orders: {kind: task, on: order.paid, count: 3, repeat: {times: 4}, give: [{growth: 7}]}
  days: {kind: task, on: order.paid, count: 5, distinct: day, repeat: {}, give: {growth: 1}, limits: {total: 3}}
  each-day: {kind: task, on: content.published, count: 2, within: {period: day}, give: {points: 3}}
  daily: {kind: check_in, daily: {points: 2}, ladder: {2: {points: 5}, 3: {growth: 3}}}
  after-all: {kind: gift, on: order.paid, when: "member.count('three-orders') >= 2", give: [{growth: 1}]}
"""


def program(plan: str) -> Program:
    return program_in_memory([compile_plan(read_plan(HEAD.replace("prizes: 1000", "prizes: 90") + plan))])


def history(seed: int) -> list[Event]:
    """Thirty members doing some of everything over ten days; some of it comes late."""
    random, made = Random(seed), []
    for number in range(700):
        who, at = f"m{random.randrange(30)}", NOW - timedelta(days=4) + timedelta(minutes=20 * number)
        at -= timedelta(hours=random.choice([0, 0, 0, 30]))
        kind = random.choice(["order", "order", "post", "check_in"])
        if kind == "order":
            made.append(order(who, random.randrange(20_000), f"o{number}", at))
        elif kind == "post":
            made.append(event("content.published", who, f"p{number}", at, content=str(number)))
        else:
            made.append(event("check_in.made", who, f"c{number}", at))
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_ways_come_to_the_same(seed: int) -> None:
    short, whole = Replay(program(PLAN)), Replay(program(PLAN + NOBODY_AT_RISK))
    events, codes = history(seed), set()
    for (one, _, left), (other, _, right) in zip(short.run(events), whole.run(events), strict=True):
        assert one == other
        assert encode(left.outcome) == encode(right.outcome)
        assert encode_transfers(left.transfers) == encode_transfers(right.transfers)
        codes |= {each.refused.code for each in left.outcome.mechanics if each.refused is not None}
    assert codes >= {"limit.per_member", "limit.per_period", "limit.total", "budget.short", "cap.reached"}
    assert short.world.shared.balances.items() <= whole.world.shared.balances.items()
    for subject, member in short.world.members.items():
        twin = whole.world.members[subject]
        assert (member.book.balances, member.book.lots) == (twin.book.balances, twin.book.lots)
        assert msgspec.json.encode(member.changed) == msgspec.json.encode(twin.changed)


WAITING = """
assets: {points: {cost: 0.01, line: prizes, expires: {days: 2}}}
mechanics:
  photos:
    kind: check_in
    daily: {points: 2}
    ladder: {2: {points: 5}, 3: [{growth: 3}, {points: 1}]}
    review: {within_days: 1, overdue: approved}
    limits: {total: 90}
    caps: {}
  late: {kind: multiplier, asset: points, factor: 2, when: "event.hour >= 18"}
"""
FAR_OFF = "caps: {points: {amount: 1000000}}"
"""A cap that nobody reaches: with it, what is set aside is worked out anew for everybody."""


def photos(seed: int) -> list[Event]:
    """Twenty members hand in photos; two of three are looked at after a while."""
    random, made = Random(seed), []
    for number in range(300):
        who, at = f"m{random.randrange(20)}", NOW - timedelta(days=4) + timedelta(minutes=45 * number)
        made.append(event("check_in.made", who, f"c{number}", at, photo=f"p{number}"))
        if verdict := random.choice(["", "proof.approved", "proof.rejected"]):
            at += timedelta(hours=random.randrange(1, 30))
            made.append(event(verdict, who, f"v{number}", at, proof=f"p{number}", reason="dark"))
    return sorted(made, key=lambda one: one.time)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_promised_again_comes_to_what_is_worked_out_anew(seed: int) -> None:
    known, anew = Replay(program(WAITING)), Replay(program(WAITING.replace("caps: {}", FAR_OFF)))
    held, given, codes = 0, 0, set()
    lasts, zone = Lifetime(days=2), ZoneInfo("Asia/Shanghai")
    for (one, now, left), (other, _, right) in zip(
        known.run(photos(seed)), anew.run(photos(seed)), strict=True
    ):
        assert one == other
        assert encode(left.outcome) == encode(right.outcome)
        assert encode_transfers(left.transfers) == encode_transfers(right.transfers)
        for each in left.outcome.mechanics:
            held, given = held + len(each.held), given + len(each.given)
            codes.add("" if each.refused is None else each.refused.code)
        arrived = [move.lot for move in left.transfers if (move.asset, move.credit) == ("points", MEMBER)]
        assert arrived == [lasts.end(now, zone)] * len(arrived)
    assert (held > 100, given > 60, "limit.total" in codes) == (True, True, True)
    assert known.world.shared.balances == anew.world.shared.balances
    for subject, member in known.world.members.items():
        twin = anew.world.members[subject]
        assert (member.book.balances, member.book.lots) == (twin.book.balances, twin.book.lots)


def test_out_of_a_campaigns_time_the_short_way_says_so_too_to_the_instant() -> None:
    short, whole = Replay(program(PLAN)), Replay(program(PLAN))
    for type_ in ("order.paid", "content.published"):
        course_of(whole.program, type_).resting = None
    [campaign] = short.program.campaigns.values()
    schedule, moment = campaign.schedule, timedelta(microseconds=1)
    edges = (schedule.warm_up, schedule.start, schedule.end, schedule.settle)
    times = [edge + step * moment for edge in edges for step in (-1, 0, 1)]
    events = []
    for number, at in enumerate(sorted(set(times))):
        events.append(order("ann", 5_000, f"o{number}", at))
        events.append(event("content.published", "ann", f"p{number}", at, content="1", mechanic="always"))
    said = set()
    for (_, _, left), (_, _, right) in zip(short.run(events), whole.run(events), strict=True):
        assert encode(left.outcome) == encode(right.outcome)
        assert encode_transfers(left.transfers) == encode_transfers(right.transfers)
        said.add((left.outcome.status, *left.outcome.passed_over))
    assert {("accepted",), ("accepted", "phase")} <= said
    assert short.program.courses["order.paid"].resting is not None


def test_the_mechanics_of_a_campaign_stand_together_in_plan_order() -> None:
    first, second = (
        compile_plan(read_plan(HEAD.replace("campaign: spring", f"campaign: {name}") + PLAN))
        for name in ("a", "b")
    )
    both = program_in_memory([first, second])
    parts = chain_of(both.by_type["order.paid"].all)
    assert [part.keys[0] for part in parts] == ["a/always", "b/always"]
    assert [key for part in parts for key in part.keys] == [
        listener.key for listener in both.listeners("order.paid", {})
    ]


def left_behind() -> list[str]:
    """What a run of this process leaves in circles, once the collector works again."""
    replay = Replay(program(PLAN))
    gc.collect()
    with still():
        for _ in replay.run(history(4)):
            pass
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        return [repr(each) for each in gc.garbage if type(each).__module__.startswith("festoon.")]


def test_a_run_leaves_no_circles_for_the_collector_that_stood_still() -> None:
    """In a process of its own: what other tests let go of meanwhile is not this run's."""
    asked = "from tests.engine.test_running import left_behind; print(left_behind())"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
