"""New Year, played by a small cast from the warm-up to the last coupon that lapses, on the real engine.

What everybody should have in the end is worked out here by hand, from the plan's own figures.
"""

from pathlib import Path
from typing import Any

import pytest

from festoon.base.errors import Conflict
from festoon.engine.compensation_run import run
from festoon.engine.compensations import sign, submit
from tests.docs.pages import blocks
from tests.scenarios.cast import Cast, Story, code, gave, share
from tests.scenarios.new_year import (
    LINES,
    MONTHLY,
    MYSTERY,
    NEWCOMERS,
    PLAN,
    WALKERS,
    buys,
    earns,
    known,
    logs_in,
    logs_in_again,
    looked_at,
    plays,
    posts,
    refreshed,
    registered,
    won,
)
from tests.scenarios.season import Season


async def test_a_season_of_new_year_gives_everybody_what_the_plan_says(database: str, tmp_path: Path) -> None:
    season = await Season.play(database, PLAN, "2027-01-10")
    await known(season, "newcomers-draw")
    cast = Cast(season, holdout=share(5))
    await cast.tell(
        those_outside(cast, tmp_path), books(cast), mei(cast), mei_checks_in(cast), lan(cast), nan(cast),
        bo(cast), han(cast), *(friend(cast, *each) for each in FRIENDS), lonely(cast), double(cast),
        fault(cast), *(walker(cast, who) for who in WALKERS), the_journey(cast),
    )  # fmt: skip
    await cast.everybody_has_what_is_due()
    await cast.season.passes("2027-05-10")
    assert await lines(cast) == {
        name: (amount - spent(cast, name), 0, spent(cast, name)) for name, (amount, _) in LINES.items()
    }
    assert await season.line("travel") == (5_000_000, 0, 0), "nobody claimed the journey in time"
    await season.platform.audit()
    await season.platform.close()


async def lines(cast: Cast) -> dict[str, tuple[int, int, int]]:
    """Left, committed and spent on each line."""
    return {line: await in_all(cast, line) for line in LINES}


async def in_all(cast: Cast, line: str) -> tuple[int, int, int]:
    """The same of one line, with what is set apart of it for the grand draw."""
    home, apart = await cast.season.line(line), await cast.season.line(f"{line}.grand-draw")
    left, committed, spent = (sum(pair) for pair in zip(home, apart, strict=True))
    return left, committed, spent


USED = {"coupons": 600}
"""One coupon is used, free delivery; all others lapse."""
MADE_GOOD = 100
"""Points for each of two members, that the service line pays."""


def spent(cast: Cast, line: str) -> int:
    """Points cost at once; of the things one was used."""
    made_good = 2 * MADE_GOOD
    points = {"points": sum(cast.points.values()) - made_good, "service": made_good}
    return (USED | points).get(line, 0)


async def books(cast: Cast) -> Story:
    """Late in the campaign: what was given is committed until it is used or lapses, as is what waits for a verdict."""
    yield "2027-02-20 12:00"
    waiting = {"points": len(WALKERS) * 2 * 5}
    for name, (amount, costs) in LINES.items():
        due = sum(costs.get(thing, 0) * many for (_, thing), many in cast.things.items())
        promised = due - USED.get(name, 0) + waiting.get(name, 0)
        cost = spent(cast, name) - waiting.get(name, 0)
        assert await in_all(cast, name) == (amount - promised - cost, promised, cost), name


async def those_outside(cast: Cast, facts: Path) -> Story:
    """Nothing is given in the warm-up, to staff, or to who is held out. As it starts, one member has been away."""
    yield "2027-01-10 12:00"
    born = {"lan": "1990-02-14", "nan": "1999-02-08", "bo": "1985-07-01"}
    for who in ("wei", "held", "lan", "nan", "bo", "han"):
        said: dict[str, Any] = {"birthday": born[who]} if who in born else {"is_staff": who == "wei"}
        await cast.arrives(who, "member.imported", registered="2025-05-01", attributes=said)
        await cast.does("member.logged_in", who, on="2026-12-20" if who == "lan" else "")
    yield "2027-01-24 23:59"
    assert await cast.arrives("early") == {}
    assert await buys(cast, "bo", 10_000) == {}
    yield "2027-01-25 00:00"
    assert await refreshed(cast, facts) == ["lan"]
    yield "2027-01-25 08:00"
    for who in ("wei", "held"):
        assert await cast.does("member.logged_in", who) == {}
        assert await buys(cast, who, 10_000) == {}


