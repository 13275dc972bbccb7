"""A season of a whole plan on a real database: local times, timers as the clock fires them, books to the last unit."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.listener import holdout_bucket
from festoon.engine.outcome import MechanicOutcome, decode
from festoon.engine.run_batch import run_batch
from festoon.plan.check import check_plan
from tests.house.sources import ROOT
from tests.live import Platform

PLANS = ROOT / "examples" / "plans"
Made = dict[str, MechanicOutcome]
"""What each mechanic made of an event, by its name in the plan."""


class Season:
    """One plan of `examples/plans` on a platform of its own.

    Times are local: `"2027-03-01"` is that day's noon, `"2027-03-01 23:30"` that minute. Time only goes on; an event
    that comes late says when it happened with `on`.
    """

    def __init__(self, platform: Platform, plan: str) -> None:
        compiled = check_plan(plan).compiled
        assert compiled is not None
        self.platform = platform
        self.campaign, self.zone = compiled.campaign, compiled.zone
        self.currency = compiled.currency
        self.slack = timedelta(0)
        """How late the clock may be, so that many timers fire together."""
        self._ids = count(1)

    @classmethod
    async def open(cls, dsn: str, plan: str, at: str) -> "Season":
        """Publish a plan of `examples/plans` as it stands, and begin."""
        return await cls.play(dsn, (PLANS / f"{plan}.yaml").read_text(encoding="utf-8"), at)

    @classmethod
    async def play(cls, dsn: str, text: str, at: str) -> "Season":
        """Publish a plan from its text, and begin."""
        platform = await Platform.open(dsn, text)
        season = cls(platform, text)
        platform.at = season.instant(at)
        return season

    async def happens(self, type: str, who: str, at: str, on: str = "", **data: Any) -> Made:
        """One event at a time, what is due before it first. What each mechanic made of it."""
        [answer] = await self.happen(at, self.event(type, who, on or at, **data))
        assert answer.error is None, answer.error
        return made(answer)

    async def happen(self, at: str, *events: Event) -> list[Answer]:
        """Several events in one batch."""
        await self.passes(at)
        answers = await self.platform.send(*events)
        await self.passes(at)
        return answers

    async def requests(self, type: str, who: str, at: str, mechanic: str, **data: Any) -> MechanicOutcome:
        """A request to one mechanic, and what it made of it."""
        found = await self.happens(type, who, at, campaign=self.campaign, mechanic=mechanic, **data)
        return found[mechanic]

    async def turned_down(self, type: str, who: str, at: str, mechanic: str, **data: Any) -> str:
        """The code of a request that no mechanic looks at: it is refused whole."""
        about = {"campaign": self.campaign, "mechanic": mechanic}
        [answer] = await self.happen(at, self.event(type, who, at, **about, **data))
        refused = decode(answer.outcome).refused
        assert refused is not None
        return refused.code

    def event(self, type: str, who: str, on: str, **data: Any) -> Event:
        return Event("app", str(next(self._ids)), type, who, self.instant(on), data)

    async def passes(self, at: str) -> None:
        """Time goes on until then; timers fire when they are due, as the clock fires them."""
        until, connection = self.instant(at), self.platform.connection
        while (
            due := await connection.fetchval("SELECT min(due) FROM timer WHERE due <= $1", until)
        ) is not None:
            self.platform.at = max(self.platform.at, min(due + self.slack, until))
            rows = await connection.fetch(
                "SELECT DISTINCT member_id FROM timer WHERE due <= $1 ORDER BY 1", self.platform.at
            )
            await run_batch(self.platform.engine, connection, [], [row["member_id"] for row in rows])
        self.platform.at = max(self.platform.at, until)

    async def fired(self, mechanic: str, who: str) -> list[MechanicOutcome]:
        """What became of a mechanic's timers for a member, in their order."""
        rows = await self.platform.connection.fetch(
            """SELECT e.outcome FROM event e JOIN member m ON m.id = e.member_id
               WHERE m.subject = $1 AND e.source LIKE 'festoon%' ORDER BY e.seq""",
            who,
        )
        key = f"{self.campaign}/{mechanic}"
        return [each for row in rows for each in decode(row["outcome"]).mechanics if each.mechanic == key]

    def _code(self, asset: str) -> str:
        return asset if asset in ("points", "growth", self.currency) else f"{self.campaign}/{asset}"

    async def points(self, who: str, asset: str = "points") -> int:
        """What a member has of an asset of the plan's own, of points, growth or money."""
        code = self._code(asset)
        return await self.platform.balance(who, code)

    async def all_points(self, asset: str = "points") -> dict[str, int]:
        """The same of every member who has some."""
        code = self._code(asset)
        rows = await self.platform.connection.fetch(
            """SELECT m.subject, a.balance FROM account a JOIN member m ON m.id = a.member_id
               WHERE a.asset = $1 AND a.part = '@' AND a.balance <> 0""",
            code,
        )
        return dict(map(tuple, rows))

    async def items(self, who: str) -> Counter[str]:
        """How many of each thing a member has been given and still has, by the names of the plan."""
        rows = await self.platform.connection.fetch(
            """SELECT i.ref FROM item i JOIN member m ON m.id = i.member_id
               WHERE m.subject = $1 AND i.state NOT IN ('expired', 'revoked')""",
            who,
        )
        return Counter(row["ref"].rpartition("/")[2] for row in rows)

    async def line(self, name: str) -> tuple[int, int, int]:
        """What is left of a budget line, what is committed, and what is spent, in the smallest unit."""
        rows = await self.platform.connection.fetch(
            "SELECT holder, balance FROM shared_account WHERE asset = $1", self.currency
        )
        held = dict(map(tuple, rows))
        left, committed, spent = (
            held.get(f"{self.campaign}/{kind}/{name}", 0) for kind in ("budget", "committed", "cost")
        )
        return left, committed, spent

    async def cast(self, *names: str) -> None:
        """Make these members known to the platform, none of whom is held out."""
        for name in names:
            await self._number(name, held_out=False)

    async def hold_out(self, name: str) -> None:
        """Make a member known who is held out."""
        await self._number(name, held_out=True)

    async def _number(self, name: str, *, held_out: bool) -> None:
        program = self.platform.engine.program
        listener = next(each for each in program.by_key.values() if each.campaign.campaign == self.campaign)
        while True:
            number = await self.platform.connection.fetchval(
                "SELECT nextval(pg_get_serial_sequence('member', 'id'))"
            )
            if (holdout_bucket(listener.salt, number) < listener.holdout) == held_out:
                break
        await self.platform.connection.execute(
            "INSERT INTO member (id, subject) OVERRIDING SYSTEM VALUE VALUES ($1, $2)", number, name
        )
        await self.platform.connection.execute("INSERT INTO identity VALUES ($2, $1)", number, name)

    def instant(self, at: str) -> datetime:
        local = datetime.fromisoformat(at if " " in at else f"{at} 12:00")
        return local.replace(tzinfo=self.zone).astimezone(UTC)


def made(answer: Answer) -> Made:
    """What each mechanic made of an event, by its name in the plan."""
    return {each.mechanic.partition("/")[2]: each for each in decode(answer.outcome).mechanics}


def code(outcome: MechanicOutcome) -> str:
    """What a mechanic refused with; "" when it did not."""
    return "" if outcome.refused is None else outcome.refused.code


def totals(outcome: MechanicOutcome) -> Counter[str]:
    """How much was given of each thing, by its name in the plan."""
    found: Counter[str] = Counter()
    for given in outcome.given:
        found[given.ref.rpartition("/")[2]] += given.amount
    return found
