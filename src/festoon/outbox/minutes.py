"""Counters of the live board: what the relay adds up of every range, once, in the transaction that marks it done.

Nothing of this costs an event anything: the rows are in the relay's hands anyway. Times are when events were taken.

| campaign | what | key | times | amount |
|---|---|---|---|---|
| empty | event | type | events | |
| empty | late | type | events that happened more than five minutes before | |
| its id | took | mechanic | events it gave, took, set aside or noted something for | |
| its id | gave | mechanic | things it gave | |
| its id | rewarded | mechanic | events it gave something for | |
| its id | refused | code and mechanic | events | |
| its id | passed | reason and mechanic | events it passed over | |
| its id | spent | budget line | things that cost something | their cost |
| its id | plays | mechanic, a draw | plays, altogether only | |
| its id | odds | mechanic and prize | plays that rolled it, altogether only | billionths of plays that should have |
| its id | reached | stage | members who came so far for the first time | |

Testers are in none of them but `spent`, which is what the books say too; visitors reach no stage.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import asyncpg
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from festoon.base.visitors import FIRST_NUMBER
from festoon.outbox.odds import odds

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
LATE = timedelta(minutes=5)
EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Where totals stand."""
KEEP_MINUTES = timedelta(days=3)
"""As long as anybody asks for the same hour of yesterday."""
KEEP_QUARTERS = timedelta(days=60)
GRAINS = {"minute": (MINUTE, KEEP_MINUTES), "quarter": (QUARTER, KEEP_QUARTERS), "total": None}
"""How long each stretch of time is, and for how long it is kept. What a range of a whole year holds that is older than
that at its end is not written in the first place."""
CAME, TOOK_PART, REWARDED = 1, 2, 3
"""How far a member is with a campaign."""
LONGEST_KEY = 200
ODDS, PLAYS = "odds", "plays"
TOOK = ("given", "held", "taken", "noted", "assigned")
"""What shows that a mechanic did something for a member."""
OTHERS = ("holdout", "audience", "phase", "paused", "rollout", "visitor")
"""Reasons for passing somebody over who could not have taken part."""

Place = tuple[str, str, datetime, str, str]
"""Campaign, grain, where the stretch of time begins, what, key."""
Came = tuple[datetime, ...]
"""When a member came to each stage, as far as he came."""


class Counts(Struct, frozen=True):
    """What a range adds: times and amounts, and for each campaign how far which member came. `last` is the minute of
    its last event."""

    times: Mapping[Place, tuple[int, int]] = {}
    stages: Mapping[str, Mapping[int, Came]] = {}
    last: datetime = EVER


def count(tables: Mapping[str, pa.Table]) -> Counts:
    """What the facts of a range add to the counters."""
    events, outcomes = _by_minute(tables["events"]), _by_minute(tables["outcomes"])
    if not events.num_rows:
        return Counts()
    last = EVER + pc.max(events["minute"]).as_py() * MINUTE
    ours = outcomes.filter(pc.invert(pc.is_in(outcomes["campaign"], pa.array(["", "festoon"]))))
    plain = _without_tested(ours)
    took, gave = _only(plain, *TOOK), _only(plain, "given")
    paid = _only(ours, "given")
    found: dict[Place, tuple[int, int]] = {}
    late = pc.greater(pc.subtract(events["now"], events["time"]), pa.scalar(LATE, pa.duration("us")))
    _add(found, last, "event", events, "type")
    _add(found, last, "late", events.filter(late), "type")
    _add(found, last, "took", _events_of(took), "mechanic")
    _add(found, last, "gave", gave, "mechanic")
    _add(found, last, "rewarded", _events_of(gave), "mechanic")
    _add(found, last, "refused", _only(plain, "refused"), "code", "mechanic")
    _add(found, last, "passed", _only(plain, "passed_over"), "code", "mechanic")
    _add(found, last, "spent", paid.filter(pc.not_equal(paid["line"], "")), "line")
    tested = _only(ours, "tested")
    marked = zip(tested["seq"].to_pylist(), tested["campaign"].to_pylist(), strict=True)
    for (campaign, mechanic, prize), counted in odds(ours, marked).items():
        what, key = (ODDS, f"{mechanic} {prize}") if prize else (PLAYS, mechanic)
        found[campaign, "total", EVER, what, key[:LONGEST_KEY]] = counted
    return Counts(found, _stages(plain.filter(pc.less(plain["member"], FIRST_NUMBER))), last)


