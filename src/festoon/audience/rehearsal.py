"""Segments of a rehearsal are refreshed by themselves, and its experiments learn, when their time comes on the events'
own clock."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from festoon.audience.learning import learn_anew, learning_due, next_learning
from festoon.audience.refresh import Place, refresh
from festoon.audience.refresher import all_due
from festoon.base.clock import wall
from festoon.engine.program import Program
from festoon.plan.compiled import CompiledCampaign
from festoon.store.pool import connect


class Refreshing:
    """The schedule of a rehearsal (`intake/rehearsal.py`): each segment and each experiment that learns at the instants
    of its rhythm, and all segments when their campaign starts. Who enters and who leaves comes in by the
    way that all events take."""

    def __init__(self, dsn: str, facts: Path) -> None:
        self._place = Place(dsn, facts, wall, rehearsal=True)

    def following(self, program: Program, since: datetime, until: datetime) -> datetime | None:
        """The first instant at which a segment is refreshed, after one and not after another."""
        coming = [at for campaign in program.campaigns.values() for at in _instants(campaign, since)]
        coming += next_learning(program, since)
        return min((at for at in coming if at <= until), default=None)

    async def keep(self, program: Program, at: datetime) -> None:
        """Refresh what is due at an instant; what has been refreshed as of then is not again."""
        connection = await connect(self._place.dsn)
        try:
            due = await all_due(connection, program, at)
            learning = await learning_due(connection, program, at)
        finally:
            await connection.close()
        for each in due:
            await refresh(self._place, each)
        for trial in learning:
            await learn_anew(self._place, trial)


def _instants(campaign: CompiledCampaign, since: datetime) -> Iterator[datetime]:
    """When each of a campaign's segments is refreshed next, while it runs."""
    schedule = campaign.schedule
    for segment in campaign.segments:
        if not segment.rhythm.times:
            continue
        at = schedule.start if since < schedule.start else segment.rhythm.following(since, campaign.zone)
        if at is not None and at < schedule.settle:
            yield at
