"""What benefits are worth, on the command line and over the API: the same figures, to the last fen."""

import asyncio
from pathlib import Path

import pytest

from tests.docs.terminal import run
from tests.insight.benefits.test_season import COUPON, PLAN, lived
from tests.live import Platform
from tests.outbox.writing import relay_all
from tests.serving import serving


async def _lived(dsn: str, facts: Path) -> str:
    platform = await Platform.open(dsn, PLAN)
    as_of = await lived(platform)
    await platform.close()
    await relay_all(dsn, facts)
    return as_of.isoformat()


def test_the_command_and_the_api_say_the_same(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_of = asyncio.run(_lived(database, tmp_path))
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    asked = ("benefits", "spring", "--facts", str(tmp_path), "--as-of", as_of)
    told = run(*asked, "--json").json()
    coupon = next(each for each in told["benefits"] if f"{each['kind']}:{each['ref']}" == COUPON)
    assert (coupon["sums"]["times"], coupon["sums"]["cost"], coupon["open"]) == (3, 2_000, 1)
    assert (coupon["uplift"]["basis"], coupon["returned"]) == ("none", None)
    assert told["advice"][0]["code"] == "stock.ran_out"
    shown = run(*asked).out
    assert "Ten off" in shown
    assert "¥20.00" in shown
    header = next(line for line in shown.splitlines() if "Rests on" in line)
    row = next(line for line in shown.splitlines() if "nothing to compare" in line)
    assert header.index("Rests on") == row.index("nothing to compare")
    assert run("benefits", "autumn", "--json").json()["error"]["code"] == "plan.version_unknown"

    with serving(database, facts=str(tmp_path)) as running:
        path = "/v1/campaigns/spring/benefits"
        with running.with_scopes("campaigns:read") as reader:
            answer = reader.get(path, params={"as_of": as_of}).json()
            assert reader.get("/v1/campaigns/autumn/benefits").json()["code"] == "plan.version_unknown"
        with running.with_scopes("events:write") as sender:
            assert sender.get(path).status_code == 403
    assert {**answer, "as_of": ""} == {**told, "as_of": ""}


def test_without_facts_the_api_says_so(database: str, tmp_path: Path) -> None:
    with serving(database, PLAN, facts=str(tmp_path / "none")) as running:
        assert running.client.get("/v1/campaigns/spring/benefits").json()["code"] == "evaluation.no_facts"
