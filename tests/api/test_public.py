"""What everybody is told of a campaign, without a key: rules in words, odds, seeds' fingerprints, winners."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from festoon.engine.won import masked
from festoon.mechanics.fairness import epoch_key, roll
from festoon.store.embedded import EmbeddedServer
from tests.serving import Client, Running, cloud_event, head, serving_anew

PLAN = (
    head(budget=100_000)
    + """
segments: {returning: {title: {en: Returning members, zh-Hans: 回归会员}, list: uploaded}}
gifts: {phone: {title: {en: Phone, zh-Hans: 手机}, cost: 300, line: prizes}}
mechanics:
  signup: {kind: gift, title: {en: Welcome, zh-Hans: 欢迎礼}, on: member.registered, give: [{points: 100}],
           limits: {per_member: 1, total: 500}}
  back: {kind: gift, on: member.logged_in, when: 'member.segment("returning")', give: {points: 3}}
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 5}}
    prizes: [{id: phone, weight: 3, stock: 50, give: {gift: phone}},
             {id: few, title: {en: A few points, zh-Hans: 少量积分}, weight: 1, give: {points: [2, 8]}}]
    sold_out: next_prize
"""
)
PATH = "/v1/public/campaigns/spring"
NAMED = {"campaign": "spring", "mechanic": "lucky-draw"}


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


@pytest.fixture
def anybody(running: Running) -> Iterator[Client]:
    with running.with_key(None) as client:
        yield client


def told(client: Client, language: str) -> dict[str, Any]:
    answer = client.get(PATH, headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"].startswith("public")
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("language", "title", "rules"),
    [
        ("en", "Spring", ["When you register, you get: 100 points.", "Once per member."]),
        ("zh-Hans", "春日", ["注册成为会员即得：100积分。", "每人限1次。"]),
        ("zh-Hant", "春日", ["註冊成為會員即得：100積分。", "每人限1次。"]),
    ],
)
def test_rules_are_made_of_the_plan_in_the_readers_language(
    anybody: Client, language: str, title: str, rules: list[str]
) -> None:
    campaign = told(anybody, language)
    assert campaign["title"] == title
    assert campaign["mechanics"][0]["rules"][:2] == rules


def test_for_whom_it_is_stands_first(anybody: Client) -> None:
    back = told(anybody, "en")["mechanics"][1]
    assert back["rules"][0] == "For: Returning members."


def test_odds_and_fingerprints_are_published(anybody: Client, running: Running) -> None:
    draw = told(anybody, "en")["mechanics"][2]
    assert [(p["title"], p["gives"], p["weight"], p["total"]) for p in draw["prizes"]] == [
        ("Phone", "Phone", 3, 4),
        ("A few points", "2–8 points", 1, 4),
    ]
    (epoch,) = draw["epochs"]
    (row,) = running.fetch("SELECT seed FROM draw_epoch")
    assert epoch["commitment"] == sha256(row["seed"]).hexdigest()
    assert "seed" not in epoch


def test_winners_are_listed_without_their_names_and_can_check_their_draws(
    anybody: Client, running: Running
) -> None:
    running.client.post("/v1/members", json={"id": "li-hua-2001", "event_id": "1"})
    given = []
    for _ in range(5):
        played = running.client.one(cloud_event("draw.played", "li-hua-2001", data=NAMED)).json()
        given.append(played["outcome"]["mechanics"][0]["note"]["given"])
    winners = anybody.get(f"{PATH}/winners").json()["winners"]
    assert [(each["prize"], each["winner"]) for each in winners] == [("Phone", "l***01")] * given.count(
        "phone"
    )
    token = running.client.post("/v1/members/li-hua-2001/token", json={}).json()["token"]
    with running.with_key(token) as li:
        mine = li.get("/v1/me/campaigns/spring/plays/lucky-draw").json()
    (row,) = running.fetch("SELECT seed FROM draw_epoch")
    key = epoch_key(row["seed"], "")
    assert [play["given"] for play in mine["plays"]] == given[::-1]
    for play in mine["plays"]:
        assert play["roll"] == roll(key, mine["draw"], mine["member"], play["play"], "", play["total"])


@pytest.mark.parametrize(("name", "shown"), [("ann", "a**"), ("13812345678", "1***78"), ("li-hua", "l***ua")])
def test_a_name_is_masked(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_there_is_nothing_of_a_campaign_that_is_not_there(anybody: Client) -> None:
    assert anybody.get("/v1/public/campaigns/autumn").json()["code"] == "campaign.unknown"
