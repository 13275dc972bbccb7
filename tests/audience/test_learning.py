"""Experiments that learn on a database: by the events' own clock, once an instant, and as a back-test would."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import asyncpg
import msgspec

from festoon.audience.learning import learn_anew, learning_due
from festoon.audience.refresh import Place
from festoon.audience.rehearsal import Refreshing
from festoon.base.events import Event
from festoon.base.learned import Weights
from festoon.engine.audit import audit
from festoon.engine.policies import latest_policies
from festoon.engine.relearning import Relearning
from festoon.engine.reload import load_program
from festoon.engine.replay import Replay, program_in_memory
from festoon.insight.facts import Facts
from festoon.insight.learned import learnings
from festoon.intake.rehearsal import rehearse
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from festoon.store.pool import connect
from tests.live import HEAD, put_up

PLAN = (
    HEAD
    + """
attributes: {kids: int}
experiments:
  pack:
    arms: {small: 3, large: 1}
    learns:
      success: {on: order.paid, within: 2 days, when: event.amount >= 100}
      contexts: {parents: {when: member.kids > 0}}
      refresh: daily at 09:00
mechanics:
  welcome:
    kind: gift
    on: member.registered
    give: {experiment: pack, arms: {small: [{points: 1}], large: [{points: 9}]}}
  look:
    kind: gift
    who: everyone
    on: page.viewed
    give: {experiment: pack, arms: {small: [{points: 1}], large: [{points: 9}]}}
"""
)
START = datetime(2027, 1, 31, 16, tzinfo=UTC)
"""Midnight in Shanghai, when February and the campaign begin."""
CAMPAIGN = compile_plan(read_plan(PLAN))
NAME = f"{CAMPAIGN.campaign}/pack"


def history() -> list[Event]:
    """Ten members a day for five days; some order a day later, and some of them too little. Before them some visitors
    look around, of whom every other registers."""
    found = [
        Event(
            "app", f"v{number}", "page.viewed", f"visitor:{number}", START + timedelta(hours=1), {"page": "a"}
        )
        for number in range(20)
    ]
    for number in range(50):
        who, at = f"m{number}", START + timedelta(days=number // 10, hours=10, minutes=number % 10)
        found.append(
            Event("app", f"i{number}", "member.imported", who, at, {"attributes": {"kids": number % 2}})
        )
        came = {"visitors": [f"visitor:{number}"]} if number % 2 else {}
        found.append(Event("app", f"r{number}", "member.registered", who, at + timedelta(seconds=1), came))
        amount = (0, 50, 100, 200)[sha256(who.encode()).digest()[0] % 4]
        if amount:
            line = {"line": "1", "amount": amount, "quantity": 1}
            data = {"order": who, "amount": amount, "currency": "CNY", "lines": [line]}
            found.append(Event("shop", f"o{number}", "order.paid", who, at + timedelta(days=1), data))
    return sorted(found, key=lambda event: event.time)


async def opened(database: str) -> asyncpg.Connection:
    connection = await connect(database)
    await connection.execute("UPDATE installation SET mode = 'rehearsal'")
    await put_up(database, PLAN)
    return connection


async def test_a_rehearsal_learns_what_a_back_test_learns_at_the_same_instants(
    database: str, tmp_path: Path
) -> None:
    replay = Replay(program_in_memory([CAMPAIGN]))
    relearning = Relearning.of(replay)
    assert relearning is not None
    arms = {}
    for event, _, decided in replay.run(relearning.merged(history())):
        relearning.note(event, decided)
        for made in decided.outcome.mechanics:
            if event.type == "member.registered" and made.learned:
                arms[event.subject] = (made.variants["pack"], made.learned["pack"])
    connection = await opened(database)
    await rehearse(database, [history()], schedule=Refreshing(database, tmp_path))
    rows = await connection.fetch(
        "SELECT version, due, since, weights, tried FROM learned_policy ORDER BY version DESC"
    )
    policies = replay.program.policies[NAME]
    assert len(policies) == 6
    assert [(row["version"], row["since"]) for row in rows] == [
        (each.version, each.since) for each in policies
    ]
    learned = [msgspec.json.decode(row["weights"], type=dict[str, Weights]) for row in rows]
    assert learned == [each.weights for each in policies]
    assert msgspec.json.decode(rows[0]["tried"]) != {}
    stored = await connection.fetch(
        """SELECT m.subject, (e.outcome::jsonb -> 'mechanics' -> -1 -> 'variants' ->> 'pack') AS arm,
                  (e.outcome::jsonb -> 'mechanics' -> -1 -> 'learned' -> 'pack' ->> 'propensity')::int AS propensity
           FROM event e JOIN member m ON m.id = e.member_id WHERE e.type = 'member.registered'"""
    )
    assert {row["subject"]: (row["arm"], row["propensity"]) for row in stored} == {
        who: (arm, sight.propensity) for who, (arm, sight) in arms.items()
    }
    assert (await audit(connection)).holds
    (found,) = learnings(Facts.reading(tmp_path).of_members("spring"), CAMPAIGN, START + timedelta(days=10))
    assert sum(each.members for each in found.arms) == 50
    assert 0 < sum(each.successes for each in found.arms) < 50
    await connection.close()


async def test_what_two_learn_for_the_same_instant_is_learned_once(database: str, tmp_path: Path) -> None:
    connection = await opened(database)
    await rehearse(database, [history()])
    at = START + timedelta(days=6)
    (due,) = await learning_due(connection, await load_program(connection), at)
    place = Place(database, tmp_path, lambda: at, rehearsal=True)
    saved = await asyncio.gather(learn_anew(place, due), learn_anew(place, due))
    assert sorted(saved) == [False, True]
    before = await load_program(connection)
    assert before.policies[NAME] == (await latest_policies(connection))[NAME]
    assert await learning_due(connection, before, at + timedelta(hours=1)) == []
    assert len(await learning_due(connection, before, at + timedelta(days=1))) == 1
    await connection.close()
