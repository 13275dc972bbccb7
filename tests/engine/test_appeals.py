"""An appeal against a held reward: once, in words that stay out of the journal, with the answer back to the member."""

from typing import Any

from festoon.base.events import Event
from festoon.engine.erased_rows import erase_rows
from festoon.engine.held_list import held
from festoon.engine.own_rows import verdicts
from tests.engine.test_held import LANES, PLAN, at_once, with_one_held
from tests.live import Platform, event, order

WORDS = "It is my family's tablet"


def appeal(hold: str, id: str = "appeal", who: str = "ann") -> Event:
    return event("grant.appealed", who, id, hold=hold, text=WORDS)


def decision(act: str, hold: str, **more: Any) -> Event:
    return event(
        f"grant.{act}", "ann", f"{act}/{more}", hold=hold, reason="looked at", decided_by="wu", **more
    )


async def told(platform: Platform) -> list[tuple[str, str]]:
    number = await platform.connection.fetchval("SELECT member_id FROM identity WHERE subject = 'ann'")
    return [(each.decision, each.answer) for _, each in await verdicts(platform.connection, number, "spring")]


async def test_an_appeal_stands_beside_what_is_held_and_not_in_the_journal(database: str) -> None:
    platform, hold = await with_one_held(database)
    await platform.outcomes(appeal(hold))
    (one,) = await held(platform.connection, id=hold)
    assert (one.appeal, one.appealed is not None) == (WORDS, True)
    rows = await platform.connection.fetch("SELECT data, outcome FROM event WHERE type = 'grant.appealed'")
    assert WORDS not in str(rows)
    (act,) = await platform.connection.fetch(
        "SELECT actor, object FROM audit_entry WHERE act = 'grant.appealed'"
    )
    assert (act["actor"], act["object"]) == ("member", f"ann/{hold}")
    await platform.audit()
    await platform.close()


async def test_however_often_it_is_sent_there_is_one_appeal(database: str) -> None:
    platform, hold = await with_one_held(database)
    outcomes = await at_once(database, [appeal(hold, f"a{n}") for n in range(LANES)])
    refused = [outcome.refused.code for outcome in outcomes if outcome.refused is not None]
    assert refused == ["grant.appealed_already"] * (LANES - 1)
    await platform.close()


async def test_nobody_appeals_for_another_or_against_what_is_not_held(database: str) -> None:
    platform, hold = await with_one_held(database)
    outcomes = await platform.outcomes(appeal(hold, "bea", "bea"), appeal("nothing", "none"))
    assert [outcome.refused and outcome.refused.code for outcome in outcomes] == ["grant.not_held"] * 2
    await platform.close()


async def test_turned_down_it_wants_an_answer_which_comes_back_to_the_member(database: str) -> None:
    platform, hold = await with_one_held(database)
    await platform.outcomes(appeal(hold))
    (silent,) = await platform.outcomes(decision("voided", hold))
    assert silent.refused is not None
    assert silent.refused.code == "grant.answer_missing"
    assert await told(platform) == []
    await platform.outcomes(decision("voided", hold, answer="Forty accounts shared the phone."))
    assert await told(platform) == [("voided", "Forty accounts shared the phone.")]
    await platform.audit()
    await platform.close()


async def test_released_it_is_given_and_said(database: str) -> None:
    platform, hold = await with_one_held(database)
    await platform.outcomes(appeal(hold), decision("released", hold))
    assert (await platform.balance("ann"), await told(platform)) == (50, [("released", "")])
    await platform.audit()
    await platform.close()


async def test_without_an_appeal_nothing_is_kept_of_a_decision(database: str) -> None:
    platform, hold = await with_one_held(database)
    await platform.outcomes(decision("voided", hold))
    assert await told(platform) == []
    await platform.close()


async def test_who_is_erased_leaves_no_word_of_his(database: str) -> None:
    platform, hold = await with_one_held(database)
    await platform.outcomes(appeal(hold))
    number = await platform.connection.fetchval("SELECT member_id FROM identity WHERE subject = 'ann'")
    await erase_rows(platform.connection, [number])
    assert await platform.connection.fetchval("SELECT count(*) FROM member_personal") == 0
    (one,) = await held(platform.connection, id=hold)
    assert one.appeal == ""
    await platform.close()


async def test_who_waits_for_an_answer_gets_one_also_when_what_he_was_rewarded_for_is_undone(
    database: str,
) -> None:
    earn = "  spend: {kind: earn, on: order.paid, per: 1, clawback: {within_days: 30}, at_risk: {doubtful: hold}}\n"
    platform = await Platform.open(database, PLAN + earn)
    await platform.outcomes(event("segment.entered", "ann", segment="watched"), order("ann", 100, "o1"))
    (one,) = await held(platform.connection)
    await platform.outcomes(appeal(one.id))
    await platform.outcomes(
        event("order.refunded", "ann", "back", order="o1", amount=100, currency="CNY", lines=[])
    )
    assert await held(platform.connection) == []
    assert await told(platform) == [("undone", "")]
    await platform.audit()
    await platform.close()
