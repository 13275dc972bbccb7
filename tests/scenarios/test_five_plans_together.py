"""The five plans of `examples/plans` live in one database at once."""

from datetime import UTC, datetime

from festoon.engine.outcome import decode
from tests.live import Platform, event, order, put_up
from tests.scenarios.season import PLANS

WHOLE = sorted(path.stem for path in PLANS.glob("*.yaml"))


async def test_five_plans_run_side_by_side_and_each_answers_for_itself(database: str) -> None:
    for name in WHOLE:
        await put_up(database, (PLANS / f"{name}.yaml").read_text(encoding="utf-8"))
    platform = await Platform.open(database)
    campaigns = {listener.campaign.campaign for listener in platform.engine.program.by_key.values()}
    assert len(campaigns) == len(WHOLE) == 5

    # In May three of them run; an order of 1,000 yuan and a ranking concern those that listen to them.
    platform.at = datetime(2027, 5, 20, 4, tzinfo=UTC)
    answers = await platform.send(
        event("member.imported", "ann", at=platform.at),
        order("ann", 100_000, "o1", platform.at),
        event("quiz.ranked", "ann", at=platform.at, quiz="may", rank=4, of=900),
        event("feedback.received", "ann", at=platform.at, feedback="f1", valid=True),
    )
    assert [answer.error for answer in answers] == [None] * 4
    _, paid, ranked, said = [
        {made.mechanic for made in decode(answer.outcome).mechanics if made.refused is None}
        for answer in answers
    ]
    user, brand = "user-operations-2027", "brand-stickiness-2027"
    assert {f"{user}/spend-growth", f"{user}/spend-points", f"{user}/levels"} <= paid
    assert ranked >= {f"{user}/quiz-rank", f"{brand}/quiz"}
    assert said == {f"{brand}/feedback"}
    await platform.wake("ann")
    await platform.audit()
    await platform.close()
