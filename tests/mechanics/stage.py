"""A mechanic on a stage of its own: what it is built from and what it looks at, given by the test.

The stage does with the effects what their docstrings say, for any number of members, so that a test can tell
a story in events. Nothing on it counts limits, costs or stock: that is the engine's.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec import Struct, field

from festoon.base.effects import (
    Amount,
    Effect,
    Fact,
    Give,
    Keep,
    Note,
    Post,
    Release,
    Remember,
    Reserve,
    Start,
    Stop,
    Take,
    TakeBack,
)
from festoon.base.errors import Invalid, Refused
from festoon.base.events import Event
from festoon.base.expressions import (
    INT,
    TEXT,
    Condition,
    ValueExpression,
    Vocabulary,
    compile_condition,
    compile_value,
    event_fields,
    member_fields,
)
from festoon.base.rewards import AssetGift, Reserved, Reward, SetAside
from festoon.mechanics.base import TIMER_DUE, Mechanic
from festoon.mechanics.registry import kind
from festoon.mechanics.reward_line import GiveSpec, RewardLine
from tests.nobody import Nobody

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST, SETTLE = date(2027, 2, 5), date(2027, 3, 31), date(2027, 4, 14)
HOLIDAYS = {date(2027, 2, day) for day in range(5, 12)}
"""The days off that the stage's calendar knows besides weekends."""

DATA = {
    "amount": INT, "shipping": INT, "content": TEXT, "author": TEXT, "inviter": TEXT, "proof": TEXT, "photo": TEXT,
    "order": TEXT,
}  # fmt: skip
FIELDS = Vocabulary(fields={**event_fields(DATA), **member_fields({"level": TEXT})}, zone=SHANGHAI)


def noon(day: date | str, hour: int = 12) -> datetime:
    """An hour of a local day in Shanghai."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(on, time(hour), SHANGHAI).astimezone(UTC)


class Setting:
    """What a plan offers a mechanic. A named reward is one unit of an asset of that name."""

    def __init__(
        self, mechanic: str, siblings: Sequence[str], followers: Sequence[str], sets: Sequence[str]
    ) -> None:
        self.campaign, self.mechanic, self.zone = "new-year", mechanic, SHANGHAI
        self.start, self.end, self.settle = noon(FIRST, 0), noon(LAST, 0), noon(SETTLE, 0)
        self.siblings, self._followers, self._sets = siblings, tuple(followers), tuple(sets)

    def reward(self, give: GiveSpec | None, path: str = "give") -> Reward:
        if isinstance(give, str):
            return Reward(give, (AssetGift(give, 1, 1),))
        return Reward(path, tuple(_asset(line) for line in give or ()))

    def condition(self, text: str, path: str = "when", types: Sequence[str] = ()) -> Condition:
        return compile_condition(text, FIELDS)

    def value(self, text: str, path: str, types: Sequence[str] = ()) -> ValueExpression:
        return compile_value(text, FIELDS, INT)

    def stock(self, name: str, amount: int | None, path: str = "stock") -> str:
        return ""

    def numbered(self, name: str, amount: int, path: str = "stock") -> str:
        raise AssertionError("these mechanics number nothing")

    def pool(self, asset: str, amount: int, shares: int, line: str = "", path: str = "pool") -> SetAside:
        raise AssertionError("these mechanics share nothing out")

    def reserved(self, reward: Reward, times: int, path: str) -> Reserved:
        raise AssertionError("these mechanics pay for nothing beforehand")

    def begins(self, moment: str, path: str) -> datetime:
        return noon(moment, 0)

    def ends(self, moment: str, path: str) -> datetime:
        return noon(moment, 0) + DAY

    def asset(self, code: str, path: str = "asset") -> str:
        return code

    def chances(self, mechanic: str = "", path: str = "chances") -> str:
        return f"chances/{mechanic}"

    def channel(self, name: str, path: str = "channel") -> str:
        return name

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in HOLIDAYS

    def sibling(self, mechanic: str, path: str) -> str:
        if mechanic not in self.siblings:
            raise Invalid("stage.unknown", path, name=mechanic)
        return mechanic

    def followers(self) -> tuple[str, ...]:
        return self._followers

    def sets(self) -> tuple[str, ...]:
        return self._sets


def _asset(line: RewardLine) -> AssetGift:
    amount = line.points if line.points is not None else line.amount
    assert isinstance(amount, int)
    return AssetGift(line.asset or "points", amount, amount)


class Person(Nobody, Struct):
    """One member: who he is, and what the mechanic remembers of him and gave him."""

    number: int
    subject: str
    registered: datetime | None = None
    absorbed: tuple[int, ...] = ()
    """The numbers of accounts that have become part of his."""
    state: Any = None
    balances: dict[str, int] = {}
    given: Counter[str] = field(default_factory=Counter)
    """How often each reward was given, and how much of what was computed."""
    remembered: dict[str, Counter[str]] = {}
    """What was given before it was said to be kept under a name."""
    back: dict[str, tuple[int, int]] = {}
    """What part of it shall be back."""
    held: dict[str, tuple[str, int]] = {}
    """What is set aside: by the mechanic's name for it, which reward and how often."""

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.number, *self.absorbed)

    def fact(self, name: str) -> Any:
        return self.registered if name == "registered" else None


