"""Decide one event: the chain match → audience → limits → decide → modifiers → caps → cost, mechanic by mechanic.

Pure: it knows no database, no clock and no network, and no randomness but the seeds of its program. The same function
runs live, in back-tests, in simulations and in tests.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.apply import apply
from festoon.engine.barring import MEMBER_BLOCKED
from festoon.engine.chain import Course, Part, course_of
from festoon.engine.following import follow
from festoon.engine.gate import gate_and_time, gate_of_timer
from festoon.engine.listener import Listener
from festoon.engine.outcome import MechanicOutcome, Outcome, Refusal, accepted
from festoon.engine.program import OWNERS, Program
from festoon.engine.running import limit_of, told
from festoon.engine.settle import settle, settle_beside
from festoon.engine.signals import watch
from festoon.engine.standing import fire_standing
from festoon.engine.view import EventView
from festoon.engine.world import World
from festoon.ledger.transfers import Transfer
from festoon.mechanics.base import TIMER_DUE
from festoon.mechanics.code import ENTERED
from festoon.members.profile import BLOCKED

NO_SUCH_MECHANIC = define(
    "request.no_such_mechanic",
    200,
    "nothing called '{mechanic}' is running in '{campaign}' that answers this request",
    "活动“{campaign}”中没有正在运行的“{mechanic}”可响应该请求",
)
NOT_FOR_YOU = define(
    "request.not_for_you", 200, "this is not open to you: {reason}", "当前不可参与：{reason}"
)
NO_OWNER = define(
    "timer.no_owner", 200, "what this timer belonged to no longer runs", "该定时任务所属玩法已不再运行"
)


class Decided(Struct, gc=False):
    """What an event came to: the answer, and the transfers behind it."""

    outcome: Outcome
    transfers: list[Transfer]


def decide(program: Program, world: World, event: Event, now: datetime) -> Decided:
    """Decide an event and apply what it comes to. `now` is when it was taken; `event.time` when it happened.

    Raises NotLoaded when the world lacks something. What was applied until then must be undone by the caller, who
    loads what is missing and decides the member's events again.
    """
    course: Course | None = None
    if event.type != TIMER_DUE:
        course = program.courses.get(event.type) or course_of(program, event.type)
        if course.resting and not course.begins <= now < course.ends:
            return Decided(course.resting, [])
    view = EventView(program, world, world.members[event.subject], event, now)
    decided = _fire(view) if course is None else _taken(view, course)
    if program.adds:
        _add(decided, view)
    return decided


def _add(decided: Decided, view: EventView) -> None:
    """What some programs add to what was decided: what mechanics make of what others gave, and the mark of testers."""
    program, event = view.program, view.event
    if program.followers and decided.outcome.mechanics:
        owners = event.data["data"].get(OWNERS, ()) if event.type == TIMER_DUE else ()
        follow(decided.outcome, decided.transfers, view, tuple(owners))
    if view.subject in program.testers:
        decided.outcome = _tested(decided.outcome, view)


def _taken(view: EventView, course: Course) -> Decided:
    """An event that somebody sent: the standing rule of its type, then the mechanics that listen to it."""
    program, event = view.program, view.event
    data = event.data
    results: list[MechanicOutcome] = []
    transfers: list[Transfer] = []
    if course.asks_first:
        refusal = _before(course, view, results, transfers)
        if refusal is not None:
            return Decided(Outcome("refused", refused=refusal), [])
    passed_over: dict[str, list[str]] = {}
    request: MechanicOutcome | str | None = None
    time, now, member = view.time, view.now, view.person.number < FIRST_NUMBER
    for part in course.chain or course.chain_for(data):
        if part.ordinary and not part.start <= now < part.settle:
            passed_over.setdefault("phase", []).extend(part.keys)
        elif part.ordinary and member and part.start <= time < part.end:
            _all(part, view, results, transfers, passed_over)
        else:
            request = _one_by_one(part, view, results, transfers, passed_over) or request
    if request is None and (results or "mechanic" not in data):
        return Decided(accepted(results, passed_over), transfers)
    return Decided(_answer(event, program, results, passed_over, request), transfers)


def _before(
    course: Course, view: EventView, results: list[MechanicOutcome], transfers: list[Transfer]
) -> Refusal | None:
    """What comes before any mechanic: where the member is seen, whether he may take part, and the standing rule."""
    if course.watch is not None:
        watch(view, course.watch)
    if course.refuses_blocked and BLOCKED in view.person.profile:
        return Refusal(MEMBER_BLOCKED)
    return None if course.rule is None else course.rule(view, results, transfers)


def _all(
    part: Part,
    view: EventView,
    results: list[MechanicOutcome],
    transfers: list[Transfer],
    passed_over: dict[str, list[str]],
) -> None:
    """The mechanics of a campaign that runs for all at once, and in whose time the event lies."""
    data, audience = view.event.data, part.audience
    held = False if part.holdout is None else part.holdout(view.person)
    for listener, when, way in part.steps:
        view.listener = listener
        if when is not None and not when(data, view, view):
            reason = "condition"
        elif held:
            reason = "holdout"
        elif audience is not None and not audience(data, view, view):
            reason = "audience"
        else:
            result = way(view, transfers)
            if result is not None:
                results.append(result)
            continue
        passed_over.setdefault(reason, []).append(listener.key)


def _one_by_one(
    part: Part,
    view: EventView,
    results: list[MechanicOutcome],
    transfers: list[Transfer],
    passed_over: dict[str, list[str]],
) -> MechanicOutcome | str | None:
    """The mechanics of any other campaign that is in its time. Returns what the one that was asked for by name said, if
    any was."""
    request: MechanicOutcome | str | None = None
    for listener, _, way in part.steps:
        if listener.request and not _names(view, listener):
            continue
        view.listener = listener
        reason = gate_and_time(listener, view)
        if reason is not None:
            passed_over.setdefault(reason, []).append(listener.key)
            request = reason if listener.request else request
            continue
        result = way(view, transfers)
        if result is not None:
            results.append(result)
            if listener.request:
                request = result
    return request


def _tested(outcome: Outcome, view: EventView) -> Outcome:
    """The outcome with a mark of the campaigns that the member tests, so that he is kept out of their figures."""
    campaigns = view.program.campaigns
    tested = [
        each for each in view.program.testers[view.subject] if view.now < campaigns[each].schedule.settle
    ]
    return replace(outcome, tests=tested)


def _names(view: EventView, listener: Listener) -> bool:
    """Whether a request is for this mechanic; one that names no campaign is for the mechanic in any. A code is one of
    some mechanic's."""
    event = view.event
    if event.type == ENTERED:
        return view.entered.owner == listener.key
    return event.data.get("mechanic") == listener.plan.id and event.data.get("campaign") in (
        None,
        listener.campaign.campaign,
    )


