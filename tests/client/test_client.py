"""The Python client: typed answers, safe repeats, problems as exceptions; waiting and awaiting alike."""

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from festoon.api.examples import EXAMPLES
from festoon.api.openapi import operation_id
from festoon.api.operation import Operation
from festoon.api.operations import declared
from festoon.client import AsyncFestoon, Event, Festoon, FestoonProblem, NewMember, exchange, making
from festoon.client.calls import Call
from festoon.store.embedded import EmbeddedServer
from tests.api.conftest import PLAN
from tests.docs.pages import blocks
from tests.serving import Running, head, serving_anew

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, database_names: Iterator[str]) -> Iterator[Running]:
    with serving_anew(server, template, next(database_names), PLAN) as running:
        yield running


@pytest.fixture
def festoon(running: Running) -> Iterator[Festoon]:
    with Festoon(f"http://127.0.0.1:{running.port}", running.key, source="shop") as festoon:
        yield festoon


def order(id: str, amount: int = 500) -> dict[str, Any]:
    return {"order": id, "amount": amount, "currency": "CNY", "lines": []}


def test_an_event_is_sent_and_its_outcome_comes_back_typed(festoon: Festoon) -> None:
    answer = festoon.send(Event("order.paid", "c-ann", "c-o1", order("c-o1")))
    assert answer.outcome is not None
    (given,) = next(each for each in answer.outcome.mechanics if each.mechanic == "spring/spend").given
    assert (given.ref, given.amount, answer.again) == ("points", 500, False)
    assert festoon.send(Event("order.paid", "c-ann", "c-o1", order("c-o1"))).again


def test_any_number_of_events_are_answered_in_their_order(festoon: Festoon) -> None:
    events = [Event("order.paid", f"c-many{n % 7}", f"c-m{n}", order(f"c-m{n}", 1)) for n in range(1203)]
    events[600] = Event("order.paid", "c-many0", "c-m600", order("c-m600", -1))
    answers = festoon.send_many(events)
    assert [n for n, answer in enumerate(answers) if answer.error is not None] == [600]
    del answers[600], events[600]
    assert [answer.id for answer in answers] == [event.id for event in events]
    assert festoon.send_many([]) == []


def test_a_member_is_registered_looked_at_and_told_every_change(festoon: Festoon) -> None:
    festoon.register(NewMember("c/be n", "c-r1", data={"region": "Suzhou"}))
    festoon.send(Event("order.paid", "c/be n", "c-b1", order("c-b1", 3), time=datetime.now(UTC)))
    member = festoon.member("c/be n")
    assert (member.profile, member.balances[0].available) == ({"region": "Suzhou"}, 103)
    assert [line.amount for line in festoon.statement("c/be n", asset="points")] == [3, 100]
    odds = festoon.odds("c/be n", "spring", "lucky-draw").odds
    assert sum(row.weight for row in odds) == odds[0].total
    assert festoon.invite("c/be n").links[0].url.startswith("https://tea.example/")


def test_campaigns_are_listed_shown_and_watched(festoon: Festoon) -> None:
    assert [campaign.id for campaign in festoon.campaigns()] == ["spring"]
    assert festoon.campaign("spring").draws[0].mechanic == "lucky-draw"
    assert festoon.board("spring").campaign == "spring"


def test_a_plan_goes_its_way_and_a_signature_is_not_repeated(festoon: Festoon) -> None:
    plan = head("client") + "\nmechanics:\n  hello: {kind: gift, on: page.viewed, give: [{points: 1}]}\n"
    assert festoon.check_plan(plan).ok
    made = festoon.submit_plan(plan, note="from Python")
    with pytest.raises(FestoonProblem) as refused:
        festoon.approve_plan("client", made.version)
    assert (refused.value.code, refused.value.status) == ("plan.maker_is_checker", 403)
    assert refused.value.todo
    assert festoon.withdraw_plan("client", made.version).status == "withdrawn"
    assert [each.status for each in festoon.plan_versions(campaign="client")] == ["withdrawn"]
    assert festoon.plan_version("client", made.version).source == plan