class Looking:
    """What the mechanic sees of one event."""

    def __init__(self, stage: "Stage", person: Person, event: Event, now: datetime) -> None:
        self.stage, self.now, self.time = stage, now, event.time
        self.type, self.source = event.type, event.source
        self.member = person
        self.local = event.time.astimezone(SHANGHAI)
        self.day = self.local.date()
        self.state = stage.mechanic.State() if person.state is None else person.state
        self.times = 0
        self.refused = ""
        self.campaign: Mapping[str, Any] = {}

    def local_date(self, at: datetime) -> date:
        return at.astimezone(SHANGHAI).date()

    def balance(self, asset: str) -> int:
        return self.member.balances.get(asset, 0)

    def shared(self, account: str) -> int:
        raise AssertionError("these mechanics look at no shared account")

    def has_codes(self, of: str, count: int) -> bool:
        raise AssertionError("these mechanics look at no codes")

    def done(self, mechanic: str) -> int:
        return self.stage.done.get(mechanic, 0)

    def number_of(self, subject: str) -> int | None:
        person = self.stage.people.get(subject)
        return None if person is None else person.number

    def number_of_code(self, code: str) -> int | None:
        """The code of a member is `#` and his id."""
        return self.number_of(code[1:]) if code.startswith("#") else None

    def roll(self, bound: int, play: int, label: str = "") -> int:
        raise AssertionError("these mechanics roll nothing")

    def epoch(self) -> str:
        return ""

    def code(self) -> str:
        raise AssertionError("these mechanics take no codes")

    def holders(self, asset: str, before: datetime) -> str:
        raise AssertionError("these mechanics look at nobody else")

    def file(self, name: str) -> str | None:
        raise AssertionError("these mechanics write no files")

    def no_more(self) -> dict[int, int]:
        raise AssertionError("these mechanics look at nobody else")


