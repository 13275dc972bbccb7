"""Opening a campaign by hand, on a database: it takes effect with the next event, and is written down."""

from datetime import timedelta

import pytest

from festoon.base.errors import Conflict, NotFound
from festoon.base.split import below
from festoon.engine.outcome import Outcome
from festoon.engine.rollout import opened, roll_out
from festoon.store.pool import connect
from tests.live import HEAD, NOW, Platform, gifts, order

BY_HAND = (
    HEAD
    + """
rollout: {testers: [tess]}
mechanics: {spend: {kind: gift, on: order.paid, give: [{points: 60}]}}
"""
)
STEPS = "rollout: {testers: [tess], steps: [{from: 2027-02-12, share: 5%}, {from: 2027-02-14, share: 100%}]}"
MEMBERS = [f"m{number}" for number in range(100)]


async def opens(platform: Platform, share: int) -> None:
    connection = await connect(platform.dsn)
    await roll_out(connection, "spring", share, "ops", platform.at)
    await connection.close()


async def outcomes(platform: Platform, batch: str) -> dict[str, Outcome]:
    at = platform.at
    found = await platform.outcomes(*(order(who, 1, f"{batch}-{who}", at) for who in (*MEMBERS, "tess")))
    return dict(zip((*MEMBERS, "tess"), found, strict=True))


async def test_only_testers_take_part_until_somebody_opens_it_and_it_takes_effect_at_once(
    database: str,
) -> None:
    platform = await Platform.open(database, BY_HAND)
    nobody = await outcomes(platform, "a")
    assert [who for who, outcome in nobody.items() if gifts([outcome])] == ["tess"]
    assert nobody["tess"].tests == ["spring"]
    assert nobody["m1"].passed_over == {"rollout": ["spring/spend"]}

    platform.at = NOW + timedelta(minutes=1)
    await opens(platform, 3_000)
    some = {who for who, outcome in (await outcomes(platform, "b")).items() if gifts([outcome])}
    assert some == {who for who in MEMBERS if below("spring/rollout", who, 3_000, 10_000)} | {"tess"}
    assert 15 < len(some) < 45

    platform.at = NOW + timedelta(minutes=2)
    await opens(platform, 10_000)
    assert all(gifts([outcome]) for outcome in (await outcomes(platform, "c")).values())
    await platform.audit()
    await platform.close()


async def test_a_command_takes_over_from_the_steps_of_the_plan(database: str) -> None:
    platform = await Platform.open(database, BY_HAND.replace("rollout: {testers: [tess]}", STEPS))
    planned = await opened(platform.connection, "spring", NOW)
    assert (planned.share, planned.testers) == (0, 1)
    assert [share for _, share in planned.to_come] == [500, 10_000]
    platform.at = NOW + timedelta(days=3)
    assert (await opened(platform.connection, "spring", platform.at)).share == 500
    await opens(platform, 200)
    held = await opened(platform.connection, "spring", NOW + timedelta(days=30))
    assert (held.share, held.to_come) == (200, ())
    await platform.close()


async def test_it_stands_in_the_trail_with_what_was_before(database: str) -> None:
    platform = await Platform.open(database, BY_HAND)
    await opens(platform, 100)
    row = await platform.connection.fetchrow("SELECT * FROM audit_entry ORDER BY number DESC LIMIT 1")
    assert row is not None
    assert (row["actor"], row["act"], row["object"]) == ("ops", "campaign.rollout", "spring")
    assert (str(row["before"]), str(row["after"])) == ("0", "100")
    await platform.close()


async def test_a_campaign_without_a_rollout_or_that_is_not_there_is_not_opened(database: str) -> None:
    platform = await Platform.open(database, BY_HAND.replace("rollout: {testers: [tess]}", ""))
    with pytest.raises(Conflict) as refused:
        await opens(platform, 100)
    assert refused.value.code == "plan.no_rollout"
    with pytest.raises(NotFound):
        await opened(platform.connection, "summer", NOW)
    await platform.close()
