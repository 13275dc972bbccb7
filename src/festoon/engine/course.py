"""The course of a back-test: a history from its first event to its last, and then what is still due."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from festoon.base.events import Event
from festoon.base.times import FOREVER
from festoon.engine.assumptions import Responses
from festoon.engine.replay import Decision, Replay
from festoon.plan.compiled import Schedule


class Course:
    """One run of one campaign. `closed` is until when everything that came due was counted, None when nothing happened;
    `missed` says that nothing of the history lies in the campaign's time."""

    def __init__(self, replay: Replay, responses: Responses) -> None:
        self.replay, self._responses = replay, responses
        [campaign] = replay.program.campaigns.values()
        self._schedule = campaign.schedule
        self.closed: datetime | None = None
        self.missed = True

    def run(self, history: Iterable[Event]) -> Iterator[Decision]:
        """Every decision. After the last event, members do nothing any more but use the chances that they are still
        given by what was set for later: draws, rewards that wait, packs of the month."""
        replay, responses, schedule = self.replay, self._responses, self._schedule
        events = iter(history)
        first = next(events, None)
        if first is None:
            return
        yield from replay.run(chain((first,), events))
        last = replay.now
        self.missed = last < schedule.warm_up or first.time >= schedule.settle
        until = self.closed = closed(schedule, last)
        while (due := replay.due) <= until:
            yield from replay.run(responses.until(due))
            yield from replay.until(due)
        yield from replay.run(responses.until(FOREVER))


def closed(schedule: Schedule, last: datetime) -> datetime:
    """Until when what comes due is counted after a history's last event: until the campaign is settled. A history that
    breaks off earlier is closed as the campaign would be, in as much time as the plan has between its end and that;
    months that the history says nothing about have no part in it."""
    closing = schedule.settle - schedule.end
    return schedule.settle if last >= schedule.end - closing else last + closing
