"""Member levels (会员等级): reached by growth at once, safe until a date, lost in a review only, with benefits."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from festoon.base.effects import Effect, Fact, Give, Keep, Note, Start, had_twice
from festoon.base.errors import Invalid
from festoon.base.events import Event
from festoon.base.rewards import AssetGift, Reward
from festoon.base.times import Lifetime, add_months, start_of_day
from festoon.mechanics.base import MERGED, Build, Mechanic, Needs, View
from festoon.mechanics.giving import Giving, spec
from festoon.mechanics.level_merge import standing_of_both, twice
from festoon.mechanics.level_params import GROWTH_EXPIRES, Level, LevelParams, check
from festoon.mechanics.level_period import months_after
from festoon.mechanics.level_standing import Ladder, Standing
from festoon.mechanics.reward_line import RewardLine

REVIEW, MONTH, BIRTHDAY = "review", "month", "birthday"
PROFILES = ("member.registered", "member.imported", "member.profile_changed", "member.merged")
"""The types of events by which a birthday becomes known."""
ENTRY_PACK, MONTHLY_PACK, BIRTHDAY_PACK = "entry", "monthly", "birthday"
_BENEFITS = (ENTRY_PACK, MONTHLY_PACK, BIRTHDAY_PACK)

Becoming = Generator[Effect, None, Standing]
"""Effects, and the standing after them."""


class Levels(Mechanic, kind="level"):
    """Levels by growth, which other mechanics give.

    It looks at the balance after the mechanics above it in the plan, and puts what is new to the event's own day.
    Every benefit is given by a timer of its own, so that a budget line that has run out refuses the benefit and not
    the level.
    """

    Params = LevelParams
    State = Standing
    for_good = frozenset({"attribute"})
    reaches = "level"
    asked = frozenset({ENTRY_PACK, MONTHLY_PACK, BIRTHDAY_PACK})

    params: LevelParams

    def __init__(self, params: LevelParams, build: Build) -> None:
        super().__init__(params, build)
        check(params)
        self.asset = build.asset(params.asset)
        _refuse_expiring(params.asset, build)
        self.zone, self.closes = build.zone, build.end
        self.ladder = Ladder(params.levels, params.review)
        self.levels = {level.id: level for level in params.levels}
        self.packs = _packs(params, build)
        self.has_months = any(level.monthly is not None for level in params.levels)
        self.born = params.born if _wishes(params) else ""
        self.profiles = frozenset(self.beside(params))
        if params.attribute != "level":
            build.condition(f'member.{params.attribute} == "{params.levels[0].id}"', "attribute")
        if self.born:
            build.condition(f"month(member.{params.born}) == 1", "born")
        self.table = _stamp(params)

    @classmethod
    def listens(cls, params: LevelParams) -> tuple[str, ...]:
        """What brings growth, and what may bring a birthday."""
        return (*super().listens(params), *cls.beside(params))

    @classmethod
    def beside(cls, params: LevelParams) -> tuple[str, ...]:
        """Profiles, where there is something for birthdays: growth is not looked at by them."""
        growing = super().listens(params)
        return tuple(type for type in PROFILES if type not in growing) if _wishes(params) else ()

    def needs(self) -> Needs:
        return Needs(assets=(self.asset,))

    def fields(self) -> frozenset[str]:
        return frozenset()

    def watches(self) -> str:
        return self.asset

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return [(give.reward, None) for give in self.packs.values()]

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        before = self.ladder.read(view.state)
        if event.type in self.profiles:
            yield from self._profiled(before, view)
            return
        day = view.day.toordinal()
        known = before.table == self.table
        seen = view.balance(self.asset)
        after = before
        if seen != before.seen or not known:
            after = self._looked(before, seen, day, view)
        if self.born and (birthday := self._birthday(after, view, day)) != after.birthday:
            after = replace(after, birthday=birthday)
            yield self._wait(BIRTHDAY, birthday)
        if after is not before:
            yield from self._kept(before, after, day, view)

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        pack, colon, _ = name.partition(":")
        if colon:
            give = self.packs.get((pack, data["level"]))
            if give is not None:
                yield give
            return
        if view.time >= self.closes:
            return  # the level stands as it is when the campaign ends
        before = self.ladder.read(view.state)
        day = view.day.toordinal()
        # A day has just begun, unless two accounts became one on it: what is new since the last look came before it.
        looked = day if name == MERGED else day - 1
        after = self._looked(before, view.balance(self.asset), looked, view)
        after = self.ladder.settled(after, day)
        if name == MONTH and data["month"] == after.month:
            after = yield from self._monthly(after, view)
        elif name == BIRTHDAY and data["day"] == after.birthday:
            after = yield from self._wished(after, day, view)
        if after is not before:
            yield from self._kept(before, after, day, view)

    def _profiled(self, before: Standing, view: View) -> Iterator[Effect]:
        """What a profile says of the birthday, for a member who has been looked at: whoever has not has no level, and
        is asked for it at the first look. An event that says how it was long ago is heard of today."""
        today = view.local_date(view.now).toordinal()
        if before.own and (birthday := self._birthday(before, view, today)) != before.birthday:
            yield self._wait(BIRTHDAY, birthday)
            yield Keep(replace(before, birthday=birthday))

    def _looked(self, before: Standing, seen: int, day: int, view: View) -> Standing:
        """The standing with what has come since the last look."""
        standing = before if before.own else replace(before, own=self._own_day(view, day))
        if standing.table != self.table:
            standing = replace(self.ladder.anew(standing, day), table=self.table)
        elif seen == before.seen:
            return standing
        if seen != standing.seen:
            today = view.local_date(view.now).toordinal()
            standing = self.ladder.grown(standing, seen, day, today)
        return self.ladder.climbed(standing, day)

    def _own_day(self, view: View, day: int) -> int:
        registered = view.member.registered
        return day if registered is None else view.local_date(registered).toordinal()

    def _kept(self, before: Standing, after: Standing, day: int, view: View) -> Iterator[Effect]:
        """The new standing, with the timers and packs that follow from it."""
        level = self.levels.get(after.level)
        if after.until and after.until != before.until:
            yield self._wait(REVIEW, after.until + 1)
        if after.level != before.level:
            yield Fact(self.params.attribute, after.level or None)
            after = yield from self._entered(before, after, view)
        if level is not None and level.monthly is not None and not after.month:
            month = max(months_after(after.own, day) + 1, after.paid + 1)
            after = replace(after, month=month)
            yield self._next_month(after.own, month)
        yield Keep(after)
        if (after.level, after.until) != (before.level, before.until):
            yield Note({"level": after.level, "was": before.level, "until": _said(after.until)})

    def _entered(self, before: Standing, after: Standing, view: View) -> Becoming:
        """The packs of the levels that were passed for the first time."""
        ladder = self.ladder
        names = ladder.names[ladder.rank(before) + 1 : ladder.rank(after) + 1]
        new = [name for name in names if (ENTRY_PACK, name) in self.packs and name not in after.entered]
        for name in new:
            yield self._pack(ENTRY_PACK, name, name, view)
        return replace(after, entered=(*after.entered, *new)) if new else after

    def _monthly(self, standing: Standing, view: View) -> Becoming:
        """The benefit of the own month that has come, and the wait for the next."""
        if (MONTHLY_PACK, standing.level) not in self.packs:
            return replace(standing, month=0)
        month = standing.month
        yield self._pack(MONTHLY_PACK, str(month), standing.level, view)
        yield self._next_month(standing.own, month + 1)
        return replace(standing, month=month + 1, paid=month)

    def _wished(self, standing: Standing, day: int, view: View) -> Becoming:
        """The benefit of the birthday that has come, and the wait for the next."""
        due = date.fromordinal(standing.birthday)
        moved = self._birthday(standing, view, day)
        if moved == standing.birthday and due.year > standing.wished:
            standing = replace(standing, wished=due.year)
            if (BIRTHDAY_PACK, standing.level) in self.packs:
                yield self._pack(BIRTHDAY_PACK, str(due.year), standing.level, view)
        later = replace(standing, birthday=0)
        following = self._birthday(later, view, day)
        if following:
            yield self._wait(BIRTHDAY, following)
        return replace(later, birthday=following)

    def _birthday(self, standing: Standing, view: View, day: int) -> int:
        """The day of the next birthday by what the profile says now; what it was when it says nothing."""
        born = month_and_day(view.member.fact(self.born))
        if born is None:
            return standing.birthday
        if standing.birthday:
            waited = date.fromordinal(standing.birthday)
            if _falls(born, waited.year) == waited:
                return standing.birthday
        today = date.fromordinal(day)
        this_year = _falls(born, today.year)
        return (this_year if this_year > today else _falls(born, today.year + 1)).toordinal()

    def _wait(self, name: str, day: int) -> Start:
        return Start(name, start_of_day(date.fromordinal(day), self.zone), {"day": day})

    def _next_month(self, own: int, month: int) -> Start:
        due = add_months(date.fromordinal(own), month)
        return Start(MONTH, start_of_day(due, self.zone), {"month": month})

    def _pack(self, pack: str, period: str, level: str, view: View) -> Start:
        """A pack that is given at once, by a timer that has its period in its name."""
        return Start(f"{pack}:{period}", view.now, {"level": level})

    def reached(self, note: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
        """A level that is higher than the one before."""
        ranks, level = self.ladder.ranks, note.get("level")
        if level in ranks and ranks[level] > ranks.get(note["was"], -1):
            yield "level", level, 1

    def merge(self, kept: Standing, gone: Standing, other: int, view: View) -> Iterator[Effect]:
        """The better level and the growth of both; a look at them follows at once."""
        yield from had_twice(
            twice(kept, gone, {level for pack, level in self.packs if pack == BIRTHDAY_PACK})
        )
        merged = standing_of_both(self.ladder.read(kept), self.ladder.read(gone), self.ladder)
        if merged.until:
            yield self._wait(REVIEW, merged.until + 1)
        if merged.month:
            yield self._next_month(merged.own, merged.month)
        if merged.birthday:
            yield self._wait(BIRTHDAY, merged.birthday)
        yield Fact(self.params.attribute, merged.level or None)
        yield Start(MERGED, view.now)
        yield Keep(merged)

    def shows(self, state: Standing, day: date) -> dict[str, Any]:
        today, ladder = day.toordinal(), self.ladder
        standing = ladder.read(state) if state.own else replace(state, own=today)
        ((_, growth), *_) = ladder.period.measured(standing.growth, standing.seen, today, standing.own)
        rank = ladder.rank(standing)
        above = rank + 1 if rank + 1 < len(ladder.names) else None
        level = self.levels.get(standing.level)
        return {
            "level": standing.level or None,
            "since": _said(standing.since),
            "valid_until": _said(standing.until),
            "grace": bool(standing.failed),
            "growth": growth,
            "to_keep": ladder.lacking(standing, today),
            "next": None if above is None else ladder.names[above],
            "to_next": None if above is None else max(ladder.bars[above] - growth, 0),
            "benefits": [] if level is None else [*_given(level), *level.perks],
            "next_monthly": self._month_shown(standing, level),
        }

    def _month_shown(self, standing: Standing, level: Level | None) -> str | None:
        if level is None or level.monthly is None or not standing.month:
            return None
        return add_months(date.fromordinal(standing.own), standing.month).isoformat()


def _wishes(params: LevelParams) -> bool:
    """Whether anything is given on birthdays."""
    return any(level.birthday is not None for level in params.levels)


def _packs(params: LevelParams, build: Build) -> dict[tuple[str, str], Give]:
    """What is given, by benefit and level."""
    packs: dict[tuple[str, str], Give] = {}
    for index, level in enumerate(params.levels):
        for benefit in _BENEFITS:
            give: Giving | None = getattr(level, benefit)
            if give is not None:
                reward = build.reward(spec(give), f"levels[{index}].{benefit}")
                packs[benefit, level.id] = Give(reward)
    return packs


def _refuse_expiring(asset: str, build: Build) -> None:
    for gift in build.reward([RewardLine(asset=asset, amount=1)], "asset").gifts:
        if isinstance(gift, AssetGift) and gift.lasts != Lifetime():
            raise Invalid(GROWTH_EXPIRES, "asset", asset=asset)


def _stamp(params: LevelParams) -> int:
    """A number that another table would not have, whatever its levels are called; never 0."""
    levels = [replace(level, title="") for level in params.levels]
    text = msgspec.json.encode((levels, params.review))
    return int.from_bytes(blake2b(text, digest_size=4).digest(), "big") or 1


def _given(level: Level) -> list[str]:
    return [benefit for benefit in _BENEFITS if getattr(level, benefit) is not None]


def _said(day: int) -> str | None:
    return date.fromordinal(day).isoformat() if day else None


def month_and_day(born: Any) -> tuple[int, int] | None:
    """Month and day of a birthday as a profile has it: written out. None for what is no day."""
    return _month_and_day(born) if isinstance(born, str) else None


@lru_cache(4096)
def _month_and_day(born: str) -> tuple[int, int] | None:
    try:
        day = date.fromisoformat(born[:10])
    except ValueError:
        return None
    return day.month, day.day


def _falls(born: tuple[int, int], year: int) -> date:
    """The birthday of a year; who was born on 29 February has it on the 28th of other years."""
    month, day = born
    if born == (2, 29) and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
        day = 28
    return date(year, month, day)
