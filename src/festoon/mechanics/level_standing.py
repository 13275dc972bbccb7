"""A member's standing: which level he has, until when it is safe, and what a day makes of it.

A level rises at once and falls only in a review, never on or before the day that the member was told. That day is
kept with him, so it holds whatever a later version of the plan says, and it never moves to an earlier one.
"""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from festoon.mechanics.level_params import Level, Review
from festoon.mechanics.level_period import Pairs, Period, period_of


class Lost(Struct, frozen=True, array_like=True):
    """The level that the last failed review has cost: a late event may show that the review was passed."""

    level: str
    on: int
    """The day that the level was safe until."""
    day: int
    """The day that it was lost."""
    begun: int = 0
    """The day that its time was counted from."""


class Standing(Struct, frozen=True, omit_defaults=True):
    """What is kept of a member. Days are ordinals; 0 is no day.

    `seen` is the balance at the last look; `growth` is by slot of the period. `at` is what the level took when it was
    reached. `begun` is the day from which its time is counted where that is not `since`: a level that one has fallen
    to is held from the day of the fall, and its time begins where the lost one's ended. `failed` is the day that the
    level was safe until, once its review has failed and grace is running. `entered` are the levels whose pack was
    given; `month` is the number of the own month whose benefit comes next (0: none does), `paid` the last one that
    was given. `birthday` is the day the next one is waited for, `wished` the year of the last one that was given.
    `table` says by which table all this was worked out.
    """

    own: int = 0
    seen: int = 0
    growth: Pairs = ()
    level: str = ""
    at: int = 0
    since: int = 0
    until: int = 0
    begun: int = 0
    failed: int = 0
    lost: Lost | None = None
    entered: tuple[str, ...] = ()
    month: int = 0
    paid: int = 0
    birthday: int = 0
    wished: int = 0
    table: int = 0


class Ladder:
    """The levels in their order, and the rules by which one rises and falls."""

    def __init__(self, levels: Sequence[Level], review: Review | None) -> None:
        self.names = [level.id for level in levels]
        self.bars = [level.growth for level in levels]
        self.ranks = {name: rank for rank, name in enumerate(self.names)}
        self.review = review
        self.period: Period = period_of(review)
        self.grace = 0 if review is None else review.grace_days
        self.by_one = review is not None and review.down == "one"

    def rank(self, standing: Standing) -> int:
        """The place of the member's level; -1 without one. One that the table no longer has stands where what it
        took would stand now."""
        if not standing.level:
            return -1
        known = self.ranks.get(standing.level)
        return self._earned(standing.at) if known is None else known

    def read(self, standing: Standing) -> Standing:
        """What is kept of a member, in today's shape."""
        growth = self.period.read(standing.growth, standing.own)
        return standing if growth is standing.growth else replace(standing, growth=growth)

    def grown(self, standing: Standing, seen: int, day: int, today: int) -> Standing:
        """With the growth that has come since the last look, on that day."""
        own, units = standing.own, seen - standing.seen
        growth = self.period.grown(standing.growth, units, day, own)
        return replace(standing, seen=seen, growth=self.period.kept(growth, today, own))

    def climbed(self, standing: Standing, day: int) -> Standing:
        """Up to what the growth of that day, or of the later ones that it counts for, reaches."""
        if (lost := standing.lost) is not None and day < lost.day:
            standing = self._restored(standing, lost)
        ends = self.period.measured(standing.growth, standing.seen, day, standing.own)
        most = max([growth for _, growth in ends])
        earned, held = self._earned(most), self.rank(standing)
        if earned > held:
            bar = self.bars[earned]
            on = next(end for end, growth in ends if growth >= bar)
            return self._on(replace(standing, since=on), earned, on, on)
        if earned == held >= 0 and self.period.extends and standing.until:
            return self._renewed(standing, day) if standing.level in self.ranks else standing
        if standing.failed and self._passes(standing, standing.failed, day):
            return self._renewed(standing, standing.failed)
        return standing

    def settled(self, standing: Standing, day: int) -> Standing:
        """Every review that has come by that day."""
        while standing.until and day > standing.until:
            if self.review is None:
                return replace(standing, until=0, failed=0)
            standing = self._reviewed(standing, standing.until + 1)
        return standing

    def anew(self, standing: Standing, day: int) -> Standing:
        """Under a table that the member has not been looked at with: what he was told still holds."""
        held = self.rank(standing)
        if held < 0 or standing.until:
            return standing
        if standing.level not in self.ranks:
            return replace(standing, level=self.names[held], at=self.bars[held])
        if self.review is None or not self.bars[held]:
            return standing
        # He was told no date so far. Now there is one, a whole period away.
        return replace(standing, begun=day, until=self.period.safe_until(day, day, standing.own))

    def lacking(self, standing: Standing, day: int) -> int | None:
        """What the next review still lacks; None when none comes."""
        if not standing.until or self.review is None:
            return None
        on = standing.failed or standing.until
        growth = self.period.reviewed(standing.growth, on, day, standing.own)
        bar = self.bars[held] if (held := self.ranks.get(standing.level, -1)) >= 0 else standing.at
        return max(bar - growth, 0)

    def _reviewed(self, standing: Standing, day: int) -> Standing:
        """One review: renewed, on to the days of grace, or down."""
        on = standing.failed or standing.until
        if self._passes(standing, on, day - 1):
            return self._renewed(standing, on)
        if self.grace and not standing.failed:
            return replace(standing, until=on + self.grace, failed=on)
        growth = self.period.reviewed(standing.growth, on, day - 1, standing.own)
        earned, held = self._earned(growth), self.rank(standing)
        rank = min(max(earned, held - 1) if self.by_one else earned, held)
        lost = Lost(standing.level, on, day, standing.begun or standing.since)
        fallen = replace(standing, lost=lost, since=day, until=0, begun=0, failed=0)
        if rank < 0:
            return replace(fallen, level="", at=0)
        # The new level's time begins where the lost one's ended; grace took nothing from it.
        return self._on(fallen, rank, on, on)

    def _restored(self, standing: Standing, lost: Lost) -> Standing:
        rank = self.ranks.get(lost.level, -1)
        if rank <= self.rank(standing):
            return standing
        if self.period.reviewed(standing.growth, lost.on, lost.day - 1, standing.own) < self.bars[rank]:
            return standing
        return self._on(replace(standing, since=lost.day, lost=None), rank, lost.on, lost.begun or lost.on)

    def _passes(self, standing: Standing, on: int, day: int) -> bool:
        rank = self.ranks.get(standing.level)
        if rank is None:
            return False
        return self.period.reviewed(standing.growth, on, day, standing.own) >= self.bars[rank]

    def _renewed(self, standing: Standing, on: int) -> Standing:
        until = self.period.safe_until(on, standing.begun or standing.since, standing.own)
        if until <= standing.until and not standing.failed:
            return standing
        return replace(standing, until=max(until, standing.until), failed=0)

    def _on(self, standing: Standing, rank: int, on: int, begun: int) -> Standing:
        """On a level whose time goes on from a day, and is counted from the same one or one before. What was promised
        for a lower level holds for it."""
        bar, until, apart = self.bars[rank], standing.until, 0
        if bar and self.review is not None:
            until = max(self.period.safe_until(on, begun, standing.own), until)
            apart = begun if begun != standing.since else 0
        return replace(standing, level=self.names[rank], at=bar, until=until, begun=apart, failed=0)

    def _earned(self, growth: int) -> int:
        return bisect_right(self.bars, growth) - 1
