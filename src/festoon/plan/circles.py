"""Who waits for whom, in a circle."""

from collections.abc import Iterable, Iterator, Mapping


def circles(waiting: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Each circle of names that wait for each other, once, ending with the name it begins with.

    Names that are waited for and do not wait themselves may be missing from `waiting`.
    """
    done: set[str] = set()
    for start in waiting:
        trail: list[str] = []
        rest: list[tuple[str, Iterator[str]]] = []
        step: str | None = start
        while step is not None or rest:
            if step is not None and step in trail:
                yield (*trail[trail.index(step) :], step)
            elif step is not None and step not in done:
                trail.append(step)
                rest.append((step, iter(waiting.get(step, ()))))
            if not rest:
                break
            step = next(rest[-1][1], None)
            if step is None:
                done.add(rest.pop()[0])
                trail.pop()
