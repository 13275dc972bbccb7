"""A member asks for his odds before he plays."""

import pytest

from tests.serving import Client, Running, cloud_event

NAMED = {"campaign": "spring", "mechanic": "lucky-draw"}


def odds(client: Client, member: str) -> dict[str, tuple[int, int]]:
    answer = client.get(f"/v1/members/{member}/odds", params=NAMED)
    assert answer.status_code == 200, answer.text
    return {row["prize"]: (row["weight"], row["total"]) for row in answer.json()["odds"]}


def test_a_member_is_told_the_odds_that_he_then_plays_by(client: Client) -> None:
    client.one(cloud_event("member.imported", "lin"))
    assert odds(client, "lin") == {"phone": (1, 6), "few": (5, 6)}
    client.one(cloud_event("content.liked", "lin", data={"content": "c-1", "author": "wu"}))
    assert odds(client, "lin") == {"phone": (2, 7), "few": (5, 7)}
    played = client.one(cloud_event("draw.played", "lin", data=NAMED)).json()
    (made,) = played["outcome"]["mechanics"]
    assert made["note"]["table"] == [["phone", 2], ["few", 5], ["nothing", 0]]
    assert made["note"]["raised"] == [["phone", 2, 1]]


def test_a_condition_raises_the_odds_too(client: Client) -> None:
    client.post("/v1/members", json={"id": "mei", "event_id": "mei"})
    assert odds(client, "mei") == {"phone": (3, 13), "few": (10, 13)}


def test_asking_changes_nothing(client: Client, running: Running) -> None:
    client.post("/v1/members", json={"id": "bo", "event_id": "bo"})
    counts = "SELECT (SELECT count(*) FROM event) AS events, (SELECT sum(balance) FROM account) AS balances"
    before = running.fetch(counts)
    assert odds(client, "bo") == odds(client, "bo")
    assert running.fetch(counts) == before
    assert running.books_balance()


@pytest.mark.parametrize(
    ("path", "named", "status", "code"),
    [
        ("nobody", NAMED, 404, "member.unknown"),
        ("ann", {**NAMED, "mechanic": "signup"}, 404, "draw.unknown"),
        ("ann", {**NAMED, "campaign": "autumn"}, 404, "draw.unknown"),
        ("ann", {"campaign": "spring"}, 400, "request.parameter_missing"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    client: Client, path: str, named: dict[str, str], status: int, code: str
) -> None:
    client.post("/v1/members", json={"id": "ann", "event_id": "ann"})
    answer = client.get(f"/v1/members/{path}/odds", params=named)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
