"""What visitors did before they registered comes to the member they turn out to be: `visitor.joined`, or the visitors
that a registration names.

Each is merged into the member as another account of his would be (`engine/merging.py`), before anything else is made of
the event, so that mechanics which count from before see it. A visitor joins once: whom it has joined it belongs to.
"""

from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.base.visitors import FIRST_NUMBER, is_visitor
from festoon.engine.merging import NotLocked, absorb, told
from festoon.engine.outcome import MechanicOutcome, Refusal
from festoon.engine.view import EventView
from festoon.engine.world import Member
from festoon.ledger.transfers import Transfer

JOIN = "visitor.joined"
JOINED = f"festoon/{JOIN}"
REGISTRATION = "member.registered"
TAKEN = define(
    "visitor.taken",
    200,
    "the visitor '{visitor}' has become another member already",
    "访客“{visitor}”已归入另一会员",
)
NO_MEMBER = define(
    "visitor.no_member",
    200,
    "'{subject}' is a visitor and cannot be made a member",
    "“{subject}”是访客，不能登记为会员",
    todo="register the member under his own id, and name the visitor in `visitors`",
    todo_zh="请用会员自己的编号注册，并在 `visitors` 中写明访客",
)


def named(event: Event) -> tuple[str, ...]:
    """The visitors that an event says its member is."""
    return tuple(event.data.get("visitors") or ()) if event.type in (JOIN, REGISTRATION) else ()


def refuse_visitor(view: EventView) -> None:
    """Raises Refused when the event's subject is a visitor: of whom nobody knows who it is, no member is made."""
    if view.number >= FIRST_NUMBER:
        raise Refused(NO_MEMBER, subject=view.subject)


def join(view: EventView, results: list[MechanicOutcome], transfers: list[Transfer]) -> None:
    """Let the visitors that an event names join its member. One that cannot is told of, and keeps nobody else from it.
    Raises NotLoaded and NotLocked, and then nothing has changed."""
    others = _others(view)
    for id, visitor in others:
        if visitor.number < FIRST_NUMBER:
            results.append(MechanicOutcome(JOINED, refused=Refusal(TAKEN, {"visitor": id})))
            continue
        try:
            over, back, moved = absorb(view, visitor)
        except Refused as no:
            results.append(MechanicOutcome(JOINED, refused=Refusal(no.code, no.data)))
            continue
        note = {"visitor": visitor.subject, "number": visitor.number, **told(over)}
        results.append(MechanicOutcome(JOINED, note=note))
        results.extend(back)
        transfers.extend(moved)


def _others(view: EventView) -> list[tuple[str, Member]]:
    """The visitors with whom they belong to now: themselves, or a member that they have joined. One that was never
    seen, or is this member's already, is not among them."""
    world, found = view.world, dict[int, str]()
    for id in named(view.event):
        number = world.number_of(id) if is_visitor(id) else None
        if number is not None and number != view.number:
            found.setdefault(number, id)
    if not world.complete and (missing := found.keys() - world.merging):
        raise NotLocked(frozenset(missing))
    by_number = {member.number: member for member in world.members.values()}
    return [(id, by_number[number]) for number, id in found.items()]
