"""Sets of tasks on a real database, where every timer is an event of its own."""

from tests.live import HEAD, Platform, event, order, refusals

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  spender: {kind: task, on: order.paid, repeat: {}}
  like: {kind: task, on: content.liked, repeat: {}}
  both: {kind: task_set, tasks: [spender, like], period: day, give: {points: 7}}
  days: {kind: task_set, tasks: [both, like], period: day, give: {points: 5}}
"""
)


async def test_rounds_of_one_instant_are_each_told_and_rewarded_once(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    for number in range(3):
        outcomes = await platform.outcomes(order("mei", 100, f"o{number}"))
        outcomes += await platform.outcomes(event("content.liked", "mei", f"l{number}", content="c"))
        await platform.wake("mei")
        assert refusals(outcomes) == []
    assert await platform.balance("mei") == 7 + 5
    await platform.audit()
    await platform.close()