def _by_minute(table: pa.Table) -> pa.Table:
    minute = pc.divide(table["now"].cast(pa.int64()), MINUTE // timedelta(microseconds=1))
    return table.append_column("minute", minute)


def _without_tested(outcomes: pa.Table) -> pa.Table:
    """Without the outcomes of events of testers, campaign by campaign."""
    tested = _only(outcomes, "tested")
    if not tested.num_rows:
        return outcomes
    marked = tested.select(["seq", "campaign"]).group_by(["seq", "campaign"]).aggregate([])
    kept = ["seq", "campaign", "member", "mechanic", "what", "code", "minute"]
    return outcomes.select(kept).join(marked, ["seq", "campaign"], join_type="left anti")


def _only(outcomes: pa.Table, *what: str) -> pa.Table:
    return outcomes.filter(pc.is_in(outcomes["what"], pa.array(what)))


def _events_of(outcomes: pa.Table) -> pa.Table:
    """One row for each event and mechanic."""
    return outcomes.group_by(["seq", "campaign", "mechanic", "minute"]).aggregate([])


def _add(found: dict[Place, tuple[int, int]], last: datetime, what: str, rows: pa.Table, *keys: str) -> None:
    """Count rows by campaign, stretch of time and key, and add up what they cost."""
    by = [name for name in ("campaign", *keys) if name in rows.column_names]
    costs = [("cost", "sum")] if what == "spent" else []
    costing = rows.select([*by, *(name for name, _ in costs)])
    for grain, stretch in GRAINS.items():
        if stretch is None:
            chosen = costing.append_column("at", pa.repeat(pa.scalar(0, pa.int64()), rows.num_rows))
        else:
            length, kept = stretch
            wanted = pc.greater_equal(rows["minute"], (last - kept - EVER) // MINUTE)
            many = length // MINUTE
            begins = pc.multiply(pc.divide(rows["minute"], many), many)
            chosen = costing.append_column("at", begins).filter(wanted)
        for row in chosen.group_by([*by, "at"]).aggregate([([], "count_all"), *costs]).to_pylist():
            key = " ".join(row[name] for name in keys)[:LONGEST_KEY]
            place = (row.get("campaign", ""), grain, EVER + row["at"] * MINUTE, what, key)
            times, amount = found.get(place, (0, 0))
            found[place] = times + row["count_all"], amount + row.get("cost_sum", 0)


def _stages(plain: pa.Table) -> dict[str, dict[int, Came]]:
    """How far members came with each campaign, and when they came to each stage first: who is at one has come to those
    before it."""
    away = pc.and_(pc.equal(plain["what"], "passed_over"), pc.is_in(plain["code"], pa.array(OTHERS)))
    came = plain.filter(pc.invert(away))
    found: dict[str, dict[int, Came]] = {}
    at = {minute: EVER + minute * MINUTE for minute in pc.unique(came["minute"]).to_pylist()}
    for what in ((), TOOK, ("given",)):
        rows = _only(came, *what) if what else came
        first = rows.group_by(["campaign", "member"]).aggregate([("minute", "min")]).to_pydict()
        for campaign, member, minute in zip(
            first["campaign"], first["member"], first["minute_min"], strict=True
        ):
            members = found.setdefault(campaign, {})
            members[member] = (*members.get(member, ()), at[minute])
    return found


async def add(connection: asyncpg.Connection, counts: Counts) -> None:
    """Add a range's counts, in the caller's transaction. Only for who holds the relay's lock."""
    times = dict(counts.times)
    for campaign, members in counts.stages.items():
        reached = await _further(connection, campaign, members)
        times |= {place: (many, 0) for place, many in _by_grain(campaign, reached, counts.last).items()}
    rows = sorted(times.items())
    if not rows:
        return
    await connection.execute(
        """INSERT INTO board_count AS c (campaign, grain, at, what, key, times, amount)
           SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::bigint[],
                                $7::bigint[])
           ON CONFLICT (campaign, grain, at, what, key)
           DO UPDATE SET times = c.times + EXCLUDED.times, amount = c.amount + EXCLUDED.amount""",
        *zip(*((*place, many, amount) for place, (many, amount) in rows), strict=True),
    )


def _by_grain(campaign: str, reached: Mapping[tuple[datetime, str], int], last: datetime) -> Counter[Place]:
    """How many members came to which stage, by minute, by quarter of an hour, and altogether."""
    found: Counter[Place] = Counter()
    for (minute, stage), many in reached.items():
        for grain, stretch in GRAINS.items():
            if stretch is None:
                found[campaign, grain, EVER, "reached", stage] += many
            elif minute >= last - stretch[1]:
                at = EVER + (minute - EVER) // stretch[0] * stretch[0]
                found[campaign, grain, at, "reached", stage] += many
    return found


async def _further(
    connection: asyncpg.Connection, campaign: str, members: Mapping[int, Came]
) -> Counter[tuple[datetime, str]]:
    """Note how far members came, and count those who came further than ever before, by minute and stage."""
    rows = await connection.fetch(
        "SELECT member_id, stage FROM board_member WHERE campaign = $1 AND member_id = ANY($2::bigint[])",
        campaign,
        sorted(members),
    )
    before = {row["member_id"]: row["stage"] for row in rows}
    further = {member: came for member, came in members.items() if len(came) > before.get(member, 0)}
    if further:
        await connection.execute(
            """INSERT INTO board_member (campaign, member_id, stage)
               SELECT $1, * FROM unnest($2::bigint[], $3::smallint[])
               ON CONFLICT (campaign, member_id) DO UPDATE SET stage = EXCLUDED.stage""",
            campaign,
            list(further),
            [len(came) for came in further.values()],
        )
    return Counter(
        (at, str(stage))
        for member, came in further.items()
        for stage, at in enumerate(came, CAME)
        if stage > before.get(member, 0)
    )


async def forget(connection: asyncpg.Connection, now: datetime) -> None:
    """Let go of minutes and quarters that nobody asks for any more; totals stay."""
    for grain, kept in (("minute", KEEP_MINUTES), ("quarter", KEEP_QUARTERS)):
        await connection.execute("DELETE FROM board_count WHERE grain = $1 AND at < $2", grain, now - kept)
    await connection.execute("DELETE FROM intake_count WHERE minute < $1", now - KEEP_MINUTES)
