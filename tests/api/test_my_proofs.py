"""What members hand in themselves: photos drawn anew, words; theirs alone, so many a day, and gone when they are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from festoon.engine import handed_in
from festoon.members.picture import looked_at
from festoon.store.embedded import EmbeddedServer
from festoon.store.pool import connect
from tests.members.test_picture import jpeg, png
from tests.serving import Client, Running, cloud_event, head, serving_anew

PLAN = (
    head(budget=100_000)
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  daily: {kind: check_in, daily: {points: 2}, review: {}}
  walk: {kind: task, on: proof.submitted, review: {}, repeat: {}, give: {points: 7}}
  diary: {kind: check_in, daily: {points: 1}, review: {wants: words}}
  plain: {kind: check_in, daily: {points: 1}}
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 1}}
    prizes: [{id: few, weight: 5, give: {points: 2}}]
"""
)
DAILY, WALK = "/v1/me/campaigns/spring/proofs/daily", "/v1/me/campaigns/spring/proofs/walk"


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


@pytest.fixture
def member(running: Running, request: pytest.FixtureRequest) -> Iterator[Client]:
    with himself(running, request.node.name[:60]) as client:
        yield client


def himself(running: Running, name: str, **wanted: Any) -> Client:
    running.client.post("/v1/members", json={"id": name, "event_id": name})
    return running.with_key(running.client.post(f"/v1/members/{name}/token", json=wanted).json()["token"])


def handed(client: Client, at: str, body: bytes) -> str:
    answer = client.post(f"{at}/photo", content=body, headers={"content-type": "image/jpeg"})
    assert answer.status_code == 200, answer.text
    made: str = answer.json()["proof"]
    return made


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_photo_is_handed_in_seen_by_its_member_and_reviewed(running: Running) -> None:
    with himself(running, "ann") as ann, himself(running, "bob") as bob:
        name = handed(ann, DAILY, jpeg(400, 300, 6))
        assert handed(ann, DAILY, jpeg(400, 300, 6)) == name
        assert handed(bob, DAILY, jpeg(400, 300, 6)) != name
        made = ann.one(
            cloud_event(
                "check_in.made", "ann", data={"photo": name, "campaign": "spring", "mechanic": "daily"}
            )
        )
        assert made.json()["outcome"]["mechanics"][0]["note"]["review"] == "open"
        seen = ann.get(f"/v1/me/proofs/{name}", params={"size": "small"})
        assert seen.headers["content-type"] == "image/jpeg"
        assert seen.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in seen.headers["content-security-policy"]
        assert seen.headers["content-disposition"].startswith("attachment")
        assert looked_at(seen.content).shown == (240, 320)
        assert code(bob.get(f"/v1/me/proofs/{name}")) == (404, "photo.gone")
    (waiting,) = running.client.get("/v1/proofs").json()["proofs"]
    assert (waiting["member"], waiting["photo"], waiting["words"]) == ("ann", name, "")
    whole = running.client.get(f"/v1/members/ann/photos/{name}")
    assert b"GPS" not in whole.content
    assert looked_at(whole.content).shown == (300, 400)
    with running.with_scopes("members:read") as reader:
        assert code(reader.get(f"/v1/members/ann/photos/{name}")) == (403, "key.scope_missing")


def test_words_stand_beside_their_photo_and_not_in_the_journal(running: Running) -> None:
    with himself(running, "cai") as cai:
        photo = handed(cai, WALK, png(80, 60))
        asked = {"words": "Two hours by the river", "photo": photo}
        name = cai.post(f"{WALK}/words", json=asked).json()["proof"]
        assert cai.post(f"{WALK}/words", json=asked).json()["proof"] == name
        sent = cloud_event(
            "proof.submitted", "cai", data={"proof": name, "campaign": "spring", "mechanic": "walk"}
        )
        assert cai.one(sent).status_code == 200
    rows = running.client.get("/v1/proofs", params={"campaign": "spring"}).json()["proofs"]
    (waiting,) = [each for each in rows if each["member"] == "cai"]
    assert (waiting["proof"], waiting["photo"], waiting["words"]) == (name, photo, "Two hours by the river")
    (row,) = running.fetch("SELECT data FROM event WHERE id = $1 AND source = 'member'", sent["id"])
    assert "river" not in row["data"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"%PDF-1.7", b"GIF89a" + bytes(60), b"<svg/>"])
def test_what_is_no_picture_is_turned_away(member: Client, body: bytes) -> None:
    assert code(member.post(f"{DAILY}/photo", content=body)) == (400, "photo.no_picture")


