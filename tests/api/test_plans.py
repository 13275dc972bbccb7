"""Plans over the API: made by one, signed by another, and running at once in the process that was asked."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from festoon.access.keys import create
from festoon.base.clock import wall
from festoon.store.pool import connect
from tests.serving import Client, Running, cloud_event, head, wait_until

MAKER = ("plan:make", "plan:publish", "campaigns:read")
CHECKER = ("plan:check", "campaigns:read")


def plan(campaign: str, points: int = 10) -> str:
    return (
        head(campaign, budget=500)
        + f"""
assets: {{points: {{cost: 0.01, line: prizes}}}}
mechanics:
  hello: {{kind: gift, on: page.viewed, give: [{{points: {points}}}], limits: {{per_member: 1, total: 1000}}}}
"""
    )


def signs_as(running: Running, actor: str, *scopes: str) -> Client:
    async def go() -> str:
        connection = await connect(running.dsn)
        try:
            return await create(connection, actor, scopes, wall(), "tests")
        finally:
            await connection.close()

    return running.with_key(asyncio.run(go()))


@pytest.fixture
def wang(running: Running) -> Client:
    return signs_as(running, "wang", *MAKER)


@pytest.fixture
def chen(running: Running) -> Client:
    return signs_as(running, "chen", *CHECKER)


def submitted(wang: Client, campaign: str, points: int = 10) -> str:
    """Submit a plan; the path of the version."""
    answer = wang.post("/v1/plans", json={"source": plan(campaign, points), "note": "for May"})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    assert (made["status"], made["maker"], made["note"]) == ("in_review", "wang", "for May")
    return f"/v1/campaigns/{campaign}/versions/{made['version']}"


def test_a_plan_runs_once_another_has_signed_it(running: Running, wang: Client, chen: Client) -> None:
    path = submitted(wang, "may")
    assert (wang.post(path + "/publish").status_code, wang.get(path).json()["status"]) == (409, "in_review")
    approved = chen.post(path + "/approve").json()
    assert (approved["status"], approved["checker"]) == ("approved", "chen")
    assert wang.post(path + "/publish").json()["status"] == "published"
    wait_until(lambda: "may" in [one["id"] for one in wang.get("/v1/campaigns").json()["campaigns"]])
    outcome = running.client.one(cloud_event("page.viewed", "may-ann", data={"page": "x"})).json()["outcome"]
    assert "may/hello" in [each["mechanic"] for each in outcome["mechanics"]]


def test_who_made_a_version_cannot_approve_it_whatever_his_key_may(running: Running) -> None:
    both = signs_as(running, "zhao", *MAKER, *CHECKER)
    answer = both.post("/v1/plans", json={"source": plan("self")})
    refused = both.post(f"/v1/campaigns/self/versions/{answer.json()['version']}/approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "plan.maker_is_checker")


def test_a_third_person_reviews_and_neither_maker_nor_reviewer_approves(
    running: Running, wang: Client, chen: Client
) -> None:
    path = submitted(wang, "reviewed")
    maker = signs_as(running, "wang", "plan:review", "plan:check", "campaigns:read")
    li = signs_as(running, "li", "plan:review", "plan:check", "campaigns:read")
    said = {"comment": "stock is enough"}
    assert maker.post(f"{path}/review", json=said).json()["code"] == "plan.reviews_own"
    assert chen.post(f"{path}/review", json=said).json()["code"] == "key.scope_missing"
    reviewed = li.post(f"{path}/review", json=said).json()
    assert (reviewed["status"], reviewed["reviewer"]) == ("in_review", "li")
    assert [(each["actor"], each["act"], each["text"]) for each in reviewed["remarks"]] == [
        ("wang", "submit", "for May"),
        ("li", "review", "stock is enough"),
    ]
    other = signs_as(running, "zhao", "plan:review", "campaigns:read")
    assert other.post(f"{path}/review", json=said).json()["code"] == "plan.reviewed_already"
    assert li.post(f"{path}/approve").json()["code"] == "plan.reviewer_is_checker"
    assert chen.post(f"{path}/approve").json()["status"] == "approved"
    assert li.post(f"{path}/review", json=said).json()["code"] == "plan.not_in_review"
    (listed,) = chen.get("/v1/plans?campaign=reviewed").json()["versions"]
    assert (listed["reviewer"], listed["checker"]) == ("li", "chen")


def test_a_key_signs_only_what_its_scopes_allow(running: Running, wang: Client, chen: Client) -> None:
    path = submitted(wang, "scopes")
    for client, action in ((wang, "/approve"), (chen, "/publish"), (running.with_scopes("events:write"), "")):
        answer = client.post(path + action) if action else client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "key.scope_missing")
    assert chen.post("/v1/plans", json={"source": plan("scopes")}).status_code == 403


def test_every_mistake_of_a_plan_is_told_with_its_place_and_nothing_is_stored(wang: Client) -> None:
    broken = (
        plan("broken")
        .replace("points: 10}", "pionts: 10}")
        .replace("on: page.viewed", "on: page.viewed, limitz: {}")
    )
    checked = wang.post("/v1/plans/check", json={"source": broken}).json()
    assert checked["ok"] is False
    mistakes = [each for each in checked["problems"] if each["severity"] == "error"]
    assert len(mistakes) == 2
    assert all(
        each["line"] and each["path"].startswith("mechanics.hello") and each["todo"] for each in mistakes
    )
    refused = wang.post("/v1/plans", json={"source": broken})
    assert (refused.status_code, refused.json()["code"]) == (400, "plan.invalid")
    assert wang.get("/v1/plans", params={"campaign": "broken"}).json() == {"versions": [], "next": None}


def test_a_plan_that_is_right_is_said_to_be_so_in_the_readers_language(wang: Client) -> None:
    said = {}
    for language in ("en", "zh-CN"):
        answer = wang.post(
            "/v1/plans/check", json={"source": plan("right")}, headers={"accept-language": language}
        ).json()
        assert (answer["ok"], answer["campaign"]) == (True, "right")
        said[language] = [each["text"] for each in answer["problems"]]
    assert said["en"] != said["zh-CN"]


def test_a_new_version_says_what_it_changes_about_the_one_that_runs(wang: Client, chen: Client) -> None:
    first = submitted(wang, "june")
    chen.post(first + "/approve")
    wang.post(first + "/publish")
    second = submitted(wang, "june", points=20)
    detail = chen.get(second).json()
    assert (detail["version"], detail["source"]) == (2, plan("june", 20))
    assert [change["path"] for change in detail["changes"]] == ["mechanics.hello"]
    assert detail["changes"][0]["text"]


def test_a_version_is_taken_back_by_its_maker_and_sent_back_by_its_checker(
    running: Running, wang: Client, chen: Client
) -> None:
    mine = submitted(wang, "july")
    other = signs_as(running, "zhou", *MAKER)
    answer = other.post(mine + "/withdraw", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "plan.not_yours")
    assert wang.post(mine + "/withdraw", json={"reason": "a slip"}).json()["status"] == "withdrawn"
    assert chen.post(mine + "/approve").status_code == 409
    next_one = submitted(wang, "july")
    answer = chen.post(next_one + "/send-back", json={"reason": " "})
    assert (answer.status_code, answer.json()["code"]) == (400, "plan.reason_missing")
    assert chen.post(next_one + "/send-back", json={"reason": "too dear"}).json()["status"] == "withdrawn"
    assert wang.post(next_one + "/publish").json()["code"] == "plan.not_approved"
    assert wang.post(next_one + "/withdraw", json={}).json()["code"] == "plan.not_waiting"
    trail = running.fetch(
        "SELECT actor, act, after FROM audit_entry WHERE object LIKE 'july@%' ORDER BY number"
    )
    assert [(row["actor"], row["act"]) for row in trail] == [
        ("wang", "plan.submit"),
        ("wang", "plan.withdraw"),
        ("wang", "plan.submit"),
        ("chen", "plan.send_back"),
    ]
    assert "too dear" in str(trail[-1]["after"])


def test_versions_are_listed_page_by_page_and_by_what_they_wait_for(wang: Client, chen: Client) -> None:
    for _ in range(3):
        path = submitted(wang, "august")
    chen.post(path + "/approve")
    seen, after = [], None
    while True:
        asked: dict[str, str | int] = {"campaign": "august", "limit": 2}
        if after:
            asked["after"] = after
        page = wang.get("/v1/plans", params=asked).json()
        seen += [(each["version"], each["status"]) for each in page["versions"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [(1, "in_review"), (2, "in_review"), (3, "approved")]
    waiting = wang.get("/v1/plans", params={"campaign": "august", "status": "in_review"}).json()["versions"]
    assert [each["version"] for each in waiting] == [1, 2]


def test_a_campaign_is_paused_resumed_and_stopped_for_everybody(
    running: Running, wang: Client, chen: Client
) -> None:
    path = submitted(wang, "autumn")
    chen.post(path + "/approve")
    wang.post(path + "/publish")

    def looks(member: str) -> list[str]:
        answer = running.client.one(cloud_event("page.viewed", member, data={"page": "x"})).json()
        return [each["mechanic"] for each in answer["outcome"].get("mechanics", [])]

    assert wang.post("/v1/campaigns/autumn/pause", json={"mechanics": ["hello"]}).json()["paused"] == [
        "hello"
    ]
    assert "autumn/hello" not in looks("paused-ann")
    assert wang.post("/v1/campaigns/autumn/resume").json()["paused"] == []
    assert "autumn/hello" in looks("paused-ben")
    assert wang.post("/v1/campaigns/autumn/stop").json()["stopped"]
    assert "autumn/hello" not in looks("paused-cleo")


def test_a_campaign_is_opened_bit_by_bit(wang: Client, chen: Client) -> None:
    begins = wall().date() - timedelta(days=39)
    source = plan("slow") + f"rollout: {{testers: [tess], steps: [{{from: {begins}, share: 1%}}]}}\n"
    version = wang.post("/v1/plans", json={"source": source})
    assert version.status_code == 200, version.text
    chen.post("/v1/campaigns/slow/versions/1/approve")
    wang.post("/v1/campaigns/slow/versions/1/publish")
    found = chen.get("/v1/campaigns/slow/rollout").json()
    assert (found["share"], found["testers"]) == (100, 1)
    assert wang.post("/v1/campaigns/slow/rollout", json={"share": 2_500}).json()["share"] == 2_500
    assert chen.post("/v1/campaigns/slow/rollout", json={"share": 10_000}).status_code == 403
    assert wang.post("/v1/campaigns/slow/rollout", json={"share": 10_001}).status_code == 400
    assert chen.get("/v1/campaigns/spring/rollout").json()["code"] == "plan.no_rollout"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/v1/campaigns/nothing/versions/1", None, 404, "plan.version_unknown"),
        ("GET", "/v1/campaigns/spring/versions/x", None, 404, "plan.version_unknown"),
        ("GET", "/v1/campaigns/spring/versions/99999999999", None, 404, "plan.version_unknown"),
        ("POST", "/v1/campaigns/nothing/stop", None, 404, "plan.version_unknown"),
        ("POST", "/v1/campaigns/nothing/pause", {}, 404, "plan.version_unknown"),
        ("GET", "/v1/plans?status=new", None, 400, "request.parameter_invalid"),
        ("GET", "/v1/plans?after=x", None, 400, "request.parameter_invalid"),
        ("GET", "/v1/plans?limit=0", None, 400, "request.parameter_invalid"),
        ("POST", "/v1/plans", {"text": "x"}, 400, "request.wrong_shape"),
        ("POST", "/v1/plans/check", {"source": 1}, 400, "request.wrong_shape"),
    ],
)
def test_what_is_wrong_is_said(
    running: Running, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = running.client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_campaign_that_is_over_is_put_away_and_brought_back(wang: Client, chen: Client) -> None:
    path = submitted(wang, "over")
    chen.post(f"{path}/approve")
    wang.post(f"{path}/publish")
    wait_until(lambda: "over" in {each["id"] for each in wang.get("/v1/campaigns").json()["campaigns"]})
    assert wang.post("/v1/campaigns/over/archive").json()["code"] == "campaign.not_settled"
    assert chen.post("/v1/campaigns/over/archive").status_code == 403
    wang.post("/v1/campaigns/over/stop")
    assert wang.post("/v1/campaigns/over/archive").json()["archived"]
    assert wang.post("/v1/campaigns/over/archive").json()["code"] == "campaign.archived_already"
    assert wang.post("/v1/campaigns/over/bring-back").json() == {"campaign": "over", "archived": None}
    assert wang.post("/v1/campaigns/none/archive").status_code == 404
