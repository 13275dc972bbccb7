"""What operators do over the API: codes, compensations, segments, draws, keys, the trail, members' things."""

from collections.abc import Iterator

import pytest

from festoon.access.keys import SCOPES
from festoon.store.embedded import EmbeddedServer
from tests.api.conftest import PLAN
from tests.serving import Client, Running, cloud_event, order_paid, serving_anew, wait_until

MORE = (
    PLAN.replace(
        "  five-off: {value: 5, cost: 5, line: prizes, stock: 30, valid: {days: 7}}",
        "  five-off: {value: 5, cost: 5, line: prizes, stock: 30, valid: {days: 7}}\n"
        "  leaflet: {value: 1, cost: 1, line: prizes, stock: 50, valid: {days: 7}, batch: 'TEA-####-####-##'}",
    )
    + "segments: {vip: {title: {en: VIP}, list: uploaded}}\n"
)
CODES = "/v1/campaigns/spring/codes"


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), MORE) as running:
        running.client.many([order_paid(who, 100) for who in ("ann", "ben", "cleo")])
        yield running


@pytest.fixture
def other(running: Running) -> Iterator[Client]:
    """Somebody else, who may sign."""
    made = running.client.post("/v1/keys", json={"actor": "chen", "scopes": list(SCOPES)})
    with running.with_key(made.json()["key"]) as client:
        yield client


