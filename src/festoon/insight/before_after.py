"""Before and after: the same members over a stretch of time before the campaign and as long a one in it.

It needs no hold-out, and it proves little: season, holidays, prices and everything else that changed
between the two stretches is in the difference as well. Reports say so beside it.
"""

from datetime import datetime, timedelta
from math import isfinite, sqrt
from statistics import NormalDist
from typing import Any

import ibis
from ibis import Table
from msgspec import Struct

from festoon.insight.compare import (
    BEFORE,
    COLUMNS,
    CONFIDENCE,
    MEASURES,
    Comparison,
    Measure,
    Side,
    enough_of,
    measured,
    verdict,
)
from festoon.insight.facts import Facts
from festoon.insight.scope import Scope, Window
from festoon.insight.tasting import aggr

_SLACK = timedelta(days=1)
"""Facts that begin so soon after the earlier window count as reaching back to it."""


class BeforeAfter(Struct, frozen=True):
    """All measures of the same members in two windows. `known_by` is when they had to be known to count."""

    before: Window
    after: Window
    known_by: datetime
    comparisons: tuple[Comparison, ...]


def before_and_after(facts: Facts, scope: Scope, before: Window) -> BeforeAfter | None:
    """Compare the scope's members in its window with the same members in a window before it.

    Members count who were known before the earlier window began, so that neither newcomers nor what made
    them known look like a change. Where the facts knew less than half of them then, members count who were
    known when it ended. None when the facts do not reach back to it.
    """
    _, first, _ = facts.extent
    if first is None or first >= before.start + _SLACK:
        return None
    known_by, found = before.start, _known(facts, scope, before, before.start)
    everybody = _known(facts, scope, before, before.end)
    if 2 * found.count() < everybody.count():
        known_by, found = before.end, everybody
    if not found.count():
        return None
    compared = tuple(change_of(measure, found) for measure in MEASURES)
    return BeforeAfter(before, scope.window, known_by, compared)


def _known(facts: Facts, scope: Scope, before: Window, by: datetime) -> "aggr.Aggregates":
    """What the scope's members known by an instant did in both windows."""
    events = facts.events
    known = scope.ours(events.filter(events.time < ibis.literal(by, type="timestamp('UTC')")))
    members = known.select("member").distinct()
    return spread(facts, measured(facts, measured(facts, members, scope), scope.over(before), BEFORE))


def spread(facts: Facts, table: Table) -> "aggr.Aggregates":
    """Count, means, variances and covariances of what members did in both windows; `table` is as `measured` makes it
    twice."""
    columns = (*COLUMNS, *(f"{BEFORE}{name}" for name in COLUMNS))
    found: aggr.Aggregates = aggr.read_aggregates(
        facts.kept(table),
        None,
        has_count=True,
        mean_cols=columns,
        var_cols=columns,
        cov_cols=[(left, right) for left in columns for right in columns if left < right],
    )
    return found


def change_of(measure: Measure, found: "aggr.Aggregates") -> Comparison:
    """The difference of two values of the same members, which vary together (delta method)."""
    top, bottom = measure.top, measure.bottom or None
    top_before, bottom_before = BEFORE + top, BEFORE + bottom if bottom else None
    members = int(found.count())
    safe: Any = found.with_zero_div()
    now = float(safe.mean(top) / safe.mean(bottom))
    then = float(safe.mean(top_before) / safe.mean(bottom_before))
    effect = now - then
    var_now, var_then = safe.ratio_var(top, bottom), safe.ratio_var(top_before, bottom_before)
    shared = safe.ratio_cov(top, bottom, top_before, bottom_before)
    error = _error(var_now + var_then - 2 * shared, members)
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    enough = enough_of(measure, found) and isfinite(effect) and isfinite(error) and error > 0
    ratio = now / then if then > 0 else None
    spread = 0.0
    if ratio is not None and enough:
        spread = reach * _error((var_now - 2 * ratio * shared + ratio**2 * var_then) / then**2, members)
    return Comparison(
        measure=measure,
        method="before_after",
        side=Side(members, now),
        other=Side(members, then),
        effect=effect,
        low=effect - reach * error,
        high=effect + reach * error,
        relative=ratio - 1 if ratio is not None and enough else None,
        relative_low=ratio - 1 - spread if ratio is not None and enough else None,
        relative_high=ratio - 1 + spread if ratio is not None and enough else None,
        p_value=2 * NormalDist().cdf(-abs(effect) / error) if enough else None,
        adjusted=False,
        noticeable=None,
        enough=enough,
        verdict=verdict(effect - reach * error, effect + reach * error, enough=enough),
    )


def _error(variance: float, members: int) -> float:
    """The standard error of a mean; 0 where rounding left a variance below zero."""
    return sqrt(max(variance, 0.0) / members) if members and isfinite(variance) else float("nan")
