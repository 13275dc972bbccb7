"""A member's own token: what it may send, what it may see, and whose pages it may come from."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from festoon.access.keyring import CACHE_SECONDS, Keyring
from festoon.access.keys import Unauthenticated, create, revoke
from festoon.access.tokens import LONGEST, minted, signing_secret
from festoon.base.errors import NotFound
from festoon.base.vocabulary import VOCABULARY
from festoon.intake.own import BURST
from festoon.store.embedded import EmbeddedServer
from festoon.store.pool import connect, lent, open_pool
from tests.serving import Client, Running, cloud_event, head, make_key, serving_anew

PLAN = (
    head(budget=100_000)
    + """
assets:
  points: {cost: 0.01, line: prizes, expires: {days: 90}}
gifts: {phone: {title: {en: Phone, zh-Hans: 手机}, cost: 300, line: prizes, claim: {days: 30}}}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 100}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: points, per: 1, give: 1}
  daily: {kind: check_in, title: {en: Check in, zh-Hans: 签到}, daily: {points: 2}, ladder: {3: {points: 9}}}
  friends: {kind: referral, actions: [order.paid], inviter: {points: 1}, link: "https://tea.example/{code}"}
  shop: {kind: exchange, price: {amount: 90}, give: {gift: phone}}
  seats: {kind: place, places: 1, when: member.region == "Suzhou"}
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 1}}
    prizes: [{id: phone, weight: 1, stock: 2, give: {gift: phone}}, {id: few, weight: 5, give: {points: 2}}]
    sold_out: next_prize
events:
  lesson.finished: {trust: member, data: {type: object}}
  lesson.graded: {data: {type: object}}
"""
)
SITE = "https://shop.example"
NAMED = {"campaign": "spring", "mechanic": "lucky-draw"}


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN, origins=(SITE,)) as running:
        yield running


def token(running: Running, member: str, **wanted: Any) -> str:
    answer = running.client.post(f"/v1/members/{member}/token", json=wanted)
    assert answer.status_code == 200, answer.text
    made: str = answer.json()["token"]
    return made


def member(running: Running, name: str, **wanted: Any) -> Client:
    running.client.post("/v1/members", json={"id": name, "event_id": name})
    return running.with_key(token(running, name, **wanted))


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_member_plays_for_himself_and_the_event_is_his_as_of_now(running: Running) -> None:
    with member(running, "ann") as ann:
        sent = cloud_event("draw.played", "ann", source="shop", time="2020-01-01T00:00:00Z", data=NAMED)
        answer = ann.one(sent).json()
        assert (answer["outcome"]["status"], answer["source"], answer["again"]) == (
            "accepted",
            "member",
            False,
        )
        again = ann.one({**sent, "time": "2021-01-01T00:00:00Z"}).json()
        assert again == {**answer, "again": True}
    (row,) = running.fetch(
        "SELECT source, time, now FROM event WHERE id = $1 AND type = 'draw.played'", sent["id"]
    )
    assert row["source"] == "member"
    assert timedelta(0) <= row["now"] - row["time"] < timedelta(minutes=1)
    assert running.books_balance()


@pytest.mark.parametrize("name", sorted(set(VOCABULARY)))
def test_of_the_vocabulary_a_member_sends_only_what_he_does_himself(running: Running, name: str) -> None:
    type_ = VOCABULARY[name]
    with running.with_key(token(running, f"all-{name}")) as self:
        answer = self.one(cloud_event(name, f"all-{name}", data=type_.example))
    if type_.trust == "member":
        assert answer.status_code == 200, answer.text
    else:
        assert code(answer) == (403, "event.not_yours")


def test_a_plans_own_types_say_whom_they_are_trusted_to(running: Running) -> None:
    with running.with_key(token(running, "bo")) as bo:
        assert bo.one(cloud_event("lesson.finished", "bo")).status_code == 200
        assert code(bo.one(cloud_event("lesson.graded", "bo"))) == (403, "event.not_yours")
        assert code(bo.one(cloud_event("lesson.unheard_of", "bo"))) == (403, "event.not_yours")


def test_nobody_speaks_for_another(running: Running) -> None:
    with member(running, "cai") as cai:
        assert code(cai.one(cloud_event("draw.played", "ann", data=NAMED))) == (403, "token.not_himself")
        each = cai.many([cloud_event("check_in.made", "ann"), cloud_event("check_in.made", "cai")]).json()
        assert [answer["status"] for answer in each] == [403, 200]


def test_a_token_for_one_campaign_is_good_for_that_one(running: Running) -> None:
    with member(running, "deng", campaign="spring") as deng:
        assert deng.one(cloud_event("draw.played", "deng", data=NAMED)).status_code == 200
        elsewhere = cloud_event("draw.played", "deng", data={**NAMED, "campaign": "autumn"})
        assert code(deng.one(elsewhere)) == (403, "token.other_campaign")
        assert code(deng.one(cloud_event("check_in.made", "deng"))) == (403, "token.other_campaign")
        assert deng.get("/v1/me/campaigns/spring").status_code == 200
        assert code(deng.get("/v1/me/campaigns/autumn")) == (403, "token.other_campaign")


@pytest.mark.parametrize(
    "path", ["/v1/campaigns", "/v1/members/ann", "/v1/campaigns/spring/board", "/metrics"]
)
def test_a_token_opens_nothing_of_the_platforms(running: Running, path: str) -> None:
    with running.with_key(token(running, "ann")) as ann:
        assert ann.get(path).status_code == 403
        assert ann.post("/v1/members/ann/token", json={}).status_code == 403


def test_an_api_key_is_no_member(running: Running) -> None:
    assert code(running.client.get("/v1/me/campaigns/spring")) == (403, "token.needed")


def signed(running: Running, **changes: Any) -> str:
    """A token that a platform's backend made itself, with something wrong about it."""
    id = make_key(running.dsn, "members:token").split("_")[1]
    secret = secret_of(running, id)
    now = int(datetime.now(UTC).timestamp())
    claims = {"sub": "ann", "aud": "festoon", "iat": now, "exp": now + 60} | changes
    return jwt.encode(
        {name: value for name, value in claims.items() if value is not None}, secret, "HS256", {"kid": id}
    )