def test_codes_are_made_once_written_out_and_withdrawn(client: Client) -> None:
    batch = {"owner": "leaflet", "name": "march/1", "count": 20}
    assert client.post(CODES, json=batch).json()["code"] == "request.wrong_shape"
    batch["name"] = "march"
    first, again = (client.post(CODES, json=batch, headers={"idempotency-key": "m-1"}) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert client.post(CODES, json={**batch, "name": "more", "count": 31}).json()["code"] == "codes.too_many"
    head, *lines = client.get(f"{CODES}/march/export").text.splitlines()
    assert (head, len(lines), len(set(lines))) == ("code,state,member,used", 20, 20)
    one = lines[0].partition(",")[0]
    assert client.post(f"{CODES}/march/void", json={"code": one}).json()["withdrawn"] == 1
    found = client.get(f"{CODES}/march").json()
    assert (found["free"], found["withdrawn"]) == (19, 1)
    assert [each["name"] for each in client.get(CODES).json()["batches"]] == ["march"]


def test_a_compensation_is_signed_by_another_and_run_in_the_background(client: Client, other: Client) -> None:
    source = (
        "compensation: sorry\ncampaign: spring\nreason: no draws\nmembers: [ann, ben]\ngive: [{points: 7}]\n"
    )
    at = "/v1/compensations/sorry"
    assert client.post("/v1/compensations/preview", json={"source": source}).json()["members"] == 2
    made = client.post("/v1/compensations", json={"source": source}, headers={"idempotency-key": "c-1"})
    assert (made.status_code, made.json()["total"]) == (201, {"points": 14})
    assert client.post(f"{at}/run").json()["code"] == "compensation.not_signed"
    assert client.post(f"{at}/sign").json()["code"] == "compensation.maker_is_checker"
    assert other.post(f"{at}/sign").json()["status"] == "approved"
    assert client.post(f"{at}/run").status_code == 202
    wait_until(lambda: client.get(at).json()["status"]["status"] == "done")
    parts = client.get(f"{at}/members", params={"state": "done"}).json()["members"]
    assert [(each["member"], each["given"][0]["amount"]) for each in parts] == [("ann", 7), ("ben", 7)]
    assert [each["id"] for each in client.get("/v1/compensations").json()["compensations"]] == ["sorry"]


def test_a_list_counts_once_another_has_signed_it(client: Client, other: Client) -> None:
    at = "/v1/campaigns/spring/segments"
    up = client.post(f"{at}/vip/lists", json={"members": ["ann", "ann", "zoe"]}).json()
    assert (up["version"], up["ids"], up["repeated"], up["members"]) == (1, 2, 1, 1)
    assert client.post(f"{at}/vip/lists/1/approve").json()["code"] == "list.maker_is_checker"
    assert other.post(f"{at}/vip/lists/1/approve").json()["versions"][0]["checker"] == "chen"
    assert client.get(f"{at}/nobody/members").json()["code"] == "segment.unknown"
    client.post(f"{at}/refresh", json={"segments": ["vip"]})
    wait_until(lambda: client.get(f"{at}/vip/members").json()["members"] != [])
    assert [each["id"] for each in client.get(f"{at}/vip/members").json()["members"]] == ["ann"]


def test_a_seed_stays_secret_until_its_epoch_is_over(client: Client) -> None:
    (epoch,) = client.get("/v1/campaigns/spring/draws", params={"mechanic": "lucky-draw"}).json()["draws"]
    at = f"/v1/campaigns/spring/draws/lucky-draw/epochs/{epoch['name']}"
    assert epoch["seed"] is None
    assert client.post(f"{at}/reveal").json()["code"] == "draw.epoch_not_over"
    assert client.get(f"{at}/verification").json()["code"] == "draw.not_revealed"
    client.one(cloud_event("draw.played", "ann", data={"campaign": "spring", "mechanic": "lucky-draw"}))
    assert len(client.get(f"{at}/record").text.splitlines()) == 1
    assert (
        client.get("/v1/campaigns/spring/draws/lucky-draw/winners").json()["code"] == "draw.no_such_mechanic"
    )


def test_a_transfer_is_taken_back_and_two_accounts_become_one(client: Client, running: Running) -> None:
    line = client.get("/v1/members/cleo/statement").json()["lines"][0]
    back = client.post("/v1/members/cleo/reversals", json={"transfer": line["id"], "reason": "a mistake"})
    assert back.status_code == 200, back.text
    assert client.get("/v1/members/cleo/statement").json()["lines"][0]["amount"] == -line["amount"]
    client.one(cloud_event("page.viewed", "cleo", data={"page": "x"}))
    kinds = [each["kind"] for each in client.get("/v1/members/cleo/items").json()["items"]]
    assert kinds == ["coupon"]
    merged = client.post("/v1/members/ben/merge", json={"member": "cleo", "reason": "one phone number"})
    assert merged.json()["outcome"]["mechanics"][0]["note"]["member"] == "cleo"
    assert set(client.get("/v1/members/ben").json()["ids"]) == {"ben", "cleo"}
    again = client.post("/v1/members/ben/merge", json={"member": "cleo", "reason": "one phone number"})
    assert (again.status_code, again.json()["code"]) == (409, "merge.one_already")
    assert running.books_balance()


def test_a_key_hands_on_no_more_than_it_has(running: Running) -> None:
    with running.with_scopes("keys:manage", "audit:read") as keeper:
        refused = keeper.post("/v1/keys", json={"actor": "x", "scopes": ["plan:publish"]})
        assert (refused.status_code, refused.json()["code"]) == (403, "key.scope_missing")
        made = keeper.post("/v1/keys", json={"actor": "x", "scopes": ["audit:read"]}).json()
        assert made["id"] in [each["id"] for each in keeper.get("/v1/keys").json()["keys"]]
        assert keeper.post(f"/v1/keys/{made['id']}/revoke").json() == {"id": made["id"]}
        assert keeper.post(f"/v1/keys/{made['id']}/revoke").json()["code"] == "key.none"
        last = keeper.get("/v1/audit", params={"limit": 1, "act": "key."}).json()["entries"][0]
        assert (last["act"], last["object"]) == ("key.revoke", made["id"])
        assert keeper.get("/v1/held").status_code == 403


def test_what_runs_and_what_events_say_is_told(client: Client) -> None:
    program = client.get("/v1/program").json()
    assert (program["mode"], program["campaigns"]) == ("live", ["spring"])
    types = {each["name"]: each for each in client.get("/v1/event-types").json()["types"]}
    assert "amount" in types["order.paid"]["schema"]["properties"]
    assert client.get("/v1/held").json() == {"held": [], "next": None}
    assert client.post("/v1/held/none/void", json={"reason": "x"}).json()["code"] == "grant.not_held"
