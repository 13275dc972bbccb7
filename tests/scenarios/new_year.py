"""What `examples/plans/new-year.yaml` promises, and what its members do."""

from pathlib import Path

from festoon.audience.refresh import Due, Place, refresh
from festoon.engine.draw_records import winners
from festoon.engine.draws import record_randomness
from festoon.engine.outcome import MechanicOutcome
from tests.scenarios.cast import Cast, code, gave
from tests.scenarios.season import PLANS, Season

PLAN = (PLANS / "new-year.yaml").read_text(encoding="utf-8")
LINES = {
    "points": (42_000_000, dict[str, int]()),
    "coupons": (
        170_000_000,
        {
            "ten-off": 1000, "fifteen-off-100": 1500, "thirty-off-150": 3000, "fifty-off": 5000,
            "member-five": 500, "free-delivery": 600,
        },
    ),
    "gifts": (12_000_000, {"mug": 3000, "tea-set": 8800, "birthday-noodles": 2500}),
    "phones": (6_000_000, {"phone": 599_900}),
    "travel": (5_000_000, {"journey": 1_980_000, "travelling-bag": 8800}),
    "service": (5_000_000, {}),
}  # fmt: skip
"""What each line has, and what the things cost that it pays for, in fen. A point costs one."""
WALKERS = ("qiu", "ren", "shu")
MONTHLY = ("member-five", "member-five", "free-delivery")
NEWCOMERS = {"phone": 1, "coupon": 300, "mug": 100, "packet": 9599}
MYSTERY = {"tea-set": 10, "rabbit": 40, "points": 50}
WINS = {"coupon": "fifty-off", "rabbit": "golden-rabbit"}


async def known(season: Season, draw: str) -> None:
    """The public value that a draw's seed is mixed with has been drawn."""
    connection, at = season.platform.connection, season.platform.at
    await record_randomness(connection, season.campaign, draw, "campaign", "3 1 4 1 5 9", at, "notary")


async def registered(cast: Cast, who: str) -> None:
    """A newcomer of the campaign has the pack at once."""
    made = await cast.arrives(who)
    assert gave(made["welcome"]) == [("ten-off", 1), ("points", 200), ("lantern-frame", 1)]
    cast.gets(who, 200, "ten-off", "lantern-frame")


async def looked_at(cast: Cast, photo: str, streak: int) -> None:
    """Somebody approves a photo: the day counts, five points."""
    made = (await cast.does("proof.approved", "mei", proof=photo, reviewer="lin"))["check-in"]
    assert gave(made) == [("points", 5)]
    assert made.note["streak"] == streak
    cast.gets("mei", 5)


async def plays(cast: Cast, draw: str, who: str, table: dict[str, int]) -> None:
    """One play: the roll is looked up in the plan's own weights, and what that gives is what he should have."""
    made = await cast.asks("draw.played", who, draw)
    left, prizes = made.note["roll"], list(table)
    while left >= table[prizes[0]]:
        left -= table[prizes.pop(0)]
    prize = next(each for each in prizes if each not in made.note.get("out", {}))
    assert made.note["given"] == prize
    if prize == "packet":
        [[_, low, high, amount]] = made.note["amounts"]
        assert (low, high) == (5, 88)
        assert low <= amount <= high
        cast.gets(who, amount)
    elif prize == "points":
        cast.gets(who, 188)
    else:
        cast.gets(who, 0, WINS.get(prize, prize))


async def buys(cast: Cast, who: str, amount: int, on: str = "") -> dict[str, MechanicOutcome]:
    id = f"{who}-{cast.at}-{amount}-{on}"
    return await cast.does("order.paid", who, on, order=id, amount=amount, currency="CNY", lines=[])


async def posts(cast: Cast, who: str) -> dict[str, MechanicOutcome]:
    return await cast.does("content.published", who, content=f"{who}-{cast.at}", topic="spring")


async def earns(cast: Cast, who: str, amount: int, points: int, on: str = "") -> None:
    """A point for two yuan, at most 100 an order, as often as the multipliers say."""
    made = await buys(cast, who, amount, on)
    assert (gave(made["spend"]) if "spend" in made else []) == [("points", points)] * bool(points)
    cast.gets(who, points)


async def logs_in(cast: Cast, who: str, on: str = "") -> MechanicOutcome:
    """The month's first login brings its pack."""
    made = (await cast.does("member.logged_in", who, on))["monthly-coupons"]
    assert [thing for thing, _ in gave(made)] == list(MONTHLY)
    cast.gets(who, 0, *MONTHLY)
    return made


async def logs_in_again(cast: Cast, who: str, on: str = "") -> None:
    made = await cast.does("member.logged_in", who, on)
    assert code(made["monthly-coupons"]) == "limit.per_period"


async def won(cast: Cast) -> list[tuple[str, str]]:
    """Who has won what of the grand draw, in the order in which it was drawn."""
    connection = cast.season.platform.connection
    return [
        (each.subject, each.prize) for each in await winners(connection, cast.season.campaign, "grand-draw")
    ]


async def refreshed(cast: Cast, facts: Path) -> list[str]:
    """The plan's segments are computed from the facts, as the worker does it; who is in `returning` now."""
    platform, at = cast.season.platform, cast.season.instant(cast.at)
    campaign = platform.engine.program.campaigns[cast.season.campaign]
    place = Place(platform.dsn, facts, lambda: platform.at)
    await refresh(place, Due(campaign, campaign.segments, at, at))
    rows = await platform.connection.fetch(
        "SELECT subject FROM member WHERE (profile::jsonb -> 'segments') ? $1",
        f"{cast.season.campaign}/returning",
    )
    return [row["subject"] for row in rows]
