"""B4: what it costs that many mechanics are live when three match, and that the five example plans are."""

from contextlib import ExitStack

from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.over_http import Loaded, platform
from benchmarks.plans import examples, live_besides, three_match
from benchmarks.rounds import Findings, Ratio, Side, Tell, in_turns
from festoon.base.clock import wall
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan

CONNECTIONS = 64
GOALS = {100: 0.95, 1_000: 0.9}
ALONE = "3 mechanics"
ORDER, MARKET = "order.paid", "market.paid"
"""What every shop's plans listen to, and what only the three mechanics do."""


def many_mechanics(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """B1 with 3 mechanics, then with many, then with those of the five example plans."""
    today = wall().date()
    beside = examples(today)
    live, match = _counted(beside)
    five = f"{live + 3} mechanics, the five example plans among them"
    with ExitStack() as stack:
        loads: dict[str, Loaded] = {}
        for count in (3, *effort.mechanics):
            tell(f"publishing {count} mechanics")
            plans = (three_match(today), *live_besides(count - 3, today))
            running = platform(ground, stack, effort, 1, *plans)
            loads[f"{count} mechanics"] = Loaded(ground, running, effort, CONNECTIONS, 1, f"of-{count}")
        tell(f"publishing {five}")
        running = platform(ground, stack, effort, 1, three_match(today, MARKET, "coins"), *beside)
        for type, title in ((MARKET, five), (ORDER, f"{five}; {match} of theirs match")):
            loads[title] = Loaded(ground, running, effort, CONNECTIONS, 1, f"five-{type}", type)
        for name, load in loads.items():
            tell(f"warming up: {name}")
            load(-1)
            load.loads.clear()
            load.costs.clear()
        sides: dict[str, Side] = dict(loads)
        found = in_turns(effort.rounds, sides, tell, ground.settle)
    goals = {f"{count} mechanics": GOALS.get(count, min(GOALS.values())) for count in effort.mechanics}
    goals[five] = max(GOALS.values())
    ratios = [
        Ratio(
            "B4", f"{name}; 3 match, {CONNECTIONS} connections", f"B1 with {ALONE}", "events/s", found[name],
            found[ALONE], goal,
        )
        for name, goal in goals.items()
    ]  # fmt: skip
    return Findings(ratios, notes=[load.note(f"B4, {name}") for name, load in loads.items()])


def _counted(plans: list[str]) -> tuple[int, int]:
    """How many mechanics plans have, and how many of them an order concerns."""
    mechanics = [each for plan in plans for each in compile_plan(read_plan(plan)).mechanics]
    return len(mechanics), sum(ORDER in each.types for each in mechanics)