async def mei(cast: Cast) -> Story:
    """A newcomer does her tasks, and plays once a day."""
    yield "2027-01-25 09:00"
    await registered(cast, "mei")
    assert code((await cast.does("member.registered", "mei"))["welcome"]) == "limit.per_member"
    made = await cast.does("member.profile_completed", "mei")
    assert gave(made["profile"]) == [("points", 50), ("fifteen-off-100", 1)]
    cast.gets("mei", 50, "fifteen-off-100")
    assert code((await cast.does("member.profile_completed", "mei"))["profile"]) == "task.done"
    for day in (25, 26, 27):
        yield f"2027-01-{day} 10:00"
        await plays(cast, "newcomers-draw", "mei", NEWCOMERS)
        assert code(await cast.asks("draw.played", "mei", "newcomers-draw")) == "draw.no_chances"
    yield "2027-01-27 11:00"
    made = await posts(cast, "mei")
    assert gave(made["first-post"]) == [("points", 50), ("storyteller", 1)]
    assert gave(made["new-year-posts"]) == [("points", 10)]
    cast.gets("mei", 60, "storyteller")
    made = await posts(cast, "mei")
    assert (code(made["first-post"]), code(made["new-year-posts"])) == ("task.done", "limit.per_period")


async def mei_checks_in(cast: Cast) -> Story:
    """Ten days with photos: one rejected and replaced, one that nobody looks at, one late; 7 in a row, 10 in all."""
    yield "2027-01-26 08:00"
    assert code((await cast.does("check_in.made", "mei"))["check-in"]) == "proof.missing"
    before = await cast.season.line("points")
    waiting = (await cast.does("check_in.made", "mei", photo="26"))["check-in"]
    assert (waiting.note["review"], [each.amount for each in waiting.held]) == ("open", [5])
    left, _, spent = await cast.season.line("points")
    assert (left, spent) == (before[0] - 5, before[2])
    await looked_at(cast, "26", 1)

    yield "2027-01-27 08:00"
    await cast.does("check_in.made", "mei", photo="27")
    made = await cast.does("proof.rejected", "mei", proof="27", reason="blurred", reviewer="lin")
    assert made["check-in"].given == []
    yield "2027-01-28 08:00"
    await cast.does("check_in.made", "mei", photo="27-again", day="2027-01-27")
    await looked_at(cast, "27-again", 2)
    assert code((await cast.does("check_in.made", "mei", photo="26"))["check-in"]) == "proof.used"
    await cast.does("check_in.made", "mei", photo="28")  # nobody looks at it; it counts from the 31st on

    for day in ("01-29", "01-30", "01-31", "02-01"):
        yield f"2027-{day} 08:00"
        await cast.does("check_in.made", "mei", photo=day)
        if day != "02-01":
            await looked_at(cast, day, {"01-29": 1, "01-30": 2, "01-31": 6}[day])
    cast.gets("mei", 5)
    made = await cast.does("proof.approved", "mei", proof="02-01", reviewer="lin")
    assert gave(made["check-in"]) == [("points", 5), ("spring-week", 1)]
    cast.gets("mei", 5, "spring-week")

    for streak, day in enumerate(("02-03", "02-04"), 1):
        yield f"2027-{day} 08:00"
        await cast.does("check_in.made", "mei", photo=day)
        await looked_at(cast, day, streak)
    yield "2027-02-06 00:20"
    await cast.does("check_in.made", "mei", on="2027-02-05 23:55", photo="02-05")
    made = await cast.does("proof.approved", "mei", proof="02-05", reviewer="lin")
    assert gave(made["check-in"]) == [("points", 5), ("grand-draw", 1)]
    assert (made["check-in"].note["streak"], made["check-in"].note["days"]) == (3, 10)
    cast.gets("mei", 5)


async def walker(cast: Cast, who: str) -> Story:
    """Ten days on which nobody looks at the photos: each counts two days later, and the tenth brings a ticket."""
    yield "2027-02-10 07:00"
    await cast.arrives(who, "member.imported", registered="2026-03-01")
    for day in range(10, 20):
        yield f"2027-02-{day} 07:30"
        made = await cast.does("check_in.made", who, photo=f"{who}-{day}")
        assert made["check-in"].note["review"] == "open"
        assert await cast.season.points(who) == 5 * max(day - 12, 0)
    cast.gets(who, 50, "spring-week")
    yield "2027-02-21 23:59"
    assert await cast.season.points(who, "chances/grand-draw") == 0
    yield "2027-02-22 00:00"
    assert await cast.season.points(who, "chances/grand-draw") == 1


async def the_journey(cast: Cast) -> Story:
    """Four have a ticket: two win the journey, two a bag, once the public value is known and the hour has come."""
    yield "2027-03-02 21:00"
    await known(cast.season, "grand-draw")
    yield "2027-03-03 19:59"
    with pytest.raises(Conflict):
        await won(cast)
    yield "2027-03-03 20:01"
    found = await won(cast)
    assert [prize for _, prize in found] == ["journey", "journey", "bag", "bag"]
    assert {who for who, _ in found} == {"mei", *WALKERS}
    for who, prize in found:
        cast.gets(who, 0, {"bag": "travelling-bag"}.get(prize, prize))
    promised = 2 * 1_980_000 + 2 * 8_800
    assert await cast.season.line("travel") == (5_000_000 - promised, 0, 0)
    assert await cast.season.line("travel.grand-draw") == (0, promised, 0)