def _answer(
    event: Event,
    program: Program,
    results: list[MechanicOutcome],
    passed_over: dict[str, list[str]],
    request: MechanicOutcome | str | None,
) -> Outcome:
    """A fact is accepted whatever its mechanics said; a request stands or falls with the mechanic it names."""
    if isinstance(request, MechanicOutcome):
        if request.refused is not None:
            return Outcome("refused", results, passed_over, request.refused)
    elif isinstance(request, str):
        return Outcome("refused", results, passed_over, Refusal(NOT_FOR_YOU, {"reason": request}))
    elif (
        event.data.get("mechanic")
        and "campaign" in event.data
        and not results
        and _is_request(event, program)
    ):
        named = {name: event.data.get(name) for name in ("campaign", "mechanic")}
        return Outcome("refused", results, passed_over, Refusal(NO_SUCH_MECHANIC, named))
    return accepted(results, passed_over)


def _is_request(event: Event, program: Program) -> bool:
    return event.type in program.request_types


def _fire(view: EventView) -> Decided:
    """A timer that came due goes back to whoever started it."""
    data = view.event.data
    owner, name = f"{data['campaign']}/{data['mechanic']}", data["name"]
    listener = view.program.by_key.get(owner)
    transfers: list[Transfer] = []
    results: list[MechanicOutcome] = []
    if listener is not None:
        view.listener = listener
        if (reason := gate_of_timer(listener, name, view)) is not None:
            _pass_by(listener, name, data["data"], view, transfers)
            return Decided(Outcome("accepted", [], {reason: [owner]}), transfers)
        result = _run_timer(listener, name, data["data"], view, transfers)
        return Decided(Outcome("accepted", [result] if result else []), transfers)
    if fire_standing(view, owner, data["data"], results, transfers):
        return Decided(Outcome("accepted", results), transfers)
    return Decided(Outcome("refused", refused=Refusal(NO_OWNER, {"owner": owner})), [])


def _run_timer(
    listener: Listener, name: str, data: dict[str, Any], view: EventView, transfers: list[Transfer]
) -> MechanicOutcome | None:
    """The same of a timer. What it does beside giving is not limited."""
    try:
        posting = settle(listener, listener.mechanic.on_timer(name, data, view), view)
        refused = limit_of(posting, view) if listener.limited else None
        if refused is None:
            transfers += apply(posting, view)
            return told(posting, view)
    except Refused as no:
        refused = MechanicOutcome(listener.key, refused=Refusal(no.code, no.data))
    _pass_by(listener, name, data, view, transfers, refused.refused)
    return refused


def _pass_by(
    listener: Listener,
    name: str,
    data: dict[str, Any],
    view: EventView,
    transfers: list[Transfer],
    refused: Refusal | None = None,
) -> None:
    """The member gets nothing of what his timer was for; what that means for others happens all the same."""
    view.refused = "" if refused is None else refused.code
    transfers += apply(settle_beside(listener, listener.mechanic.passed_by(name, data, view), view), view)