class Stage:
    """One mechanic with its members. `done` says how often other mechanics gave something."""

    def __init__(
        self,
        plan: dict[str, Any],
        *,
        siblings: Sequence[str] = (),
        followers: Sequence[str] = (),
        sets: Sequence[str] = (),
    ) -> None:
        self.mechanic = built(plan, siblings=siblings, followers=followers, sets=sets)
        self.people: dict[str, Person] = {}
        self.done: dict[str, int] = {}
        self.notes: list[dict[str, Any]] = []
        self.started: list[Start] = []
        """Timers for other mechanics."""
        self._timers: list[tuple[datetime, int, int, Start]] = []
        self._count = 0

    def person(self, subject: str = "mei", registered: date | str | None = None) -> Person:
        if subject not in self.people:
            self.people[subject] = Person(len(self.people) + 1, subject)
        if registered is not None:
            self.people[subject].registered = noon(registered)
        return self.people[subject]

    def happens(
        self, type: str, at: datetime, *, subject: str = "mei", now: datetime | None = None, **data: Any
    ) -> list[Effect]:
        """One event, taken at `now` (at once by default). Raises Refused, and then nothing has changed."""
        self.passes(now or at)
        return self.decides(type, at, subject=subject, now=now, **data)

    def decides(
        self, type: str, at: datetime, *, subject: str = "mei", now: datetime | None = None, **data: Any
    ) -> list[Effect]:
        """The same before any timer that is due has fired: the event is decided at the same moment."""
        self._count += 1
        event = Event("app", str(self._count), type, subject, at, data)
        person = self.person(subject)
        effects = list(self.mechanic.decide(event, Looking(self, person, event, now or at)))
        self._apply(effects, person)
        return effects

    def passes(self, now: datetime) -> None:
        """Every timer that is due by `now` comes back, earliest first. A refused one changes nothing."""
        while self._timers and min(self._timers)[0] <= now:
            first = min(self._timers, key=lambda timer: timer[:2])
            self._timers.remove(first)
            due, _, number, start = first
            person = next(person for person in self.people.values() if person.number == number)
            event = Event("festoon", start.name, TIMER_DUE, person.subject, due)
            try:
                # A timer's data goes through the store as JSON.
                data = msgspec.json.decode(msgspec.json.encode(start.data))
                effects = list(self.mechanic.on_timer(start.name, data, Looking(self, person, event, due)))
            except Refused as refused:
                self.notes.append({"refused": refused.code})
                continue
            self._apply(effects, person)

    def starts(self, start: Start, subject: str = "mei") -> None:
        """A timer that another mechanic has started for this one; it fires with what passes next."""
        self._apply([start], self.person(subject))

    def _start(self, start: Start, person: Person) -> None:
        if start.mechanic:
            self.started.append(start)
            return
        self._count += 1
        to = start.member or person.number
        if to == person.number:  # a timer of one's own that is started again is moved
            self._stop(to, start.name)
        self._timers.append((start.due, self._count, to, start))

    def _stop(self, number: int, name: str) -> None:
        self._timers = [timer for timer in self._timers if (timer[2], timer[3].name) != (number, name)]

    def given(self, subject: str = "mei") -> dict[str, int]:
        return dict(self.person(subject).given)

    def held(self, subject: str = "mei") -> dict[str, int]:
        """How often each reward is set aside."""
        sums: Counter[str] = Counter()
        for name, times in self.person(subject).held.values():
            sums[name] += times
        return dict(sums)

    def shows(self, day: date | str, subject: str = "mei") -> dict[str, Any]:
        person, on = self.person(subject), date.fromisoformat(day) if isinstance(day, str) else day
        return self.mechanic.shows(person.state or self.mechanic.State(), on)

    def _apply(self, effects: list[Effect], person: Person) -> None:
        for effect in effects:
            if isinstance(effect, Take) and (left := person.balances.get(effect.asset, 0)) < effect.amount:
                raise Refused("balance.short", asset=effect.asset, needed=effect.amount, balance=left)
        counted = person.given.copy()
        for effect in effects:
            match effect:
                case Remember(name):
                    person.remembered[name] = person.given - counted
                case TakeBack(name, part, whole):
                    person.back[name] = (part, whole)
                case _:
                    self._apply_one(effect, person)

    def _apply_one(self, effect: Effect, person: Person) -> None:
        match effect:
            case Give(reward, times):
                person.given[reward.name] += times
            case Reserve() | Post() | Release():
                _set_aside(effect, person)
            case Amount(reward, amount):
                person.given[reward.gifts[0].asset] += amount  # type: ignore[union-attr]
            case Take(asset, amount):
                person.balances[asset] -= amount
            case Keep(state):
                # What is kept goes through the store.
                text = msgspec.json.encode(state)
                person.state = msgspec.json.decode(text, type=self.mechanic.State)
            case _:
                self._beside(effect, person)

    def _beside(self, effect: Effect, person: Person) -> None:
        match effect:
            case Fact():
                pass
            case Note(data):
                self.notes.append(data)
            case Start():
                self._start(effect, person)
            case Stop(name):
                self._stop(person.number, name)
            case _:
                raise AssertionError(f"unexpected: {effect}")


def _set_aside(effect: Reserve | Post | Release, person: Person) -> None:
    match effect:
        case Reserve(name, reward, times):
            assert name not in person.held, f"{name} is set aside already"
            person.held[name] = (reward.name, times)
        case Post(name, reward, times):
            assert person.held.pop(name) == (reward.name, times)
            person.given[reward.name] += times
        case Release(name):
            del person.held[name]


def built(
    plan: dict[str, Any],
    *,
    siblings: Sequence[str] = (),
    followers: Sequence[str] = (),
    sets: Sequence[str] = (),
) -> Mechanic:
    """A mechanic out of what a plan says of it."""
    cls = kind(plan["kind"])
    said = {name: value for name, value in plan.items() if name != "kind"}
    return cls(msgspec.convert(said, cls.Params), Setting("it", siblings, followers, sets))


def refused(code: str, stage: Stage, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """What an event that must be refused with `code` was refused with. Nothing has changed by it."""
    before = {name: msgspec.json.encode(person.state) for name, person in stage.people.items()}
    with pytest.raises(Refused) as no:
        stage.happens(*args, **kwargs)
    assert no.value.code == code
    assert "<" not in no.value.text("en") + no.value.text("zh-Hans"), "a text misses some of its data"
    assert {name: msgspec.json.encode(stage.people[name].state) for name in before} == before
    return no.value.data


def mistake(plan: dict[str, Any], siblings: Sequence[str] = ()) -> Invalid:
    """What is wrong with a plan that must not be made."""
    with pytest.raises(Invalid) as wrong:
        built(plan, siblings=siblings)
    return wrong.value


DAY = timedelta(days=1)
