"""Red packets (红包池): a pool that is shared out, one packet a member, until it is empty or closes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from math import prod
from typing import Any, ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from festoon.base.amounts import added
from festoon.base.effects import Amount, Effect, FromShared, Keep, Note, Take, had_twice
from festoon.base.errors import Invalid, Refused, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.times import period_of
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.packet_params import NEVER_OPEN, RedPacketParams, bounds, check
from festoon.mechanics.packet_split import Coins, amount, coins, opened
from festoon.mechanics.raises import Raiser, used_up
from festoon.mechanics.ratio import fraction

NOT_OPEN = define("red_packet.not_open", 200, "the red packets come at {opens}", "红包{opens}开抢")
CLOSED = define(
    "red_packet.closed", 200, "the red packets could be had until {closes}", "红包已于{closes}结束"
)
EMPTY = define("red_packet.empty", 200, "all red packets are gone", "红包已抢完")
HAD = define(
    "red_packet.had", 200, "you have had your red packet: {limit} of {limit}", "已领取红包（{limit}/{limit}）"
)
NO_CHANCE = define("red_packet.no_chance", 200, "no try left for now", "本期抢红包机会已用完")

HIT = "hit"
"""The label under which it is rolled whether a try gets a packet. Coins are rolled with `coin/` and their position."""
REMEMBERED = 35
"""How many periods of free tries are remembered. An event older than all of them finds its try used up."""


class RedPacketState(Struct, frozen=True, omit_defaults=True):
    """What is remembered of one member. `tries` only ever grows: the rolls go by it. `free` are the free tries used,
    by the period of the event's own time."""

    tries: int = 0
    packets: int = 0
    got: int = 0
    free: dict[str, int] = {}


