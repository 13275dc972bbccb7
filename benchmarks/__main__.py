"""`python -m benchmarks [B1 B2 …]`: measure, print the table, write `benchmarks/RESULTS.md`.

`profile` prints where a batch and a request spend their time, `ceiling` what the load can do at the most.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace
from rich.console import Console

from benchmarks import batches_profile, ceiling, requests_profile
from benchmarks.back_tests import back_tests
from benchmarks.codes import codes
from benchmarks.draws import draws
from benchmarks.effort import QUICK, Effort
from benchmarks.grand_draws import grand_draws
from benchmarks.ground import Ground, ground
from benchmarks.machine import machine
from benchmarks.many_mechanics import many_mechanics
from benchmarks.memory import memory
from benchmarks.over_http import over_http
from benchmarks.pages import pages
from benchmarks.pauses import pauses
from benchmarks.results import print_table, show, write
from benchmarks.rounds import Findings, Tell, together
from benchmarks.segments import segments
from festoon.base.clock import wall

RESULTS = Path(__file__).with_name("RESULTS.md")
OVER_HTTP = frozenset({"B1", "B2", "B3"})
Case = Callable[[Ground, Effort, Tell], Findings]


def _back_tests(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    with tempfile.TemporaryDirectory() as room:
        return back_tests(ground, effort, tell, Path(room))


def _profile(ground: Ground, console: Console) -> None:
    """Print where time goes: two tables."""
    batches = batches_profile.profile(ground)
    print_table(console, batches_profile.head(batches), batches_profile.rows(batches))
    requests = requests_profile.serve_profile(ground)
    print_table(console, requests_profile.head(requests), requests_profile.rows(requests))


def _ceiling(_: Ground, console: Console) -> None:
    """Print what the load and the HTTP server can do when there is nothing else to do."""
    print_table(console, ceiling.HEAD, ceiling.rows())


PRINTED: dict[str, Callable[[Ground, Console], None]] = {"profile": _profile, "ceiling": _ceiling}
CASES: dict[str, Case] = {
    "B4": many_mechanics,
    "B5": _back_tests,
    "B7": codes,
    "B8": draws,
    "B9": segments,
    "B10": memory,
    "E3": grand_draws,
    "console": pages,
    "pauses": pauses,
}


def measure(ground: Ground, effort: Effort, wanted: frozenset[str], tell: Tell) -> Findings:
    """Measure the wanted figures."""
    found = []
    if wanted & OVER_HTTP:
        found.append(over_http(ground, effort, tell, wanted & OVER_HTTP))
    found += [case(ground, effort, tell) for id, case in CASES.items() if id in wanted]
    return together(found)


def main(
    wanted: Annotated[
        list[str] | None, typer.Argument(help="such as B1 B2, profile or ceiling; all figures without")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="how long a side works in a round")] = None,
    rounds: Annotated[int | None, typer.Option(min=1)] = None,
    size: Annotated[
        tuple[int, int] | None, typer.Option(help="of B9: how many members, and how many events of theirs")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="small sizes, for a look")] = False,  # noqa: FBT002
    results: Annotated[Path, typer.Option(help="the page to write")] = RESULTS,
) -> None:
    """Measure Festoon against others doing the same work, and write down what came of it.

    Example: `python -m benchmarks B1 B2 --rounds 5`
    """
    console = Console()
    known = OVER_HTTP | CASES.keys()
    chosen = frozenset(wanted or known)
    for name in chosen & PRINTED.keys():
        with ground() as place:
            PRINTED[name](place, console)
    chosen -= PRINTED.keys()
    if not chosen:
        return
    if unknown := chosen - known:
        raise typer.BadParameter(f"there is no {', '.join(sorted(unknown))}")
    effort = QUICK if quick else Effort()
    effort = replace(effort, seconds=seconds or effort.seconds, rounds=rounds or effort.rounds)
    effort = replace(effort, segments=size or effort.segments)
    about = machine()
    with console.status("starting PostgreSQL") as status, ground() as place:
        findings = measure(place, effort, chosen, status.update)
    show(console, findings)
    write(results, findings, effort, about, wall())


if __name__ == "__main__":
    typer.run(main)
