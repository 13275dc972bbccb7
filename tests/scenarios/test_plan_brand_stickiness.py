"""A season of `examples/plans/brand-stickiness.yaml`: five brand events, a passport, feedback, and who is held out."""

from collections import Counter
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

from festoon.engine.outcome import MechanicOutcome
from festoon.insight.evaluation import evaluate
from festoon.insight.facts import Facts
from festoon.outbox.relay import Relay
from festoon.plan.check import check_plan
from tests.scenarios.season import PLANS, Made, Season, code, made, totals

PLAN = "brand-stickiness"
YUAN = 100  # fen; a point costs one


async def story(season: Season, who: str, at: str, content: str, on: str = "") -> Made:
    data: dict[str, Any] = {"content": content, "topic": "brand-story", "length": 120}
    return await season.happens("content.published", who, at, on, **data)


async def test_three_events_fill_a_passport_and_all_five_bring_a_month(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-04-25")
    await season.cast("ann", "bob", "cai")
    assert await story(season, "ann", "2027-04-25", "p-0") == {}, "warm-up gives nothing"

    # 1. The topic: a story a day, three in all; one that comes late stands on its own day.
    told = [
        await story(season, "ann", "2027-05-01 10:00", "p-1"),
        await story(season, "ann", "2027-05-01 20:00", "p-2"),
        await story(season, "ann", "2027-05-04", "p-3"),
        await story(season, "ann", "2027-05-05", "p-4", on="2027-05-03 08:00"),
        await story(season, "ann", "2027-05-06", "p-5"),
    ]
    assert [code(each["story"]) for each in told] == ["", "task.counted_already", "", "", "task.done"]
    short = await season.happens(
        "content.published", "bob", "2027-05-06", content="p", topic="brand-story", length=49
    )
    assert short == {}
    await story(season, "bob", "2027-05-06 13:00", "p-6")
    picked = [
        await season.happens("story.picked", "ann", "2027-05-20", content=each)
        for each in ("p-1", "p-1", "p-3")
    ]
    assert [code(each["story-picked"]) for each in picked] == ["", "task.counted_already", ""]

    # 3. and 4. The quiz and the contest.
    ranked = [
        await season.happens("quiz.ranked", who, "2027-05-20 14:00", quiz="brand", rank=rank)
        for who, rank in (("ann", 5), ("bob", 6), ("cai", 101))
    ]
    assert [totals(each["quiz"]) for each in ranked] == [
        {"speaker": 1, "points": 500},
        {"points": 200},
        {"points": 20},
    ]
    entries = [await season.happens("contest.entered", "bob", "2027-05-21", entry=f"e-{n}") for n in range(3)]
    assert [code(each["contest"]) for each in entries] == ["", "", "task.done"]
    assert await season.items("bob") == {"passport": 1}, "the third event"
    await season.happens("contest.entered", "ann", "2027-05-21", entry="e-9")
    awards = [
        await season.happens("contest.awarded", who, "2027-06-20", entry=entry, place=place)
        for who, entry, place in (
            ("bob", "e-0", 1),
            ("ann", "e-9", 50),
            ("cai", "e-7", 2),
            ("bob", "e-1", 51),
        )
    ]
    assert [totals(each["contest-awarded"]) for each in awards[:2]] == [
        {"camera": 1, "artist": 1},
        {"gift-box": 1, "artist": 1},
    ]
    assert code(awards[2]["contest-awarded"]) == "task.not_yet", "who has not entered wins nothing"
    assert awards[3] == {}, "fifty are awarded"

    # 2. and 5. An idea, and the open day.
    await season.happens("idea.submitted", "ann", "2027-06-21", idea="i-1")
    await season.happens("proof.approved", "ann", "2027-06-22", proof="i-1", reviewer="product")
    assert "passport" in await season.items("ann")
    await season.happens("event.attended", "ann", "2027-06-25", event="open-day")

    points = {
        "ann": 3 * 50 + 500 + 100 + 200 + 300,
        "bob": 50 + 200 + 2 * 100 + 300,
        "cai": 20,
    }
    assert await season.all_points() == points
    spent = sum(points.values())
    assert await season.line("points") == (160_000 * YUAN - spent, 0, spent)
    things = Counter(
        {
            "storyteller": 2,
            "gift-box": 1,
            "artist": 1,
            "co-creator": 1,
            "passport": 1,
            "figurine": 1,
            "guest": 1,
            "plus": 1,
        }
    )
    assert await season.items("ann") == things
    # On 19 June the coupons lapsed, and the speaker that nobody had claimed; a membership is paid for by the day.
    ordered = (3999 + 199) * YUAN
    month = 30 * YUAN // 2
    assert await season.line("prizes") == (120_000 * YUAN - ordered - month, ordered, month)
    assert await season.line("open-day") == (25_000 * YUAN - 120 * YUAN, 0, 120 * YUAN)
    await season.platform.audit()
    await season.platform.close()


async def test_ideas_wait_for_a_verdict_with_their_reward_set_aside(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-05-01")
    await season.cast("ann", "bob")
    full = 160_000 * YUAN
    for idea in ("i-1", "i-2", "i-3"):
        handed_in = await season.happens("idea.submitted", "ann", "2027-05-03", idea=idea)
        assert code(handed_in["idea"]) == ("proof.in_review" if idea == "i-3" else "")
    assert await season.line("points") == (full - 400, 400, 0)
    assert await season.all_points() == {}

    await season.happens("proof.approved", "ann", "2027-05-05", proof="i-1", reviewer="product")
    rejected = await season.happens(
        "proof.rejected", "ann", "2027-05-05", proof="i-2", reason="exists", reviewer="x"
    )
    assert rejected["idea"].note == {"proof": "i-2", "review": "rejected", "reason": "exists"}
    assert await season.line("points") == (full - 200, 0, 200)

    await season.happens("idea.submitted", "bob", "2027-05-06", idea="i-4")
    assert await season.line("points") == (full - 400, 200, 200)
    await season.passes("2027-05-14")
    assert await season.line("points") == (full - 200, 0, 200), "nobody had looked within a week"
    decided = await season.happens("proof.approved", "bob", "2027-05-14", proof="i-4", reviewer="product")
    assert code(decided["idea"]) == "proof.decided"

    adopted = [await season.happens("idea.adopted", "ann", "2027-06-01", idea=f"i-{n}") for n in range(3)]
    assert [code(each["idea-adopted"]) for each in adopted] == ["", "", "limit.per_member"]
    assert await season.all_points() == {"ann": 200 + 2 * 2000}
    assert await season.line("prizes") == (120_000 * YUAN - 2 * 50 * YUAN, 2 * 50 * YUAN, 0)
    await season.platform.audit()
    await season.platform.close()


async def goes(season: Season, step: str, who: str, at: str) -> MechanicOutcome:
    """One step towards a place of the open day."""
    return await season.requests(f"place.{step}", who, at, "open-day")


async def test_sixty_places_are_drawn_and_pass_on_until_sixty_have_come(database: str) -> None:
    season = await Season.open(database, PLAN, "2027-05-10")
    season.slack = timedelta(hours=1)
    names = [f"m{n}" for n in range(64)]
    await season.cast(*names)
    wanted = {"campaign": season.campaign, "mechanic": "open-day"}
    at = "2027-05-10"
    applied = await season.happen(at, *(season.event("place.applied", who, at, **wanted) for who in names))
    assert {made(each)["open-day"].note["status"] for each in applied} == {"applied"}
    await goes(season, "cancelled", "m63", "2027-05-11")
    await season.passes("2027-05-28 22:00")

    drawn = {
        who: [each for each in await season.fired("open-day", who) if "roll" in each.note]
        for who in names[:63]
    }
    rolls = {who: note for who, [each] in drawn.items() if (note := each.note)}
    assert all((note["roll"] < note["places"]) == (note["status"] == "offered") for note in rolls.values())
    offered = [who for who, note in rolls.items() if note["status"] == "offered"]
    waiting = [who for who in names[:63] if who not in offered]
    assert (len(offered), len(waiting)) == (60, 3)

    # 58 take theirs up, one gives his up, one lets it lapse; two of those who wait move up, and the third does not.
    for who in offered[:58]:
        assert (await goes(season, "taken", who, "2027-05-29")).note["status"] == "taken"
    await goes(season, "cancelled", offered[58], "2027-05-29 13:00")
    late = await goes(season, "applied", "m63", "2027-05-29 14:00")
    assert code(late) == "place.closed"
    moved = await who_has_an_offer(season, waiting, "2027-05-29 16:00")
    assert len(moved) == 1
    assert (await goes(season, "taken", moved[0], "2027-05-29 17:00")).note["status"] == "taken"
    lapsed = await goes(season, "taken", offered[59], "2027-05-31 08:00")
    assert code(lapsed) == "place.nothing_offered"
    moved += await who_has_an_offer(season, [who for who in waiting if who not in moved], "2027-05-31 12:00")
    assert len(moved) == 2
    assert (await goes(season, "taken", moved[1], "2027-05-31 13:00")).note["status"] == "taken"

    # The figurines are numbered, and there are sixty, whoever else is at the door.
    guests = [*offered[:58], *moved, "m63"]
    at = "2027-06-12"
    came = await season.happen(
        at, *(season.event("event.attended", who, at, event="open-day") for who in guests)
    )
    figurines = [made(each)["open-day-attended"] for each in came]
    serials = [given.serial for each in figurines for given in each.given if given.serial is not None]
    assert sorted(serials) == list(range(1, 61))
    assert [code(each) for each in figurines if code(each)] == ["stock.empty"]
    assert await season.line("open-day") == (25_000 * YUAN - 60 * 120 * YUAN, 0, 60 * 120 * YUAN)
    await season.platform.audit()
    await season.platform.close()


async def who_has_an_offer(season: Season, waiting: list[str], at: str) -> list[str]:
    """Who of them was told by then that it is his turn."""
    await season.passes(at)
    told = {who: await season.fired("open-day", who) for who in waiting}
    return [who for who, notes in told.items() if notes and notes[-1].note.get("status") == "offered"]


async def test_a_tenth_is_held_out_and_the_goals_count_the_others(database: str, tmp_path: Path) -> None:
    season = await Season.open(database, PLAN, "2027-05-01")
    names = [f"m{n}" for n in range(200)]
    at = "2027-05-01"
    await season.happen(at, *(season.event("member.imported", who, at) for who in names))
    rows = await season.platform.connection.fetch("SELECT subject, id FROM member WHERE subject <> ''")
    held = {who for who, number in rows if int.from_bytes(digest(number), "big") % 10_000 < 1_000}
    assert 10 < len(held) < 30
    insiders = [who for who in names if who not in held]

    # Everybody logs in; half of all tell a story, a quarter answer the survey, some say what is of use.
    days = [f"2027-05-{day:02}" for day in (2, 3)]
    await season.happen(days[0], *(season.event("member.logged_in", who, days[0]) for who in names))
    told = [
        season.event("content.published", who, days[1], content=f"p-{who}", topic="brand-story", length=99)
        for who in names[::2]
    ]
    answered = [season.event("survey.answered", who, days[1], survey="may", score=9) for who in names[::4]]
    useful = [
        season.event("feedback.received", insiders[n // 5], days[1], feedback=f"f-{n}", valid=n % 5 < 4)
        for n in range(25)
    ]
    answers = await season.happen(days[1], *told, *answered, *useful)
    assert all(answer.error is None for answer in answers)

    tellers, answerers, sayers = set(names[::2]) - held, set(names[::4]) - held, set(insiders[:5])
    expected = Counter(dict.fromkeys(tellers, 50))
    expected.update(dict.fromkeys(answerers, 30))
    expected.update(dict.fromkeys(sayers, 3 * 50))  # the fourth of a month is refused
    assert await season.all_points() == expected
    refused = [made(answer)["feedback"] for answer in answers if "feedback" in made(answer)]
    assert Counter(code(each) for each in refused) == {"": 15, "limit.per_period": 5}
    spent = expected.total()
    assert await season.line("points") == (160_000 * YUAN - spent, 0, spent)

    compiled = check_plan((PLANS / f"{PLAN}.yaml").read_text(encoding="utf-8"))
    assert compiled.plan is not None
    assert compiled.compiled is not None
    while not (await Relay(database, tmp_path).run_once()).caught_up:
        pass
    await season.passes("2027-07-20")
    found = evaluate(Facts.reading(tmp_path), compiled.plan, compiled.compiled, season.platform.at)
    measured = {goal.metric: goal.result for goal in found.goals}
    taking_part = tellers | answerers | sayers
    assert measured["participants"] == len(taking_part)
    assert measured["coverage"] == len(taking_part) / len(insiders)
    assert measured["feedback"] == len(answerers) + 20
    await season.platform.audit()
    await season.platform.close()


def digest(number: int) -> bytes:
    """A member's place in the hold-out's draw, as docs/explanation/evaluation.md has it."""
    return blake2b(number.to_bytes(8, "big"), digest_size=8, key=b"brand-stickiness-2027").digest()


def test_seven_pieces_of_work_have_parts_and_five_risks_have_owners_and_dates() -> None:
    plan = check_plan((PLANS / f"{PLAN}.yaml").read_text(encoding="utf-8")).plan
    assert plan is not None
    assert [len(task.tasks) >= 2 for task in plan.work.values()] == [True] * 7
    assert [bool(risk.owner and risk.due and risk.response) for risk in plan.risks.values()] == [True] * 5
    assert {"coverage", "participants", "feedback"} <= {
        goal.metric for goal in plan.goals if goal.target is not None
    }
