"""The live board in the console: who may see it, what it asks the store, what it says."""

import asyncio
from pathlib import Path

from tests.console.visitors import Visitors
from tests.outbox.writing import relay_all
from tests.serving import Running, cloud_event


def test_one_campaign_leads_to_its_board(visitors: Visitors) -> None:
    answer = visitors["analyst"].get("/console/board/")
    assert answer.url.path == "/console/board/spring/"
    assert "festoon work" in answer.text, "nobody counts, and the page says how to change that"


def test_the_inside_comes_alone_when_it_is_fetched_again(
    visitors: Visitors, running: Running, tmp_path: Path
) -> None:
    running.client.one(cloud_event("member.registered", "ann"))
    asyncio.run(relay_all(running.dsn, tmp_path))
    piece = visitors["analyst"].get("/console/board/spring/", headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert "Members so far" in piece


def test_an_unknown_campaign_has_no_board(visitors: Visitors) -> None:
    assert "campaign.unknown" in visitors["analyst"].page("/console/board/autumn/", 404)


def test_a_stranger_sees_no_board(visitors: Visitors) -> None:
    assert visitors[""].get("/console/board/spring/wall/").url.path != "/console/board/spring/wall/"
