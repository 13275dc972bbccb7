"""How much work a run of the benchmarks does."""

from msgspec import Struct


class Effort(Struct, frozen=True):
    """Seconds a side works in one round, rounds, and the sizes of what is not measured by time."""

    seconds: float = 6.0
    rounds: int = 5
    workers: tuple[int, ...] = (1, 2)
    connections: tuple[int, ...] = (64, 256)
    members: int = 200_000
    mechanics: tuple[int, ...] = (100, 1_000)
    draws: int = 100_000
    history: int = 40_000
    codes: int = 1_000_000
    tickets: int = 1_000_000
    memory: tuple[int, int] = (10_000, 1_000_000)
    segments: tuple[int, int] = (1_000_000, 20_000_000)
    """Members, and events of theirs."""
    crowd: int = 1_000_000
    """Members of a platform whose pages are looked at."""


QUICK = Effort(
    seconds=2.0, rounds=3, workers=(1,), members=20_000, draws=20_000, history=4_000, codes=100_000,
    tickets=100_000, memory=(10_000, 300_000), segments=(50_000, 1_000_000), crowd=20_000
)  # fmt: skip
"""For a look; not for publishing."""
