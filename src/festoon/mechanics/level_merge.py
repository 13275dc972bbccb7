"""Two accounts of one person: one growth, the better of two levels, and every benefit that either had was had."""

from msgspec.structs import replace

from festoon.mechanics.level_period import Pairs, with_units
from festoon.mechanics.level_standing import Ladder, Standing


def standing_of_both(kept: Standing, gone: Standing, ladder: Ladder) -> Standing:
    """The higher level with its dates, or of the same one what is safe for longer; the growth of both, by the dates of
    whose level it is. `table` is 0, so that the next look measures anew what both have grown together."""
    better = max((kept, gone), key=lambda standing: (ladder.rank(standing), standing.until, standing is kept))
    rest = gone if better is kept else kept
    return replace(
        better,
        own=better.own or rest.own,
        seen=kept.seen + gone.seen,
        growth=_growth(better.growth, rest.growth),
        entered=tuple(dict.fromkeys((*better.entered, *rest.entered))),
        wished=max(kept.wished, gone.wished),
        birthday=better.birthday or rest.birthday,
        table=0,
    )


def _growth(one: Pairs, other: Pairs) -> Pairs:
    for slot, units in other:
        one = with_units(one, slot, units)
    return one
