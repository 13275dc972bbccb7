"""Signals in a real database: seen by one batch, known to the next, and kept so that nobody can read them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from festoon.base.events import Event
from festoon.engine.replay import Replay, program_in_memory
from festoon.outbox.retention import Retention
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from tests.live import HEAD, NOW, Platform, event

RULES = """
    device: {when: member.device_members > 2, points: 40}
    address: {when: member.address_members > 3, points: 40}
    fast: {when: member.events_minute > 2, points: 40}
    ring: {when: member.invite_devices > 0, points: 40}
    back: {when: member.invited_back, points: 40}
    many: {when: member.invited_together > 1 or member.invited > 1, points: 40}
"""
PLAN = (
    HEAD
    + f"""
risk:
  rules: {RULES}
  thresholds: {{doubtful: 30}}
mechanics:
  hello: {{kind: gift, on: page.viewed, give: [{{points: 5}}], at_risk: {{doubtful: hold}}}}
"""
)
PEOPLE = ("ann", "bea", "cid", "dan")


def story() -> list[Event]:
    """Four members, who come from three devices and one address, and invite each other."""
    found = []
    for minute, who in enumerate(PEOPLE * 3):
        at = NOW + timedelta(minutes=minute)
        where: dict[str, Any] = (
            {"device_id": f"d{minute % 3}", "ip": f"203.0.113.{minute}"} if minute > 3 else {}
        )
        found.append(event("page.viewed", who, f"v{minute}", at, page="tea", **where))
    for minute, (who, inviter) in enumerate((("bea", "ann"), ("cid", "ann"), ("ann", "bea"), ("dan", "dan"))):
        at = NOW + timedelta(minutes=20 + minute)
        found.append(event("invite.accepted", who, f"i{minute}", at, inviter=inviter))
    for second, who in enumerate(PEOPLE * 3):
        at = NOW + timedelta(minutes=30, seconds=second)
        found.append(event("page.viewed", who, f"w{second}", at, page="tea"))
    return found


async def test_what_is_seen_live_is_what_a_replay_sees(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    replay = Replay(program_in_memory([compile_plan(read_plan(PLAN))]))
    scored = []
    for one in story():
        platform.at = one.time
        (live,) = await platform.outcomes(one)
        ((_, _, decided),) = replay.run([one])
        assert [made.note.get("rules") for made in live.mechanics] == [
            made.note.get("rules") for made in decided.outcome.mechanics
        ]
        scored += [rule for made in live.mechanics for rule in made.note.get("rules", ())]
    assert set(scored) == {"device", "address", "fast", "ring", "back", "many"}
    await platform.audit()
    await platform.close()


async def test_members_of_one_batch_see_each_other(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    views = [event("page.viewed", who, page="tea", device_id="d") for who in PEOPLE]
    outcomes = await platform.outcomes(*views)
    assert [bool(outcome.mechanics[0].held) for outcome in outcomes] == [False, False, True, True]
    await platform.close()


async def test_neither_journal_nor_sightings_say_where_anybody_was(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(
        event("page.viewed", "ann", page="tea", device_id="my-own-phone", ip="203.0.113.77"),
        event("own.thing", "ann", device_id="my-own-phone", ip="2001:db8::1"),
    )
    data = await platform.connection.fetch("SELECT data FROM event")
    kept = await platform.connection.fetch("SELECT kind, value FROM sighting")
    assert sorted(row["kind"] for row in kept) == ["address", "address", "device"]
    written = " ".join(str(row) for row in (*data, *kept))
    assert not [said for said in ("my-own-phone", "203.0.113", "2001:db8") if said in written]
    await platform.close()


async def test_without_rules_about_it_nothing_is_watched(database: str) -> None:
    platform = await Platform.open(
        database, PLAN.replace(RULES, "{staff: {when: member.is_staff, points: 40}}")
    )
    await platform.outcomes(event("page.viewed", "ann", page="tea", device_id="d", ip="203.0.113.7"))
    assert await platform.connection.fetchval("SELECT count(*) FROM sighting") == 0
    assert "203.0.113.7" in await platform.connection.fetchval("SELECT data FROM event")
    await platform.close()


async def test_old_sightings_are_forgotten(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(event("page.viewed", "ann", page="tea", device_id="d"))
    for days, left in ((90, 1), (102, 0)):
        later = datetime.combine(date(2027, 2, 10) + timedelta(days=days), datetime.min.time(), UTC)
        await Retention(database, timedelta(days=40), lambda at=later: at).run_once()  # type: ignore[misc]
        assert await platform.connection.fetchval("SELECT count(*) FROM sighting") == left
    await platform.close()
