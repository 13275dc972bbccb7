"""Members in the console: found, looked at, asked why, helped with a second person's signature; grants to a list."""

import io
import re

import pytest
import xlsxwriter

from tests.api.conftest import PLAN
from tests.console.visitors import Visitor, Visitors
from tests.serving import Running, cloud_event, order_paid, wait_until


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN.replace("line: prizes, expires", "line: prizes, adjust_alone: 20, expires")


@pytest.fixture(scope="module", autouse=True)
def _members(running: Running) -> None:
    for name in ("ann", "ben", "cleo", "era"):
        data = {"name": "李雷", "phone": "+8613812345678", "region": "Suzhou"}
        running.client.post("/v1/members", json={"id": name, "event_id": "1", "data": data})
        running.client.many([order_paid(name, 50), cloud_event("page.viewed", name, data={"page": "x"})])


def number(running: Running, subject: str) -> int:
    found: int = running.fetch("SELECT member_id FROM identity WHERE subject = $1", subject)[0][0]
    return found


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_member_is_found_and_his_fields_are_masked_unless_one_may_see(
    visitors: Visitors, running: Running
) -> None:
    page = visitors["auditor"].page("/console/members/?q=12345678")
    assert "•••••••••5678" in page
    assert "+8613812345678" not in page
    assert "+8613812345678" in visitors["support"].page("/console/members/?q=ann")
    assert "李••" in visitors["auditor"].page(f"/console/members/{number(running, 'ann')}/")
    assert "Nobody is found" in visitors["support"].page("/console/members/?q=zoe")
    visitors["planner"].page("/console/members/", status=403)
    visitors["support"].page("/console/members/999999/", status=404)


def test_every_tab_shows_what_there_is(visitors: Visitors, running: Running) -> None:
    at = f"/console/members/{number(running, 'ann')}"
    support = visitors["support"]
    assert "Takes part" in support.page(f"{at}/")
    assert "spring/signup" in support.page(f"{at}/statement/")
    assert "five-off" in support.page(f"{at}/items/")
    assert "given 1 of 1 time" in support.page(f"{at}/progress/")
    assert "order.paid" in support.page(f"{at}/events/")


def test_segments_are_called_by_their_titles(visitors: Visitors, running: Running) -> None:
    running.client.many([cloud_event("segment.entered", "era", data={"segment": "vip"}),
                         cloud_event("segment.entered", "era", data={"segment": "tea-drinkers"})])  # fmt: skip
    page = visitors["support"].page(f"/console/members/{number(running, 'era')}/")
    assert '<dt translate="no">Segments</dt>' in page
    assert '<span class="badge">vip</span>' in page
    assert "[&#x27;" not in page


def test_a_consent_is_noted_once_and_its_history_shown(visitors: Visitors, running: Running) -> None:
    known = {"consents": {"sms": True, "fax": True}}
    running.client.one(cloud_event("member.profile_changed", "ben", data=known))
    at, support = f"/console/members/{number(running, 'ben')}", visitors["support"]
    assert "Text message: yes" in support.page(f"{at}/")
    assert "Never asked" in support.page(f"{at}/consents/")
    said = {"channel": "sms", "answer": "no", "where": "call", "reason": "he called"}
    said["key"] = key_of(support.page(f"{at}/do/consent/"))
    for _ in range(2):
        assert "His answer is noted" in support.submit(f"{at}/do/consent/", **said).text
    page = support.page(f"{at}/consents/")
    assert page.count("he called") == 1
    assert (page.count("Yes, he agreed"), page.count("No, he refused")) == (1 + 2, 2)
    assert "<code>fax</code>" in page
    assert "Text message: no" in support.page(f"{at}/")
    assert "Change a consent" not in visitors["auditor"].page(f"{at}/consents/")
    visitors["auditor"].page(f"{at}/do/consent/", status=403)


def test_lists_go_on_by_key(visitors: Visitors, running: Running) -> None:
    for place in range(33):
        running.client.one(order_paid("cleo", 1, id=f"many-{place}"))
    at = f"/console/members/{number(running, 'cleo')}"
    for tab in ("statement", "events"):
        first = visitors["support"].page(f"{at}/{tab}/")
        more = re.search(r'rel="next" href="([^"]+)"', first)
        assert more is not None
        second = visitors["support"].page(f"{at}/{tab}/{more[1]}")
        assert "many-32" in first
        assert "many-32" not in second
        assert "Order paid" in second


