"""Queues in the console: what waits is seen by who may, and decided once; queries do not grow with rows."""

import io
import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from festoon.console.queues import pictures
from festoon.engine.code_list import listed
from festoon.engine.held_list import held
from festoon.engine.parcels import Sought, parcels
from festoon.engine.reviews import open_proofs
from festoon.members.picture import looked_at
from festoon.outbox.webhooks.deliveries import Sought as Deliveries
from festoon.outbox.webhooks.deliveries import deliveries
from festoon.store.pool import connect
from tests.console.visitors import Visitors
from tests.members.test_picture import jpeg
from tests.outbox.webhooks.receiver import Receiver, receiving
from tests.serving import Running, cloud_event, head
from tests.waiting import HELD, SENT_AND_JUDGED, WATCHED

PLAN = (
    head()
    + """
gifts: {mug: {title: {en: Mug, zh-Hans: 马克杯}, cost: 3, line: prizes, stock: 90}}
coupons: {ten-off: {value: 10, cost: 1, line: prizes, stock: 500, batch: "TEA-##########"}}
assets: {points: {cost: 0.01, line: prizes}}
"""
    + WATCHED
    + "mechanics:\n"
    + SENT_AND_JUDGED
    + HELD
    + """\
  levels:
    kind: level
    on: check_in.made
    levels: [{id: basic, growth: 0}, {id: gold, growth: 5, perks: [priority-support]}]
  grand: {kind: grand_draw, frozen: 2099-01-01, prizes: [{id: pen, count: 3, give: {points: 5}}]}
"""
).replace("2099-01-01", f"{datetime.now(UTC).date() + timedelta(days=20)}")
HOME = {"name": "Li Hua", "phone": "13800000000", "address": "1 Tea Lane, Hangzhou"}
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


@pytest.fixture(scope="module")
def photos() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def did(running: Running, type_: str, member: str, **data: Any) -> Any:
    answer = running.client.one(cloud_event(type_, member, data=data))
    assert answer.status_code == 200, answer.text
    return answer.json()["outcome"]


def won(running: Running, member: str) -> str:
    """A gift that is to be sent, with its address."""
    item: str = did(running, "content.liked", member, content="c")["mechanics"][0]["given"][0]["item"]
    did(running, "gift.address_given", member, item=item, **HOME)
    return item


def test_each_queue_is_for_who_may_and_leads_on_when_it_is_empty(visitors: Visitors) -> None:
    for path, may in (
        ("held", "reviewer"), ("proofs", "judge"), ("parcels", "support"), ("codes", "operator"), ("draws", "operator"),
    ):  # fmt: skip
        assert visitors[may].page(f"/console/queues/{path}/")
        assert visitors["planner"].get(f"/console/queues/{path}/").status_code == 403
        assert visitors[""].get(f"/console/queues/{path}/").url.path == "/console/sign-in/"


def test_a_held_reward_is_released_with_a_reason_and_another_is_void(
    visitors: Visitors, running: Running
) -> None:
    for name in ("hal", "hub"):
        did(running, "segment.entered", name, segment="watched")
        did(running, "page.viewed", name, page="tea")
    reviewer = visitors["reviewer"]
    listed = reviewer.page("/console/queues/held/?campaign=spring")
    assert "50 points" in listed
    links = re.findall(r'href="(/console/queues/held/\w+/)"', listed)
    assert len(links) == 2
    assert "This field is required" in reviewer.submit(links[0], release="").text
    reviewer.submit(links[0], release="", reason="a family")
    reviewer.submit(links[1], void="", reason="a ring")
    assert reviewer.get(links[0]).status_code == 404
    acts = running.fetch("SELECT act, actor FROM audit_entry WHERE act LIKE 'grant.%' ORDER BY number")
    assert [tuple(row) for row in acts] == [
        ("grant.released", "user:reviewer"), ("grant.voided", "user:reviewer"),
    ]  # fmt: skip
    assert running.books_balance()


