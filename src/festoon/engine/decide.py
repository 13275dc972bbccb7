"""Decide one event: the chain match → audience → limits → decide → modifiers → caps → cost, mechanic by mechanic.

Pure: it knows no database, no clock and no network, and no randomness but the seeds of its program. The same function
runs live, in back-tests, in simulations and in tests.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.engine.apply import apply, limits_of
from festoon.engine.barring import MEMBER_BLOCKED, refuses_blocked
from festoon.engine.listener import Listener
from festoon.engine.outcome import MechanicOutcome, Outcome, Refusal
from festoon.engine.posting import Posting
from festoon.engine.program import Program
from festoon.engine.settle import settle
from festoon.engine.signals import watch
from festoon.engine.standing import RULES, fire_standing
from festoon.engine.together import claim, held_by_another
from festoon.engine.view import EventView
from festoon.engine.watch import INTERNAL
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


class Decided(Struct):
    """What an event came to: the answer, and the transfers behind it."""

    outcome: Outcome
    transfers: list[Transfer]


def decide(program: Program, world: World, event: Event, now: datetime) -> Decided:
    """Decide an event and apply what it comes to. `now` is when it was taken; `event.time` when it happened.

    Raises NotLoaded when the world lacks something. What was applied until then must be undone by the caller, who
    loads what is missing and decides the member's events again.
    """
    view = EventView(program, world, world.members[event.subject], event, now)
    decided = _fire(view) if event.type == TIMER_DUE else _taken(view)
    if program.testers and view.subject in program.testers:
        decided.outcome = _tested(decided.outcome, view)
    return decided


def _taken(view: EventView) -> Decided:
    """An event that somebody sent: the standing rule of its type, then the mechanics that listen to it."""
    program, event, now = view.program, view.event, view.now
    if program.watch is not None and event.type not in INTERNAL:
        watch(view, program.watch)
    if BLOCKED in view.person.profile and refuses_blocked(event.type, program.request_types):
        return Decided(Outcome("refused", refused=Refusal(MEMBER_BLOCKED)), [])
    results: list[MechanicOutcome] = []
    transfers: list[Transfer] = []
    if event.type in RULES:
        refusal = RULES[event.type](view, results, transfers)
        if refusal is not None:
            return Decided(Outcome("refused", refused=refusal), [])
    passed_over: dict[str, list[str]] = {}
    request: MechanicOutcome | str | None = None
    time = event.time
    for listener in program.listeners(event.type, event.data):
        if listener.request and not _names(view, listener):
            continue
        view.listener = listener
        start = listener.start
        in_time = start <= time < listener.end and start <= now < listener.settle
        if not (in_time and listener.open):
            reason = _gate(listener, view) if in_time and listener.for_all else _gate_and_time(listener, view)
            if reason is not None:
                passed_over.setdefault(reason, []).append(listener.key)
                request = reason if listener.request else request
                continue
        result = _run(listener, view, transfers)
        if result is not None:
            results.append(result)
            if listener.request:
                request = result
    if request is None and (results or "mechanic" not in event.data):
        return Decided(Outcome("accepted", results, passed_over), transfers)
    return Decided(_answer(event, program, results, passed_over, request), transfers)


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
    return Outcome("accepted", results, passed_over)


def _is_request(event: Event, program: Program) -> bool:
    return event.type in program.request_types


def _gate(listener: Listener, view: EventView) -> str | None:
    """Why a mechanic passes an event over, or None when it concerns it. It runs, for all at once, and it is time."""
    if listener.when is not None and not listener.when(view.event.data, view, view):
        return "condition"
    if listener.group and held_by_another(listener, view):
        return "exclusive"
    if listener.holdout and listener.holds_out(view.person):
        return "holdout"
    if listener.audience is not None and not listener.audience(view.event.data, view, view):
        return "audience"
    return None


def _gate_and_time(listener: Listener, view: EventView) -> str | None:
    """The same of a mechanic that may be paused, be out of time, or open bit by bit."""
    if listener.paused:
        return "paused"
    start, opening = listener.start, listener.opening
    tester = opening is not None and view.subject in opening.testers
    if tester:
        start = listener.warm_up
    if not start <= view.time < listener.end and view.event.type not in listener.beside:
        return "phase"
    if not start <= view.now < listener.settle:
        return "phase"
    if opening is None:
        return _gate(listener, view)
    if listener.when is not None and not listener.when(view.event.data, view, view):
        return "condition"
    if tester:
        return "exclusive" if listener.group and held_by_another(listener, view) else None
    return _gate(listener, view) if opening.admits(view.subject, view.time) else "rollout"


def _run(listener: Listener, view: EventView, transfers: list[Transfer]) -> MechanicOutcome | None:
    """Limits, decision, settlement, posting. A refusal leaves nothing."""
    if listener.limited and (reached := _reached(listener, view)):
        return reached
    try:
        posting = listener.constant
        if posting is None:
            posting = settle(listener, listener.mechanic.decide(view.event, view), view)
        transfers += apply(posting, view)
    except Refused as no:
        return MechanicOutcome(listener.key, refused=Refusal(no.code, no.data))
    if posting.aside or listener.group:
        return _told(posting, view)
    given, note, taken = posting.given, posting.note, posting.taken
    return MechanicOutcome(listener.key, given, taken, note) if given or note or taken else None


def _told(posting: Posting, view: EventView) -> MechanicOutcome | None:
    """What a posting is told of as; None when there is nothing to tell."""
    given, taken, note = posting.given, posting.taken, posting.note
    if given or note or taken or posting.variants or posting.held:
        listener = posting.listener
        if listener.group:
            claim(listener, view)
        return MechanicOutcome(listener.key, given, taken, note, None, posting.variants, posting.held)
    return None


def _reached(listener: Listener, view: EventView) -> MechanicOutcome | None:
    """The refusal of the first limit that is used up, or None."""
    found = limits_of(listener, view)
    return None if found is None else _limited(listener.key, *found)


@lru_cache(4096)
def _limited(key: str, code: str, limit: int, period: str) -> MechanicOutcome:
    """The same few refusals, again and again."""
    return MechanicOutcome(key, refused=Refusal(code, {"limit": limit, "period": period}))


def _fire(view: EventView) -> Decided:
    """A timer that came due goes back to whoever started it."""
    data = view.event.data
    owner, name = f"{data['campaign']}/{data['mechanic']}", data["name"]
    listener = view.program.by_key.get(owner)
    transfers: list[Transfer] = []
    results: list[MechanicOutcome] = []
    if listener is not None:
        view.listener = listener
        if listener.group and held_by_another(listener, view):
            return Decided(Outcome("accepted", [], {"exclusive": [owner]}), transfers)
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
        if listener.limited and posting.counts and (reached := _reached(listener, view)):
            return reached
        transfers += apply(posting, view)
    except Refused as no:
        return MechanicOutcome(listener.key, refused=Refusal(no.code, no.data))
    return _told(posting, view)