def test_why_is_answered_in_one_search(visitors: Visitors) -> None:
    support = visitors["support"]
    page = support.page("/console/why/?member=ann&mechanic=spring/lucky-draw")
    assert "No such event came" in page
    spent = support.page("/console/why/?member=ann&mechanic=spring/spend")
    assert "He was given it: 50 points" in spent
    assert 'Order paid <code class="quiet">order.paid</code>' in spent
    assert "there is no member" in support.page("/console/why/?member=zoe&mechanic=spring/spend")
    chinese = visitors.fresh("support", username="chinese", language="zh-Hans")
    assert "未收到相关事件" in chinese.page("/console/why/?member=ann&mechanic=spring/lucky-draw")


def test_a_small_adjustment_happens_and_a_large_one_waits_for_another(
    visitors: Visitors, running: Running
) -> None:
    support, approver = visitors["support"], visitors["approver"]
    at = f"/console/members/{number(running, 'ben')}"
    form = support.page(f"{at}/do/adjust/")
    said = {"asset": "points", "amount": "15", "reason": "a slip", "key": key_of(form)}
    for _ in range(2):
        assert "The balance was adjusted" in support.submit(f"{at}/do/adjust/", **said).text
    assert running.client.get("/v1/members/ben").json()["balances"][0]["available"] == 165
    large = {**said, "amount": "900", "key": "large1"}
    assert "waits for a second signature" in support.submit(f"{at}/do/adjust/", **large).text
    waits = running.fetch("SELECT max(number) FROM act_request")[0][0]
    decide = f"/console/members/requests/{waits}"
    refused = support.submit(f"{decide}/sign/", _from="/console/members/")
    assert refused.status_code == 403
    inbox = approver.page("/console/members/requests/")
    assert "900" in inbox
    assert "Done" in approver.submit(f"{decide}/sign/", _from="/console/members/requests/").text
    assert running.client.get("/v1/members/ben").json()["balances"][0]["available"] == 1065
    assert "Nothing waits" in approver.page("/console/members/requests/")
    short = support.submit(f"{at}/do/adjust/", **{**said, "amount": "-9", "asset": "growth", "key": "g1"})
    assert "waits for a second signature" in short.text
    assert running.books_balance()


def test_who_signs_is_another_even_with_every_role(visitors: Visitors, running: Running) -> None:
    both = visitors["support+approver"]
    at = f"/console/members/{number(running, 'ben')}"
    both.submit(f"{at}/do/adjust/", asset="points", amount="700", reason="x", key="both1")
    waits = running.fetch("SELECT max(number) FROM act_request")[0][0]
    page = both.submit(f"/console/members/requests/{waits}/sign/", _from="/console/members/requests/").text
    assert "asked for this and cannot sign it" in page
    assert (
        "Taken back"
        in both.submit(
            f"/console/members/requests/{waits}/withdraw/", _from="/console/members/requests/"
        ).text
    )


def test_blocking_and_erasing(visitors: Visitors, running: Running) -> None:
    support, approver = visitors["support"], visitors["approver"]
    who = number(running, "era")
    at = f"/console/members/{who}"
    key = key_of(support.page(f"{at}/do/block/"))
    assert "The member is blocked" in support.submit(f"{at}/do/block/", reason="a ring", key=key).text
    again = support.submit(f"{at}/do/block/", reason="a ring", key="other")
    assert "blocked already" in again.text
    support.page(f"{at}/do/nothing/", status=404)
    assert "give his id once more" in support.submit(f"{at}/do/erase/", confirm="bob", reason="asked").text
    assert (
        "waits for a second signature"
        in support.submit(f"{at}/do/erase/", confirm="era", reason="asked").text
    )
    waits = running.fetch("SELECT max(number) FROM act_request")[0][0]
    approver.submit(f"/console/members/requests/{waits}/sign/", _from="/console/members/requests/")
    support.page(f"{at}/", status=404)
    assert running.books_balance()


def spreadsheet(*ids: str) -> bytes:
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body)
    sheet = book.add_worksheet()
    for row, id in enumerate(("member", *ids)):
        sheet.write_string(row, 0, id)
    book.close()
    return body.getvalue()


