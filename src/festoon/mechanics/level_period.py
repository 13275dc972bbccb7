"""Which growth counts on a day, and until when a level that it reaches is safe.

Growth is kept by slot: the natural year, a day of the member's own month, or the local day, so that what comes late
lands in its place. Days are proleptic Gregorian ordinals; `own` is the member's own day, from which his own years
are counted. 0 in place of a day is no day: no end, never.
"""

from datetime import date

from festoon.base.times import LATE_DAYS, add_months
from festoon.mechanics.level_params import Review

Pair = tuple[int, int]
Pairs = tuple[Pair, ...]

_SHORTEST_MONTH = 28
_NO_OWN_YEAR = 1_900
"""A number that is too large for that of an own year."""


class Period:
    """All growth there ever was, and no end."""

    extends = False
    """Whether reaching a level's growth again moves its date at once; if not, its review does."""

    def grown(self, pairs: Pairs, units: int, day: int, own: int) -> Pairs:
        """With more growth that came on a day."""
        return pairs

    def joined(self, pairs: Pairs, others: Pairs, own: int) -> Pairs:
        """With what another account has grown, whose own day may be another."""
        for slot, units in others:
            pairs = with_units(pairs, slot, units)
        return pairs

    def read(self, pairs: Pairs, own: int) -> Pairs:
        """Pairs as they are kept now, of those that may have been stored before."""
        return pairs

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
        return pairs


class Year(Period):
    """A year of some kind: what came in it, whichever day of it."""

    extends = True

    def measured(self, pairs: Pairs, seen: int, day: int, own: int) -> list[Pair]:
        return [(day, self.reviewed(pairs, day, day, own))]


class NaturalYear(Year):
    """A year of the calendar."""

    def grown(self, pairs: Pairs, units: int, day: int, own: int) -> Pairs:
        return with_units(pairs, _year(day), units)

    def reviewed(self, pairs: Pairs, on: int, day: int, own: int) -> int:
        first, last = _year(on), _year(day)
        return sum([units for at, units in pairs if first <= at <= last])

    def safe_until(self, on: int, begun: int, own: int) -> int:
        return date(_year(on) + 1, 12, 31).toordinal()

    def kept(self, pairs: Pairs, today: int, own: int) -> Pairs:
        # A level may be under review for up to a year of grace after the year that is reviewed.
        newest = _year(today)
        return tuple([pair for pair in pairs if newest - 2 <= pair[0] <= newest + 1])


class OwnYear(Year):
    """So many months from the member's own day, and again and again.

    What came in one own month is kept as one, by the last day it came on. So it stays in its year when a new version of
    the plan makes years longer or shorter, and finds its year, to the month, by another account's own day.
    """

    def __init__(self, months: int) -> None:
        self.months = months

    def grown(self, pairs: Pairs, units: int, day: int, own: int) -> Pairs:
        month = months_after(own, day)
        first, after = _day_after(own, month), _day_after(own, month + 1)
        same = [pair for pair in pairs if first <= pair[0] < after]
        if not same:
            return with_units(pairs, day, units)
        other = tuple([pair for pair in pairs if not first <= pair[0] < after])
        return with_units(other, max(day, same[-1][0]), units + sum([each for _, each in same]))

    def joined(self, pairs: Pairs, others: Pairs, own: int) -> Pairs:
        for day, units in others:
            pairs = self.grown(pairs, units, day, own)
        return pairs

    def read(self, pairs: Pairs, own: int) -> Pairs:
        # Own years were kept by their number once. A year of the calendar, or a day, is a larger number.
        if not pairs or not own or pairs[0][0] >= _NO_OWN_YEAR:
            return pairs
        days = [(self._begins(at, own) if at < _NO_OWN_YEAR else at, units) for at, units in pairs]
        return tuple(sorted(days))

    def reviewed(self, pairs: Pairs, on: int, day: int, own: int) -> int:
        first, after = self._begins(self._number(on, own), own), self._begins(self._number(day, own) + 1, own)
        return sum([units for at, units in pairs if first <= at < after])

    def safe_until(self, on: int, begun: int, own: int) -> int:
        return self._begins(self._number(on, own) + 2, own) - 1

    def kept(self, pairs: Pairs, today: int, own: int) -> Pairs:
        newest = self._number(today, own)
        first, after = self._begins(newest - 2, own), self._begins(newest + 2, own)
        return tuple([pair for pair in pairs if first <= pair[0] < after])

    def _number(self, day: int, own: int) -> int:
        """How many own years have ended before the one that the day is in."""
        return months_after(own, day) // self.months

    def _begins(self, number: int, own: int) -> int:
        return _day_after(own, number * self.months)


class Rolling(Period):
    """The last so many months, to the day; a level is safe for so many months from the day it is reached."""

    def __init__(self, months: int, valid: int, grace: int) -> None:
        self.months = months
        self.valid = valid
        self.slack = LATE_DAYS + grace

    def grown(self, pairs: Pairs, units: int, day: int, own: int) -> Pairs:
        return with_units(pairs, day, units)

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


def months_after(own: int, day: int) -> int:
    """How many own months have ended before the one that a day is in."""
    begun, at = date.fromordinal(own), date.fromordinal(day)
    months = (at.year - begun.year) * 12 + at.month - begun.month
    return months if add_months(begun, months) <= at else months - 1


def _day_after(own: int, months: int) -> int:
    """The day that begins the own month of that number."""
    return add_months(date.fromordinal(own), months).toordinal()


def _year(day: int) -> int:
    return date.fromordinal(day).year


def with_units(pairs: Pairs, slot: int, units: int) -> Pairs:
    """More units in a slot. Pairs stay sorted."""
    if pairs and pairs[-1][0] == slot:
        return (*pairs[:-1], (slot, pairs[-1][1] + units))
    if not pairs or pairs[-1][0] < slot:
        return (*pairs, (slot, units))
    sums = dict(pairs)
    sums[slot] = sums.get(slot, 0) + units
    return tuple(sorted(sums.items()))
