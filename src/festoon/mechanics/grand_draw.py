"""The grand draw (大奖抽奖): tickets are collected, frozen at a set time, and drawn once, from the dearest prize on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from festoon.base.effects import Effect, FromShared, Give, Keep, Note, Start, Tell, Write, had_twice
from festoon.base.errors import Invalid, Refused, define
from festoon.base.rewards import AssetGift, Reserved, Reward
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.giving import spec
from festoon.mechanics.grand_params import (
    NAMED_TWICE,
    NEVER_COLLECTED,
    NOT_AFTER,
    ROLLED_AMOUNT,
    GrandDrawParams,
)
from festoon.mechanics.grand_record import GrandHead, GrandWin
from festoon.mechanics.lots import TICKET, digest, draw, of_nobody, of_one_person, read_list
from festoon.mechanics.place import NO_SEED_YET

PRIZE_GONE = define(
    "grand_draw.prize_gone",
    200,
    "the prize {prize} is no longer in the plan",
    "奖品“{prize}”已不在方案中",
)

AFTERWARDS = timedelta(microseconds=1)
"""A draw without a time of its own comes this long after the freezing."""
FREEZE, DRAW, WON = "freeze", "draw", "won"
TICKETS, WINNERS = "tickets", "winners"
"""The names of the files: the frozen list, and what was drawn from it."""


class GrandState(Struct, frozen=True, omit_defaults=True):
    """Of nobody: how far the draw is (`tickets` and `prizes` as they were frozen). Of a winner: his prize and the place
    it was drawn at, from 1 on."""

    tickets: int = 0
    members: int = 0
    list: str = ""
    prizes: tuple[tuple[str, int], ...] = ()
    drawn: bool = False
    prize: str = ""
    place: int = 0


class GrandDraw(Mechanic, kind="grand_draw"):
    """Prizes drawn once, over everybody's tickets. What it does at its times it does as nobody; winners are told by an
    event of their own."""

    whole: ClassVar[bool] = True
    for_good: ClassVar[frozenset[str]] = frozenset({"tickets", "frozen"})
    Params = GrandDrawParams
    State = GrandState

    params: GrandDrawParams

    def __init__(self, params: GrandDrawParams, build: Build) -> None:
        super().__init__(params, build)
        self.zone, self.key = build.zone, f"{build.campaign}/{build.mechanic}"
        self.tickets = (
            build.chances(path="tickets")
            if params.tickets is None
            else build.asset(params.tickets, "tickets")
        )
        self.frozen = build.ends(params.frozen, "frozen")
        if self.frozen <= build.start:
            start = self._local(build.start)
            raise Invalid(NEVER_COLLECTED, "frozen", frozen=self._local(self.frozen), start=start)
        self.drawn = self.frozen if params.drawn is None else build.ends(params.drawn, "drawn")
        if self.drawn < self.frozen:
            raise Invalid(NOT_AFTER, "drawn", frozen=self._local(self.frozen), drawn=self._local(self.drawn))
        tell = params.tell
        self.channel = "" if tell is None else build.channel(tell.channel, "tell.channel")
        self.service = tell is not None and tell.service
        self.prizes: dict[str, Reserved] = {}
        self.rewards: dict[str, Reward] = {}
        self.stock: dict[str, str] = {}
        for index, prize in enumerate(params.prizes):
            if prize.id in self.prizes:
                raise Invalid(NAMED_TWICE, f"prizes[{index}].id", prize=prize.id)
            at = f"prizes[{index}].give"
            reward = build.reward(spec(prize.give), at)
            if any(isinstance(gift, AssetGift) and gift.low != gift.high for gift in reward.every()):
                raise Invalid(ROLLED_AMOUNT, at, prize=prize.id)
            self.prizes[prize.id] = build.reserved(reward, prize.count, at)
            self.rewards[prize.id] = self.prizes[prize.id].reward
            self.stock[prize.id] = build.stock(prize.id, prize.count, f"prizes[{index}].count")

    @classmethod
    def listens(cls, params: GrandDrawParams) -> tuple[str, ...]:
        return ()

    def appointments(self) -> Mapping[str, datetime]:
        return {FREEZE: self.frozen, DRAW: max(self.drawn, self.frozen + AFTERWARDS)}

    def needs(self) -> Needs:
        return Needs(shared=tuple(self.stock.values()))

    def stocks(self) -> Mapping[str, int]:
        return {self.stock[prize.id]: prize.count for prize in self.params.prizes}

    def fields(self) -> frozenset[str]:
        return frozenset()

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return [(self.rewards[prize.id], prize.count) for prize in self.params.prizes]

    def merge(self, kept: GrandState, gone: GrandState, other: int, view: View) -> Iterator[Effect]:
        if kept.prize and gone.prize:
            yield from had_twice((f"prize:{gone.prize}",))
        yield Keep(min((each for each in (kept, gone) if each.prize), key=_place, default=kept))

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        state: GrandState = view.state
        if name == FREEZE:
            return self._freeze(state, view)
        return self._draw(state, view) if name == DRAW else self._win(state, data)

    def passed_by(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        """The price of a prize that its winner is refused goes back to the lines that it was taken from."""
        prize = self.prizes.get(data["prize"]) if name == WON else None
        if prize is not None:
            for account, price in prize.prices.items():
                if (left := min(price, view.shared(account))) > 0:
                    yield FromShared(account, left, to=prize.homes[account])

    def _freeze(self, state: GrandState, view: View) -> Iterator[Effect]:
        """Write the list of tickets as it was at the set time. It and the prizes are not changed any more."""
        if state.list:
            return
        text = view.holders(self.tickets, self.frozen)
        holders = read_list(text)
        prizes = tuple((prize.id, prize.count) for prize in self.params.prizes)
        yield Write(TICKETS, text)
        yield Keep(GrandState(holders.tickets, len(holders.members), digest(text), prizes))

    def _draw(self, state: GrandState, view: View) -> Iterator[Effect]:
        """Draw the winners, each of whom gets an event of his own; wait while there is no list or no seed."""
        if state.drawn:
            return
        text = view.file(TICKETS)
        if text is None or not view.epoch():
            yield Start(DRAW, view.now + NO_SEED_YET)
            return
        due = [prize for prize, count in state.prizes for _ in range(count)]
        holders = read_list(text)
        no_more = view.no_more()
        merged, erased = of_one_person(holders, no_more), of_nobody(holders, no_more)
        head = GrandHead(
            self.key, view.epoch(), view.member.number, self.frozen, state.members, state.tickets, state.list,
            state.prizes, tuple(merged.items()), tuple(erased),
        )  # fmt: skip
        lines, given = [msgspec.json.encode(head)], Counter[str]()
        won = draw(holders, lambda bound, play: view.roll(bound, play, TICKET), len(due), merged, erased)
        for place, (prize, ticket) in enumerate(zip(due, won, strict=False), 1):
            win = GrandWin(place, prize, ticket.play, ticket.ticket, ticket.member)
            lines.append(msgspec.json.encode(win))
            given[prize] += 1
            yield Start(WON, view.now, msgspec.to_builtins(win), member=ticket.member)
        yield Write(WINNERS, b"\n".join((*lines, b"")).decode())
        yield from self._left_over(given, view)
        yield Keep(replace(state, drawn=True))

    def _left_over(self, won: Mapping[str, int], view: View) -> Iterator[Effect]:
        """What was set aside for prizes that nobody has won goes back to the lines it was taken from."""
        homes = {account: home for prize in self.prizes.values() for account, home in prize.homes.items()}
        for account, home in homes.items():
            needed = sum(self.prizes[id].prices.get(account, 0) * won[id] for id in won if id in self.prizes)
            if (rest := view.shared(account) - needed) > 0:
                yield FromShared(account, rest, to=home)

    def _win(self, state: GrandState, data: dict[str, Any]) -> Iterator[Effect]:
        """What a winner gets."""
        win = msgspec.convert(data, GrandWin)
        if win.prize not in self.rewards:
            raise Refused(PRIZE_GONE, prize=win.prize)
        yield Note(data)
        yield FromShared(self.stock[win.prize], belongs=True)
        yield Give(self.rewards[win.prize])
        yield Tell("grand_draw.won", {"prize": win.prize, "place": win.place}, self.channel, self.service)
        if (
            not state.prize or win.place < state.place
        ):  # two that were drawn before their accounts were merged
            yield Keep(replace(state, prize=win.prize, place=win.place))

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.zone).isoformat(timespec="minutes")

    def shows(self, state: GrandState, day: date) -> dict[str, Any]:
        return {
            "frozen": self._local(self.frozen),
            "drawn": self._local(self.drawn),
            "prize": state.prize or None,
            "place": state.place or None,
        }


def _place(state: GrandState) -> int:
    return state.place