def test_an_appeal_stands_with_what_is_held_and_wants_an_answer(visitors: Visitors, running: Running) -> None:
    did(running, "segment.entered", "una", segment="watched")
    did(running, "page.viewed", "una", page="tea")
    (hold,) = [
        each["id"] for each in running.client.get("/v1/held").json()["held"] if each["member"] == "una"
    ]
    did(running, "grant.appealed", "una", hold=hold, text="<i>We are four</i>")
    reviewer, at = visitors["reviewer"], f"/console/queues/held/{hold}/"
    assert "Appeal" in reviewer.page("/console/queues/held/")
    assert "&lt;i&gt;We are four&lt;/i&gt;" in reviewer.page(at)
    assert "say what he is to be told" in reviewer.submit(at, void="", reason="a ring").text
    reviewer.submit(at, void="", reason="a ring", answer="Too many share the phone.")
    assert reviewer.get(at).status_code == 404


def test_matters_of_members_with_priority_support_are_marked_and_can_be_seen_alone(
    visitors: Visitors, running: Running
) -> None:
    for name, growth in (("vip", 5), ("vin", 4)):
        did(running, "segment.entered", name, segment="watched")
        did(running, "balance.adjusted", name, asset="growth", amount=growth, reason="-", made_by="lin")
        did(running, "check_in.made", name)
        did(running, "page.viewed", name, page="tea")
        did(running, "proof.submitted", name, proof=f"p-{name}", photo="photos/p.jpg")
    for path, may in (("held", "reviewer"), ("proofs", "judge")):
        listed = visitors[may].page(f"/console/queues/{path}/")
        assert re.search(r"vip\s*<span class=\"badge[^>]*>Priority</span>", listed)
        assert not re.search(r"vin\s*<span", listed)
        alone = visitors[may].page(f"/console/queues/{path}/?priority=on")
        assert (">vip " in alone, "vin" in alone) == (True, False)
        api = running.client.get(f"/v1/{path}", params={"priority": "true"}).json()[path]
        assert {(each["member"], each["priority"]) for each in api} == {("vip", True)}
        assert running.client.get(f"/v1/{path}", params={"priority": "no"}).status_code == 400
    assert running.client.get("/v1/members/vip").json()["priority"]
    assert not running.client.get("/v1/members/vin").json()["priority"]
    number = running.client.get("/v1/members/vip").json()["number"]
    assert ">Priority</span>" in visitors["support"].page(f"/console/members/{number}/")
    for name in ("vip", "vin"):  # nothing is left for others to find
        did(running, "proof.approved", name, proof=f"p-{name}", decided_by="lin")


