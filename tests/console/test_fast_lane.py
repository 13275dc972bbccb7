"""The fast lane in the console: asked for by one, signed by another; one mechanic paused and let run again."""

from tests.console.visitors import Visitors
from tests.serving import Running, order_paid

AT = "/console/fast/spring/"


def test_more_is_asked_for_by_one_and_signed_by_another(visitors: Visitors, running: Running) -> None:
    operator, approver = visitors["operator"], visitors["approver"]
    assert "five-off" in operator.page(AT)
    asked = operator.submit(AT, **{"coupons.five-off.stock": "5", "reason": "it goes well"}).text
    assert "Version 2 waits" in asked
    assert "coupons.five-off.stock" in approver.page("/console/fast/")
    assert operator.submit(f"{AT}2/sign/", _from=AT).status_code == 403
    assert "Signed" in approver.submit(f"{AT}2/sign/", _from=AT).text
    assert running.fetch("SELECT version FROM campaign")[0][0] == 2
    assert running.books_balance()


def test_what_is_wrong_is_said_and_what_was_typed_stays(visitors: Visitors) -> None:
    operator, approver = visitors["operator"], visitors["approver"]
    for wrong in ("many", "-5", "0", "NaN"):
        page = operator.submit(AT, **{"coupons.five-off.stock": wrong, "reason": "because"}).text
        assert "it is only ever more" in page
        assert f'value="{wrong}"' in page
        assert 'value="because"' in page
    assert "say why" in operator.submit(AT, **{"coupons.five-off.stock": "5", "reason": " "}).text
    approver.page(AT)
    assert approver.submit(AT, **{"coupons.five-off.stock": "5", "reason": "x"}).status_code == 403
    operator.page("/console/fast/nothing/", status=404)


def test_a_request_is_sent_back_or_taken_back(visitors: Visitors, running: Running) -> None:
    operator, approver = visitors["operator"], visitors["approver"]
    for who, act in ((approver, "send-back"), (operator, "withdraw")):
        operator.submit(AT, **{"coupons.five-off.stock": "5", "reason": "again"})
        version = running.fetch("SELECT max(version) FROM amendment")[0][0]
        assert "It is taken back" in who.submit(f"{AT}{version}/{act}/", _from=AT, reason="no").text
    assert running.fetch("SELECT count(*) FROM plan_version WHERE status = 'in_review'")[0][0] == 0


def test_one_mechanic_is_paused_and_runs_again(visitors: Visitors, running: Running) -> None:
    operator = visitors["operator"]
    assert "Paused" in operator.submit(f"{AT}mechanics/spend/pause/", _from=AT).text
    seen = running.client.one(order_paid("fas", 5)).json()["outcome"]
    assert seen["passed_over"]["paused"] == ["spring/spend"]
    assert "already" in operator.submit(f"{AT}mechanics/spend/pause/", _from=AT).text
    assert "It runs again" in operator.submit(f"{AT}mechanics/spend/resume/", _from=AT).text
    assert (
        visitors["analyst"].submit(f"{AT}mechanics/spend/pause/", _from="/console/fast/").status_code == 403
    )


def test_what_is_asked_for_has_its_name_and_money_its_currency(visitors: Visitors) -> None:
    operator, approver = visitors["operator"], visitors["approver"]
    page = operator.page(AT)
    assert '<td class="number">¥1,000</td>' in page
    assert '<td class="number">2</td>' in page
    asked = {"budget.lines.prizes": "1250.5", "reason": "more"}
    assert "waits" in operator.submit(AT, **asked).text
    waits = approver.page("/console/fast/")
    assert "+¥1,250.50" in waits
    assert '<span translate="no">Spring</span> · version' in waits