async def lan(cast: Cast) -> Story:
    """She was away: double points as soon as she is back. On her birthday too they are double, and no more."""
    yield "2027-01-27 13:00"
    await earns(cast, "lan", 6_000, 60)
    await earns(cast, "lan", 40_000, 200)
    yield "2027-02-01 08:00"
    await logs_in(cast, "lan")
    await logs_in(cast, "lan", on="2027-01-31 23:50")
    yield "2027-02-14 12:00"
    made = await buys(cast, "lan", 6_000)
    assert gave(made["birthday-gift"]) == [("birthday-noodles", 1)]
    assert gave(made["spend"]) == [("points", 60)]
    cast.gets("lan", 60, "birthday-noodles")
    made = await posts(cast, "lan")
    assert code(made["birthday-gift"]) == "limit.per_member"
    assert gave(made["new-year-posts"]) == [("points", 20)]
    cast.gets("lan", 20)
    await cast.does("check_in.made", "lan", photo="lan-14")
    made = await cast.does("proof.approved", "lan", proof="lan-14", reviewer="lin")
    assert gave(made["check-in"]) == [("points", 10)]
    cast.gets("lan", 10)


async def nan(cast: Cast) -> Story:
    """Points are double on his birthday and on no other day; who has none of his own is never doubled."""
    yield "2027-02-08 23:59"
    await earns(cast, "nan", 2_000, 20)
    cast.gets("nan", 0, "birthday-noodles")
    yield "2027-02-09 00:00"
    await earns(cast, "nan", 2_000, 10)


async def bo(cast: Cast) -> Story:
    """An old member: orders, a pack a month, one coupon used; and what is late counts until the books are closed."""
    yield "2027-01-27 13:30"
    for amount, points in ((12_599, 62), (40_000, 100), (199, 0)):
        await earns(cast, "bo", amount, points)
    assert await cast.does("member.profile_completed", "bo") == {}
    assert code(await cast.asks("draw.played", "bo", "newcomers-draw")) == "draw.no_chances_left"
    yield "2027-01-28 08:00"
    pack = await logs_in(cast, "bo")
    coupon = next(each.code for each in pack.given if each.ref.endswith("free-delivery"))
    await cast.does("coupon.redeemed", "bo", coupon=coupon, order="bo-1", amount=600, currency="CNY")
    yield "2027-01-29 08:00"
    await logs_in_again(cast, "bo")
    yield "2027-02-01 08:30"
    await logs_in_again(cast, "bo", on="2027-01-31 23:51")
    await logs_in(cast, "bo")
    yield "2027-03-01 10:00"
    await earns(cast, "bo", 5_000, 25, on="2027-02-24 23:50")
    assert await buys(cast, "bo", 5_000, on="2027-02-25 00:00") == {}
    yield "2027-03-11 00:00"
    assert await buys(cast, "bo", 5_100, on="2027-02-24 23:51") == {}


async def fault(cast: Cast) -> Story:
    """The feed was down for half an hour: what is sent later counts when it happened, and the trouble is made good."""
    yield "2027-02-05 12:30"
    await earns(cast, "lan", 6_000, 60, on="2027-02-05 10:10")
    await earns(cast, "bo", 6_000, 30, on="2027-02-05 10:29")
    await earns(cast, "nan", 6_000, 30, on="2027-02-05 10:31")
    [file] = [block.text for block in blocks("examples/plans/README.md", "yaml") if "feed-0205" in block.told]
    platform = cast.season.platform
    shown = await submit(platform.connection, file, "chen", platform.at)
    assert (shown.members, [line.cost for line in shown.lines]) == (2, [2 * MADE_GOOD])
    await sign(platform.connection, "feed-0205", "wu", platform.at)
    for _ in range(2):
        told = await run(platform.engine, platform.connection, "feed-0205", "chen")
        assert (told.done, told.refused) == (2, 0)
    for who in ("lan", "bo"):
        cast.gets(who, MADE_GOOD)


FRIENDS = (
    ("ai", "2027-01-26", ("2027-01-26", "2027-01-27", "2027-01-28")),
    ("bai", "2027-01-27", ("2027-01-27", "2027-01-28", "2027-01-29")),
    ("cai", "2027-01-31", ("2027-02-01", "2027-02-02", "2027-02-03")),
)
"""Han's friends: when each came, and on which days he was active."""


