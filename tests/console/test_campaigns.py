"""Campaigns in the console: signed off by three, run by operators, read tab by tab."""

from datetime import UTC, datetime

import httpx
import pytest

from festoon.console.campaigns.sheet import TABS
from festoon.engine.publish import submit
from festoon.store.pool import connect
from tests.console.visitors import Visitors
from tests.serving import Running, head, waited


def submitted(running: Running, campaign: str, maker: str = "user:planner", more: str = "") -> str:
    """The path of a campaign that somebody has submitted."""

    async def go() -> None:
        connection = await connect(running.dsn)
        try:
            await submit(connection, head(campaign) + more, maker, datetime.now(UTC), "first try")
        finally:
            await connection.close()

    waited(go())
    return f"/console/campaigns/{campaign}/"


def sign(
    visitors: Visitors, role: str, page: str, act: str, version: int = 1, text: str = ""
) -> httpx.Response:
    return visitors[role].submit(f"{page}versions/{version}/{act}/", page, text=text)


def status(running: Running, campaign: str, version: int = 1) -> str:
    (row,) = running.fetch(
        "SELECT status FROM plan_version WHERE campaign = $1 AND version = $2", campaign, version
    )
    return str(row["status"])


def test_three_people_sign_and_an_operator_publishes(visitors: Visitors, running: Running) -> None:
    page = submitted(running, "signed")
    assert "Somebody else" not in visitors["planner"].page(page)
    assert "somebody else reviews and approves it" in visitors["planner"].page(page)
    assert sign(visitors, "reviewer", page, "review", text="Reads well.").status_code == 200
    assert sign(visitors, "approver", page, "approve", text="Go.").status_code == 200
    assert sign(visitors, "operator", page, "publish").status_code == 200
    assert status(running, "signed") == "published"
    text = visitors["auditor"].page(page)
    for said in ("user:planner", "user:reviewer", "user:approver", "Reads well.", "Go.", "first try"):
        assert said in text
    acts = running.fetch(
        "SELECT act, actor, origin FROM audit_entry WHERE object = 'signed@1' ORDER BY number"
    )
    assert [(row["act"], row["actor"]) for row in acts] == [
        ("plan.submit", "user:planner"),
        ("plan.review", "user:reviewer"),
        ("plan.approve", "user:approver"),
        ("plan.publish", "user:operator"),
    ]
    assert {row["origin"] for row in acts[1:]} == {"console 127.0.0.1"}


def test_the_maker_neither_reviews_nor_approves(visitors: Visitors, running: Running) -> None:
    page = submitted(running, "own-work", "user:planner-approver")
    visitor = visitors["planner+approver"]
    text = visitor.page(page)
    assert "versions/1/approve/" not in text
    for act, code in (("approve", "plan.maker_is_checker"), ("review", "plan.reviews_own")):
        answer = sign(visitors, "planner+approver", page, act)
        assert (answer.status_code, code in answer.text) == (403, True)
    assert status(running, "own-work") == "in_review"


def test_who_reviewed_does_not_approve(visitors: Visitors, running: Running) -> None:
    page = submitted(running, "three-people")
    sign(visitors, "approver", page, "review")
    answer = sign(visitors, "approver", page, "approve")
    assert (answer.status_code, "plan.reviewer_is_checker" in answer.text) == (403, True)
    visitors.person("second", "approver")
    assert status(running, "three-people") == "in_review"


def test_a_version_goes_back_with_a_reason_and_without_one_it_does_not(
    visitors: Visitors, running: Running
) -> None:
    page = submitted(running, "sent-back")
    assert "plan.reason_missing" in sign(visitors, "reviewer", page, "send-back").text
    assert sign(visitors, "reviewer", page, "send-back", text="The budget is too small.").status_code == 200
    assert status(running, "sent-back") == "withdrawn"
    assert "The budget is too small." in visitors["planner"].page(f"{page}?version=1")


@pytest.mark.parametrize(
    ("role", "act"),
    [("planner", "approve"), ("judge", "publish"), ("analyst", "send-back"), ("operator", "review")],
)
def test_a_signature_takes_its_role(visitors: Visitors, running: Running, role: str, act: str) -> None:
    page = submitted(running, f"no-{role}")
    answer = sign(visitors, role, page, act)
    assert (answer.status_code, "access.capability_missing" in answer.text) == (403, True)
    assert f"versions/1/{act}/" not in visitors[role].page(page)
    assert status(running, f"no-{role}") == "in_review"


