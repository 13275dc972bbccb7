"""What waits for a task or a set hears of it by timers: those that come after it, and the sets that it belongs to."""

from collections.abc import Iterable, Iterator
from datetime import date

from festoon.base.effects import Start
from festoon.base.times import local_day
from festoon.mechanics.base import Build, View

PREREQUISITE = "prerequisite/"
"""The timer by which a task tells those that wait for it, with its own name."""
COMPLETED = "completed/"
"""The timer by which it tells the sets that it belongs to, with its own name, the day, and how many rounds there
were before: two rounds of one instant are two timers."""


class Telling:
    """Who hears of a task or a set, and how."""

    def __init__(self, build: Build) -> None:
        self.id, self.followers, self.sets = build.mechanic, build.followers(), build.sets()
        self.first_day = local_day(build.start, build.zone).toordinal()

    def days(self, slots: Iterable[int]) -> tuple[date, ...]:
        """The days of slots; a week may have begun before the campaign."""
        return tuple([date.fromordinal(max(slot, self.first_day)) for slot in slots])

    def tells(self, given: int, days: Iterable[date], view: View) -> Iterator[Start]:
        """What waits for it hears once that it is done; the sets it belongs to hear on which days. `given` are the
        rounds that came before."""
        if not given:
            for task in self.followers:
                yield Start(PREREQUISITE + self.id, view.now, {"task": self.id}, mechanic=task)
        for set_ in self.sets:
            for before, day in enumerate(days, given):
                told = {"task": self.id, "day": day.isoformat()}
                yield Start(f"{COMPLETED}{self.id}/{day}/{before}", view.now, told, mechanic=set_)