def test_what_is_refused_is_told_in_the_readers_language(running: Running) -> None:
    with (
        Festoon(f"http://127.0.0.1:{running.port}", running.key, language="zh-Hans") as festoon,
        pytest.raises(FestoonProblem) as refused,
    ):
        festoon.member("nobody")
    assert (refused.value.code, refused.value.text) == ("member.unknown", "不存在会员“nobody”")


async def test_whoever_awaits_gets_the_same(running: Running) -> None:
    async with AsyncFestoon(f"http://127.0.0.1:{running.port}", running.key, source="shop") as festoon:
        await festoon.send(Event("order.paid", "c-cleo", "c-c1", order("c-c1", 7)))
        answers = await festoon.send_many([Event("order.paid", "c-cleo", "c-c1", order("c-c1", 7))])
        assert answers[0].again
        assert [line.amount async for line in festoon.statement("c-cleo")] == [7]
        with pytest.raises(FestoonProblem):
            await festoon.member("nobody")


def test_both_clients_have_the_same_methods_with_the_same_parameters() -> None:
    def methods(client: type) -> dict[str, list[str]]:
        return {
            name.replace("__a", "__").replace("aclose", "close"): list(inspect.signature(method).parameters)
            for name, method in inspect.getmembers(client, inspect.isfunction)
        }

    assert methods(Festoon) == methods(AsyncFestoon)


def test_every_operation_has_its_method() -> None:
    named = {operation_id(each) for each in declared()} | {"send"}
    assert {name for name in named if not callable(getattr(Festoon, name, None))} == set()


def test_the_methods_are_those_of_the_operations() -> None:
    there = {path.name: path.read_text() for path in making.FOLDER.glob("*.py") if path.name != "__init__.py"}
    assert set(there) == set(making.parts())
    for name, text in making.parts().items():
        assert words(there[name]) == words(text), "write it anew: python -m festoon.client.making"


def words(text: str) -> list[str]:
    """A module's words without its imports, however its lines are broken."""
    body_ = text[text.index("class ") :]
    return sorted(re.findall(r"\w+", body_))


@pytest.mark.parametrize("operation", [each for each in declared() if each.name], ids=operation_id)
def test_a_method_asks_what_its_operation_is(operation: Operation) -> None:
    handle, seen = answering(httpx.ReadTimeout("no answer"))
    client = Festoon("http://test", "key", transport=httpx.MockTransport(handle), tries=1)
    method = getattr(client, operation.name)
    wanted = [each for each in inspect.signature(method).parameters.values() if each.default is each.empty]
    values = {"new": NewMember("x", "1")}
    with pytest.raises(httpx.ReadTimeout):
        asked(
            method,
            *[values.get(each.name, "7") for each in wanted if each.kind is not each.KEYWORD_ONLY],
            **{each.name: True for each in wanted if each.kind is each.KEYWORD_ONLY},
        )
    pattern = re.sub(r"\\{\w+\\}", "7", re.escape(operation.shown_path))
    assert (seen[0].method, re.fullmatch(pattern, seen[0].url.path) is not None) == (operation.method, True)
    assert ("idempotency-key" in seen[0].headers) == operation.once


def asked(method: Callable[..., Any], *values: Any, **named: Any) -> None:
    """Call a method; one that answers page by page asks when the first row is wanted."""
    next(method(*values, **named))


def test_what_is_made_is_sent_again_under_the_same_key() -> None:
    made = httpx.Response(200, json=VERSION)
    handle, seen = answering(busy(), httpx.ReadTimeout("no answer"), made)
    assert client_of(handle).submit_plan("festoon: 1").version == 2
    assert len({request.headers["idempotency-key"] for request in seen}) == 1
    assert len(seen) == 3


