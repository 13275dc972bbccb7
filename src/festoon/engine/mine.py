"""What one member's page shows of one campaign: how far he is, and what he may do now. Nothing is decided or written.

Whether he may do something is not guessed: the event that he would send is decided on what is stored, and thrown away.
So a page refuses with the same words as the event would be refused with. Everything is read once for all mechanics,
and again only for what a decision asks for beside.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
from msgspec import Raw, Struct

from festoon.base.events import Event
from festoon.base.sources import MEMBER
from festoon.base.vocabulary import VOCABULARY
from festoon.engine.decide import NOT_FOR_YOU, decide
from festoon.engine.hints import keys_for
from festoon.engine.keys import Keys
from festoon.engine.listener import Listener
from festoon.engine.load import Loaded, Locked
from festoon.engine.missing import Missing, note
from festoon.engine.outcome import Outcome, Refusal
from festoon.engine.program import Program
from festoon.engine.progress import NOTHING
from festoon.engine.view import EventView
from festoon.engine.world import World
from festoon.ledger.book import NotLoaded
from festoon.mechanics.draw import Draw
from festoon.plan.compiled import CompiledCampaign

SOURCE = MEMBER
TYPED = "code.entered"
"""What cannot be tried: what is typed is not known."""
BESIDE = frozenset({"check_in.made", "proof.submitted"})
"""What members do for themselves although it is no request."""
NAMED = {"proof": "?", "photo": "?"}
"""What stands for what a member would hand in."""


class Act(Struct, frozen=True):
    """One thing that the member can do with a mechanic, and why not, when he may not now."""

    type: str
    refused: Refusal | None


class Mine(Struct, frozen=True):
    """One mechanic as it stands with the member. `shows` is the mechanic's own; `odds` a draw's for him now; `chances`
    what he has of the asset that its chances are."""

    id: str
    kind: str
    given: int
    shows: dict[str, Any]
    acts: tuple[Act, ...]
    odds: tuple[tuple[str, int, int], ...] = ()
    chances: int = 0


def acts_of(listener: Listener) -> Iterator[str]:
    """The types of events by which a member takes part himself. A code's mechanic is not among them: it takes one."""
    for type_ in listener.plan.types:
        known = VOCABULARY.get(type_)
        his = known is not None and known.trust == "member" and type_ != TYPED
        if his and (listener.request or type_ in BESIDE):
            yield type_


async def mine(
    connection: asyncpg.Connection,
    program: Program,
    row: Locked,
    campaign: CompiledCampaign,
    now: datetime,
) -> list[Mine]:
    """Every mechanic of the campaign as it stands with a member, in plan order."""
    loaded = Loaded(program, [row], frozenset(), now)
    loaded.locked = program.exact  # nobody decides on it, so as it stands is exact enough
    listeners = [program.by_key[each.key] for each in campaign.mechanics]
    tries = {
        (listener.key, type_): _event(listener, type_, row.subject, now)
        for listener in listeners
        for type_ in acts_of(listener)
    }
    keys = keys_for(program, [(row.number, event) for event in tries.values()], frozenset())
    keys.progress.add((row.number, campaign.campaign))
    keys.accounts |= {(row.number, chances_of(listener)) for listener in listeners}
    await loaded.read(connection, keys)
    questions: dict[Any, Callable[[World], Any]] = {
        name: partial(_outcome, program, event, now) for name, event in tries.items()
    }
    for listener in listeners:
        if isinstance(listener.mechanic, Draw) and not listener.paused:
            event = _event(listener, listener.plan.types[0], row.subject, now)
            questions[listener.key] = partial(_odds, program, listener, event, now)
    said = await _answered(connection, loaded, questions)
    states = loaded.rows[row.number].parts.get(campaign.campaign, NOTHING).states
    balances = loaded.rows[row.number].balances
    day = now.astimezone(campaign.zone).date()
    return [_mine(program, listener, states, balances, said, day) for listener in listeners]


def chances_of(listener: Listener) -> str:
    """The asset in which a mechanic's chances are counted."""
    return f"{listener.campaign.campaign}/chances/{listener.plan.id}"


async def _answered(
    connection: asyncpg.Connection, loaded: Loaded, questions: Mapping[Any, Callable[[World], Any]]
) -> dict[Any, Any]:
    """What each question comes to, asked of a world of its own; what they miss is read for all of them together."""
    said: dict[Any, Any] = {}
    while len(said) < len(questions):
        missing = Missing(Keys())
        for name, question in questions.items():
            if name in said:
                continue
            try:
                said[name] = question(loaded.world())
            except NotLoaded as gap:
                note(missing, gap)
        if missing:
            await loaded.read(connection, missing.keys)
    return said


def _event(listener: Listener, type_: str, subject: str, now: datetime) -> Event:
    """What the member would send. What he would hand in has a name that stands for any."""
    fields = VOCABULARY[type_].data.__struct_fields__ if type_ in VOCABULARY else ()
    data: dict[str, Any] = {"campaign": listener.campaign.campaign, "mechanic": listener.plan.id}
    data |= {name: value for name, value in NAMED.items() if name in fields}
    return Event(SOURCE, "?", type_, subject, now, data)


def _outcome(program: Program, event: Event, now: datetime, world: World) -> Outcome:
    return decide(program, world, event, now).outcome


def _odds(
    program: Program, listener: Listener, event: Event, now: datetime, world: World
) -> list[tuple[str, int, int]]:
    view = EventView(program, world, world.members[event.subject], event, now)
    view.listener = listener
    assert isinstance(listener.mechanic, Draw)
    return listener.mechanic.odds_now(event, view)


def _mine(
    program: Program,
    listener: Listener,
    states: Mapping[str, Raw],
    balances: Mapping[str, int],
    said: Mapping[Any, Any],
    day: Any,
) -> Mine:
    raw = states.get(listener.plan.id)
    progress = None if raw is None else program.decode_progress(listener.key, raw)
    state = listener.mechanic.State() if progress is None or progress.state is None else progress.state
    acts = tuple(Act(type_, _refusal(listener, said[listener.key, type_])) for type_ in acts_of(listener))
    return Mine(
        listener.plan.id,
        listener.mechanic.kind,
        0 if progress is None else progress.given,
        listener.mechanic.shows(state, day),
        acts,
        tuple(said.get(listener.key, ())),
        balances.get(chances_of(listener), 0),
    )


def _refusal(listener: Listener, outcome: Outcome) -> Refusal | None:
    """Why this mechanic would not take it, or None."""
    if outcome.refused is not None:
        return outcome.refused
    for made in outcome.mechanics:
        if made.mechanic == listener.key:
            return made.refused
    for reason, keys in outcome.passed_over.items():
        if listener.key in keys:
            return Refusal(NOT_FOR_YOU, {"reason": reason})
    return None
