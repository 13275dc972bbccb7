"""Pages of the console over a million members and their history: whatever can be clicked to, and how long it takes.

None may take 300 ms. What a page shows is read from rows and counters, so it should not matter how many there are.
"""

import time
from statistics import median

from benchmarks.crowd import crowd
from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.rounds import Check, Findings, Tell
from benchmarks.serving import festoon
from festoon.access.roles import ROLES
from tests.console.crawl import Page, crawl
from tests.console.visitors import Visitor, Visitors

GOAL = 300.0
"""Milliseconds."""
SLOWEST = 5


def pages(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """Click to every page, then ask for each as often as there are rounds; the median counts."""
    dsn = ground.database()
    there = crowd(dsn, effort.crowd, tell)
    with festoon(dsn, 1) as serving:
        visitors = Visitors(dsn, serving.port)
        visitor = visitors.fresh("+".join(ROLES), username="visitor")
        found = [page for page in crawl(visitor) if page.status == 200 and page.kind == "text/html"]
        times = {page.path: _asked(visitor, page, effort.rounds, tell) for page in found}
        visitors.close()
    slowest = sorted(times, key=lambda path: -times[path])
    size = f"{there.members:,} members, {there.events:,} events"
    check = Check(
        "console", f"the slowest of {len(times)} pages, {size}", f"{times[slowest[0]]:.0f} ms", f"below {GOAL:.0f} ms",
        times[slowest[0]] < GOAL,
    )  # fmt: skip
    told = ", ".join(f"{path} {times[path]:.0f} ms" for path in slowest[:SLOWEST])
    return Findings(
        checks=[check], notes=[f"console: median {median(times.values()):.0f} ms; slowest: {told}"]
    )


def _asked(visitor: Visitor, page: Page, rounds: int, tell: Tell) -> float:
    """Milliseconds until the whole page is there."""
    tell(page.path)
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        visitor.page(page.path)
        took.append(1000 * (time.perf_counter() - began))
    return median(took)
