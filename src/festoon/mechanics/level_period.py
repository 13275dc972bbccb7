"""Which growth counts on a day, and until when a level that it reaches is safe.

Growth is kept by slot: the natural year, the member's own year, or the local day (its ordinal), so that what comes
late lands in its place. Days are proleptic Gregorian ordinals; `own` is the member's own day, from which his own years
are counted. 0 in place of a day is no day: no end, never.
"""

from datetime import date

from festoon.base.times import add_months
from festoon.mechanics.level_params import Review

Pair = tuple[int, int]
Pairs = tuple[Pair, ...]

_SHORTEST_MONTH = 28
LATE_DAYS = 62
"""How much longer days are kept than the longest window asks for. No event may be later."""


class Period:
    """All growth there ever was, and no end."""

    extends = False
    """Whether reaching a level's growth again moves its date at once; if not, its review does."""

    def slot(self, day: int, own: int) -> int | None:
        """Where the growth of a day is kept; None when it need not be."""
        return None

    def measured(self, pairs: Pairs, seen: int, day: int, own: int) -> list[Pair]:
        """The growth that counts, by the day it counts on: on `day`, and on later ones that what came on `day` makes
        a difference to. `seen` is all the growth there is."""
        return [(day, seen)]

    def reviewed(self, pairs: Pairs, on: int, day: int, own: int) -> int:
        """The growth that counts for the review of a level that was safe until `on`, as far as `day`."""
        return 0

    def safe_until(self, on: int, begun: int, own: int) -> int:
        """The last day that a level is safe which was reached or renewed `on` that day, and whose first time has
        `begun` on another."""
        return 0

    def kept(self, pairs: Pairs, today: int, own: int) -> Pairs:
        """Without what no window can ask for any more."""
        return ()


class NaturalYear(Period):
    """A year of the calendar."""

    extends = True

    def slot(self, day: int, own: int) -> int:
        return date.fromordinal(day).year

    def measured(self, pairs: Pairs, seen: int, day: int, own: int) -> list[Pair]:
        slot = self.slot(day, own)
        return [(day, sum([units for at, units in pairs if at == slot]))]

    def reviewed(self, pairs: Pairs, on: int, day: int, own: int) -> int:
        first, last = self.slot(on, own), self.slot(day, own)
        return sum([units for at, units in pairs if first <= at <= last])

    def safe_until(self, on: int, begun: int, own: int) -> int:
        return date(self.slot(on, own) + 1, 12, 31).toordinal()

    def kept(self, pairs: Pairs, today: int, own: int) -> Pairs:
        # A level may be under review for up to a year of grace after the year that is reviewed.
        newest = self.slot(today, own)
        return tuple([pair for pair in pairs if newest - 2 <= pair[0] <= newest + 1])


class OwnYear(NaturalYear):
    """So many months from the member's own day, and again and again."""

    def __init__(self, months: int) -> None:
        self.months = months

    def slot(self, day: int, own: int) -> int:
        """How many own years have ended before the one that the day is in."""
        begun, at = date.fromordinal(own), date.fromordinal(day)
        slot = ((at.year - begun.year) * 12 + at.month - begun.month) // self.months
        return slot if add_months(begun, slot * self.months) <= at else slot - 1

    def safe_until(self, on: int, begun: int, own: int) -> int:
        after = (self.slot(on, own) + 2) * self.months
        return add_months(date.fromordinal(own), after).toordinal() - 1


class Rolling(Period):
    """The last so many months, to the day; a level is safe for so many months from the day it is reached."""

    def __init__(self, months: int, valid: int, grace: int) -> None:
        self.months = months
        self.valid = valid
        self.slack = LATE_DAYS + grace

    def slot(self, day: int, own: int) -> int:
        return day

    def measured(self, pairs: Pairs, seen: int, day: int, own: int) -> list[Pair]:
        if not pairs or pairs[-1][0] <= day:
            return [(day, self._within(pairs, self._before(day), day))]
        ends = [day, *(at for at, _ in pairs if at > day)]
        befores = [(end, self._before(end)) for end in ends]
        return [(end, self._within(pairs, before, end)) for end, before in befores if before < day]

    def reviewed(self, pairs: Pairs, on: int, day: int, own: int) -> int:
        return self._within(pairs, self._before(on), day)

    def safe_until(self, on: int, begun: int, own: int) -> int:
        # Counted from the first day, so that 31 January is followed by 28 February and then by 31 March.
        first, at = date.fromordinal(begun), date.fromordinal(on)
        months = (at.year - first.year) * 12 + at.month - first.month
        if add_months(first, months) != at:
            first, months = at, 0  # the day was promised by another count, of a lower level or an older plan
        return add_months(first, months + self.valid).toordinal()

    def kept(self, pairs: Pairs, today: int, own: int) -> Pairs:
        oldest = self._before(today) - self.slack
        return tuple([pair for pair in pairs if pair[0] > oldest])

    def _before(self, day: int) -> int:
        """The last day that is too long ago, since its months are over by `day`. On the last day of February they are
        over for all last days of November: so what has reached a level never counts in the review of it."""
        at = date.fromordinal(day)
        before = add_months(at, -self.months).toordinal()
        if at.day < _SHORTEST_MONTH:
            return before
        return max(before, add_months(date.fromordinal(day + 1), -self.months).toordinal() - 1)

    def _within(self, pairs: Pairs, before: int, last: int) -> int:
        return sum([units for at, units in pairs if before < at <= last])


def period_of(review: Review | None) -> Period:
    """The period that a review asks for."""
    if review is None:
        return Period()
    if review.growth == "year":
        return NaturalYear()
    months = review.months or 12
    if review.growth == "entry":
        return OwnYear(months)
    return Rolling(months, review.valid_months or months, review.grace_days)


def with_units(pairs: Pairs, slot: int, units: int) -> Pairs:
    """More units in a slot. Pairs stay sorted."""
    if pairs and pairs[-1][0] == slot:
        return (*pairs[:-1], (slot, pairs[-1][1] + units))
    if not pairs or pairs[-1][0] < slot:
        return (*pairs, (slot, units))
    sums = dict(pairs)
    sums[slot] = sums.get(slot, 0) + units
    return tuple(sorted(sums.items()))
