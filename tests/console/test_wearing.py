"""Wearing from the member's own browser to what support sees: over the API by his token, in the console."""

from collections.abc import Iterator

import pytest

from festoon.console.side import console
from festoon.store.embedded import EmbeddedServer
from tests.console.visitors import Visitors
from tests.serving import Client, Running, cloud_event, head, serving_anew

PLAN = (
    head()
    + """
badges: {fan: {title: {en: Tea friend, zh-Hans: 茶友}}}
items: {frame: {wear: avatar}, card: {wear: false}}
mechanics: {pack: {kind: gift, on: member.registered, give: [{badge: fan}, {item: frame}, {item: card}]}}
"""
)


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN, sides=(console,)) as running:
        running.client.post("/v1/members", json={"id": "ann", "event_id": "ann"})
        running.client.post("/v1/members", json={"id": "ben", "event_id": "ben"})
        yield running


def own(running: Running, who: str) -> Client:
    """What the member's browser speaks through."""
    return running.with_key(running.client.post(f"/v1/members/{who}/token", json={}).json()["token"])


def things(client: Client) -> dict[str, tuple[str, str, bool]]:
    """By what they are: the id, where it can be worn, and whether it is."""
    found = client.get("/v1/me/items").json()["things"]
    return {
        each["ref"].rpartition("/")[2]: (each["id"], each.get("wear", ""), each.get("worn", False))
        for each in found
    }


def test_a_member_puts_on_what_is_his_and_everybody_who_may_look_sees_it(
    running: Running, visitors: Visitors
) -> None:
    ann = own(running, "ann")
    before = things(ann)
    assert {name: place for name, (_, place, _) in before.items()} == {
        "fan": "badge", "frame": "avatar", "card": "",
    }  # fmt: skip
    for what in ("fan", "frame"):
        said = ann.one(cloud_event("item.worn", "ann", data={"item": before[what][0]}))
        assert said.json()["outcome"]["status"] == "accepted"
    assert {name for name, (_, _, worn) in things(ann).items() if worn} == {"fan", "frame"}
    items = running.client.get("/v1/members/ann").json()["items"]
    assert {each["ref"] for each in items if each.get("worn")} == {"spring/fan", "spring/frame"}
    number = running.fetch("SELECT member_id FROM identity WHERE subject = 'ann'")[0][0]
    assert visitors["support"].page(f"/console/members/{number}/items/").count("Worn") == 2
    ann.one(cloud_event("item.taken_off", "ann", data={"item": before["fan"][0]}))
    assert {name for name, (_, _, worn) in things(ann).items() if worn} == {"frame"}
    listed = running.client.get("/v1/members/ann/items").json()["items"]
    assert {each["ref"] for each in listed if each.get("worn")} == {"spring/frame"}
    assert running.books_balance()


def test_a_refusal_says_why_in_his_language(running: Running) -> None:
    ann, ben = own(running, "ann"), own(running, "ben")
    card = things(ann)["card"][0]
    chinese = {"accept-language": "zh-Hans"}
    said = ann.one(cloud_event("item.worn", "ann", data={"item": card}), **chinese).json()["outcome"]
    assert (said["refused"]["code"], said["refused"]["text"]) == ("item.not_wearable", "该物品不可佩戴")
    fan = things(ann)["fan"][0]
    said = ben.one(cloud_event("item.worn", "ben", data={"item": fan})).json()["outcome"]
    assert said["refused"]["code"] == "item.not_yours"
    about_another = ben.one(cloud_event("item.worn", "ann", data={"item": fan}))
    assert about_another.status_code == 403