class RedPacket(Mechanic, kind="red_packet"):
    """Shares out a pool, to whoever comes, by equal or lucky packets.

    How many packets are left, and which coins, are shared accounts that are read exactly: every packet has a number,
    none is given twice, and what is left in the pool is always what the packets left hold.
    """

    request: ClassVar[bool] = True
    whole: ClassVar[bool | None] = False
    for_good: ClassVar[frozenset[str]] = frozenset({"pool", "packets", "split", "min", "max"})
    Params = RedPacketParams
    State = RedPacketState

    params: RedPacketParams

    def __init__(self, params: RedPacketParams, build: Build) -> None:
        super().__init__(params, build)
        check(params)
        self.least, self.most = bounds(params)
        self.zone = build.zone
        self.opens = build.start if params.opens is None else build.begins(params.opens, "opens")
        self.closes = build.end if params.closes is None else build.ends(params.closes, "closes")
        if self.closes <= self.opens:
            raise Invalid(NEVER_OPEN, "closes")
        pool, packets = params.pool, params.packets
        aside = build.pool(pool.asset, pool.amount, packets, pool.line)
        whole, self.home = aside.gift, aside.home
        self.money = whole.cost.line
        self.everything = Reward("", (whole,))
        self.unit = Reward("", (replace(whole, low=1, high=1),))
        self.left = build.numbered("packets", packets, "packets")
        self.pool = build.stock("pool", pool.amount, "pool")
        self.coins = coins(pool.amount, packets, self.least, self.most)
        self.purses = tuple(
            build.numbered(f"coins-{index}", kind.count, "pool") for index, kind in enumerate(self.coins)
        )
        self.odds = fraction(params.odds, "odds") / 100
        self.raises = tuple(
            Raiser(more, build, f"raises[{index}]") for index, more in enumerate(params.raises)
        )
        self.chances = build.chances()
        self.free = None if params.chances is None else params.chances.free

    def needs(self) -> Needs:
        assets = (self.chances, *(more.asset for more in self.raises if more.asset))
        return Needs(assets=assets, shared=(self.left, self.pool, *self.purses))

    def stocks(self) -> Mapping[str, int]:
        counts = (kind.count for kind in self.coins)
        return {
            self.left: self.params.packets,
            self.pool: self.params.pool.amount,
            **dict(zip(self.purses, counts, strict=True)),
        }

    def counters(self) -> frozenset[str]:
        return frozenset((self.pool, *self.purses))

    def appointments(self) -> Mapping[str, datetime]:
        return {"close": self.closes} if self.money else {}

    def fields(self) -> frozenset[str]:
        return frozenset({"campaign", "mechanic"})

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return ((self.everything, 1),)

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        state: RedPacketState = view.state
        self._refuse(state, view)
        free = self._free_period(state, view)
        if free is None and view.balance(self.chances) < 1:
            raise Refused(NO_CHANCE)
        if view.shared(self.pool) < self.least:
            raise Refused(EMPTY)
        odds, using = self._odds(event, view)
        play = state.tries + 1
        note: dict[str, Any] = {"play": play}
        hit = odds >= 1
        if not hit:
            roll = view.roll(odds.denominator, play, HIT)
            hit = roll < odds.numerator
            note |= {"epoch": view.epoch(), "odds": [odds.numerator, odds.denominator], "roll": roll}
        effects = list(self._packet(view, play, note)) if hit else []

        # From here on the try stands.
        yield Note(note)
        if free is None:
            yield Take(self.chances, 1)
        for asset, units in using.items():
            yield Take(asset, units)
        yield from effects
        yield Keep(self._after(state, free, note.get("amount")))

    def _refuse(self, state: RedPacketState, view: View) -> None:
        """Validity goes by when the try was taken, like stock."""
        if view.now < self.opens:
            raise Refused(NOT_OPEN, opens=self._local(self.opens))
        if view.now >= self.closes:
            raise Refused(CLOSED, closes=self._local(self.closes))
        if state.packets >= self.params.per_member:
            raise Refused(HAD, limit=self.params.per_member)

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.zone).isoformat(timespec="minutes")

    def _free_period(self, state: RedPacketState, view: View) -> str | None:
        """The period whose free try this one uses, or None when it has none left."""
        free = self.free
        if free is None:
            return None
        period = "campaign" if free.per == "campaign" else period_of(view.day, free.per)
        forgotten = len(state.free) >= REMEMBERED and period < min(state.free)
        return period if not forgotten and state.free.get(period, 0) < free.count else None

    def _odds(self, event: Event, view: View) -> tuple[Fraction, dict[str, int]]:
        """The odds of this try, and what it uses up."""
        holding = [more for more in self.raises if more.holds(event, view)]
        return prod((more.factor for more in holding), start=self.odds), used_up(holding)

    def _packet(self, view: View, play: int, note: dict[str, Any]) -> Iterator[Effect]:
        """The next packet, opened. Raises Refused when there is none; what it holds is added to the note."""
        left = view.shared(self.left)
        if left < 1:
            raise Refused(EMPTY)
        held = [
            Coins(kind.worth, view.shared(purse)) for kind, purse in zip(self.coins, self.purses, strict=True)
        ]
        slots = opened(held, left, lambda index, bound: view.roll(bound, play, f"coin/{index}"))
        units = amount(self.least, slots)
        note |= {"number": self.params.packets - left + 1, "left": left, "amount": units, "least": self.least}
        if any(slot.roll is not None for slot in slots):
            note["epoch"] = view.epoch()
        if slots:
            note["coins"] = msgspec.to_builtins(slots)
        yield FromShared(self.left)
        yield FromShared(self.pool, units)
        for slot, purse in zip(slots, self.purses, strict=True):
            if slot.full:
                yield FromShared(purse)
        yield Amount(self.unit, units)

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        """The pool has closed: what is left over goes back to the line it was taken from."""
        rest = view.shared(self.money)
        if rest > 0:
            yield FromShared(self.money, rest, to=self.home)

    def _after(self, state: RedPacketState, free: str | None, got: int | None) -> RedPacketState:
        used = state.free
        if free is not None:
            used = {**used, free: used.get(free, 0) + 1}
            if len(used) > REMEMBERED:
                del used[min(used)]
        hit = got is not None
        return RedPacketState(state.tries + 1, state.packets + hit, state.got + (got or 0), used)

    def merge(self, kept: RedPacketState, gone: RedPacketState, other: int, view: View) -> Iterator[Effect]:
        """Packets of both count; tries stay those of the number that stays, so that all of them can be replayed."""
        free = added(kept.free, gone.free)
        used = {period: free[period] for period in sorted(free)[-REMEMBERED:]}
        if kept.packets and gone.packets and kept.packets + gone.packets > self.params.per_member:
            yield from had_twice((f"packets:{kept.packets + gone.packets}",))
        yield Keep(RedPacketState(kept.tries, kept.packets + gone.packets, kept.got + gone.got, used))

    def shows(self, state: RedPacketState, day: date) -> dict[str, Any]:
        free = self.free
        left = 0
        if free is not None:
            period = "campaign" if free.per == "campaign" else period_of(day, free.per)
            left = max(free.count - state.free.get(period, 0), 0)
        return {
            "tries": state.tries,
            "free_left": left,
            "packets": state.packets,
            "per_member": self.params.per_member,
            "got": state.got,
            "opens": self._local(self.opens),
            "closes": self._local(self.closes),
        }