def secret_of(running: Running, id: str) -> str:
    async def go() -> str:
        connection = await connect(running.dsn)
        try:
            return await signing_secret(connection, id)
        finally:
            await connection.close()

    return asyncio.run(go())


def test_a_backend_signs_tokens_itself(running: Running) -> None:
    running.client.post("/v1/members", json={"id": "ann", "event_id": "ann"})
    with running.with_key(signed(running, sub="ann")) as ann:
        assert ann.get("/v1/me/campaigns/spring").json()["member"] == "ann"


NOW = int(datetime.now(UTC).timestamp())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exp": NOW - 10, "iat": NOW - 70}, "token.expired"),
        ({"exp": NOW + LONGEST + 600, "iat": NOW}, "token.invalid"),
        ({"iat": NOW + 3000, "exp": NOW + 3600}, "token.invalid"),
        ({"exp": None}, "token.invalid"),
        ({"aud": "elsewhere"}, "token.invalid"),
        ({"aud": None}, "token.invalid"),
        ({"sub": ""}, "token.invalid"),
        ({"sub": None}, "token.invalid"),
    ],
)
def test_what_is_wrong_with_a_token(running: Running, changes: dict[str, Any], said: str) -> None:
    with running.with_key(signed(running, **changes)) as nobody:
        assert code(nobody.one(cloud_event("check_in.made", "ann"))) == (401, said)


def test_a_token_that_nobody_signed_is_worth_nothing(running: Running) -> None:
    right = signed(running)
    payload = right.split(".")[1]
    none = jwt.encode({}, "", "none").split(".")[0]
    for wrong in (f"{none}.{payload}.", right[:-6] + "AAAAAA", "a.b.c", jwt.encode({"sub": "ann"}, "x" * 32)):
        with running.with_key(wrong) as nobody:
            assert nobody.get("/v1/me/campaigns/spring").status_code == 401


def test_a_key_that_may_not_mint_signs_nothing(running: Running) -> None:
    id = make_key(running.dsn, "events:write").split("_")[1]
    with pytest.raises(NotFound):
        secret_of(running, id)
    with running.with_key(minted("0" * 64, id, "ann", datetime.now(UTC))) as nobody:
        assert code(nobody.get("/v1/me/campaigns/spring")) == (401, "key.unknown")


