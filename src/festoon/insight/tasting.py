"""tea-tasting, the statistics of comparisons. It takes seconds to load, and is loaded with the first comparison
(decision 44); for the type checker these are ordinary imports."""

from typing import TYPE_CHECKING

from festoon.base.late import Late

if TYPE_CHECKING:
    import tea_tasting as tt
    from tea_tasting import aggr
else:
    tt, aggr = Late("tea_tasting"), Late("tea_tasting.aggr")

__all__ = ["aggr", "tt"]
