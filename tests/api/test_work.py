"""Tasks and risks over the API: as the plan says them, and as people have set them."""

from collections.abc import Iterator

import pytest

from festoon.store.embedded import EmbeddedServer
from tests.serving import Running, head, make_key, serving_anew

PLAN = (
    head()
    + """
mechanics:
  hello: {kind: gift, on: member.registered, give: [{growth: 5}]}
work:
  posters: {title: {en: Posters, zh-Hans: 海报}, team: {en: Design, zh-Hans: 设计}, to: 2026-01-05,
            tasks: {print: {title: Print, after: [posters]}}}
risks:
  small: {title: Too few, impact: 1, likelihood: 2}
  crowd:
    title: Too many
    impact: 4
    likelihood: 4
    response: {en: Confirm the places., zh-Hans: 确认名额。}
    runbook: {trigger: The hall is full., steps: [Close the door.]}
"""
)
AT = "/v1/campaigns/spring"


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


def test_a_task_is_as_the_plan_says_until_somebody_says_how_far_it_is(running: Running) -> None:
    lin = running.with_key(running.key_of("lin"))
    posters, part = lin.get(f"{AT}/tasks").json()["tasks"]
    assert (posters["state"], posters["late"], posters["set"]) == ("planned", True, None)
    assert (posters["title"]["zh-Hant"], posters["team"]["zh-Hans"]) == ("海報", "设计")
    assert (part["id"], part["within"], part["after"]) == ("print", "posters", ["posters"])
    said = lin.post(f"{AT}/tasks/posters", json={"state": "done", "note": "on the walls"})
    posters = said.json()["tasks"][0]
    assert (posters["state"], posters["late"]) == ("done", False)
    assert (posters["set"]["by"], posters["set"]["note"]) == ("lin", "on the walls")
    assert running.fetch("SELECT actor FROM audit_entry WHERE act = 'work.task'")[0]["actor"] == "lin"


def test_risks_come_worst_first_and_one_that_was_looked_at_is_looked_at_again(running: Running) -> None:
    crowd, small = running.client.get(f"{AT}/risks").json()["risks"]
    assert (crowd["id"], crowd["score"], small["id"]) == ("crowd", 16, "small")
    assert crowd["runbook"]["steps"][0]["en"] == "Close the door."
    assert crowd["response"]["zh-Hans"] == "确认名额。"
    said = running.client.post(f"{AT}/risks/crowd", json={"state": "watched", "next_review": "2030-04-05"})
    assert (said.json()["risks"][0]["state"], said.json()["risks"][0]["review"][:7]) == ("watched", "2030-04")
    assert (
        running.client.post(f"{AT}/risks/crowd", json={"state": "closed"}).json()["risks"][1]["id"] == "crowd"
    )


def test_what_is_not_there_is_said_and_who_may_not_is_turned_away(running: Running) -> None:
    client = running.client
    for path, body, status, code in (
        ("tasks/none", {"state": "done"}, 404, "work.task_unknown"),
        ("risks/none", {"state": "open"}, 404, "work.risk_unknown"),
        ("tasks/print", {"state": "later"}, 400, "work.state_unknown"),
    ):
        answer = client.post(f"{AT}/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/v1/campaigns/none/tasks").status_code == 404
    reader = running.with_key(make_key(running.dsn, "campaigns:read"))
    assert reader.get(f"{AT}/tasks").status_code == 200
    assert reader.post(f"{AT}/tasks/print", json={"state": "done"}).status_code == 403