def test_the_program_of_the_reference_runs(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = (block for block in blocks("docs/reference/api.md", "python") if block.told == "client")
    known: dict[str, Any] = {"url": f"http://127.0.0.1:{running.port}", "key": running.key}
    exec(program.text, known)
    assert (known["given"], known["again"].again) == ([12900], True)
    assert capsys.readouterr().out.startswith("member.unknown ")


def test_the_other_programs_of_the_reference_run(running: Running) -> None:
    with Festoon(f"http://127.0.0.1:{running.port}", running.key, source="shop") as festoon:
        festoon.send(Event("order.paid", "li-hua", "li-1", order("li-1", 5)))
    known: dict[str, Any] = {"url": f"http://127.0.0.1:{running.port}", "key": running.key}
    for block in blocks("docs/reference/api.md", "python"):
        if block.told in ("operate", "await"):
            exec(block.text, known)
    assert (known["waiting"], known["latest"].act, known["event"].id) == ([], "key.create", "li-1")
    assert known["points"] >= 5


# What does not work at once ---------------------------------------------------------------------------------------


def answering(*answers: httpx.Response | Exception) -> tuple[Handler, list[httpx.Request]]:
    """A server that answers so, one after the other, and the requests it got."""
    rest, seen = list(answers), []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        answer = rest.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return handle, seen


def busy(seconds: str = "0") -> httpx.Response:
    problem = {"type": "/errors#queue.full", "title": "full", "status": 503, "code": "queue.full"}
    return httpx.Response(503, json=problem, headers={"retry-after": seconds})


VERSION = EXAMPLES["PlanVersionDetail"]


def client_of(handle: Handler) -> Festoon:
    return Festoon("http://test", "key", transport=httpx.MockTransport(handle))


FINE = {"status": 200, "id": "e", "source": "platform", "again": False, "outcome": {"status": "accepted"}}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "FIRST_WAIT", 0.001)


def test_an_event_that_was_turned_away_for_now_is_sent_again_with_the_same_id() -> None:
    handle, seen = answering(
        busy(),
        httpx.ConnectError("nobody there"),
        httpx.ReadTimeout("no answer"),
        httpx.Response(200, json=FINE),
    )
    assert client_of(handle).send(Event("page.viewed", "ann", "e")).status == 200
    assert len({request.content for request in seen}) == 1
    assert len(seen) == 4


def test_what_stays_turned_away_is_told_after_so_many_tries() -> None:
    handle, seen = answering(*[busy() for _ in range(9)])
    with pytest.raises(FestoonProblem) as refused:
        client_of(handle).send(Event("page.viewed", "ann", "e"))
    assert (refused.value.code, len(seen)) == ("queue.full", 6)


def test_what_takes_no_key_and_is_not_repeatable_is_not_sent_again() -> None:
    handle, seen = answering(httpx.ReadTimeout("no answer"))
    with pytest.raises(httpx.ReadTimeout):
        client_of(handle).remove_webhook("ep_1")
    assert len(seen) == 1


def test_what_is_wrong_is_not_sent_again() -> None:
    problem = {
        "type": "/errors#event.time_invalid",
        "title": "no",
        "status": 400,
        "code": "event.time_invalid",
    }
    handle, seen = answering(httpx.Response(400, json=problem))
    with pytest.raises(FestoonProblem):
        client_of(handle).send(Event("page.viewed", "ann", "e"))
    assert len(seen) == 1


def test_the_server_says_how_long_to_wait() -> None:
    call = exchange.wait_before
    problem = FestoonProblem(_problem(busy("7")), 7.0)
    from_server = call(_call(repeatable=True), 1, 6, problem)
    assert from_server == 7.0
    assert call(_call(repeatable=False), 1, 6, problem) is None
    assert call(_call(repeatable=True), 6, 6, problem) is None


def test_an_answer_of_something_else_on_the_way_is_a_problem_too() -> None:
    handle, _ = answering(httpx.Response(403, text="<html>a gateway says no</html>"))
    with pytest.raises(FestoonProblem) as refused:
        list(client_of(handle).campaigns())
    assert (refused.value.code, refused.value.status) == ("client.unexpected_answer", 403)


def test_a_time_without_a_zone_is_not_sent() -> None:
    handle, seen = answering()
    with pytest.raises(ValueError, match="no zone"):
        client_of(handle).send(Event("page.viewed", "ann", "e", time=datetime(2027, 1, 1)))  # noqa: DTZ001
    assert seen == []


def _call(*, repeatable: bool) -> Any:
    return Call("GET", "/", dict, repeatable=repeatable)


def _problem(response: httpx.Response) -> Any:
    with pytest.raises(FestoonProblem) as found:
        exchange.answer(_call(repeatable=True), response)
    return found.value.problem
