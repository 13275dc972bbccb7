"""An invitation accepted on the members' pages: by the codes of links that were followed, once, as the plan has it."""

from collections.abc import Iterator
from typing import Any

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.serving import Client, Running, cloud_event, head, order_paid, serving_anew, wait_until

FRIENDS = "{kind: referral, actions: [order.paid], inviter: {points: 50}%s}"


def plan(campaign: str, more: str) -> str:
    return head(campaign) + "mechanics:\n  friends: " + FRIENDS % more + "\n"


@pytest.fixture(scope="module")
def first(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    more = ", attribution: {touch: first}"
    with serving_anew(server, template, next(database_names), plan("spring", more)) as running:
        yield running


@pytest.fixture(scope="module")
def plain(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), plan("spring", "")) as running:
        yield running


@pytest.fixture(scope="module")
def last(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    more = ", attribution: {touch: last}"
    with serving_anew(server, template, next(database_names), plan("spring", more)) as running:
        yield running


def himself(running: Running, name: str) -> Client:
    running.client.post("/v1/members", json={"id": name, "event_id": name})
    return running.with_key(running.client.post(f"/v1/members/{name}/token", json={}).json()["token"])


def code_of(running: Running, name: str) -> str:
    himself(running, name).close()
    made: str = running.client.get(f"/v1/members/{name}/invite").json()["code"]
    return made


def accepts(client: Client, *codes: str) -> dict[str, Any]:
    answer = client.post("/v1/me/campaigns/spring/invitation", json={"codes": list(codes)})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def points(running: Running, name: str) -> int:
    balances = running.client.get(f"/v1/members/{name}").json()["balances"]
    return sum(each["available"] for each in balances if each["asset"] == "points")


def test_who_follows_a_link_is_invited_once_however_often_it_is_sent(plain: Running) -> None:
    ann, eve = code_of(plain, "ann"), code_of(plain, "eve")
    with himself(plain, "bo") as bo:
        assert accepts(bo, ann) == {"accepted": True, "code": "", "text": ""}
        assert accepts(bo, ann)["accepted"]
        assert accepts(bo, eve)["code"] == "referral.already_invited"
    plain.client.one(order_paid("bo"))
    wait_until(lambda: points(plain, "ann"))
    assert (points(plain, "ann"), points(plain, "eve")) == (50, 0)
    assert plain.books_balance()


def test_nobody_invites_himself_and_a_slip_leads_to_nobody(plain: Running) -> None:
    own = code_of(plain, "cai")
    with himself(plain, "cai") as cai:
        said = accepts(cai, own)
        assert said == {
            "accepted": False,
            "code": "referral.self_invite",
            "text": "nobody can invite himself",
        }
        assert accepts(cai, "ZZZZ-ZZZ2")["code"] == "referral.code_unknown"
        assert accepts(cai, code_of(plain, "dan"))["accepted"]


@pytest.mark.parametrize(("which", "paid"), [("first", "fay"), ("last", "gus")])
def test_the_plan_says_whose_link_counts_when_several_were_followed(
    request: pytest.FixtureRequest, which: str, paid: str
) -> None:
    running: Running = request.getfixturevalue(which)
    codes = [code_of(running, name) for name in ("fay", "hal", "gus")]
    with himself(running, "ida") as ida:
        assert accepts(ida, *codes)["accepted"]
    running.client.one(order_paid("ida"))
    wait_until(lambda: any(points(running, name) for name in ("fay", "hal", "gus")))
    assert {name: points(running, name) for name in ("fay", "hal", "gus")} == {
        name: 50 if name == paid else 0 for name in ("fay", "hal", "gus")
    }


def test_who_has_long_been_a_member_cannot_say_that_he_was_invited(plain: Running) -> None:
    data = {"registered": "2020-01-01"}
    plain.client.one(cloud_event("member.imported", "old", data=data))
    token = plain.client.post("/v1/members/old/token", json={}).json()["token"]
    with plain.with_key(token) as old:
        assert accepts(old, code_of(plain, "jon"))["code"] == "referral.not_new"
        assert old.one(cloud_event("invite.accepted", "old", data={"code": "x"})).status_code == 403
