"""B4: what it costs that many mechanics are live when three match."""

from contextlib import ExitStack

from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.over_http import Loaded, platform
from benchmarks.plans import live_besides, three_match
from benchmarks.rounds import Findings, Ratio, Side, Tell, in_turns
from festoon.base.clock import wall

CONNECTIONS = 64
GOALS = {100: 0.95, 1_000: 0.9}


def many_mechanics(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """B1 with 3, then with many mechanics."""
    today = wall().date()
    alone = "3 mechanics"
    with ExitStack() as stack:
        loads: dict[str, Loaded] = {}
        for count in (3, *effort.mechanics):
            tell(f"publishing {count} mechanics")
            plans = (three_match(today), *live_besides(count - 3, today))
            running = platform(ground, stack, effort, 1, *plans)
            loads[f"{count} mechanics"] = Loaded(ground, running, effort, CONNECTIONS, 1, f"of-{count}")
        for name, load in loads.items():
            tell(f"warming up: {name}")
            load(-1)
            load.loads.clear()
            load.costs.clear()
        sides: dict[str, Side] = dict(loads)
        found = in_turns(effort.rounds, sides, tell, ground.settle)
    ratios = [
        Ratio(
            "B4", f"{count} live mechanics, 3 match, {CONNECTIONS} connections", f"B1 with {alone}", "events/s",
            found[f"{count} mechanics"], found[alone], GOALS.get(count, min(GOALS.values())),
        )
        for count in effort.mechanics
    ]  # fmt: skip
    return Findings(ratios, notes=[load.note(f"B4, {name}") for name, load in loads.items()])
