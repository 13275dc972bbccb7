"""A made-up population for simulations: members who do things at stated rates, the same for the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from random import Random
from typing import Any

from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.base.events import Event
from festoon.base.vocabulary import VOCABULARY
from festoon.engine.assumptions import CAUSED
from festoon.engine.program import GRANTED
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import read_plan

WRONG_RATE = define(
    "population.wrong_rate",
    400,
    "'{rate}' is no rate; write TYPE=number, such as order.paid=0.2",
    "“{rate}”不是有效的频率；请写成 TYPE=数字，例如 order.paid=0.2",
)
UNKNOWN_TYPE = define(
    "population.unknown_type",
    400,
    "there is no type of event '{type}'",
    "不存在事件类型“{type}”",
    todo="the plan listens to: {known}; a type of the platform's own is declared under `events`",
    todo_zh="方案涉及的类型：{known}；平台自有的类型须在 `events` 中声明",
)
SOURCE = "festoon/population"
USUAL = {
    "member.logged_in": Decimal("0.4"),
    "order.paid": Decimal("0.05"),
    "content.published": Decimal("0.02"),
    "content.liked": Decimal("0.1"),
}
"""Events a member a day, for the types that a plan listens to and nobody gave a rate for."""
BATCH = 1_000
_MICROSECONDS = 86_400_000_000


ASSUMED = frozenset({"draw.played", "check_in.made"})
"""What members do as far as it is assumed of them, whatever the rates."""


class Population(Struct, frozen=True):
    """`members` who each do `rates[type]` events of a type a day on average, for `days` from `first` on.

    `new` of them register during the time; the others were there before. Orders cost from 10 to 300 units with
    most near the lower end. What is in an event is one of `samples` of its type, by chance. All of it is assumption,
    and stated with the result.
    """

    members: int
    first: datetime
    days: int
    rates: tuple[tuple[str, Decimal], ...]
    samples: Mapping[str, tuple[dict[str, Any], ...]] = {}
    new: float = 0.2
    seed: int = 1

    @classmethod
    def of(
        cls, source: str, members: int, days: int, rates: Sequence[str], first: date | None
    ) -> "Population":
        """A population for a plan's text: its campaign's own start and the types its mechanics listen to.

        Raises PlanInvalid, and Invalid for a rate that is none and for a type that is neither in the vocabulary nor
        declared by the plan.
        """
        compiled = compile_plan(read_plan(source))
        begins = compiled.schedule.start
        if first is not None:
            begins = datetime(first.year, first.month, first.day, tzinfo=compiled.zone).astimezone(UTC)
        asked = dict(map(_rate, rates))
        listened = {type_ for mechanic in compiled.mechanics for type_ in mechanic.types}
        declared = {each.name for each in compiled.events}
        for unknown in asked.keys() - VOCABULARY.keys() - declared:
            raise Invalid(UNKNOWN_TYPE, type=unknown, known=", ".join(sorted(listened)))
        wanted = {type_: rate for type_, rate in USUAL.items() if type_ in listened} | asked
        samples = {type_: samples_of(compiled, type_) for type_ in wanted}
        return cls(members, begins, days, tuple(sorted(wanted.items())), samples)

    def never(self, source: str) -> list[str]:
        """The types of events that a plan listens to and nobody sends, since they have no rate."""
        listened = {
            type_ for mechanic in compile_plan(read_plan(source)).mechanics for type_ in mechanic.awaits
        }
        made = {type_ for type_, rate in self.rates if rate} | {"member.registered", "member.imported"}
        return sorted(listened - made - ASSUMED - CAUSED - {GRANTED})

    @property
    def expected(self) -> int:
        """About how many events it makes."""
        rates = sum((rate for _, rate in self.rates), Decimal())
        return self.members + int(self.members * self.days * rates)

    def __call__(self) -> Iterator[list[Event]]:
        """The events in order of time, in batches. A day is made at a time, so memory stays flat."""
        random = Random(self.seed)
        batch: list[Event] = [
            Event(SOURCE, f"m{number}", "member.imported", f"m{number}", self.first, {})
            for number in range(int(self.members * (1 - self.new)))
        ]
        known = len(batch)
        joined = [known + (self.members - known) * day // self.days for day in range(self.days + 1)]
        for day, (before, after) in enumerate(pairwise(joined)):
            batch.extend(self._day(random, day, before, after))
            while len(batch) >= BATCH:
                yield batch[:BATCH]
                batch = batch[BATCH:]
        yield batch

    def _day(self, random: Random, day: int, before: int, after: int) -> list[Event]:
        start = self.first + timedelta(days=day)
        events = [
            self._event(random, start, f"m{number}", "member.registered", 0)
            for number in range(before, after)
        ]
        for type_, rate in self.rates:
            expected = rate * before
            many = int(expected) + (random.random() < expected % 1)
            events += [
                self._event(random, start, f"m{random.randrange(before)}", type_, nth)
                for nth in range(many)
                if before
            ]
        return sorted(events, key=lambda event: event.time)

    def _event(self, random: Random, start: datetime, subject: str, type_: str, nth: int) -> Event:
        at = start + timedelta(microseconds=random.randrange(_MICROSECONDS))
        id = f"{type_}-{start:%Y%m%d}-{nth}-{subject}"
        samples = self.samples.get(type_) or _example(type_)
        data = dict(samples[0] if len(samples) == 1 else random.choice(samples))
        if type_ == "order.paid":
            data |= {"order": id, "amount": 1000 + int(29_000 * random.random() ** 3), "lines": []}
        return Event(SOURCE, id, type_, subject, at, data)


def samples_of(campaign: CompiledCampaign, type_: str) -> tuple[dict[str, Any], ...]:
    """What the data of a type may be: the `examples` of one that the plan declares; of a request the vocabulary's
    example, for each of the mechanics that listen to it."""
    for declared in campaign.events:
        if declared.name == type_:
            return tuple(declared.json_schema.get("examples", ())) or ({},)
    asked = [each.id for each in campaign.mechanics if type_ in each.types]
    return tuple(
        each | {"campaign": campaign.campaign, "mechanic": mechanic} if "mechanic" in each else each
        for each in _example(type_)
        for mechanic in (asked if "mechanic" in each and asked else [""])
    )


def _example(type_: str) -> tuple[dict[str, Any], ...]:
    return (VOCABULARY[type_].example if type_ in VOCABULARY else {},)


def _rate(text: str) -> tuple[str, Decimal]:
    type_, _, number = text.partition("=")
    try:
        rate = Decimal(number)
        sound = bool(type_) and 0 <= rate <= 100
    except InvalidOperation:
        sound = False
    if not sound:
        raise Invalid(WRONG_RATE, rate=text)
    return type_, rate
