"""Two accounts of one person: one growth, the better of two levels, and every benefit that either had was had."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from festoon.mechanics.level_standing import Ladder, Standing


def standing_of_both(kept: Standing, gone: Standing, ladder: Ladder) -> Standing:
    """The higher level with its dates, or of the same one what is safe for longer; the growth of both, by the dates of
    whose level it is. `table` is 0, so that the next look measures anew what both have grown together."""
    better = max((kept, gone), key=lambda standing: (ladder.rank(standing), standing.until, standing is kept))
    rest = gone if better is kept else kept
    own = better.own or rest.own
    return replace(
        better,
        own=own,
        seen=kept.seen + gone.seen,
        growth=ladder.period.joined(better.growth, rest.growth, own),
        entered=tuple(dict.fromkeys((*better.entered, *rest.entered))),
        wished=max(kept.wished, gone.wished),
        birthday=better.birthday or rest.birthday,
        table=0,
    )


def twice(kept: Standing, gone: Standing, birthdays: AbstractSet[str]) -> Iterator[str]:
    """The packs that both were given and a person is given once: of a level on entering it, and of a birthday on the
    levels that have one."""
    entered = (name for name in kept.entered if name in gone.entered)
    yield from (f"entry:{name}" for name in entered)
    if kept.wished == gone.wished != 0 and {kept.level, gone.level} <= birthdays:
        yield f"birthday:{kept.wished}"
