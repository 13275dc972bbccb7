"""Rewards that are promised while somebody looks: set aside at once, given or let go of when it is decided.

A mechanic says by name what would be given if everything that waits were approved. So much is set aside; how it is
shared out over single proofs does not matter, since verdicts come in any order.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from festoon.base.effects import Effect, Give, Post, Release, Reserve, Start
from festoon.mechanics.base import View

Counts = Mapping[str, int]
"""How often each reward, by its name in the mechanic."""
MORE = "promise"
"""The timer by which more is set aside, at once, than what brought it about could wait for: that is never refused."""


def promise(held: Counts, wanted: Counts, gives: Mapping[str, Give]) -> list[Effect]:
    """Set aside what is wanted beyond what is held, and let go of what is wanted no longer."""
    effects: list[Effect] = []
    for name, times in wanted.items():
        if times > (have := held.get(name, 0)):
            give = gives[name]
            effects += [Reserve(_at(name, place), give.reward, give.times) for place in range(have, times)]
    for name, times in held.items():
        if times > (rest := wanted.get(name, 0)):
            effects += [Release(_at(name, place)) for place in range(rest, times)]
    return effects


def honour(
    held: Counts, due: Counts, wanted: Counts, gives: Mapping[str, Give], day: date | None = None
) -> list[Effect]:
    """Give what is due, out of what is held as far as that goes; let go of what is then not wanted any longer. `day` is
    that of a proof that was rejected.

    A verdict sets nothing aside itself (`still_wanted`), so that none is refused for what others are still waiting for.
    """
    effects: list[Effect] = []
    for name, times in due.items():
        give, have = gives[name], held.get(name, 0)
        first = have - times if times < have else 0
        effects += [Post(_at(name, place), give.reward, give.times) for place in range(first, have)]
        if times > have:
            effects.append(Give(give.reward, give.times * (times - have)))
    for name, times in held.items():
        rest = times - due.get(name, 0)
        if rest > (kept := wanted.get(name, 0)):
            effects += [Release(_at(name, place), day) for place in range(kept, rest)]
    return effects


def still_wanted(held: Counts, wanted: Counts, view: View) -> list[Effect]:
    """Come back to set the rest aside, where more is wanted than is held."""
    short = any(times > held.get(name, 0) for name, times in wanted.items())
    return [Start(MORE, view.now)] if short else []


def left(held: Counts, due: Counts, wanted: Counts) -> dict[str, int]:
    """What is still held after `honour`."""
    rest = {name: min(times - due.get(name, 0), wanted.get(name, 0)) for name, times in held.items()}
    return {name: times for name, times in rest.items() if times > 0}


def of_both(kept: Counts, gone: Counts, wanted: Counts) -> tuple[list[Effect], dict[str, int]]:
    """When two accounts of one person become one: what is let go of, since all that waits together wants less, and what
    is still held. What the other account held stands behind what is held already."""
    held = {name: kept.get(name, 0) + gone.get(name, 0) for name in sorted({*kept, *gone})}
    rest = {name: min(times, wanted.get(name, 0)) for name, times in held.items()}
    released: list[Effect] = [
        Release(_at(name, place)) for name, times in held.items() for place in range(rest[name], times)
    ]
    return released, {name: times for name, times in rest.items() if times}


def behind(name: str, others: Iterable[str]) -> str:
    """The name that what was promised under `name` has behind what the other account was promised: the next place."""
    what, _, place = name.rpartition("/")
    before = sum(other.rpartition("/")[0] == what for other in others)
    return _at(what, int(place) - 1 + before) if what and place.isdecimal() else name


def _at(name: str, place: int) -> str:
    return f"{name}/{place + 1}"
