"""Taking back what was given: amounts in proportion, things when all of it is taken back, and what they cost.

Used by mechanics (a friend's order was refunded) and by operators (something was granted by mistake). What a member
has spent meanwhile is left to him, or he owes it: then what he gets next of that asset pays the debt first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.amounts import added, scaled
from festoon.base.effects import Forget, Remember, TakeBack
from festoon.base.events import Event, derived_id
from festoon.engine.aside import RISK, let_go
from festoon.engine.listener import Listener
from festoon.engine.outcome import Given
from festoon.engine.posting import Posting
from festoon.engine.progress import Granted
from festoon.engine.together import Drawn, counts_of
from festoon.engine.view import EventView
from festoon.engine.waiting import amount_of
from festoon.engine.world import IN_HAND, ITEM_LAPSE, NEEDS_USE, Grant, Item, Member
from festoon.ledger.accounts import ISSUER, MEMBER, OWED, PENDING, holder_and_asset, home_of
from festoon.ledger.transfers import Transfer

REVOKED = "revoked"
UNDONE = "undone"
"""How much of it is to be taken back, in what is kept of a held reward."""
MARK = 16
"""Characters of a mark: enough among the few things that one member was given by one event."""
NOTHING_TAKEN: Mapping[tuple[str, str], int] = MappingProxyType({})


def remember(posting: Posting, effect: Remember, view: EventView) -> None:
    """Keep under a name what a posting has given so far."""
    if posting.given:
        mark = mark_of(view.event, posting.listener.key)
        granted = granted_of(posting.given, mark, posting.listener, posting.drawn)
        posting.granted = {**posting.granted, effect.name: granted}
        posting.aside = True


def forget(posting: Posting, effect: Forget, _view: EventView) -> None:
    """What is kept under a name is wanted no more."""
    posting.forgotten += (effect.name,)
    posting.aside = True


def mark_of(event: Event, mechanic: str) -> str:
    """By what something given is known as one thing: the event and the mechanic (`campaign/mechanic`) that gave it."""
    return derived_id(event.source, event.id, mechanic)[:MARK]


def granted_of(
    given: Iterable[Given], mark: str, listener: Listener | None, drawn: Collection[tuple[str, str]]
) -> list[Granted]:
    """What was given, as it is kept to be taken back; `drawn` are the shared caps it was drawn on, with their
    periods."""
    return [
        Granted(
            each.ref, each.amount, each.item, each.cost, each.line,
            counts=counts_of(listener, each, drawn) if drawn and listener is not None else (), hold=each.hold,
            mark=mark,
        )
        for each in given
    ]  # fmt: skip


def give_back(posting: Posting, effect: TakeBack, view: EventView) -> None:
    """Put into a posting what is taken back of what a mechanic has kept under a name, or will keep once it is given."""
    progress = view.progress
    known = {} if progress is None else progress.granted
    granted = posting.granted.get(effect.name, known.get(effect.name))
    if not granted:
        _take_from_held(posting, effect, view)
        return
    back = take_back(view.person, granted, effect, posting.transfers, posting.listener.key, posting.unpended)
    posting.add(back.moves)
    posting.granted = {**posting.granted, effect.name: back.kept}
    posting.aside = True
    posting.unpended = back.unpended
    posting.taken = added(posting.taken, back.taken)
    more = {name: added(posting.note.get(name, {}), told) for name, told in back.left_over.items()}
    posting.note = {**posting.note, **more}
    for cap, amount in back.freed.items():
        posting.undrawn = {**posting.undrawn, cap: posting.undrawn.get(cap, 0) + amount}
    for item in back.items:
        posting.items += (item,)
        posting.stopped += (f"{ITEM_LAPSE}/{item.id}",)
        posting.aside = True


def _take_from_held(posting: Posting, effect: TakeBack, view: EventView) -> None:
    """What is held for somebody to look at has not been given yet. All of it is let go at once; a part of it is taken
    back when it is released."""
    for grant in view.person.open_grants().values():
        if (grant.owner, grant.why, grant.data.get("remembers")) != (posting.listener.key, RISK, effect.name):
            continue
        if effect.part >= effect.whole:
            let_go(posting, grant)
            posting.note = {**posting.note, "hold": grant.id, "decision": "voided", "reason": "undone"}
        else:
            undone = {UNDONE: [effect.part, effect.whole, effect.spent]}
            posting.amended += (replace(grant, data={**grant.data, **undone}),)
            posting.aside = True


def undone_of(grant: Grant) -> TakeBack | None:
    """How much of something that is held has been undone before it was given; None when nothing was."""
    undone = grant.data.get(UNDONE)
    return None if undone is None else TakeBack(grant.data["remembers"], *undone)


class Back(Struct, frozen=True):
    """What taking back comes to: transfers and items to write, what is kept afterwards, and in amounts by asset what
    was taken now, what is owed from now on, and what the member could not return."""

    moves: list[Transfer]
    items: list[Item]
    kept: list[Granted]
    taken: dict[str, int]
    owed: dict[str, int]
    lost: dict[str, int]
    freed: Drawn
    """What counts towards caps that campaigns share no longer."""
    unpended: dict[tuple[str, str], int]
    """What is taken of what is pending, by hold and asset; what the posting took before is among it."""

    def free(self, each: Granted, amount: int) -> None:
        """So much of it is back, or owed: it counts no longer."""
        for cap in each.counts:
            self.freed[cap] = self.freed.get(cap, 0) + amount

    @property
    def left_over(self) -> dict[str, dict[str, int]]:
        """What is to be said of what did not come back."""
        return {name: told for name, told in (("owed", self.owed), ("lost", self.lost)) if told}


def take_back(
    member: Member,
    granted: Iterable[Granted],
    wanted: TakeBack,
    before: Sequence[Transfer],
    why: str,
    unpended: Mapping[tuple[str, str], int] = NOTHING_TAKEN,
) -> Back:
    """Take back as much of what was granted as `wanted` says. `before` are transfers of the same posting, `unpended` is
    what it has taken of what is pending.

    Raises NotLoaded.
    """  # fmt: skip
    back = Back([], [], [], {}, {}, {}, {}, dict(unpended))
    whole = wanted.part >= wanted.whole
    for each in granted:
        if not each.item:
            _amount_back(member, each, wanted, before, back, why)
            continue
        back.kept.append(each)
        if whole and wanted.spent != "pending":
            _item_back(member, each, back, why)
    return back


def _item_back(member: Member, each: Granted, back: Back, why: str) -> None:
    item = member.item(each.item)
    if item is not None and item.state == REVOKED:
        return  # taken back before
    if item is None or item.state not in IN_HAND:
        back.lost[each.asset] = back.lost.get(each.asset, 0) + 1
        return
    back.items.append(replace(item, state=REVOKED))
    back.taken[each.asset] = back.taken.get(each.asset, 0) + 1
    back.free(each, 1)
    kind = "committed" if item.kind in NEEDS_USE else "cost"
    back.moves.extend(_cost_back(item.cost, item.line, kind, why))


def _amount_back(
    member: Member, each: Granted, wanted: TakeBack, before: Sequence[Transfer], back: Back, why: str
) -> None:
    missing = max(scaled(each.amount, min(wanted.part, wanted.whole), wanted.whole) - each.back, 0)
    waits = _pending_back(member, each, missing, back)
    if wanted.spent == "pending":
        missing = waits
    now = min(missing - waits, _left(member, each.asset, (*before, *back.moves)))
    owed = missing - waits - now if wanted.spent == "debt" else 0
    left = missing - waits - now - owed
    for amount, side, told in (
        (waits, PENDING, back.taken), (now, MEMBER, back.taken), (owed, OWED, back.owed), (left, "", back.lost),
    ):  # fmt: skip
        if amount:
            told[each.asset] = told.get(each.asset, 0) + amount
        if amount and side:
            back.moves.append(Transfer(each.asset, side, ISSUER, amount, None, why))
    # What all that is back now cost, less what had cost that was back before: so the whole gives the whole cost back.
    after = each.back + waits + now + owed
    back.moves.extend(cost_back(each, after, why))
    back.kept.append(replace(each, back=after))
    back.free(each, waits + now + owed)


def _pending_back(member: Member, each: Granted, missing: int, back: Back) -> int:
    """What of an amount is still pending goes first."""
    if not each.hold or not missing:
        return 0
    key = each.hold, each.asset
    had = back.unpended.get(key, 0)
    taken = min(missing, amount_of(member.open_grants().get(each.hold), each.asset) - had)
    if taken:
        back.unpended[key] = had + taken
    return taken


def _left(member: Member, asset: str, before: Sequence[Transfer]) -> int:
    """What a member can spend of an asset after transfers of the same posting."""
    gone = sum([move.amount for move in before if (move.asset, move.debit) == (asset, MEMBER)])
    return max(member.book.balance(asset) - gone, 0)


def cost_back(each: Granted, after: int, why: str) -> list[Transfer]:
    """What an amount cost goes back to its budget line, as far as `after` of it is back, and was not before."""
    price = scaled(each.cost, after, each.amount) - scaled(each.cost, each.back, each.amount)
    return _cost_back(price, each.line, "cost", why)


def _cost_back(amount: int, line: str, kind: str, why: str) -> list[Transfer]:
    """What it cost goes back to its budget line."""
    if not amount or not line:
        return []
    holder, currency = holder_and_asset(line)
    spent = holder.replace("/budget/", f"/{kind}/", 1)
    return [Transfer(currency, spent, home_of(holder), amount, None, why)]
