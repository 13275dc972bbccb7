"""What the plays of a range say of the odds of draws: how often each prize was rolled, and how often it should be.

Every play keeps the table that it was rolled on. What a prize's share of each table adds up to is how often it is to be
expected, whatever has become of weights, stock and guarantees from one play to the next.
"""

from collections.abc import Iterable

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

BILLION = 1_000_000_000
"""Expected rolls are counted in billionths."""


class _Rolled(Struct):
    table: list[tuple[str, int]]
    total: int
    rolled: str


_note = msgspec.json.Decoder(_Rolled)
Odds = dict[tuple[str, str, str], tuple[int, int]]
"""By campaign, mechanic and prize: times rolled, and billionths of times expected. Under no prize: the plays."""


def odds(outcomes: pa.Table, tested: Iterable[tuple[int, str]]) -> Odds:
    """The odds of the plays among a range's outcomes, but for those of testers, by their events and campaigns."""
    found: Odds = {}
    if "note" not in outcomes.column_names or not outcomes.num_rows:
        return found
    rows = outcomes.filter(pc.fill_null(pc.match_substring(outcomes["note"], '"rolled":'), False))
    left_out = set(tested)
    for row in rows.select(["seq", "campaign", "mechanic", "note"]).to_pylist():
        if (row["seq"], row["campaign"]) in left_out:
            continue
        try:
            play = _note.decode(row["note"])
        except msgspec.ValidationError:
            continue  # another kind of mechanic's note
        _add(found, row["campaign"], row["mechanic"], play)
    return found


def _add(found: Odds, campaign: str, mechanic: str, play: _Rolled) -> None:
    if play.total < 1:
        return
    plays, _ = found.get((campaign, mechanic, ""), (0, 0))
    found[campaign, mechanic, ""] = plays + 1, 0
    for prize, weight in play.table:
        times, expected = found.get((campaign, mechanic, prize), (0, 0))
        rolled = prize == play.rolled
        found[campaign, mechanic, prize] = times + rolled, expected + weight * BILLION // play.total
