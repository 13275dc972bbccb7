"""The members of a season: what each does and when, and what each should have by then.

A member's story is an asynchronous generator. It yields the local time at which it goes on; the stories of all members
are told together, in order of time.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from festoon.engine.listener import HOLDOUT_PARTS, holdout_bucket
from festoon.engine.outcome import Given, MechanicOutcome
from tests.scenarios.season import Made, Season, code

Story = AsyncIterator[str]


class Cast:
    """Who takes part, at what time it is, and what the plan owes everybody by the figures worked out in the test."""

    def __init__(self, season: Season, holdout: int = 0) -> None:
        self.season = season
        self.at = ""
        self.points: Counter[str] = Counter()
        self.things: Counter[tuple[str, str]] = Counter()
        self._holdout = holdout

    async def tell(self, *stories: Story) -> None:
        """Tell stories together, each step at its time."""
        waiting = [(await anext(story), number, story) for number, story in enumerate(stories)]
        heapify(waiting)
        while waiting:
            self.at, number, story = heappop(waiting)
            await self.season.passes(self.at)
            following = await anext(story, None)
            if following is not None:
                assert following >= self.at
                heappush(waiting, (following, number, story))

    async def does(self, type: str, who: str, on: str = "", **data: Any) -> Made:
        """An event of now, or one that happened `on` and is heard of now."""
        return await self.season.happens(type, who, self.at, on, **data)

    async def asks(self, type: str, who: str, mechanic: str, **data: Any) -> MechanicOutcome:
        """A request to one mechanic."""
        return await self.season.requests(type, who, self.at, mechanic, **data)

    async def arrives(self, who: str, type: str = "member.registered", **data: Any) -> Made:
        """A member arrives, and is in the hold-out if he is called `held`: others come first until it is his turn."""
        while (await self._next_is_held_out()) != (who == "held"):
            await self.does("member.imported", f"somebody-{await self._next()}")
        return await self.does(type, who, **data)

    async def _next_is_held_out(self) -> bool:
        return holdout_bucket(self.season.campaign.encode(), await self._next()) < self._holdout

    async def _next(self) -> int:
        found: int = await self.season.platform.connection.fetchval(
            "SELECT last_value + is_called::int FROM member_id_seq"
        )
        return found

    def gets(self, who: str, points: int, *things: str) -> None:
        """What the plan owes somebody."""
        self.points[who] += points
        self.things.update((who, thing) for thing in things)

    async def everybody_has_what_is_due(self) -> None:
        """Points and things of every member are what was worked out, and nobody has anything else."""
        assert await self.season.all_points() == {who: due for who, due in self.points.items() if due}
        rows = await self.season.platform.connection.fetch(
            "SELECT m.subject, i.ref FROM item i JOIN member m ON m.id = i.member_id"
        )
        assert Counter((row["subject"], name_of(row["ref"])) for row in rows) == +self.things


def name_of(ref: str) -> str:
    """What a thing is called in the plan."""
    return ref.rpartition("/")[2]


def gave(made: MechanicOutcome) -> list[tuple[str, int]]:
    """What a mechanic gave, by the names of the plan."""
    assert made.refused is None, made.refused
    return named(made.given)


def named(given: Sequence[Given]) -> list[tuple[str, int]]:
    return [(name_of(each.ref), each.amount) for each in given]


def share(percent: int) -> int:
    """A share of members, as the hold-out counts it."""
    return HOLDOUT_PARTS * percent // 100


__all__ = ["Cast", "Story", "code", "gave", "name_of", "named", "share"]