def test_what_is_too_large_is_turned_away_unread(member: Client) -> None:
    assert code(member.post(f"{DAILY}/photo", content=jpeg(64, 64) + bytes(9_000_000))) == (
        413,
        "request.too_large",
    )
    huge = jpeg(64, 64).replace(b"\x00\x40\x00\x40", b"\x2e\x00\x2e\x00", 1)
    assert code(member.post(f"{DAILY}/photo", content=huge)) == (400, "photo.wrong_size")


@pytest.mark.parametrize("mechanic", ["plain", "lucky-draw", "nothing"])
def test_a_photo_is_taken_only_where_one_is_wanted(running: Running, mechanic: str) -> None:
    with himself(running, "dora") as dora:
        answer = dora.post(f"/v1/me/campaigns/spring/proofs/{mechanic}/photo", content=jpeg(64, 64))
    assert code(answer) == (409, "photo.not_wanted")


def test_the_wrong_kind_is_turned_away_and_everybody_is_told_which_is_right(running: Running) -> None:
    member = himself(running, "ivy")
    at = "/v1/me/campaigns/spring/proofs"
    assert code(member.post(f"{at}/diary/photo", content=jpeg(64, 64))) == (409, "proof.words_wanted")
    assert code(member.post(f"{at}/daily/words", json={"words": "a walk"})) == (409, "proof.photo_wanted")
    words = member.post(f"{at}/diary/words", json={"words": "a walk"}).json()["proof"]
    told = running.client.get("/v1/public/campaigns/spring").json()["mechanics"]
    wants = {each["id"]: each.get("wants", "") for each in told}
    assert (wants["diary"], wants["daily"], wants["walk"], wants["plain"]) == ("words", "photo", "either", "")
    said = {"proof": words, "campaign": "spring", "mechanic": "diary"}
    made = member.one(cloud_event("check_in.made", "ivy", data=said))
    assert made.status_code == 200, made.text
    (waits,) = [each for each in running.client.get("/v1/proofs").json()["proofs"] if each["proof"] == words]
    assert (waits["words"], waits["mechanic"]) == ("a walk", "diary")
    member.close()


def test_only_so_many_a_day_however_they_come(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed_in, "A_DAY", 2)
    with himself(running, "eve") as eve:
        first = handed(eve, DAILY, jpeg(64, 64))
        eve.post(f"{WALK}/words", json={"words": "one"})
        assert code(eve.post(f"{DAILY}/photo", content=jpeg(72, 72))) == (409, "photo.too_many")
        assert code(eve.post(f"{WALK}/words", json={"words": "two"})) == (409, "photo.too_many")
        assert handed(eve, DAILY, jpeg(64, 64)) == first
    (count,) = running.fetch(
        "SELECT count(*) AS n FROM handed_in h JOIN member m ON m.id = h.member_id WHERE subject = 'eve'"
    )
    assert count["n"] == 2


def test_who_is_erased_leaves_no_photo(running: Running) -> None:
    with himself(running, "fay") as fay:
        handed(fay, DAILY, jpeg(64, 64))
    number = running.client.get("/v1/members/fay").json()["number"]
    asked = running.client.post(
        "/v1/members/fay/erase", json={"confirm": "fay", "reason": "asked for"}
    ).json()
    with running.with_key(running.key_of("another")) as checker:
        checker.post(f"/v1/requests/{asked['request']['number']}/sign")
    assert not running.fetch("SELECT 1 FROM handed_in WHERE member_id = $1", number)


def test_two_accounts_that_become_one_keep_what_either_handed_in(running: Running) -> None:
    for name in ("gus", "gil"):
        with himself(running, name) as client:
            handed(client, DAILY, jpeg(64, 64))
    running.client.post("/v1/members/gus/merge", json={"member": "gil", "reason": "one person"})
    number = running.client.get("/v1/members/gus").json()["number"]
    assert len(running.fetch("SELECT 1 FROM handed_in WHERE member_id = $1", number)) == 2


async def test_what_waits_for_no_verdict_is_destroyed_after_its_time(running: Running) -> None:
    with himself(running, "hal") as hal:
        old = handed(hal, WALK, jpeg(64, 64))
        waits = handed(hal, WALK, jpeg(80, 80))
        hal.one(
            cloud_event(
                "proof.submitted", "hal", data={"proof": waits, "campaign": "spring", "mechanic": "walk"}
            )
        )
    connection = await connect(running.dsn)
    try:
        at = await connection.fetchval("SELECT max(at) + $1 FROM handed_in", timedelta(seconds=1))
        await handed_in.forget(connection, at)
        left = {row["name"] for row in await connection.fetch("SELECT name FROM handed_in")}
    finally:
        await connection.close()
    assert waits in left
    assert old not in left
