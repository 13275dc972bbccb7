"""The members' pages as the server answers them: the same for everybody, in three languages, nothing inline."""

import re
from collections.abc import Iterator

import pytest

from festoon.base.errors import LANGUAGES
from festoon.engine.program import Program
from festoon.engine.reload import compile_version
from festoon.mechanics.registry import kinds
from festoon.site.files import FOLDER, parts
from festoon.site.shells import PLAYED, TASKS, Shells, texts
from festoon.site.side import Site, qr_link
from festoon.store.embedded import EmbeddedServer
from tests.serving import Client, Running, head, serving_anew

PLAN = (
    head(budget=100_000)
    + """
gifts: {phone: {title: {en: Phone, zh-Hans: 手机}, cost: 300, line: prizes}}
mechanics:
  signup: {kind: gift, title: {en: Welcome, zh-Hans: 欢迎礼}, on: member.registered, give: [{points: 100}],
           limits: {per_member: 1}}
  daily: {kind: check_in, title: {en: "Check <b>in</b>", zh-Hans: 签到}, daily: {points: 2}}
  friends: {kind: referral, actions: [order.paid], inviter: {points: 1}, link: "https://tea.example/{code}"}
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 5}}
    prizes: [{id: phone, weight: 3, stock: 50, give: {gift: phone}}, {id: few, weight: 1, give: {points: [2, 8]}}]
    sold_out: next_prize
"""
)
HOME = "https://shop.example/in?back={page}"
PAGES = ["/m", "/m/spring", "/m/spring/daily", "/m/spring/lucky-draw", "/m/spring/friends", "/m/spring/signup",
         "/m/spring/my/tasks", "/m/spring/my/prizes", "/m/spring/my/statement"]  # fmt: skip


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN, sides=(Site(HOME),)) as running:
        yield running


@pytest.fixture
def anybody(running: Running) -> Iterator[Client]:
    with running.with_key(None) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_the_same_for_everybody_and_has_nothing_inline(
    anybody: Client, running: Running, path: str, language: str
) -> None:
    answer = anybody.get(path, params={"lang": language})
    assert answer.status_code == 200, answer.text
    assert answer.text == running.client.get(path, params={"lang": language}).text
    assert f'<html lang="{language}">' in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"].startswith("public")
    assert re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", answer.text) is None
    assert "<b>in</b>" not in answer.text
    again = anybody.get(path, params={"lang": language}, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_landing_page_tells_the_rules_without_a_script(anybody: Client) -> None:
    page = anybody.get("/m/spring", headers={"accept-language": "zh-TW"}).text
    assert "每日打卡可得：2積分。" in page
    assert 'property="og:image"' in page
    assert 'content="https://shop.example/in?back={page}"' in page


def test_winners_stand_on_the_landing_page_where_something_can_be_won() -> None:
    def landing(plan: str) -> str:
        campaign = compile_version(plan, "{}", 1)
        return Shells().landing(Program(1, [campaign]), campaign, "en", HOME).decode()

    assert "<festoon-winners" in landing(PLAN)
    nothing = PLAN.partition("gifts:")[0] + "mechanics: {daily: {kind: check_in, daily: {points: 2}}}"
    assert "<festoon-winners" not in landing(nothing)


def test_a_shared_link_has_a_picture(anybody: Client) -> None:
    answer = anybody.get("/m/spring/card.png", params={"lang": "zh-Hans"})
    assert answer.headers["content-type"] == "image/png"
    assert answer.content[:4] == b"\x89PNG"


def test_a_qr_code_leads_only_where_the_plan_leads(anybody: Client) -> None:
    for query in ("", "?code=7QK2M9FX", "?mechanic=friends&code=7QK2M9FX"):
        assert anybody.get(f"/m/spring/qr.svg{query}").headers["content-type"].startswith("image/svg+xml")
    assert anybody.get("/m/spring/qr.svg?code=https://evil.example").status_code == 404
    campaign = compile_version(PLAN, "{}", 1)
    assert qr_link(campaign, "friends", "7QK2M9FX", "http://f") == "https://tea.example/7QK2M9FX"
    assert qr_link(campaign, "", "7QK2M9FX", "http://f") == "http://f/m/spring?by=7QK2M9FX"


@pytest.mark.parametrize(
    "path",
    [
        "/m/autumn",
        "/m/spring/unknown",
        "/m/spring/my/secrets",
        "/m/-/../side.py",
        "/m/-/page.py",
        "/m/-/texts/fr.json",
    ],
)
def test_what_is_not_there_is_not_there(anybody: Client, path: str) -> None:
    assert anybody.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/m/winter", "/m/spring/nothing", "/m/spring/my/nothing"])
def test_who_comes_by_an_old_link_reads_a_page_that_leads_on(anybody: Client, path: str) -> None:
    answer = anybody.get(path, headers={"accept": "text/html,*/*", "accept-language": "zh-CN"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "页面不存在" in answer.text
    assert 'href="/m"' in answer.text
    assert anybody.get(path).json()["code"] == "site.no_page"


def test_scripts_may_be_used_by_pages_of_other_sites(anybody: Client) -> None:
    for path in ("/m/festoon.js", "/m/-/texts/en.json", *(f"/m/-/{part}" for part in parts())):
        answer = anybody.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["access-control-allow-origin"] == "*"


def test_every_text_that_a_script_asks_for_is_there_in_every_language() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.js"))
    wanted = set(re.findall(r'\bt\("(\w+)"', scripts))
    assert len(wanted) > 60
    for language in LANGUAGES:
        assert wanted - texts(language).keys() == set()


def test_every_kind_of_mechanic_has_its_place_on_the_pages() -> None:
    assert {*PLAYED, *TASKS, "exchange"} >= set(kinds())


def test_scripts_are_rooms_that_one_can_hold_in_ones_head() -> None:
    assert {path.name for path in FOLDER.rglob("*.js") if len(path.read_text().splitlines()) > 200} == set()