def test_a_member_can_only_ask_so_often(running: Running) -> None:
    with running.with_key(token(running, "eager")) as eager:
        answers = [
            eager.one(cloud_event("page.viewed", "eager", data={"page": "/"})) for _ in range(BURST + 5)
        ]
        late = answers[-1]
        assert code(late) == (429, "request.too_often")
        assert int(late.headers["retry-after"]) >= 1
        many = eager.many([cloud_event("page.viewed", "eager", data={"page": "/"})] * (BURST + 1))
        assert code(many) == (413, "request.too_many_events")
    with member(running, "calm") as calm:
        assert calm.one(cloud_event("page.viewed", "calm", data={"page": "/"})).status_code == 200


def test_one_answer_has_all_that_a_page_needs(running: Running) -> None:
    with member(running, "fang") as fang:
        fang.one(cloud_event("check_in.made", "fang"))
        mine = fang.get("/v1/me/campaigns/spring", headers={"accept-language": "zh-Hant"}).json()
    assert (mine["member"], mine["phase"]) == ("fang", "running")
    points = next(each for each in mine["balances"] if each["asset"] == "points")
    assert (points["available"], points["title"]) == (102, "積分")
    by_id = {each["id"]: each for each in mine["mechanics"]}
    assert list(by_id) == ["signup", "spend", "daily", "friends", "shop", "seats", "lucky-draw"]
    daily = by_id["daily"]
    assert (daily["title"], daily["given"], daily["shows"]["streak"]) == ("簽到", 1, 1)
    (act,) = daily["acts"]
    assert (act["type"], act["ok"], act["code"]) == ("check_in.made", False, "check_in.already_that_day")
    assert act["text"]
    assert by_id["shop"]["acts"] == [{"type": "exchange.made", "ok": True}]
    assert by_id["seats"]["acts"][0]["data"] == {"reason": "condition"}
    draw = by_id["lucky-draw"]
    assert draw["shows"]["free_left"] == 1
    assert draw["odds"] == [
        {"prize": "phone", "weight": 1, "total": 6},
        {"prize": "few", "weight": 5, "total": 6},
    ]
    assert {act["type"]: act["ok"] for act in draw["acts"]} == {
        "draw.played": True,
        "draw.chance_bought": False,
    }
    assert mine["invite"]["links"][0]["url"].startswith("https://tea.example/")


def test_what_a_page_says_is_what_happens(running: Running) -> None:
    with member(running, "gu") as gu:
        assert (
            gu.one(cloud_event("exchange.made", "gu", data={**NAMED, "mechanic": "shop"})).status_code == 200
        )
        shop = next(m for m in gu.get("/v1/me/campaigns/spring").json()["mechanics"] if m["id"] == "shop")
        (act,) = shop["acts"]
        refused = gu.one(cloud_event("exchange.made", "gu", data={**NAMED, "mechanic": "shop"})).json()
    assert not act["ok"]
    assert act["code"] == refused["outcome"]["refused"]["code"]


def test_asking_changes_nothing_and_costs_the_same_few_queries(running: Running) -> None:
    with member(running, "hui") as hui:
        counts = (
            "SELECT (SELECT count(*) FROM event) AS events, (SELECT sum(balance) FROM account) AS balances"
        )
        before = running.fetch(counts)
        first = hui.get("/v1/me/campaigns/spring").json()
        second = hui.get("/v1/me/campaigns/spring").json()
        assert {**first, "now": ""} == {**second, "now": ""}
        assert running.fetch(counts) == before


