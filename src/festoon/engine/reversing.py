"""Reversing one transfer of a member: another in the opposite direction, once.

What a mechanic gave is one grant, whoever takes it back: of what a refund, a compensation or a merge has taken back of
it, nothing is reversed any more, and what is reversed is known to them as back.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from festoon.base.errors import Refused, define
from festoon.engine.amends import PART
from festoon.engine.apply import start_lot_timers
from festoon.engine.held import DECISIONS
from festoon.engine.listener import Listener
from festoon.engine.outcome import Given
from festoon.engine.progress import Granted
from festoon.engine.take_back import cost_back, mark_of
from festoon.engine.together import counts_at, uncount
from festoon.engine.view import EventView
from festoon.engine.world import Booked
from festoon.ledger.accounts import HELD, ISSUER, MEMBER, PENDING, RESERVED
from festoon.ledger.book import MERGED, post
from festoon.ledger.transfers import Transfer

UNKNOWN = define(
    "transfer.unknown", 200, "this member has no transfer '{transfer}'", "该会员没有流水“{transfer}”"
)
REVERSED = define(
    "transfer.already_reversed",
    200,
    "the transfer '{transfer}' was reversed before",
    "流水“{transfer}”已冲正",
)
TAKEN_BACK = define(
    "transfer.taken_back",
    200,
    "what the transfer '{transfer}' gave was taken back before",
    "流水“{transfer}”发放的内容此前已被收回",
)
OF_A_HOLD = define(
    "transfer.of_a_hold",
    200,
    "the transfer '{transfer}' belongs to something that is set aside",
    "流水“{transfer}”属于冻结或待发放记录，不能单独冲正",
    todo="release or void what is set aside instead",
    todo_zh="请改为解冻，或放行、作废相应的待发放记录",
)
WHY = "festoon/transfer.reversed"
OF_HOLDS = frozenset({HELD, PENDING, RESERVED})


def reverse(view: EventView) -> list[Transfer]:
    """Take a transfer back, between the same lots. Raises Refused and NotLoaded, and then nothing has changed."""
    id, member = view.event.data["transfer"], view.person
    booked = view.world.transfer(member, id)
    if booked is None or booked.transfer.why == MERGED:
        raise Refused(UNKNOWN, transfer=id)
    known = booked.transfer
    if {known.debit, known.credit} & OF_HOLDS:
        raise Refused(OF_A_HOLD, transfer=id)
    key = f"festoon/reversed/{id}"
    if member.progress_of(key) is not None:
        raise Refused(REVERSED, transfer=id)
    grant = _Grant.of(view, booked, id)
    amount = known.amount if grant is None else grant.left(known.amount)
    if not amount:
        raise Refused(TAKEN_BACK, transfer=id)
    lot = known.lot
    if lot is not None and known.credit == MEMBER:
        lots = dict(member.book.lots_of(known.asset))
        lot = lot if lots.get(lot, 0) >= amount else None
    moves = [Transfer(known.asset, known.credit, known.debit, amount, lot, WHY)]
    if grant is not None:
        moves += grant.cost_of(amount)
    done = post(member.book, view.world.shared, moves, view.program.expiring)
    start_lot_timers(member)
    member.progress_to_change(key).given = 1
    if grant is not None:
        grant.is_back(amount)
    return list(done)


class _Grant:
    """What a mechanic gave, as it is kept to be taken back: by the mechanic under names, or by a compensation that took
    it back."""

    def __init__(self, view: EventView, listener: Listener, booked: Booked, id: str) -> None:
        self._view, self._listener, self._booked, self._id = view, listener, booked, id
        self._asset = booked.transfer.asset
        self._mark = mark_of(booked.event, listener.key)
        self._kept = list(self._found(listener.key))
        part = f"{listener.campaign.campaign}/{PART}"
        self._taken = sum(each.back for name, _, each in self._found(part) if name == id.partition("-")[0])

    @classmethod
    def of(cls, view: EventView, booked: Booked, id: str) -> "_Grant | None":
        """None for what no mechanic gave."""
        known = booked.transfer
        listener = view.program.by_key.get(known.why)
        given = listener is not None and (known.debit, known.credit) == (ISSUER, MEMBER)
        return cls(view, listener, booked, id) if given and listener is not None else None

    def _found(self, key: str) -> Iterator[tuple[str, int, Granted]]:
        progress = self._view.person.progress_of(key)
        for name, granted in () if progress is None else progress.granted.items():
            for at, each in enumerate(granted):
                if each.mark == self._mark and each.asset == self._asset and not each.item:
                    yield name, at, each

    def left(self, amount: int) -> int:
        """How much of an amount is not back yet."""
        if self._kept:
            return min(amount, sum(each.amount - each.back for _, _, each in self._kept))
        return max(amount - self._taken, 0)

    def cost_of(self, amount: int) -> list[Transfer]:
        """What so much of it cost goes back to its budget line."""
        moves: list[Transfer] = []
        for each, more in self._parts(amount):
            moves += cost_back(each, each.back + more, WHY)
        return moves

    def is_back(self, amount: int) -> None:
        """Write down that so much of it is back, and let it count towards shared caps no longer."""
        freed: dict[tuple[str, str], int] = {}
        key, person = self._listener.key, self._view.person
        progress = person.progress_to_change(key, self._listener.version)
        granted = dict(progress.granted)
        for (name, at, each), (_, more) in zip(self._kept, self._parts(amount), strict=True):
            granted[name] = [
                *granted[name][:at],
                replace(each, back=each.back + more),
                *granted[name][at + 1 :],
            ]
            for cap in each.counts:
                freed[cap] = freed.get(cap, 0) + more
        if not self._kept:
            whole = self._booked.transfer.amount
            granted[f"reversed/{self._id}"] = [Granted(self._asset, whole, back=whole, mark=self._mark)]
            freed = dict.fromkeys(self._counts(), amount)
        progress.granted = granted
        if freed:
            uncount(freed, self._view)

    def _parts(self, amount: int) -> list[tuple[Granted, int]]:
        """How much of each of the things that are kept is taken back now."""
        parts = []
        for _, _, each in self._kept:
            more = min(amount, each.amount - each.back)
            amount -= more
            parts.append((each, more))
        return parts

    def _counts(self) -> tuple[tuple[str, str], ...]:
        """The shared caps it counts towards. What was held first counts in the period of another event."""
        event, amount = self._booked.event, self._booked.transfer.amount
        if event.type in DECISIONS:
            return ()
        return counts_at(self._listener, Given("asset", self._asset, amount), event.time)
