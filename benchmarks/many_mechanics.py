"""B4: what it costs that many mechanics are live when three match, and that the five example plans are; B1 with those.

A few hundredths are looked for, so each is compared with the three mechanics alone in many short turns side by side.
"""

from contextlib import ExitStack

from msgspec.structs import replace

from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.over_http import Loaded, compare, counted, pgbench, platform
from benchmarks.plans import examples, live_besides, three_match
from benchmarks.rounds import Findings, Ratio, Tell, in_pairs, in_turns, together
from festoon.base.clock import wall
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan

CONNECTIONS = 64
GOALS = {100: 0.95, 1_000: 0.9}
ALONE = "3 mechanics"
ORDER, MARKET = "order.paid", "market.paid"
"""What every shop's plans listen to, and what only the three mechanics do."""
SHORT = 4
"""A turn is this part of what a side otherwise works in a round; there are as many more rounds, less one."""


def many_mechanics(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """B1 with 3 mechanics against many, and against those of the five example plans; then those against pgbench."""
    return together([_compared(ground, effort, tell), _with_the_five(ground, effort, tell)])


def _compared(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    today = wall().date()
    beside = examples(today)
    five = f"{_counted(beside)[0] + 3} mechanics, the five example plans among them"
    short = replace(effort, seconds=effort.seconds / SHORT)
    with ExitStack() as stack:
        tell("publishing")
        loads = {
            ALONE: Loaded(
                ground, platform(ground, stack, effort, 1, three_match(today)), short, CONNECTIONS, 1, "3"
            )
        }
        for count in effort.mechanics:
            plans = (three_match(today), *live_besides(count - 3, today))
            running = platform(ground, stack, effort, 1, *plans)
            loads[f"{count} mechanics"] = Loaded(ground, running, short, CONNECTIONS, 1, f"of-{count}")
        running = platform(ground, stack, effort, 1, three_match(today, MARKET, "coins"), *beside)
        loads[five] = Loaded(ground, running, short, CONNECTIONS, 1, "five", MARKET)
        _warm_up(loads, tell)
        goals = {f"{count} mechanics": GOALS.get(count, min(GOALS.values())) for count in effort.mechanics}
        goals[five] = max(GOALS.values())
        ratios = []
        for name, goal in goals.items():
            rounds = effort.rounds * (SHORT - 1)
            ours, theirs = in_pairs(rounds, name, loads[name], loads[ALONE], tell, ground.settle)
            work = f"{name}; 3 match, {CONNECTIONS} connections"
            ratios.append(Ratio("B4", work, f"B1 with {ALONE}", "events/s", ours, theirs, goal))
    return Findings(ratios, notes=[load.note(f"B4, {name}") for name, load in loads.items()])


def _with_the_five(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """B1 while the five example plans are live; and what an order costs that theirs match too."""
    today = wall().date()
    beside = examples(today)
    count, match = _counted(beside)
    with ExitStack() as stack:
        tell("publishing the five example plans")
        loads = {}
        for workers in effort.workers:
            running = platform(ground, stack, effort, workers, three_match(today, MARKET, "coins"), *beside)
            what = f"{counted(workers)}, the five example plans live ({count + 3} mechanics)"
            for connections in effort.connections:
                load = Loaded(ground, running, effort, connections, 1, f"five-{connections}", MARKET)
                loads[f"{connections} connections, {what}"] = load
        by_hand = pgbench(ground, effort, three_match(today))
        against = compare("B1", loads, by_hand, ground, effort, tell)
        name = (
            f"B1, {CONNECTIONS} connections, {counted(workers)}, an order that {match} mechanics of the five example"
            " plans match too"
        )
        orders = Loaded(ground, running, effort, CONNECTIONS, 1, "five-orders", ORDER)
        _warm_up({name: orders}, tell)
        in_turns(effort.rounds, {name: orders}, tell, ground.settle)
    return together([against, Findings(notes=[orders.note(name)])])


def _warm_up(loads: dict[str, Loaded], tell: Tell) -> None:
    for name, load in loads.items():
        tell(f"warming up: {name}")
        load(-1)
        load.forget()


def _counted(plans: list[str]) -> tuple[int, int]:
    """How many mechanics plans have, and how many of them an order concerns."""
    mechanics = [each for plan in plans for each in compile_plan(read_plan(plan)).mechanics]
    return len(mechanics), sum(ORDER in each.types for each in mechanics)
