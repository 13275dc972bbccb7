"""Drafts: two windows, two people, and a version submitted meanwhile; nobody's text is lost."""

import pytest

from festoon.base.errors import FestoonError
from festoon.engine.drafts import (
    ASIDE,
    begin_after,
    draft,
    draft_of_version,
    drafts,
    new_draft,
    others,
    others_text,
    overrule,
    save,
    set_aside,
    submit_draft,
    throw_away,
)
from festoon.engine.publish import submit
from tests.live import HEAD, NOW, Platform

PLAN = HEAD + "mechanics:\n  hello: {kind: gift, on: member.registered, give: {points: 5}}\n"


async def test_what_is_typed_is_saved_and_read_again(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    connection = platform.connection
    id = await new_draft(connection, "lin", "a: 1", "A", NOW)
    assert await save(connection, id, "lin", 1, "a: 2 # 春节", "A2", NOW) == 2
    found = await draft(connection, id, "lin")
    assert (found.text, found.title, found.revision, found.campaign) == ("a: 2 # 春节", "A2", 2, "")
    assert [each.id for each in await drafts(connection, "lin")] == [id]
    assert await drafts(connection, "wu") == []


async def test_a_second_window_overwrites_nothing_and_loses_nothing(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    connection = platform.connection
    id = await new_draft(connection, "lin", "first", "", NOW)
    await save(connection, id, "lin", 1, "of window one", "", NOW)
    with pytest.raises(FestoonError) as raised:
        await save(connection, id, "lin", 1, "of window two", "", NOW)
    assert (raised.value.code, raised.value.data["revision"]) == ("draft.moved", 2)
    assert (await draft(connection, id, "lin")).text == "of window one"
    assert [each.text for each in await set_aside(connection, id, "lin")] == ["of window two"]
    assert await overrule(connection, id, "lin", "of window two", "", NOW) == 3
    assert (await draft(connection, id, "lin")).text == "of window two"
    assert [each.text for each in await set_aside(connection, id, "lin")] == [
        "of window one",
        "of window two",
    ]


async def test_the_same_text_saved_twice_is_no_quarrel(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    id = await new_draft(platform.connection, "lin", "first", "", NOW)
    assert await save(platform.connection, id, "lin", 1, "second", "", NOW) == 2
    assert await save(platform.connection, id, "lin", 1, "second", "", NOW) == 3
    assert await set_aside(platform.connection, id, "lin") == []


async def test_so_many_texts_are_kept_beside_a_draft_and_no_more(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    id = await new_draft(platform.connection, "lin", "0", "", NOW)
    for number in range(1, ASIDE + 5):
        await overrule(platform.connection, id, "lin", str(number), "", NOW)
    kept = await set_aside(platform.connection, id, "lin")
    assert (len(kept), kept[0].text) == (ASIDE, str(ASIDE + 3))


async def test_two_people_write_the_same_campaign_each_his_own_and_can_read_both(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    connection = platform.connection
    campaign = (await connection.fetchval("SELECT id FROM campaign")) or ""
    lin = await draft_of_version(connection, "lin", campaign, "", NOW)
    wu = await draft_of_version(connection, "wu", campaign, "", NOW)
    assert await draft_of_version(connection, "lin", campaign, "", NOW) == lin
    await save(connection, lin, "lin", 1, PLAN + "# lin", "", NOW)
    assert [(each.maker, each.id) for each in await others(connection, wu)] == [("lin", lin)]
    assert (await others_text(connection, wu, lin)).text == PLAN + "# lin"
    stranger = await new_draft(connection, "zhou", "x", "", NOW)
    for asked in (
        others_text(connection, stranger, lin),
        draft(connection, lin, "wu"),
        throw_away(connection, lin, "wu"),
    ):
        with pytest.raises(FestoonError) as raised:
            await asked
        assert raised.value.code == "draft.unknown"


async def test_a_draft_becomes_a_version_by_the_same_way_as_any_plan(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    connection = platform.connection
    campaign = (await connection.fetchval("SELECT id FROM campaign")) or ""
    id = await draft_of_version(connection, "lin", campaign, "", NOW)
    with pytest.raises(FestoonError):
        await submit_draft(connection, id, "lin", 7, NOW)
    assert await submit_draft(connection, id, "lin", 1, NOW, "a note") == (campaign, 2)
    row = await connection.fetchrow("SELECT maker, status, note FROM plan_version WHERE version = 2")
    assert row is not None
    assert tuple(row) == ("lin", "in_review", "a note")
    assert await drafts(connection, "lin") == []
    acts = [
        row["act"]
        for row in await connection.fetch("SELECT act FROM audit_entry ORDER BY number DESC LIMIT 1")
    ]
    assert acts == ["plan.submit"]


async def test_a_plan_with_mistakes_stays_a_draft(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    id = await new_draft(platform.connection, "lin", "campaign: [", "", NOW)
    with pytest.raises(FestoonError) as raised:
        await submit_draft(platform.connection, id, "lin", 1, NOW)
    assert raised.value.code == "plan.invalid"
    assert (await draft(platform.connection, id, "lin")).text == "campaign: ["


async def test_who_began_before_somebody_submitted_is_told_and_goes_on_knowing_it(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    connection = platform.connection
    campaign = (await connection.fetchval("SELECT id FROM campaign")) or ""
    id = await draft_of_version(connection, "lin", campaign, "", NOW)
    await submit(connection, PLAN, "wu", NOW)
    with pytest.raises(FestoonError) as raised:
        await submit_draft(connection, id, "lin", 1, NOW)
    assert raised.value.code == "draft.outdated"
    found = await draft(connection, id, "lin")
    assert (found.base, found.latest) == (1, 2)
    await begin_after(connection, id, "lin", NOW)
    assert await submit_draft(connection, id, "lin", 1, NOW) == (campaign, 3)
