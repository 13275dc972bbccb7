"""Who may send what: keys, scopes, and what nobody but Festoon itself may say."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from festoon.access.keyring import CACHE_SECONDS, Keyring
from festoon.access.keys import SCOPES, Unauthenticated, create, revoke
from festoon.base.errors import Invalid
from festoon.base.vocabulary import VOCABULARY
from festoon.intake.door import OPERATORS, may_be_sent
from festoon.store.pool import connect, open_pool
from tests.serving import Client, Running, cloud_event, make_key, order_paid

OPEN = {"/healthz", "/readyz", "/openapi.json", "/docs"}
PUBLIC = "/v1/public/"


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    return problem


def test_without_a_key_nothing_but_health_and_the_documents_is_open(running: Running) -> None:
    with running.with_key(None) as nobody:
        paths = nobody.get("/openapi.json").json()["paths"]
        for path, methods in paths.items():
            for method in methods:
                answer = nobody.request(method.upper(), path.replace("{id}", "x"))
                if path.startswith(PUBLIC):
                    refused(answer, 404, "campaign.unknown")
                elif path in OPEN:
                    assert answer.status_code == 200
                else:
                    refused(answer, 401, "key.missing")
                    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Basic",
        "Basic dXNlcg==",
        "Basic !!",
        "Basic /w==",
        "Digest x",
        "fst_000000000000_" + "0" * 64,
    ],
)
def test_a_header_that_holds_no_key(running: Running, header: str) -> None:
    with running.with_key(None) as nobody:
        headers = {"authorization": header}
        refused(nobody.one(order_paid("ann"), **headers), 401, "key.missing")
        refused(nobody.get("/v1/campaigns", headers=headers), 401, "key.missing")


def test_a_key_nobody_gave_out(running: Running) -> None:
    right = running.key
    for key in (
        "x",
        "fst",
        "fst_",
        "fst__",
        right[:-1],
        right + "0",
        right.upper(),
        "fst_" + right[4:16],
        "密钥",
    ):
        headers = {b"authorization": b"Bearer " + key.encode()}
        with running.with_key(None) as nobody:
            answer = nobody.get("/v1/campaigns", headers=headers)
            refused(answer, 401, "key.unknown")


def test_a_key_that_was_revoked(running: Running) -> None:
    key = make_key(running.dsn, "events:write")

    async def go() -> tuple[bool, bool]:
        connection = await connect(running.dsn)
        id, now = key.split("_")[1], datetime.now(UTC)
        done = await revoke(connection, id, now, "tests"), await revoke(connection, id, now, "tests")
        await connection.close()
        return done

    assert asyncio.run(go()) == (True, False)
    with running.with_key(key) as gone:
        refused(gone.one(order_paid("ann")), 401, "key.unknown")


async def test_a_revoked_key_is_noticed_once_the_keyring_looks_again(database: str) -> None:
    seconds = 0.0
    async with await open_pool(database) as pool:
        keyring = Keyring(pool, lambda: seconds)
        connection = await connect(database)
        token = await create(connection, "shop", ["events:write"], datetime.now(UTC), "tests")
        assert (await keyring.key(f"Bearer {token}")).actor == "shop"
        await revoke(connection, token.split("_")[1], datetime.now(UTC), "tests")
        seconds = CACHE_SECONDS + 1
        with pytest.raises(Unauthenticated):
            await keyring.key(f"Bearer {token}")
        acts = await connection.fetch("SELECT act FROM audit_entry ORDER BY number")
        assert [row["act"] for row in acts] == ["key.create", "key.revoke"]
        await connection.close()


async def test_the_store_keeps_no_key(database: str) -> None:
    connection = await connect(database)
    token = await create(connection, "shop", ["events:write"], datetime.now(UTC), "tests")
    kept = await connection.fetchval(
        "SELECT api_key::text || (SELECT string_agg(a::text, '') FROM audit_entry a) FROM api_key"
    )
    assert token.split("_")[2] not in kept
    with pytest.raises(Invalid, match="scope_unknown"):
        await create(connection, "shop", ["everything"], datetime.now(UTC), "tests")
    await connection.close()


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_each_scope_opens_its_own_doors_and_no_others(running: Running, scope: str) -> None:
    doors = {
        "members:read": [("GET", "/v1/members/nobody"), ("GET", "/v1/members/nobody/statement")],
        "members:write": [("POST", "/v1/members")],
        "campaigns:read": [("GET", "/v1/campaigns"), ("GET", "/v1/campaigns/spring")],
        "metrics:read": [("GET", "/metrics")],
    }
    with running.with_scopes(scope) as client:
        for owner, operations in doors.items():
            for method, path in operations:
                answer = client.request(method, path)
                if owner == scope:
                    assert answer.status_code in (200, 400, 404)
                else:
                    assert refused(answer, 403, "key.scope_missing")["data"] == {"scope": owner}


def test_a_key_without_the_scope_sends_nothing(running: Running) -> None:
    with running.with_scopes("members:read", "plan:publish") as reader:
        refused(reader.one(order_paid("mallory")), 403, "key.scope_missing")
        refused(reader.many([order_paid("mallory")]), 403, "key.scope_missing")


def test_what_only_festoon_makes_nobody_may_send(client: Client) -> None:
    for type_, known in VOCABULARY.items():
        if known.kind == "internal" and type_ not in OPERATORS:
            event = cloud_event(type_, "mallory", data=known.example)
            refused(client.one(event), 403, "event.not_yours")
            (answer,) = client.many([event]).json()
            assert (answer["status"], answer["error"]["code"]) == (403, "event.not_yours")


def test_only_an_operators_key_adjusts_a_balance(running: Running) -> None:
    data = {"asset": "points", "amount": 30, "reason": "we were late"}
    with running.with_scopes("events:write", "members:write") as shop:
        refused(shop.one(cloud_event("balance.adjusted", "nina", data=data)), 403, "event.not_yours")
        refused(shop.one(cloud_event("grant.voided", "nina", data={"hold": "h1"})), 403, "event.not_yours")
    with running.with_scopes("events:operate") as operator:
        assert operator.one(cloud_event("balance.adjusted", "nina", data=data)).status_code == 200
        decision = {"hold": "h1", "reason": "a family of four", "decided_by": "wu"}
        answer = operator.one(cloud_event("grant.released", "nina", data=decision)).json()
        assert answer["outcome"]["refused"]["code"] == "grant.not_held"
        refused(operator.one(order_paid("nina")), 403, "event.not_yours")


def test_a_key_for_members_only_makes_members_known(running: Running) -> None:
    with running.with_scopes("members:write") as registrar:
        assert registrar.one(cloud_event("member.imported", "olga")).status_code == 200
        refused(registrar.one(order_paid("olga")), 403, "event.not_yours")
        refused(registrar.one(cloud_event("shop.bell_rung", "olga")), 403, "event.not_yours")


def test_no_scope_at_all_lets_anybody_send_what_is_internal() -> None:
    every = frozenset(SCOPES)
    sent = {type_ for type_, known in VOCABULARY.items() if may_be_sent(type_, every)}
    internal = {type_ for type_, known in VOCABULARY.items() if known.kind == "internal"}
    assert internal & sent == OPERATORS
    assert VOCABULARY.keys() - internal <= sent
    assert not any(may_be_sent(type_, frozenset()) for type_ in VOCABULARY)