def upload(visitor: Visitor, body: bytes, **fields: str) -> str:
    page = visitor.page("/console/grants/new/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    said = {"campaign": "spring", "what": "asset:points", "amount": "7", "reason": "thanks", **fields}
    answer = visitor.post(
        "/console/grants/new/",
        data={"csrfmiddlewaretoken": token[1], **said},
        files={"list": ("list.xlsx", body)},
    )
    assert answer.status_code == 200
    return answer.text


def test_a_grant_goes_from_the_spreadsheet_to_the_results(visitors: Visitors, running: Running) -> None:
    operator, approver = visitors["operator"], visitors["approver"]
    page = upload(operator, spreadsheet("ann", "ben", "ann", "zoe"), name="thanks")
    assert "Nothing is submitted yet" in page
    assert '<td translate="no">points</td><td class="number">14</td>' in page
    assert '<td translate="no">prizes</td><td class="number">¥0.14</td>' in page
    assert "zoe" in page
    draft = running.fetch("SELECT id FROM grant_draft")[0][0]
    approver.page(f"/console/grants/draft/{draft}/", status=403)
    submitted = operator.submit(f"/console/grants/draft/{draft}/").text
    assert "Somebody else has to sign it" in submitted
    operator.page(f"/console/grants/draft/{draft}/", status=404)
    before = running.client.get("/v1/members/ann").json()["balances"][0]["available"]
    assert operator.submit("/console/grants/thanks/sign/", _from="/console/grants/thanks/").status_code == 403
    assert "It runs" in approver.submit("/console/grants/thanks/sign/", _from="/console/grants/thanks/").text
    wait_until(lambda: running.fetch("SELECT status FROM compensation WHERE id = 'thanks'")[0][0] == "done")
    assert running.client.get("/v1/members/ann").json()["balances"][0]["available"] == before + 7
    assert "Done" in operator.page("/console/grants/thanks/")
    assert '<td data-label="Campaign" translate="no">Spring</td>' in operator.page("/console/grants/")
    chinese = visitors.fresh("operator", username="grants", language="zh-Hans")
    assert '<td translate="no">积分</td><td class="number">14</td>' in chinese.page("/console/grants/thanks/")
    results = operator.get("/console/grants/thanks/results.xlsx")
    assert results.headers["content-disposition"] == 'attachment; filename="thanks.xlsx"'
    assert results.headers["x-content-type-options"] == "nosniff"
    assert results.content[:2] == b"PK"
    assert running.books_balance()


BACK = """compensation: mistaken
campaign: spring
reason: a page paid that should not
affected: {from: 2020-01-01, until: 2100-01-01, types: [order.paid], mechanic: spend}
take_back: {mechanic: spend, spent: to_zero}
"""


def test_who_signs_that_something_is_taken_back_is_told_what_comes_back(
    visitors: Visitors, running: Running
) -> None:
    made = running.client.post("/v1/compensations", json={"source": BACK})
    assert made.status_code == 201, made.text
    approver = visitors["approver"]
    assert '<td data-label="Kind">Takes back</td>' in approver.page("/console/grants/")
    page = approver.page("/console/grants/mistaken/")
    assert "What is taken back" in page
    assert "is taken back from everybody on the list" in page
    assert "What is given" not in page
    assert "What it costs" not in page
    approver.submit("/console/grants/mistaken/sign/", _from="/console/grants/mistaken/")
    wait_until(lambda: running.fetch("SELECT status FROM compensation WHERE id = 'mistaken'")[0][0] == "done")
    assert "Taken back" in approver.page("/console/grants/mistaken/")
    assert running.books_balance()


def test_a_grant_says_what_is_wrong_and_keeps_what_was_typed(visitors: Visitors, running: Running) -> None:
    operator = visitors["operator"]
    assert "there is no id in the first column" in upload(operator, b"member\n", name="empty")
    assert "this is no spreadsheet" in upload(operator, b"PK\x03\x04", name="broken")
    dear = upload(operator, spreadsheet("ann"), name="dear", amount="900000", at_most="1")
    assert "at most" in dear
    assert 'value="dear"' in dear
    assert "Small letters" in upload(operator, spreadsheet("ann"), name="Not A Name")
    upload(operator, spreadsheet("ann"), name="away")
    draft = running.fetch("SELECT id FROM grant_draft ORDER BY made DESC")[0][0]
    operator.submit(f"/console/grants/draft/{draft}/", discard="1")
    assert running.fetch("SELECT count(*) FROM grant_draft WHERE id = $1", draft)[0][0] == 0
