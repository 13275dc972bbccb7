"""Back-tests in the console: who may ask, what is refused, what the list says."""

from tests.console.visitors import Visitors
from tests.serving import Running

ASKED = {
    "plan": "spring@1", "history": "made_up", "members": "10", "days": "1", "seeds": "1", "plays": "50",
    "free_plays": "0", "check_ins": "0", "more_orders": "0",
}  # fmt: skip


def test_who_may_run_back_tests_asks_and_others_only_look(visitors: Visitors, running: Running) -> None:
    answer = visitors["planner"].submit("/console/backtests/new/", **ASKED)
    assert answer.url.path.startswith("/console/backtests/")
    number = answer.url.path.rstrip("/").rpartition("/")[2]
    assert "spring@1" in visitors["auditor"].page("/console/backtests/")
    assert "Back-test" in visitors["auditor"].page(f"/console/backtests/{number}/")
    visitors["auditor"].page("/console/backtests/new/", 403)
    [row] = running.fetch("SELECT actor, act FROM audit_entry WHERE act = 'backtest.ask'")
    assert tuple(row) == ("user:planner", "backtest.ask")


def test_a_question_that_cannot_be_answered_stays_in_the_form(visitors: Visitors) -> None:
    for wrong, said in (
        ({"seeds": "99"}, "50"),
        ({"history": "facts", "moved": "on"}, "say which day"),
        ({"history": "facts", "since": "2027-01-02", "until": "2027-01-01"}, "lies before"),
    ):
        answer = visitors["planner"].submit("/console/backtests/new/", **ASKED | wrong)
        assert answer.url.path == "/console/backtests/new/"
        assert said in answer.text


def test_what_is_not_there_is_said(visitors: Visitors) -> None:
    assert "job.unknown" in visitors["planner"].page("/console/backtests/999/", 404)
    assert "job.unknown" in visitors["planner"].page("/console/backtests/compare/?first=1x&second=2", 404)


def test_progress_loads_the_page_anew_when_it_is_over(visitors: Visitors) -> None:
    planner = visitors["planner"]
    number = planner.submit("/console/backtests/new/", **ASKED).url.path.rstrip("/").rpartition("/")[2]
    at = f"/console/backtests/{number}/"
    assert "HX-Refresh" not in planner.get(f"{at}progress/").headers
    planner.submit(f"{at}cancel/", at)
    answer = planner.get(f"{at}progress/")
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")