def test_a_parcel_gets_its_address_and_the_journal_does_not(running: Running) -> None:
    with member(running, "ivy") as ivy:
        won = ivy.one(cloud_event("exchange.made", "ivy", data={**NAMED, "mechanic": "shop"})).json()
        item = won["outcome"]["mechanics"][0]["given"][0]["item"]
        (thing,) = ivy.get("/v1/me/items", params={"kind": "gift"}).json()["things"]
        assert (thing["id"], thing["title"], thing["address"]) == (item, "Phone", "wanted")
        where = {"item": item, "name": "Ivy", "phone": "+86 1380000", "address": "Lane 7, Suzhou"}
        said = ivy.one(cloud_event("gift.address_given", "ivy", data=where)).json()
        assert said["outcome"]["status"] == "accepted"
        (thing,) = ivy.get("/v1/me/items").json()["things"]
        assert thing["address"] == "given"
    (row,) = running.fetch(
        "SELECT data FROM event WHERE type = 'gift.address_given' AND data LIKE $1", f"%{item}%"
    )
    assert "Lane" not in row["data"]
    assert "Ivy" not in row["data"]
    (kept,) = running.fetch("SELECT fields FROM member_personal WHERE fields LIKE '%Lane 7%'")
    assert item in kept["fields"]
    with member(running, "jun") as jun:
        theirs = jun.one(cloud_event("gift.address_given", "jun", data=where)).json()
        assert theirs["outcome"]["refused"]["code"] == "delivery.no_such_gift"
    sent = {"item": item, "carrier": "SF", "parcel": "SF-7"}
    assert running.client.one(cloud_event("gift.shipped", "ivy", data=sent)).status_code == 200
    with running.with_key(token(running, "ivy")) as ivy:
        (thing,) = ivy.get("/v1/me/items").json()["things"]
        assert (thing["state"], thing["carrier"], thing["parcel"]) == ("shipped", "SF", "SF-7")
    running.client.one(cloud_event("gift.delivered", "ivy", data={"item": item}))
    with running.with_key(token(running, "ivy")) as ivy:
        late = ivy.one(cloud_event("gift.address_given", "ivy", data=where)).json()
        assert late["outcome"]["refused"]["code"] == "delivery.not_awaited"


def test_things_and_statement_come_page_by_page(running: Running) -> None:
    with member(running, "kai") as kai:
        running.client.one(
            cloud_event(
                "order.paid", "kai", data={"order": "k", "amount": 300, "currency": "CNY", "lines": []}
            )
        )
        for _ in range(3):
            kai.one(cloud_event("exchange.made", "kai", data={**NAMED, "mechanic": "shop"}))
        first = kai.get("/v1/me/items", params={"limit": 2}).json()
        rest = kai.get("/v1/me/items", params={"limit": 2, "before": first["next"]}).json()
        assert (len(first["things"]), len(rest["things"]), rest["next"]) == (2, 1, None)
        assert code(kai.get("/v1/me/items", params={"before": "x"})) == (400, "request.parameter_invalid")
        lines = kai.get("/v1/me/statement", params={"asset": "points"}).json()["lines"]
        assert [line["amount"] for line in lines] == [-90, -90, -90, 300, 100]
        assert {line["why"] for line in lines} == {"shop", "spend", "signup"}


def test_other_sites_pages_ask_only_when_they_were_named(running: Running) -> None:
    asks = {
        "origin": SITE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    with member(running, "lan") as lan:
        allowed = lan.options("/v1/events", headers=asks)
        assert allowed.headers["access-control-allow-origin"] == SITE
        turned_away = lan.options("/v1/events", headers={**asks, "origin": "https://evil.example"})
        assert "access-control-allow-origin" not in turned_away.headers
        sent = lan.one(cloud_event("check_in.made", "lan"), origin=SITE)
        assert sent.headers["access-control-allow-origin"] == SITE
        seen = lan.get("/v1/me/campaigns/spring", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in seen.headers
        assert "access-control-allow-origin" not in lan.options("/v1/campaigns", headers=asks).headers


async def test_a_token_ends_when_it_expires_and_with_the_key_it_was_minted_with(database: str) -> None:
    seconds, now = 0.0, datetime.now(UTC)
    async with await open_pool(database) as pool:
        keyring = Keyring(pool, lambda: seconds, lambda: now + timedelta(seconds=seconds))
        async with lent(pool) as connection:
            id = (await create(connection, "backend", ["members:token"], now, "tests")).split("_")[1]
            secret = await signing_secret(connection, id)
            long, short = (f"Bearer {minted(secret, id, 'ann', now, last)}" for last in (600, 10))
            assert [(await keyring.key(each)).member for each in (long, short)] == ["ann", "ann"]
            seconds = 11.0
            assert keyring.remembered(long) is not None
            with pytest.raises(Unauthenticated, match=r"token\.expired"):
                await keyring.key(short)
            await revoke(connection, id, now, "tests")
            seconds += CACHE_SECONDS
            with pytest.raises(Unauthenticated, match=r"key\.unknown"):
                await keyring.key(long)
