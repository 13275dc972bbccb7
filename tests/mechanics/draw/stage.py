"""A draw on a stage of its own: what it is built from and what it looks at, given by the test.

The booth does with the effects what their docstrings say, so that a test can play many times in a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from festoon.base.effects import Amount, Effect, FromShared, Give, HandOver, Keep, Note, Take
from festoon.base.errors import Refused
from festoon.base.events import Event
from festoon.base.expressions import (
    TEXT,
    Condition,
    ValueExpression,
    Vocabulary,
    compile_condition,
    event_fields,
    member_fields,
)
from festoon.base.rewards import AssetGift, Gift, ItemGift, Reserved, Reward, SetAside
from festoon.ledger.accounts import SHELF, chances_asset, shared, stock_asset
from festoon.mechanics.base import MemberFacts
from festoon.mechanics.draw import Draw
from festoon.mechanics.draw_params import DrawParams
from festoon.mechanics.draw_record import PlayRecord, record_of
from festoon.mechanics.draw_state import DrawState
from festoon.mechanics.fairness import epoch_key, roll
from festoon.mechanics.reward_line import GiveSpec, RewardLine
from tests.nobody import Nobody

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2027, 2, 4, 16, tzinfo=UTC)
"""Midnight of 5 February in Shanghai."""
END = START + timedelta(days=16)
SEED = bytes(range(32))
PUBLIC = "double colour ball 2027-016: 03 09 14 20 27 31 + 08"
KEY = epoch_key(SEED, PUBLIC)

FIELDS = Vocabulary(fields={**event_fields({"campaign": TEXT}), **member_fields({"level": TEXT})})


class Setting:
    """What a plan offers the draw. `shelves` says which coupons and gifts come from which account."""

    def __init__(
        self, zone: ZoneInfo = SHANGHAI, start: datetime = START, end: datetime = END,
        shelves: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.campaign, self.mechanic = "new-year", "lucky-draw"
        self.zone, self.start, self.end, self.settle = zone, start, end, end
        self.shelves = shelves or {}

    def reward(self, give: GiveSpec | None, path: str = "give") -> Reward:
        lines = give if isinstance(give, list) else [RewardLine(coupon=give)]
        return Reward(path, tuple(self._gift(line) for line in lines))

    def _gift(self, line: RewardLine) -> Gift:
        if line.points is not None:
            low, high = (line.points, line.points) if isinstance(line.points, int) else line.points
            return AssetGift("points", low, high)
        ref = line.coupon or line.gift or ""
        return ItemGift("coupon" if line.coupon else "gift", ref, line.count, stock=self.shelves.get(ref, ""))

    def condition(self, text: str, path: str = "when", types: Sequence[str] = ()) -> Condition:
        return compile_condition(text, FIELDS)

    def value(self, text: str, path: str, types: Sequence[str] = ()) -> ValueExpression:
        raise AssertionError("a draw has no values")

    def stock(self, name: str, amount: int | None, path: str = "stock") -> str:
        return "" if amount is None else stock_account(name)

    def asset(self, code: str, path: str = "asset") -> str:
        return code

    def chances(self, mechanic: str = "", path: str = "chances") -> str:
        return chances_asset(self.campaign, mechanic or self.mechanic)

    def channel(self, name: str, path: str = "channel") -> str:
        return name

    def is_working_day(self, day: date) -> bool:
        raise AssertionError("a draw knows no working days")

    def sibling(self, mechanic: str, path: str) -> str:
        raise AssertionError("a draw names no other mechanic")

    def followers(self) -> tuple[str, ...]:
        return ()

    def sets(self) -> tuple[str, ...]:
        return ()

    def numbered(self, name: str, amount: int, path: str = "stock") -> str:
        raise AssertionError("a draw numbers nothing")

    def pool(self, asset: str, amount: int, shares: int, line: str = "", path: str = "pool") -> SetAside:
        raise AssertionError("a draw shares nothing out")

    def reserved(self, reward: Reward, times: int, path: str) -> Reserved:
        raise AssertionError("a draw pays for nothing beforehand")

    def begins(self, moment: str, path: str) -> datetime:
        raise AssertionError("a draw waits for no moment")

    def ends(self, moment: str, path: str) -> datetime:
        raise AssertionError("a draw waits for no moment")


def stock_account(prize: str) -> str:
    return shared(SHELF, stock_asset("new-year", prize))


class Person(Nobody, Struct):
    """One member: his facts, his state, what he has and what he was given."""

    number: int
    facts: dict[str, Any] = {}
    state: DrawState = DrawState()
    balances: dict[str, int] = {}
    given: list[Give | HandOver] = []
    subject: str = "m"
    registered: datetime | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.number,)

    def fact(self, name: str) -> Any:
        return self.facts.get(name)


class Looking:
    """What the draw sees of one event."""

    def __init__(self, booth: "Booth", person: Person, event: Event, now: datetime) -> None:
        self.booth, self.person, self.now, self.time = booth, person, now, event.time
        self.type, self.source = event.type, event.source
        self.member: MemberFacts = person
        self.local = event.time.astimezone(booth.zone)
        self.day = self.local.date()
        self.state = person.state
        self.times = 0
        self.refused = ""
        self.campaign: Mapping[str, Any] = {}

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self.booth.zone).date()

    def balance(self, asset: str) -> int:
        return self.person.balances.get(asset, 0)

    def shared(self, account: str) -> int:
        return self.booth.stock[account]

    def has_codes(self, of: str, count: int) -> bool:
        raise AssertionError("these coupons make their codes as they are given")

    def done(self, mechanic: str) -> int:
        return 0

    def number_of(self, subject: str) -> int | None:
        return None

    def number_of_code(self, code: str) -> int | None:
        raise AssertionError("a draw knows no other members")

    def roll(self, bound: int, play: int, label: str = "") -> int:
        return roll(self.booth.key, Booth.DRAW, self.person.number, play, label, bound)

    def epoch(self) -> str:
        return "campaign"

    def code(self) -> str:
        raise AssertionError("these mechanics take no codes")

    def holders(self, asset: str, before: datetime) -> str:
        raise AssertionError("these mechanics look at nobody else")

    def file(self, name: str) -> str | None:
        raise AssertionError("these mechanics write no files")

    def no_more(self) -> dict[int, int]:
        raise AssertionError("these mechanics look at nobody else")


class Booth:
    """A draw that is open, with its stock, its members and the record of its plays."""

    DRAW = "new-year/lucky-draw"

    def __init__(self, plan: dict[str, Any], setting: Setting | None = None, key: bytes = KEY) -> None:
        self.setting = setting or Setting()
        self.zone, self.key = self.setting.zone, key
        self.draw = Draw(msgspec.convert(plan, DrawParams), self.setting)
        self.stock = dict(self.draw.stocks())
        self.people: dict[int, Person] = {}
        self.record: list[PlayRecord] = []

    def person(self, number: int = 1) -> Person:
        return self.people.setdefault(number, Person(number))

    def earn(self, chances: int, number: int = 1) -> None:
        balances = self.person(number).balances
        balances[self.draw.chances] = balances.get(self.draw.chances, 0) + chances

    def left(self, prize: str) -> int:
        return self.stock[stock_account(prize)]

    def chances(self, number: int = 1) -> int:
        return self.person(number).balances.get(self.draw.chances, 0)

    def play(self, number: int = 1, at: datetime = START, now: datetime | None = None) -> PlayRecord:
        """Press the button once at an instant, taken at `now`. Raises Refused, and nothing has changed."""
        data = {"campaign": "new-year", "mechanic": "lucky-draw"}
        event = Event("app", f"{number}-{len(self.record)}", "draw.played", "m", at, data)
        note = self.decide(event, self.person(number), now or at)
        self.record.append(record_of(self.DRAW, number, note))
        return self.record[-1]

    def buy(self, count: int = 1, number: int = 1, at: datetime = START) -> None:
        event = Event("app", "b", "draw.chance_bought", "m", at, {"count": count})
        self.decide(event, self.person(number), at)

    def decide(self, event: Event, person: Person, now: datetime) -> dict[str, Any]:
        effects = list(self.draw.decide(event, Looking(self, person, event, now)))
        self._refuse_what_is_short(effects, person)
        note: dict[str, Any] = {}
        for effect in effects:
            match effect:
                case Note(data):
                    note = data
                case Take(asset, amount):
                    person.balances[asset] = person.balances.get(asset, 0) - amount
                case FromShared(account, amount):
                    self.stock[account] -= amount
                case Keep(state):
                    person.state = state
                case Give(reward, times) | HandOver(reward, times):
                    person.given.append(effect)
                    self._give(reward, times, person)
                case _:
                    raise AssertionError(f"a draw has no business with {effect}")
        return note

    def _refuse_what_is_short(self, effects: Iterable[Effect], person: Person) -> None:
        for effect in effects:
            if isinstance(effect, Take) and person.balances.get(effect.asset, 0) < effect.amount:
                raise Refused("balance.short")
            if isinstance(effect, FromShared) and self.stock[effect.account] < effect.amount:
                raise AssertionError("the draw gave what was not there")
            assert not isinstance(effect, Amount)

    def _give(self, reward: Reward, times: int, person: Person) -> None:
        for gift in reward.gifts:
            if isinstance(gift, AssetGift) and gift.asset == self.draw.chances:
                person.balances[gift.asset] = person.balances.get(gift.asset, 0) + gift.low * times
            if isinstance(gift, ItemGift) and gift.stock:
                self.stock[gift.stock] -= gift.count
                assert self.stock[gift.stock] >= 0, "the draw gave what was not there"


def prize(id: str, weight: int, **more: Any) -> dict[str, Any]:
    """A prize as a plan has it; it gives a coupon unless said otherwise."""
    return {"id": id, "weight": weight, "give": [{"coupon": id}], **more}


def refusal(play: Any) -> Refused:
    """What a play that must be refused was refused with."""
    try:
        play()
    except Refused as refused:
        return refused
    raise AssertionError("it was not refused")
