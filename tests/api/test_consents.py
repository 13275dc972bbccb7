"""Consents over the API: the member's own switch, an operator's note, the history, lists of whom one may write to."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from festoon.audience.consents import Reached, reached
from festoon.store.embedded import EmbeddedServer
from festoon.store.pool import connect
from tests.api.test_me import token
from tests.serving import Client, Running, cloud_event, head, serving_anew

PLAN = (
    head()
    + """
consents:
  sms: {text: {en: One message a week, zh-Hans: 每周一条}, wording: 2027-01}
  whatsapp: {title: WhatsApp}
segments:
  all: {title: All, list: uploaded}
mechanics:
  hello: {kind: gift, on: page.viewed, when: member.consents.sms, give: [{points: 5}]}
"""
)


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


@pytest.fixture(scope="module")
def client(running: Running) -> Client:
    return running.client


def known(client: Client, id: str, **data: Any) -> None:
    assert client.post("/v1/members", json={"id": id, "event_id": id, "data": data}).status_code == 200


def switch(own: Client, who: str, channel: str, *, to: bool) -> dict[str, Any]:
    data = {"channel": channel, "agreed": to, "wording": "2027-01", "where": "page"}
    outcome: dict[str, Any] = own.one(cloud_event("consent.changed", who, data=data)).json()["outcome"]
    return outcome


def holds(client: Client, who: str) -> dict[str, bool]:
    return {each["channel"]: each["agreed"] for each in client.get(f"/v1/members/{who}").json()["consents"]}


def test_a_member_says_yes_and_no_for_himself_and_sees_what_he_said(running: Running, client: Client) -> None:
    with running.with_key(token(running, "ann")) as ann:
        asked = ann.get("/v1/me/consents", headers={"accept-language": "zh-Hans"}).json()["consents"]
        assert asked == [
            {"channel": "sms", "title": "短信", "agreed": None, "text": "每周一条", "wording": "2027-01"},
            {"channel": "whatsapp", "title": "WhatsApp", "agreed": None, "wording": "1"},
        ]
        for answer in (True, False):
            assert switch(ann, "ann", "sms", to=answer)["status"] == "accepted"
            first = ann.get("/v1/me/consents", params={"campaign": "spring"}).json()["consents"][0]
            assert (first["agreed"], "since" in first) == (answer, True)
        assert (
            ann.one(
                cloud_event("consent.changed", "ben", data={"channel": "sms", "agreed": True})
            ).status_code
            == 403
        )
        assert ann.get("/v1/me/consents", params={"campaign": "none"}).status_code == 404
        refused = switch(ann, "ann", "pigeon", to=True)["refused"]
        assert (refused["code"], "whatsapp" in refused["data"]["known"]) == ("consent.unknown_channel", True)
    assert holds(client, "ann") == {"sms": False}
    page = client.get("/v1/members/ann/consents", params={"limit": 1}).json()
    assert (page["history"][0]["answer"]["by"], page["history"][0]["answer"]["where"]) == ("member", "page")
    assert "reason" not in page["history"][0]
    lines = client.get("/v1/members/ann/consents").json()["history"]
    assert [line["answer"]["agreed"] for line in lines] == [False, True]


def test_the_platform_says_it_by_any_of_its_events_and_by_channels_of_its_own(client: Client) -> None:
    known(client, "cat", consents={"sms": True, "line": True}, consents_wording={"sms": "2026"})
    client.one(cloud_event("member.profile_changed", "cat", data={"consents": {"sms": False}}))
    assert holds(client, "cat") == {"line": True, "sms": False}
    assert "consents_said" not in client.get("/v1/members/cat").json()["profile"]
    client.one(cloud_event("page.viewed", "cat", data={"page": "consents"}))
    found = client.get("/v1/members/cat/consents").json()["history"]
    assert [(line["event"], line["answer"]["channel"], line["answer"].get("who")) for line in found] == [
        ("member.profile_changed", "sms", "shop"),
        ("member.registered", "line", "api/members"),
        ("member.registered", "sms", "api/members"),
    ]
    wrong = client.one(cloud_event("consent.changed", "cat", data={"channel": "E-Mail", "agreed": True}))
    assert (wrong.status_code, wrong.json()["data"]["field"]) == (400, "channel")


@pytest.mark.parametrize("source", ["member", "festoon/acts"])
def test_a_platform_cannot_pass_an_answer_off_as_the_members_own_or_an_operators(
    client: Client, source: str
) -> None:
    data = {"channel": "sms", "agreed": True, "made_by": "lin", "reason": "x"}
    forged = client.one(cloud_event("consent.changed", "hal", source=source, data=data))
    assert (forged.status_code, forged.json()["code"]) == (400, "event.source_taken")
    known(client, "hal")
    changed = cloud_event("member.profile_changed", "hal", source=source, data={"consents": {"sms": True}})
    assert client.one(changed).status_code == 200
    assert client.get("/v1/members/hal/consents").json()["consents"][0]["by"] == "platform"


def test_an_operator_notes_it_with_a_reason_once_and_in_the_trail(running: Running, client: Client) -> None:
    known(client, "dan")
    said = {"channel": "sms", "agreed": False, "reason": "he called", "where": "phone", "key": "c-1"}
    for _ in range(2):
        assert client.post("/v1/members/dan/consents", json=said).json()["outcome"]["status"] == "accepted"
    (line,) = client.get("/v1/members/dan/consents").json()["history"]
    assert (line["answer"]["by"], line["answer"]["who"], line["reason"]) == (
        "operator",
        "tests",
        "he called",
    )
    (entry,) = [e for e in client.get("/v1/audit").json()["entries"] if e["act"] == "member.consent"]
    assert (entry["actor"], entry["object"].split("/")[0]) == ("tests", "member")
    assert "he called" in str(entry["differences"])
    typo = client.post("/v1/members/dan/consents", json=said | {"channel": "smms", "key": "c-2"})
    assert typo.json()["code"] == "consent.unknown_channel"
    assert client.post("/v1/members/dan/consents", json=said | {"reason": ""}).status_code == 400
    assert running.with_scopes("members:read").post("/v1/members/dan/consents", json=said).status_code == 403
    assert client.get("/v1/members/dan/sheet").json()["consents"][0]["by"] == "operator"


def test_a_list_for_a_channel_leaves_out_who_has_not_agreed_to_it(running: Running, client: Client) -> None:
    for who, consents in (("eve", {"sms": True}), ("fay", {"sms": False, "email": True}), ("gus", {})):
        known(client, who, consents=consents)
        client.one(cloud_event("segment.entered", who, data={"segment": "all", "campaign": "spring"}))
    at = "/v1/campaigns/spring/segments/all/members"
    found = {each["id"]: each["consents"] for each in client.get(at).json()["members"]}
    assert found == {"eve": {"sms": True}, "fay": {"sms": False, "email": True}, "gus": {}}
    assert [each["id"] for each in client.get(at, params={"channel": "sms"}).json()["members"]] == ["eve"]
    assert client.get(at, params={"channel": "push"}).json()["members"] == []
    members, by_channel = asyncio.run(counted(running.dsn, "spring/all"))
    counts = {each.channel: each for each in by_channel}
    assert (members, counts["sms"], counts["email"], counts["push"]) == (
        3, Reached("sms", 1, 1, 1), Reached("email", 1, 0, 2), Reached("push", 0, 0, 3),
    )  # fmt: skip


async def counted(dsn: str, segment: str) -> tuple[int, list[Reached]]:
    connection = await connect(dsn)
    try:
        return await reached(connection, [segment])
    finally:
        await connection.close()