async def friend(cast: Cast, who: str, came: str, active: tuple[str, ...]) -> Story:
    """An invitee who is active on three days within seven has his pack on the third."""
    yield f"{came} 09:00"
    await registered(cast, who)
    await cast.does("invite.accepted", who, inviter="han", device=f"phone-{who}")
    for number, day in enumerate(active, 1):
        yield f"{day} 20:00"
        made = await cast.does("content.commented", who, content="p1", comment=f"{who}-{day}")
        assert made["friends"].note == {"counted": number, "goal": 3}
    assert gave(made["friends"]) == [("points", 200), ("thirty-off-150", 1), ("fifteen-off-100", 1)]
    cast.gets(who, 200, "thirty-off-150", "fifteen-off-100")


async def han(cast: Cast) -> Story:
    """He is paid for each friend at the start of the third working day, and for three with a mystery gift."""
    # Qualified on Thursday 28, Friday 29 and Wednesday 3; the last payment waits out the holiday.
    for before, paid in (("02-01", "02-02"), ("02-02", "02-03"), ("02-14", "02-15")):
        yield f"2027-{before} 23:59"
        assert await cast.season.points("han") == cast.points["han"]
        yield f"2027-{paid} 00:00"
        cast.gets("han", 300 if paid != "02-15" else 300 + 300, "ten-off")
        assert await cast.season.points("han") == cast.points["han"]
    await plays(cast, "mystery-box", "han", MYSTERY)
    assert code(await cast.asks("draw.played", "han", "mystery-box")) == "draw.no_chances_left"
    made = await cast.does("invite.accepted", "han", inviter="ai")
    assert code(made["friends"]) == "referral.ring"


async def lonely(cast: Cast) -> Story:
    """Two days of activity are not three, and the third comes too late."""
    yield "2027-02-01 09:00"
    await registered(cast, "dan")
    assert (
        code((await cast.does("invite.accepted", "dan", inviter="dan"))["friends"]) == "referral.self_invite"
    )
    await cast.does("invite.accepted", "dan", inviter="han")
    for day in ("01", "01", "02"):
        yield f"2027-02-{day} 21:00"
        await cast.does("content.commented", "dan", content="p1", comment=f"dan-{cast.at}")
    yield "2027-02-09 09:00"
    made = await cast.does("content.commented", "dan", content="p1", comment="dan-late")
    assert code(made["friends"]) == "referral.too_late"


async def double(cast: Cast) -> Story:
    """A second account on a friend's own device brings nothing."""
    yield "2027-02-04 09:00"
    await registered(cast, "ai-again")
    await cast.does("invite.accepted", "ai-again", inviter="han", device="phone-ai")
    for day in ("04", "05", "06"):
        yield f"2027-02-{day} 21:00"
        made = await cast.does("content.commented", "ai-again", content="p1", comment=f"again-{day}")
        assert code(made["friends"]) == "referral.same_device"


async def test_what_is_limited_ends_for_the_next_one_and_changes_nothing_for_him(database: str) -> None:
    """The plan as it stands, with room for a single newcomer, one birthday and one badge."""
    text = PLAN.replace("per_member: 1, total: 20000", "per_member: 1, total: 1")
    text = text.replace("line: gifts, stock: 2000", "line: gifts, stock: 1").replace(
        "stock: 8888", "stock: 1"
    )
    season = await Season.play(database, text, "2027-01-25")
    cast = Cast(season, holdout=share(5))
    await cast.tell(crowd(cast))
    await cast.everybody_has_what_is_due()
    await season.platform.audit()
    await season.platform.close()


async def crowd(cast: Cast) -> Story:
    yield "2027-01-25 09:00"
    await registered(cast, "first")
    assert code((await cast.arrives("second"))["welcome"]) == "limit.total"
    for who in ("third", "fourth"):
        await cast.arrives(who, "member.imported", attributes={"birthday": "2000-01-25"})
    for who, refused in (("third", ""), ("fourth", "stock.empty")):
        made = await cast.does("member.logged_in", who)
        assert code(made["birthday-gift"]) == refused
        cast.gets(who, 0, *MONTHLY, *["birthday-noodles"] * (refused == ""))
    for day in range(25, 32):
        yield f"2027-01-{day} 10:00"
        for who in ("third", "fourth"):
            made = await cast.does("check_in.made", who, photo=f"{who}-{day}")
            if (who, day) == ("fourth", 31):  # the badge is set aside for who handed in first
                assert code(made["check-in"]) == "stock.empty"
                continue
            made = await cast.does("proof.approved", who, proof=f"{who}-{day}")
            badge = [("spring-week", 1)] * ((who, day) == ("third", 31))
            assert gave(made["check-in"]) == [("points", 10 if day == 25 else 5), *badge]
            cast.gets(who, 10 if day == 25 else 5, *[thing for thing, _ in badge])
