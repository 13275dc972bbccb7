"""What the platform owes its members, in the console and over the API: from the facts, held against the ledger."""

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from festoon.console.side import console
from festoon.intake.files.uploaded import rows_of
from festoon.store.embedded import EmbeddedServer
from tests.api.conftest import PLAN
from tests.console.visitors import Visitors
from tests.outbox.writing import relay_all
from tests.serving import Running, order_paid, serving_anew

PAGE = "/console/liability/"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facts")


@pytest.fixture(scope="module")
def running(
    server: EmbeddedServer, template: str, database_names: Iterator[str], facts: Path
) -> Iterator[Running]:
    with serving_anew(
        server, template, next(database_names), PLAN, sides=(console,), facts=str(facts)
    ) as running:
        running.client.many([order_paid("ann", 12_000), order_paid("ben", 345)])
        asyncio.run(relay_all(running.dsn, facts))
        yield running


def test_an_auditor_and_an_analyst_see_what_is_owed_and_nobody_else(visitors: Visitors) -> None:
    for role in ("auditor", "analyst"):
        page = visitors[role].page(PAGE)
        assert "12,345" in page
        assert "They agree to the last unit" in page
        assert PAGE in visitors[role].page("/console/home/")
    visitors["planner"].page(PAGE, 403)


def test_the_days_are_a_file_to_keep(visitors: Visitors) -> None:
    auditor = visitors["auditor"]
    answer = auditor.get(f"{PAGE}days.csv?asset=points")
    assert answer.headers["content-disposition"].startswith('attachment; filename="points-')
    *_, last = csv.DictReader(io.StringIO(answer.text))
    assert (last["issued"], last["outstanding"], last["worth"]) == ("12345", "12345", "12345")
    headings, *rows = rows_of(auditor.get(f"{PAGE}days.xlsx?asset=points").content)
    assert headings[:2] == ["Day", "Issued"]
    assert int(rows[-1][1]) == 12_345
    assert auditor.get(f"{PAGE}days.pdf").status_code == 404


def test_a_stretch_that_is_none_is_told_on_the_page(visitors: Visitors) -> None:
    page = visitors["auditor"].page(f"{PAGE}?asset=points&since=2027-03-02&until=2027-03-01")
    assert "no stretch of 1 to" in page
    assert "12,345" not in page


def test_the_api_says_the_same(running: Running) -> None:
    found = running.client.get("/v1/assets/points/liability").json()
    assert found["days"][-1]["outstanding"] == 12_345
    assert {each["name"]: each["ledger"] - each["facts"] for each in found["accounts"]} == {
        "members": 0, "issuer": 0, "spent": 0, "lapsed": 0,
    }  # fmt: skip
    chances = running.client.get("/v1/assets/spring/chances/lucky-draw/liability?zone=UTC").json()
    assert (chances["asset"], chances["zone"]) == ("spring/chances/lucky-draw", "UTC")
    for query, status in (("since=x", 400), ("zone=Mars", 400), ("since=2027-01-01&until=2020-01-01", 400)):
        assert running.client.get(f"/v1/assets/points/liability?{query}").status_code == status
    assert running.client.get("/v1/assets/pionts/liability").status_code == 404
    assert running.with_scopes("members:read").get("/v1/assets/points/liability").status_code == 403


def test_where_nothing_is_counted_yet_the_page_says_so(
    server: EmbeddedServer, template: str, database_names: Iterator[str]
) -> None:
    with serving_anew(server, template, next(database_names), "", sides=(console,)) as running:
        visitors = Visitors(running.dsn, running.port)
        auditor = visitors["auditor"]
        assert "What is owed stands here once one is published" in auditor.page(PAGE)
        auditor.page(f"{PAGE}days.csv", 404)
        visitors.close()


def test_accounts_have_names_in_every_language(visitors: Visitors) -> None:
    page = visitors.fresh("auditor", username="owed", language="zh-Hans").page(PAGE)
    for name in ("会员", "发行", "已使用", "已过期"):
        assert f"<td>{name}</td>" in page