def test_a_proof_is_judged_beside_its_picture_once(
    visitors: Visitors, running: Running, photos: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FESTOON_WEBHOOK_NETWORKS", "127.0.0.0/8")
    url = photos.url.replace("/hooks", "/p.png")
    did(running, "proof.submitted", "pia", proof="p-1", photo=url)
    did(running, "proof.submitted", "pit", proof="p-2", photo="photos/p-2.jpg")
    judge = visitors["judge"]
    page = judge.page("/console/queues/proofs/")
    assert "photos/p-2.jpg" in page
    (picture,) = set(re.findall(r'src="(/console/queues/proofs/picture/[^"]+)"', page))
    photos.body, photos.more = PNG, {"content-type": "text/html"}
    seen = judge.get(picture.replace("&amp;", "&"))
    assert (seen.status_code, seen.headers["content-type"], seen.content) == (200, "image/png", PNG)
    assert "sandbox" in seen.headers["content-security-policy"]
    monkeypatch.setenv("FESTOON_WEBHOOK_NETWORKS", "")
    assert judge.get(picture.replace("&amp;", "&")).status_code == 404
    owner = {"mechanic": "spring/photo"}
    at = "/console/queues/proofs/"
    assert "Say why" in judge.submit(f"{at}judge/", at, member="pia", proof="p-1", reject="", **owner).text
    judge.submit(f"{at}judge/", at, member="pia", proof="p-1", approve="", **owner)
    again = judge.submit(f"{at}judge/", at, member="pit", proof="p-2", reject="", reason="dark", **owner)
    assert "No proof waits" in again.text
    assert [row["act"] for row in running.fetch("SELECT act FROM audit_entry WHERE act LIKE 'proof.%'")] == [
        "proof.approve", "proof.reject",
    ]  # fmt: skip


def test_a_photo_and_words_that_were_handed_in_here_are_shown_as_we_drew_them(
    visitors: Visitors, running: Running
) -> None:
    running.client.post("/v1/members", json={"id": "pam", "event_id": "pam"})
    token = running.client.post("/v1/members/pam/token", json={}).json()["token"]
    at = "/v1/me/campaigns/spring/proofs/photo"
    with running.with_key(token) as pam:
        photo = pam.post(f"{at}/photo", content=jpeg(900, 600)).json()["proof"]
        words = pam.post(f"{at}/words", json={"words": "<b>by the river</b>", "photo": photo}).json()["proof"]
        pam.one(cloud_event("proof.submitted", "pam", data={"proof": words, "photo": photo}))
    judge = visitors["judge"]
    page = judge.page("/console/queues/proofs/")
    assert "&lt;b&gt;by the river&lt;/b&gt;" in page
    (small,) = re.findall(r'src="(/console/queues/proofs/picture/[^"]+words[^"]+)"', page)
    seen = judge.get(small.replace("&amp;", "&"))
    assert (looked_at(seen.content).shown, seen.headers["x-content-type-options"]) == ((320, 213), "nosniff")
    assert looked_at(judge.get(small.replace("&amp;small", "").replace("&amp;", "&")).content).shown == (
        900,
        600,
    )
    judge.submit("/console/queues/proofs/judge/", "/console/queues/proofs/", member="pam", proof=words,
                 mechanic="spring/photo", approve="")  # fmt: skip
    assert judge.get(small.replace("&amp;", "&")).status_code == 404


@pytest.mark.parametrize("body", [b"<html>no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b""])
def test_what_is_no_picture_is_not_passed_on(
    visitors: Visitors, running: Running, photos: Receiver, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setenv("FESTOON_WEBHOOK_NETWORKS", "127.0.0.0/8")
    proof = f"odd-{len(body)}"
    did(running, "proof.submitted", "odd", proof=proof, photo=photos.url)
    photos.body, photos.more = body, {"content-type": "image/png"}
    asked = {"member": "odd", "mechanic": "spring/photo", "proof": proof}
    answer = visitors["judge"].get("/console/queues/proofs/picture/", params=asked)
    assert (answer.status_code, "proof.no_picture" in answer.text) == (404, True)


def test_a_photo_without_an_address_is_looked_for_where_photos_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.addressed("photos/1.jpg") == ""
    monkeypatch.setenv(pictures.PHOTOS, "https://photos.example/all/")
    assert pictures.addressed("photos/1 2.jpg") == "https://photos.example/all/photos/1%202.jpg"
    assert pictures.addressed("//elsewhere.example/1.jpg") == ""
    assert pictures.addressed("file:///etc/passwd") == ""


def test_parcels_go_out_with_addresses_and_come_back_with_numbers(
    visitors: Visitors, running: Running
) -> None:
    first, second = won(running, "ann"), won(running, "ben")
    ships = visitors["support"]
    page = ships.page("/console/queues/parcels/")
    assert page.count("Mug") >= 2
    assert "Tea Lane" not in page
    assert (
        "1 packed"
        in ships.submit("/console/queues/parcels/pack/", "/console/queues/parcels/", item=second).text
    )
    out = ships.submit("/console/queues/parcels/export/", "/console/queues/parcels/", state="packed", xlsx="")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(out.content)).get_sheet_by_index(0).to_python()
    assert [row[8] for row in rows] == ["address", "1 Tea Lane, Hangzhou"]
    file = f"item,carrier,parcel\n{first},SF,S-1\n{second},SF,S-1\nx,SF,S-3\n".encode()
    judged = upload(ships, file)
    assert judged.text.count("<code>") == 2
    hidden = re.search(r'name="judged" value="([^"]+)"', judged.text)
    assert hidden is not None
    at = "/console/queues/parcels/"
    shown = ships.submit(f"{at}numbers/results/", at, judged=hidden[1].replace("&quot;", '"'))
    results = CalamineWorkbook.from_filelike(io.BytesIO(shown.content)).get_sheet_by_index(0).to_python()
    assert [row[4] for row in results[1:]] == ["shipped", "refused", "refused"]
    assert "S-1" in ships.page("/console/queues/parcels/?state=shipped&number=S-1")
    assert "nothing to" not in upload(ships, b"PK\x03\x04").text
    exports = running.fetch("SELECT actor, after, origin FROM audit_entry WHERE act = 'parcels.export'")
    assert exports[0]["actor"] == "user:support"
    assert exports[0]["origin"].startswith("console")


def upload(visitor: Any, body: bytes) -> httpx.Response:
    at = "/console/queues/parcels/numbers/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(at).text)
    assert token is not None
    answer: httpx.Response = visitor.post(
        at, data={"csrfmiddlewaretoken": token[1]}, files={"file": ("sent.csv", body)}
    )
    return answer


def test_one_parcel_is_shipped_comes_back_and_is_not_sent_after_all(
    visitors: Visitors, running: Running
) -> None:
    item = won(running, "cho")
    ships, at = visitors["support"], f"/console/queues/parcels/{item}/"
    assert "1 Tea Lane" in ships.page(at)
    ships.submit(f"{at}ship/", at, carrier="SF", number="S-9")
    assert "S-9" in ships.page(at)
    ships.submit(f"{at}return/", at)
    ships.submit(f"{at}cancel/", at, reason="not wanted")
    assert running.fetch("SELECT state FROM item WHERE id = $1", item)[0]["state"] == "cancelled"
    assert "Next step" not in ships.page(at)
    assert ships.get("/console/queues/parcels/x/").status_code == 404
    assert running.books_balance()


def test_a_grand_draw_says_when_and_is_not_revealed_before(visitors: Visitors, running: Running) -> None:
    runs = visitors["operator"]
    assert "collecting" in runs.page("/console/queues/draws/")
    at = "/console/queues/draws/spring/grand/"
    (row,) = running.fetch("SELECT commitment, seed FROM draw_epoch WHERE mechanic = 'grand'")
    page = runs.page(at)
    assert row["commitment"] in page
    assert row["seed"].hex() not in page
    assert runs.get("/console/queues/draws/spring/none/").status_code == 404
    assert runs.get(f"{at}files/tickets/").status_code == 409


def test_codes_are_made_taken_out_and_withdrawn(visitors: Visitors) -> None:
    makes, at = visitors["operator"], "/console/queues/codes/"
    wanted: dict[str, Any] = {
        "owner": "spring/ten-off",
        "name": "flyers",
        "count": 30,
        "until": "",
    }
    assert '<optgroup label="Spring">' in makes.page(f"{at}new/")
    assert "30 codes" in makes.submit(f"{at}new/", **wanted).text
    assert makes.submit(f"{at}new/", **wanted).text.count("flash-error") == 1
    assert '<span class="quiet">Spring</span>' in makes.page(at)
    body = makes.submit(f"{at}spring/flyers/file/", at).text
    assert len(body.splitlines()) == 31
    assert "30 codes were still free" in makes.submit(f"{at}spring/flyers/void/", at).text
    assert "withdrawn" in makes.page(f"{at}?campaign=spring")


async def test_each_list_is_one_statement_however_long_it_is(running: Running) -> None:
    connection = await connect(running.dsn)
    said: list[str] = []
    with connection.query_logger(lambda query: said.append(query.query)):
        await held(connection, limit=51)
        await open_proofs(connection, ["spring/photo"], limit=25)
        await parcels(connection, Sought(), limit=51)
        await listed(connection, limit=51)
        await deliveries(connection, Deliveries(), limit=51)
    await connection.close()
    assert len(said) == 5
    assert not any("OFFSET" in each or "count(*) FROM parcel" in each for each in said)
