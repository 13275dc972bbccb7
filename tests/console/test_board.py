"""The live board in the console: who may see it, what it asks the store, what it says."""

import asyncio
from pathlib import Path

import pytest

from festoon.console.board.showing import shown
from festoon.engine.reload import load_program
from festoon.insight.board.board import Board, board
from festoon.store.pool import connect
from tests.console.visitors import Visitors
from tests.outbox.writing import relay_all
from tests.serving import Running, cloud_event


def test_one_campaign_leads_to_its_board(visitors: Visitors) -> None:
    answer = visitors["analyst"].get("/console/board/")
    assert answer.url.path == "/console/board/spring/"
    assert "festoon work" in answer.text, "nobody counts, and the page says how to change that"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the relay writes; one place for one database."""
    return tmp_path_factory.mktemp("facts")


def test_the_inside_comes_alone_when_it_is_fetched_again(
    visitors: Visitors, running: Running, facts: Path
) -> None:
    running.client.one(cloud_event("member.registered", "ann"))
    asyncio.run(relay_all(running.dsn, facts))
    piece = visitors["analyst"].get("/console/board/spring/", headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert "Members so far" in piece


async def settled(dsn: str) -> Board:
    connection = await connect(dsn)
    try:
        campaign = (await load_program(connection)).campaigns["spring"]
        return await board(connection, campaign, campaign.schedule.settle)
    finally:
        await connection.close()


def test_of_a_settled_campaign_all_that_came_is_shown(running: Running, facts: Path) -> None:
    running.client.one(cloud_event("member.registered", "ben"))
    asyncio.run(relay_all(running.dsn, facts))
    found = asyncio.run(settled(running.dsn))
    seen = shown(found)
    assert found.participants.total > found.participants.today == 0
    assert seen["figures"][0].figure == str(found.participants.total)
    assert [each.figure for each in seen["mechanics"]] == [
        str(each.rewarded.total) for each in found.mechanics if each.looked.total
    ]


def test_an_unknown_campaign_has_no_board(visitors: Visitors) -> None:
    assert "campaign.unknown" in visitors["analyst"].page("/console/board/autumn/", 404)


def test_a_stranger_sees_no_board(visitors: Visitors) -> None:
    assert visitors[""].get("/console/board/spring/wall/").url.path != "/console/board/spring/wall/"
