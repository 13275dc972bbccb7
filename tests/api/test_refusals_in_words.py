"""What a member reads when something is refused: titles and amounts as people write them, in his language."""

from collections.abc import Iterator

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.serving import Client, Running, cloud_event, head, serving_anew

PLAN = (
    head(budget=10)
    + """
assets: {cash: {title: {en: wallet money, zh-Hans: 元零钱}, scale: 2}}
coupons: {ten-off: {title: {en: 10 off, zh-Hans: 立减10元}, value: 10, cost: 1, line: prizes, stock: 1}}
gifts: {cup: {title: {en: Tea cup, zh-Hans: 茶杯}, cost: 30, line: prizes}}
shared_caps: {some: {of: badge, amount: 1, per: month}}
badges: {leaf: {title: {en: Leaf, zh-Hans: 叶子}}}
mechanics:
  some: {kind: gift, on: page.viewed, give: {asset: cash, amount: 1250}, limits: {per_member: 1}}
  shop: {kind: exchange, price: {asset: cash, amount: 2000}, give: {coupon: ten-off}}
  free: {kind: code, codes: [TEA-1], give: {coupon: ten-off}}
  cups: {kind: code, codes: [TEA-2], give: {gift: cup}}
  badges: {kind: code, codes: [TEA-3], give: {badge: leaf}, limits: {per_member: 2}}
"""
)
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


def as_himself(running: Running, name: str) -> Client:
    running.client.one(cloud_event("page.viewed", name, data={"page": "x"}))
    return running.with_key(running.client.post(f"/v1/members/{name}/token", json={}).json()["token"])


def refused(member: Client, type_: str, name: str, language: str, **data: str) -> dict[str, object]:
    made = cloud_event(type_, name, data={"campaign": "spring", **data})
    answer = member.one(made, **{"accept-language": language})
    found: dict[str, object] = answer.json()["outcome"]["refused"]
    return found


def test_what_is_lacking_is_told_by_its_title_and_with_its_decimal_places(running: Running) -> None:
    texts = (
        "this takes 20.00 wallet money and there is 12.50",
        "需要20.00元零钱，当前只有12.50",
        "需要20.00元零錢，目前只有12.50",
    )
    with as_himself(running, "ann") as ann:
        for language, text in zip(LANGUAGES, texts, strict=True):
            told = refused(ann, "exchange.made", "ann", language, mechanic="shop")
            assert (told["code"], told["text"]) == ("balance.short", text)
            mine = ann.get("/v1/me/campaigns/spring", headers={"accept-language": language}).json()
            (act,) = next(each for each in mine["mechanics"] if each["id"] == "shop")["acts"]
            assert act["text"] == text


def test_what_has_run_out_is_told_by_its_title(running: Running) -> None:
    with as_himself(running, "bea") as bea, as_himself(running, "cho") as cho:
        assert refused_or_none(bea, "bea", "TEA-1") is None
        assert refused_or_none(cho, "cho", "TEA-1", "zh-Hans") == "立减10元已发完"


def test_a_member_is_not_told_what_is_on_a_budget_line(running: Running) -> None:
    with as_himself(running, "dan") as dan:
        told = refused(dan, "code.entered", "dan", "en", code="TEA-2")
    assert told == {"code": "budget.short", "text": "no more of this can be given now"}
    given = running.client.one(cloud_event("code.entered", "eve", data={"code": "TEA-2"})).json()
    assert "prizes" in given["outcome"]["refused"]["text"], "the platform is"


def test_a_cap_over_campaigns_is_told_in_words(running: Running) -> None:
    with as_himself(running, "fay") as fay:
        assert refused_or_none(fay, "fay", "TEA-3") is None
        texts = [refused_or_none(fay, "fay", "TEA-3", language) for language in LANGUAGES[:2]]
    assert texts == [
        "at most 1 badge a month over all campaigns; that is reached", "各活动合计每月最多1枚徽章，已达上限",
    ]  # fmt: skip


def refused_or_none(member: Client, name: str, code: str, language: str = "en") -> object:
    made = cloud_event("code.entered", name, data={"code": code})
    answer = member.one(made, **{"accept-language": language})
    told = answer.json()["outcome"].get("refused")
    return None if told is None else told["text"]