def test_a_campaign_is_paused_resumed_and_stopped(visitors: Visitors, running: Running) -> None:
    page = submitted(running, "short-lived")
    sign(visitors, "approver", page, "approve")
    operator = visitors["operator"]
    sign(visitors, "operator", page, "publish")
    assert "paused</span>" in operator.submit(f"{page}run/pause/", page).text
    assert running.fetch("SELECT paused FROM campaign WHERE id = 'short-lived'")[0]["paused"] == ["*"]
    assert "running</span>" in operator.submit(f"{page}run/resume/", page).text
    assert visitors["planner"].submit(f"{page}run/stop/", page).status_code == 403
    assert "stopped</span>" in operator.submit(f"{page}run/stop/", page).text


def test_a_next_version_says_what_it_changes(visitors: Visitors, running: Running) -> None:
    page = submitted(running, "grows")
    sign(visitors, "approver", page, "approve")
    sign(visitors, "operator", page, "publish")
    submitted(running, "grows", more="exclusive: {group: spring}\n")
    assert "version 2 waits" in visitors["reviewer"].page(page)
    text = visitors["reviewer"].page(f"{page}?version=2")
    assert '<strong translate="no">Exclusion group</strong> changes.' in text
    assert "What it changes" in text


def test_every_tab_opens_in_every_version(visitors: Visitors, running: Running) -> None:
    page = submitted(running, "tabs")
    for tab in TABS:
        for query in ("", "?version=1"):
            assert 'aria-current="page"' in visitors["analyst"].page(f"{page}tab/{tab}/{query}")
    assert visitors["analyst"].get(f"{page}tab/secrets/").status_code == 404
    assert visitors["analyst"].get("/console/campaigns/no-such/").status_code == 404
    assert visitors["analyst"].get(f"{page}?version=7").status_code == 404


def test_what_excludes_each_other_is_told_in_the_calendar(visitors: Visitors, running: Running) -> None:
    for name in ("left", "right"):
        page = submitted(running, name, more="exclusive: {group: one-of-two}\n")
        sign(visitors, "approver", page, "approve")
        sign(visitors, "operator", page, "publish")
    text = visitors["planner"].page("/console/campaigns/calendar/")
    assert "one-of-two" in text
    assert 'class="bar' in text


def test_one_mechanic_is_paused_with_a_reason(visitors: Visitors, running: Running) -> None:
    page = "/console/campaigns/spring/tab/mechanics/"
    operator = visitors["operator"]
    answer = operator.submit("/console/campaigns/spring/mechanics/spend/pause/", page, text="too much")
    assert "paused</span>" in answer.text
    assert running.fetch("SELECT paused FROM campaign WHERE id = 'spring'")[0]["paused"] == ["spend"]
    operator.submit("/console/campaigns/spring/mechanics/spend/resume/", page, text="mended")
    assert running.fetch("SELECT paused FROM campaign WHERE id = 'spring'")[0]["paused"] == []
    assert (
        visitors["planner"].submit("/console/campaigns/spring/mechanics/spend/pause/", page).status_code
        == 403
    )


def test_what_things_cost_has_its_currency_and_its_line_a_title(visitors: Visitors, running: Running) -> None:
    more = """
assets: {points: {cost: 0.005, line: prizes}}
gifts: {mug: {title: Mug, cost: 12.5, line: prizes, stock: 3000}, card: {title: Card}}
rewards: {tea-time: [{gift: mug}, {points: 5}]}
promotion: {poster: {channel: banner, title: Poster, from: start, to: end, cost: 8000, line: prizes}}
mechanics: {hello: {kind: gift, on: page.viewed, give: {gift: mug}}}
"""
    page = submitted(running, "priced", more=more)
    rewards = visitors["planner"].page(f"{page}tab/rewards/")
    for said in ("¥12.50", "¥0.005", "3,000"):
        assert f'class="number">{said}</td>' in rewards
    assert '<span translate="no">Mug, 5 points</span> <code class="quiet">tea-time</code>' in rewards
    assert "¥8,000" in visitors["planner"].page(f"{page}tab/promotion/")
    chinese = visitors.fresh("planner", username="priced", language="zh-Hans")
    assert '<span translate="no">积分</span>' in chinese.page(f"{page}tab/rewards/")
