"""B9: segments computed from the facts by a plan, against the same figures in SQL written by hand for DuckDB."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.rounds import Check, Findings, Ratio, Tell, in_turns
from festoon.audience.computing import Inputs, compute
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan

AT = datetime(2027, 2, 10, 4, tzinfo=UTC)
GOAL = 1.5
A_FILE = 2_000_000
"""Events in one file of facts."""
PLAN = """
festoon: 1
campaign: spring
title: Spring
timezone: Asia/Shanghai
schedule: {start: 2027-02-01, end: 2027-02-28}
segments:
  best:
    title: RFM
    when: member.days_since_order <= 30 and member.orders >= 2 and member.spend >= 30000
    over: 365 days
  spending: {title: Spending, split: {by: spend, over: 30 days, parts: {top: 20%}, rest: others}}
  dormant: {title: Dormant, absent: 3 days}
"""
Sizes = dict[str, int]

_EVENTS = """
COPY (
    SELECT i AS seq, 1 + (hash(i) % {members})::bigint AS member, 'shop' AS source, i::varchar AS id,
           CASE WHEN kind < 6 THEN 'order.paid' WHEN kind < 7 THEN 'order.refunded'
                WHEN kind < 40 THEN 'member.logged_in' WHEN kind < 55 THEN 'content.published'
                WHEN kind < 98 THEN 'content.liked' ELSE 'reward.granted' END AS type,
           moment AS time, moment AS now, 'accepted' AS status,
           CASE WHEN kind < 7 THEN '{{"order":"o' || i || '","amount":' || (100 + hash(i + 2) % 20000) ||
                                   ',"currency":"CNY","lines":[]}}'
                ELSE '{{"content":"c' || i || '","topic":"tea"}}' END AS data
    FROM (SELECT i, hash(i + 1) % 100 AS kind,
                 TIMESTAMPTZ '{at}' - to_seconds((hash(i + 3) % (400 * 86400))::bigint + 1) AS moment
          FROM range({low}, {high}) AS numbers (i)))
TO '{file}' (FORMAT parquet, COMPRESSION zstd)"""

_MEMBERS = """
COPY (SELECT i, TIMESTAMPTZ '{at}' - to_days((400 + hash(i) % 900)::integer),
             CASE WHEN i % 10 = 0 THEN '{{"region":"Shanghai","segments":["spring/top"]}}'
                  ELSE '{{"region":"Suzhou"}}' END
      FROM range(1, {members} + 1) AS numbers (i))
TO '{file}' (FORMAT csv, HEADER false)"""

_BY_HAND = """
SET TimeZone = 'UTC';
CREATE TEMP TABLE did AS
SELECT member,
       count(*) FILTER (WHERE type = 'order.paid' AND time >= TIMESTAMPTZ '2026-02-09 16:00Z') AS orders,
       max(time) FILTER (WHERE type = 'order.paid') AS last_order,
       sum(CASE WHEN type IN ('order.paid', 'order.refunded') AND time >= TIMESTAMPTZ '2026-02-09 16:00Z'
                     AND data ->> '$.currency' = 'CNY'
                THEN (data ->> '$.amount')::bigint * CASE type WHEN 'order.paid' THEN 1 ELSE -1 END END) AS year,
       sum(CASE WHEN type IN ('order.paid', 'order.refunded') AND time >= TIMESTAMPTZ '2027-01-10 16:00Z'
                     AND data ->> '$.currency' = 'CNY'
                THEN (data ->> '$.amount')::bigint * CASE type WHEN 'order.paid' THEN 1 ELSE -1 END END) AS month,
       max(time) FILTER (WHERE type NOT IN ('order.refunded', 'reward.granted')) AS last
FROM read_parquet('{facts}/events/*.parquet')
WHERE time < TIMESTAMPTZ '{at}' AND status = 'accepted' AND type NOT IN ('reward.granted') GROUP BY member;
CREATE TEMP TABLE people AS
SELECT column0 AS member, column1 AS registered, orders, last_order, coalesce(year, 0) AS year,
       coalesce(month, 0) AS month, last
FROM read_csv('{members}', header = false, columns =
              {{'column0': 'BIGINT', 'column1': 'TIMESTAMPTZ', 'column2': 'VARCHAR'}})
LEFT JOIN did ON member = column0;
CREATE TEMP TABLE best AS SELECT member FROM people
WHERE date_diff('day', (last_order + INTERVAL 8 HOUR)::date, DATE '2027-02-10') <= 30 AND orders >= 2 AND year >= 30000;
CREATE TEMP TABLE spending AS
SELECT member, row_number() OVER (ORDER BY month DESC, member) - 1
               < round((SELECT count(*) FROM people WHERE month > 0) * 0.2) AS top
FROM people WHERE month > 0;
CREATE TEMP TABLE dormant AS SELECT member FROM people
WHERE (coalesce(last, registered) + INTERVAL 8 HOUR)::date < DATE '2027-02-07';
"""


def segments(_: Ground, effort: Effort, tell: Tell) -> Findings:
    """RFM, the top fifth by spending, and who has been away for three days."""
    members, events = effort.segments
    with tempfile.TemporaryDirectory() as room:
        tell(f"writing {events:,} events of {members:,} members")
        inputs = _written(Path(room), members, events)
        found: dict[str, Sizes] = {}
        sides = {
            "Festoon": _timed(lambda: found.update(ours=_ours(inputs))),
            "SQL by hand": _timed(lambda: found.update(theirs=_by_hand(inputs))),
        }
        took = in_turns(effort.rounds, sides, tell)
    work = f"RFM, top 20 %, dormant 3 days: {members:,} members, {events:,} events"
    ratio = Ratio(
        "B9", work, "the same by hand-written DuckDB SQL", "s", took["Festoon"], took["SQL by hand"], GOAL, "at most"
    )  # fmt: skip
    same = Check(
        "B9", "both find the same members", str(found["ours"]), str(found["theirs"]), found["ours"] == found["theirs"]
    )  # fmt: skip
    return Findings([ratio], [same])


def _timed(work: Callable[[], None]) -> Callable[[int], float]:
    def side(_: int) -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return side


def _written(room: Path, members: int, events: int) -> Inputs:
    """Facts as the relay lays them out, and members as they are copied out of the database."""
    (room / "facts" / "events").mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for low in range(0, events, A_FILE):
            high = min(low + A_FILE, events)
            file = room / "facts" / "events" / f"g0000-{low:019}-{high:019}.parquet"
            connection.execute(_EVENTS.format(members=members, low=low, high=high, at=AT, file=file))
        file = room / "members.csv"
        connection.execute(_MEMBERS.format(members=members, at=AT, file=file))
    return Inputs(room / "facts", file, {})


def _ours(inputs: Inputs) -> Sizes:
    """What a refresh computes, the changes against what profiles say included."""
    campaign = compile_plan(read_plan(PLAN))
    found = compute(campaign, campaign.segments, inputs, AT)
    return {name: many for each in found for name, many in each.sizes.members.items() if name != "others"}


def _by_hand(inputs: Inputs) -> Sizes:
    with duckdb.connect() as connection:
        connection.execute(_BY_HAND.format(facts=inputs.facts, members=inputs.members, at=AT))
        counts = {"best": "best", "top": "spending WHERE top", "dormant": "dormant"}
        return {
            name: row[0]
            for name, of in counts.items()
            if (row := connection.execute(f"SELECT count(*) FROM {of}").fetchone())
        }
