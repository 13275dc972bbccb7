"""Rounds: sides work in turn, again and again, so that what disturbs the machine disturbs all of them."""

from collections.abc import Callable, Iterable, Sequence
from statistics import mean, median
from typing import Literal

from msgspec import Struct

Side = Callable[[int], float]
"""One side of a comparison: works for its part of a round (counted from 0) and says how it did."""
Tell = Callable[[str], None]


class Ratio(Struct, frozen=True):
    """A figure: ours against theirs, round by round. `goal` is what the median of the ratios should come to."""

    id: str
    work: str
    against: str
    unit: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    goal: float
    sense: Literal["at least", "at most"] = "at least"

    @property
    def ratios(self) -> list[float]:
        return [one / other for one, other in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def met(self) -> bool:
        return self.ratio >= self.goal if self.sense == "at least" else self.ratio <= self.goal


class Check(Struct, frozen=True):
    """Something that holds or does not."""

    id: str
    what: str
    found: str
    goal: str
    met: bool


class Findings(Struct):
    """What a case came to. `notes` are figures that are not compared: they help to read the others."""

    ratios: list[Ratio] = []
    checks: list[Check] = []
    notes: list[str] = []


def together(parts: Iterable[Findings]) -> Findings:
    """All of it as one."""
    parts = list(parts)
    return Findings(
        [ratio for each in parts for ratio in each.ratios],
        [check for each in parts for check in each.checks],
        [note for each in parts for note in each.notes],
    )


def in_turns(
    rounds: int, sides: dict[str, Side], tell: Tell, before: Callable[[], None] | None = None
) -> dict[str, tuple[float, ...]]:
    """Let every side work once a round; each round begins with another one. `before` is called before every turn."""
    names = list(sides)
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in _turned(names, number):
            tell(f"round {number + 1} of {rounds}: {name}")
            if before is not None:
                before()
            found[name].append(sides[name](number))
    return {name: tuple(values) for name, values in found.items()}


def in_pairs(
    rounds: int, what: str, ours: Side, theirs: Side, tell: Tell, before: Callable[[], None] | None = None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Two sides side by side: a round is theirs, ours, ours, theirs, and says the mean of both turns. A difference of a
    few hundredths is not to be seen when half a minute lies between the two, in which the machine changes more."""
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}: {what}")
        turns: tuple[list[float], list[float]] = ([], [])
        for whose in (1, 0, 0, 1):
            if before is not None:
                before()
            turns[whose].append((ours, theirs)[whose](2 * number + len(turns[whose])))
        for whose in (0, 1):
            found[whose].append(mean(turns[whose]))
    return tuple(found[0]), tuple(found[1])


def _turned(names: Sequence[str], by: int) -> list[str]:
    at = by % len(names)
    return [*names[at:], *names[:at]]
