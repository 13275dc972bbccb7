"""Making good: what a compensation gives or takes back, decided for one member like any other event.

It is given in a campaign's name, out of its budget lines, by a part of the campaign that is in no plan: multipliers,
caps, limits and audiences of its mechanics do not concern it. A member is given each compensation once, whatever id the
event has that brings it; two accounts of one person count as one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from festoon.base.effects import Give, Note, Remember, TakeBack
from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.engine.apply import apply
from festoon.engine.held import void
from festoon.engine.listener import Boosts, Listener
from festoon.engine.one_grant import Kept
from festoon.engine.outcome import Given, MechanicOutcome, Refusal
from festoon.engine.posting import Posting
from festoon.engine.program import Program
from festoon.engine.progress import Granted
from festoon.engine.settle import settle
from festoon.engine.take_back import give_back, mark_of
from festoon.engine.together import counts_at
from festoon.engine.view import EventView
from festoon.engine.world import Grant
from festoon.ledger.transfers import Transfer
from festoon.mechanics.base import Mechanic
from festoon.mechanics.limits import Limits
from festoon.plan.compensation import read_gifts
from festoon.plan.compiled import CompiledCampaign, CompiledMechanic

GRANTED, TAKEN = "compensation.granted", "compensation.taken"
PART = "_compensation"
"""What stands for it where a mechanic's name does. No mechanic of a plan can be called so."""
NO_CAMPAIGN = define(
    "compensation.no_campaign",
    200,
    "the campaign '{campaign}' no longer runs",
    "活动“{campaign}”已不再运行",
)
HAD = define(
    "compensation.had",
    200,
    "this member has had '{compensation}' already",
    "该会员已获得补偿“{compensation}”",
)


class Amends(Mechanic, kind="compensation"):
    """The part of a campaign in whose name it is given."""

    def __init__(self) -> None:
        self.id = PART
        self.params = None


_parts: WeakKeyDictionary[Program, dict[str, Listener]] = WeakKeyDictionary()


def part_of(program: Program, campaign: CompiledCampaign) -> Listener:
    """What stands for a mechanic where a compensation is given in a campaign's name."""
    parts = _parts.setdefault(program, {})
    known = parts.get(campaign.campaign)
    if known is not None:
        return known
    plan = CompiledMechanic(
        PART, f"{campaign.campaign}/{PART}", Amends(), (), None, Limits(), {}, "refuse", "", {}
    )
    listener = Listener(campaign, plan, None, program.shapes)
    listener.boosts = Boosts((), PART)
    listener.shared_caps = {}
    listener.risk = None
    parts[campaign.campaign] = listener
    return listener


def decide_amends(
    view: EventView, results: list[MechanicOutcome], transfers: list[Transfer]
) -> Refusal | None:
    """Give, or take back. A refusal refuses the event."""
    campaign = view.program.campaigns.get(view.event.data["campaign"])
    if campaign is None:
        return Refusal(NO_CAMPAIGN, {"campaign": view.event.data["campaign"]})
    view.listener = part_of(view.program, campaign)
    held = _held(view) if view.event.type == TAKEN else []
    progress = view.progress
    known: Mapping[str, list[Granted]] = {} if progress is None else progress.granted
    try:
        posting = _posting(view, known)
        kept = _take_back(posting, view, campaign, known) if view.event.type == TAKEN else None
        transfers += apply(posting, view)
    except Refused as no:
        return Refusal(no.code, no.data)
    if kept is not None:
        kept.tell(posting.granted)
    key = posting.listener.key
    results.append(MechanicOutcome(key, posting.given, posting.taken, posting.note))
    for grant in held:
        voided, moves = void(view, grant, _said(view))
        results.append(voided)
        transfers += moves
    return None


def _held(view: EventView) -> list[Grant]:
    """What is still held of what is taken back. Raises NotLoaded."""
    wanted = view.event.data.get("held", ())
    there = view.person.open_grants() if wanted else {}
    return [there[hold] for hold in wanted if hold in there]


def _said(view: EventView) -> dict[str, Any]:
    """Who voids it and why; a member who has appealed is told."""
    data = view.event.data
    reason = data.get("reason", "")
    return {
        "reason": reason,
        "by": data.get("made_by", ""),
        "answer": reason,
        "compensation": data["compensation"],
    }


def _posting(view: EventView, known: Mapping[str, list[Granted]]) -> Posting:
    """What a compensation gives. What it takes back is put into it afterwards: of two accounts that have become one it
    takes what either was given. Raises Refused."""
    data = view.event.data
    name = data["compensation"]
    note = Note({"compensation": name, "reason": data.get("reason", "")})
    if view.event.type == TAKEN:
        return settle(view.listener, (note,), view)
    if name in known:
        raise Refused(HAD, compensation=name)
    reward = Reward(name, read_gifts(data["gifts"]))
    return settle(view.listener, (note, Give(reward, data.get("times", 1)), Remember(name)), view)


def _take_back(
    posting: Posting, view: EventView, campaign: CompiledCampaign, known: Mapping[str, list[Granted]]
) -> Kept:
    """Put into a posting what is taken back of what events gave, but for what is back already."""
    data, kept = view.event.data, Kept(view, campaign)
    for event, granted in data["granted"].items():
        wanted = kept.as_known(event, known.get(event) or msgspec.convert(granted, list[Granted]))
        posting.granted = {**posting.granted, event: wanted}
        give_back(posting, TakeBack(event, 1, 1, data.get("spent", "to_zero")), view)
    return kept


def granted_by(outcomes: list[MechanicOutcome], mechanic: str, program: Program, event: Event) -> list[Any]:
    """What a mechanic gave in an event, as the event that takes it back carries it."""
    listener, mark = program.by_key.get(mechanic), mark_of(event, mechanic)
    return [
        [
            each.ref,
            each.amount,
            each.item,
            each.cost,
            each.line,
            0,
            _counts(listener, made, each, event.time),
            each.hold,
            mark,
        ]
        for made in outcomes
        if made.mechanic == mechanic
        for each in made.given
    ]


def held_by(outcomes: list[MechanicOutcome], mechanic: str) -> list[str]:
    """The names under which is held what a mechanic would have given in an event."""
    return [
        made.note["hold"]
        for made in outcomes
        if made.mechanic == mechanic and made.held and "hold" in made.note
    ]


def _counts(
    listener: Listener | None, made: MechanicOutcome, given: Given, time: datetime
) -> tuple[tuple[str, str], ...]:
    """The shared caps that it counts towards. What was held first counts in the period of another event."""
    if listener is None or "decision" in made.note:
        return ()
    return counts_at(listener, given, time)
