"""Accounts that become one around a grand draw, on a live database: one prize or both, and never a lost one."""

from datetime import timedelta
from pathlib import Path

import pytest

from festoon.engine.appointments import NOBODY
from festoon.engine.draw_records import export, export_tickets, winners
from festoon.engine.draws import reveal
from festoon.engine.lists import read_file
from festoon.mechanics.grand_verify import verify_grand
from tests.live import HEAD, Platform, event, put_up
from tests.races.test_grand_draw import (
    DRAWN,
    FROZEN,
    NAMED,
    PLAN,
    PUBLIC,
    SETTLED,
    frozen,
    handed_out,
    opened,
    ticket,
    valued,
)

pytestmark = pytest.mark.xdist_group("races")


async def ready(database: str, members: int = 4) -> Platform:
    """A platform whose tickets are frozen and whose public value is known: everybody can win a phone or a pen."""
    platform = await opened(database, members)
    await frozen(platform)
    await valued(platform)
    return platform


async def merged(platform: Platform, into: str, gone: str) -> None:
    platform.at += timedelta(minutes=1)
    await platform.outcomes(
        event("member.merged", into, f"{into}<{gone}", platform.at, member=gone, reason="x")
    )


async def drawn(platform: Platform) -> None:
    platform.at = max(platform.at, DRAWN + SETTLED)
    await platform.wake(NOBODY)


async def phones(platform: Platform) -> dict[str, int]:
    """How many each has."""
    rows = await platform.connection.fetch(
        """SELECT m.subject, count(*) FROM item i JOIN member m ON m.id = i.member_id
           WHERE i.kind = 'gift' GROUP BY m.subject"""
    )
    return dict(map(tuple, rows))


async def set_apart(platform: Platform) -> int:
    """What is kept of the budget for prizes that are still to be given."""
    return await platform.shared("spring/budget/prizes.grand", "CNY")


async def test_accounts_merged_after_the_freezing_win_once_and_the_next_ticket_wins(
    database: str, tmp_path: Path
) -> None:
    platform = await ready(database)
    await merged(platform, "m0", "m1")
    await drawn(platform)
    won = await handed_out(platform)
    assert [(win.prize, win.state) for win in won] == [("phone", "given")] * 3
    assert await phones(platform) == {"m0": 1, "m2": 1, "m3": 1}
    assert {win.subject for win in won} == {"m0", "m2", "m3"}
    assert await set_apart(platform) == 0
    await platform.audit()
    record, tickets = tmp_path / "winners.ndjson", tmp_path / "tickets.csv"
    seed = await reveal(platform.connection, *NAMED, "campaign", platform.at, "tests")
    await export(platform.connection, *NAMED, "campaign", record)
    await export_tickets(platform.connection, *NAMED, tickets)
    assert verify_grand(record, tickets, seed["seed"], PUBLIC, seed["commitment"]).holds
    await platform.close()


async def test_accounts_merged_one_into_the_other_in_a_row_are_one_person(database: str) -> None:
    platform = await ready(database, members=6)
    for into, gone in (("m1", "m0"), ("m2", "m1"), ("m5", "m2")):
        await merged(platform, into, gone)
    await drawn(platform)
    won = await handed_out(platform)
    assert sorted((win.subject, win.state) for win in won) == [(who, "given") for who in ("m3", "m4", "m5")]
    assert await phones(platform) == {"m3": 1, "m4": 1, "m5": 1}
    await platform.audit()
    await platform.close()


async def test_accounts_merged_between_the_draw_and_the_giving_have_both_prizes(database: str) -> None:
    platform = await ready(database, members=3)
    await drawn(platform)
    await merged(platform, "m0", "m1")
    won = await handed_out(platform)
    assert [(win.prize, win.state) for win in won] == [("phone", "given")] * 3
    assert await phones(platform) == {"m0": 2, "m2": 1}
    assert await set_apart(platform) == 0
    await platform.audit()
    await platform.close()


async def test_a_winner_is_found_under_the_account_he_is_in_now_each_prize_with_its_own_state(
    database: str,
) -> None:
    platform = await ready(database, members=3)
    await drawn(platform)
    await platform.wake("m1")
    states = {win.subject: win.state for win in await winners(platform.connection, *NAMED)}
    assert states == {"m0": "waiting", "m1": "given", "m2": "waiting"}
    await merged(platform, "m0", "m1")
    await merged(platform, "m2", "m0")
    won = await handed_out(platform)
    assert {win.subject for win in won} == {"m2"}
    assert [win.state for win in won] == ["given"] * 3
    assert await phones(platform) == {"m2": 3}
    await platform.audit()
    await platform.close()


async def test_who_belongs_to_another_campaign_of_the_group_by_now_is_said_to_get_no_prize(
    database: str,
) -> None:
    group = "exclusive: {group: spring}\n"
    platform = await Platform.open(database, PLAN + group, now=FROZEN - timedelta(hours=1))
    other = HEAD.replace("campaign: spring", "campaign: lent").replace(
        "title: {en: Spring}", "title: {en: Lent}"
    )
    await put_up(
        database, other + group + "mechanics: {look: {kind: gift, on: app.opened, give: [{points: 5}]}}"
    )
    await platform.outcomes(ticket("m0"), event("app.opened", "zed", "zed", platform.at))
    await frozen(platform)
    await valued(platform)
    apart = await set_apart(platform)
    await merged(platform, "zed", "m0")
    await drawn(platform)
    assert [(win.subject, win.state) for win in await handed_out(platform)] == [("zed", "exclusive")]
    assert (apart, await set_apart(platform)) == (300_00, 0)
    await platform.audit()
    await platform.close()


async def test_a_draw_in_which_no_account_was_merged_is_published_as_ever(database: str) -> None:
    platform = await ready(database, members=6)
    await platform.outcomes(event("member.registered", "new", "new", platform.at))
    await merged(platform, "m0", "new")
    await drawn(platform)
    head = (await read_file(platform.connection, *NAMED, "winners") or "").splitlines()[0]
    assert "merged" not in head
    await platform.close()
