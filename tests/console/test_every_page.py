"""Whoever clicks through the console meets no dead end, and no word of another language than his own."""

import re
from datetime import UTC, datetime

import pytest

from benchmarks.plans import example
from festoon.access.roles import ROLES
from tests.console.crawl import Page, crawl
from tests.console.visitors import Visitors
from tests.serving import Running, cloud_event, order_paid

EVERYTHING = "+".join(ROLES)
WORD = re.compile(r"[A-Za-z]{4,}")
NAMES = re.compile(
    r"Festoon|YAML|JSON|CSV|XLSX|NDJSON|Parquet|HTTPS?|CloudEvents?|TOTP|OpenAPI|JavaScript|English|Hans|Hant|Zh|En|Webhooks?|Cron|HMAC|SHA|Excel"
)
"""Names that are the same in every language."""


@pytest.fixture(scope="module")
def plan() -> str:
    return example("new-year", datetime.now(UTC).date())


@pytest.fixture(scope="module", autouse=True)
def _members(running: Running) -> None:
    """Members who did things."""
    for name in ("ann", "ben", "cleo"):
        running.client.many(
            [
                cloud_event("member.registered", name),
                order_paid(name, 12_000),
                cloud_event(
                    "member.checked_in", name, data={"campaign": "new-year-2027", "mechanic": "new-year"}
                ),
            ]
        )


@pytest.fixture(scope="module")
def pages(visitors: Visitors) -> list[Page]:
    return list(crawl(visitors.fresh(EVERYTHING, username="en")))


def test_no_link_leads_nowhere(pages: list[Page]) -> None:
    assert [(page.path, page.came_from, page.status) for page in pages if page.status != 200] == []


def test_every_page_leads_on(pages: list[Page]) -> None:
    html = [page for page in pages if page.kind == "text/html"]
    assert [page.path for page in html if not page.links] == []


def test_every_page_keeps_the_navigation(pages: list[Page]) -> None:
    framed = [page for page in pages if any(link.endswith("/password/") for link in page.links)]
    assert len(framed) > 50
    assert [page.path for page in framed if "/console/alerts/" not in page.links] == []


def words(pages: list[Page]) -> dict[str, set[str]]:
    """Latin words of pages that are no names, by word, with where they stand."""
    found: dict[str, set[str]] = {}
    for page in pages:
        for text in page.text:
            for word in WORD.findall(NAMES.sub("", text)):
                found.setdefault(word, set()).add(page.path)
    return found


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_no_word_is_left_in_english(language: str, visitors: Visitors) -> None:
    visitor = visitors.fresh(EVERYTHING, username=f"zh{language[-1]}", language=language)
    assert words(list(crawl(visitor))) == {}


def test_no_word_is_left_in_chinese(pages: list[Page]) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    left = {(page.path, word) for page in pages for text in page.text for word in chinese.findall(text)}
    assert {each for each in left if each[1] not in ("简体中文", "繁體中文")} == set()


LISTS = (
    "access/trail/", "access/keys/", "access/", "backtests/", "campaigns/", "grants/", "webhooks/deliveries/",
    "campaigns/new-year-2027/versions/", "queues/codes/", "queues/held/", "queues/parcels/", "queues/proofs/",
    "queues/epochs/",
)  # fmt: skip


@pytest.mark.parametrize("after", ["x", "9" * 30, "9" * 18, "٣", "a/b"])
def test_a_list_that_is_asked_to_go_on_from_nowhere_begins_or_is_empty(
    after: str, visitors: Visitors
) -> None:
    visitor = visitors[EVERYTHING]
    answers = {path: visitor.get(f"/console/{path}", params={"after": after}).status_code for path in LISTS}
    assert {path: status for path, status in answers.items() if status != 200} == {}


def test_an_address_that_the_store_cannot_hold_is_refused(visitors: Visitors) -> None:
    for path in LISTS:
        assert "request.unholdable" in visitors[EVERYTHING].page(f"/console/{path}?after=0/%00", 400)
