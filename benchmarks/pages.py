"""Pages over a million members and their history: whatever can be clicked to in the console, two of each kind, and what
members' pages ask for, and how long it takes.

None may take 300 ms. What a page shows is read from rows and counters, so it should not matter how many there are.
"""

import re
import time
from collections.abc import Iterator
from statistics import median

import httpx

from benchmarks.crowd import crowd
from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.rounds import Check, Findings, Tell
from benchmarks.serving import festoon
from festoon.access.roles import ROLES
from tests.console.crawl import crawl, kind
from tests.console.visitors import Visitors
from tests.serving import PATIENCE, make_key

GOAL = 300.0
"""Milliseconds."""
SLOWEST = 5
OF_A_KIND = 2


def pages(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """Click to every page, then ask for each as often as there are rounds; the median counts."""
    dsn = ground.database()
    there = crowd(dsn, effort.crowd, tell)
    with festoon(dsn, 1) as serving:
        visitors = Visitors(dsn, serving.port)
        visitor = visitors.fresh("+".join(ROLES), username="visitor")
        clicked = crawl(visitor, kind=kind, of_a_kind=OF_A_KIND)
        found = [page.path for page in clicked if page.status == 200 and page.kind == "text/html"]
        times = {path: _asked(visitor, path, effort.rounds, tell) for path in found}
        visitors.close()
        with _member(dsn, serving.port) as member:
            times |= {path: _asked(member, path, effort.rounds, tell) for path in _of_members(member)}
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


def _member(dsn: str, port: int) -> httpx.Client:
    """A member's browser, with his token."""
    home = f"http://127.0.0.1:{port}"
    platform = {"authorization": f"Bearer {make_key(dsn)}"}
    token = (
        httpx.post(f"{home}/v1/members/member-7/token", json={}, headers=platform)
        .raise_for_status()
        .json()["token"]
    )
    return httpx.Client(base_url=home, headers={"authorization": f"Bearer {token}"}, timeout=PATIENCE)


def _of_members(member: httpx.Client) -> Iterator[str]:
    """What the pages of a member's side fetch: their shells, what is for everybody, and what is the member's own."""
    yield "/v1/me/items"
    yield "/v1/me/statement"
    for each in re.findall(r'href="(/m/[\w-]+)"', member.get("/m").text):
        id = each.rpartition("/")[2]
        yield from (each, f"/v1/public/campaigns/{id}", f"/v1/me/campaigns/{id}")


def _asked(asking: httpx.Client, path: str, rounds: int, tell: Tell) -> float:
    """Milliseconds until the whole page is there."""
    tell(path)
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        asking.get(path).raise_for_status()
        took.append(1000 * (time.perf_counter() - began))
    return median(took)
