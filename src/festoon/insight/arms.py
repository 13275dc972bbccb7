"""The arms of an experiment against its first one: which of them did more, and for what money?

Compared are members who saw their arm: somebody to whom no reward of the experiment was ever due cannot have been
changed by it, and would only blur the difference. Since the arms differ in nothing but what is given, who comes to see
his does not depend on which one it is; whether that holds is checked by the arms' sizes. The statistics are those of
the comparison with the hold-out.
"""

from typing import Any

from ibis import Table
from msgspec import Struct

from festoon.insight.compare import BEFORE, MEASURES, SUSPICIOUS, Comparison, aggregates, compare, measured
from festoon.insight.facts import Facts
from festoon.insight.scope import Scope, Window
from festoon.insight.tasting import aggr, tt
from festoon.plan.compiled import CompiledCampaign, Experiment


class Seen(Struct, frozen=True):
    """An arm that was seen: by how many members, and what the rewards in it cost. `expected` is its share by weight."""

    arm: str
    members: int
    expected: float
    cost: int


class AgainstFirst(Struct, frozen=True):
    """All measures of an arm against the first one; `p_value` is that of their sizes."""

    arm: str
    comparisons: tuple[Comparison, ...]
    p_value: float


class Trial(Struct, frozen=True):
    """What came of an experiment. The arms are in plan order; those that nobody saw are not compared."""

    experiment: Experiment
    arms: tuple[Seen, ...]
    compared: tuple[AgainstFirst, ...]

    @property
    def sound(self) -> bool:
        """Whether chance explains the sizes of all arms (the more there are, the odder one may be)."""
        return all(one.p_value * len(self.compared) >= SUSPICIOUS for one in self.compared)


def trials(facts: Facts, scope: Scope, campaign: CompiledCampaign, before: Window) -> tuple[Trial, ...]:
    """Every experiment of a campaign over the scope's window. `before` is a stretch of time before it, which takes out
    the differences that were there already. Those that learn are judged otherwise (`insight/learned.py`): how members
    came into their arms changed with what was learned."""
    fixed = (each for each in campaign.experiments.values() if each.learns is None)
    return tuple(_trial(facts, scope, each, before) for each in fixed)


def _trial(facts: Facts, scope: Scope, experiment: Experiment, before: Window) -> Trial:
    rows = scope.outcomes(facts.outcomes)
    assigned, members = saw(facts, scope, experiment)
    table = measured(facts, measured(facts, members, scope), scope.over(before), BEFORE)
    found = aggregates(facts, table, "arm")
    costs = _costs(rows, assigned, members)
    split = experiment.split
    seen = tuple(
        Seen(arm, int(found[arm].count()) if arm in found else 0, weight / split.total, costs.get(arm, 0))
        for arm, weight in split.arms
    )
    return Trial(experiment, seen, _compared(experiment, found))


def saw(facts: Facts, scope: Scope, experiment: Experiment) -> tuple[Table, Table]:
    """Who came to a reward of an experiment: the outcomes that say so, and each member with the arm that he saw first
    (member, arm)."""
    rows = scope.outcomes(facts.outcomes)
    assigned = rows.filter(rows.what == "assigned", rows.ref == experiment.name)
    return assigned, assigned.group_by("member").aggregate(arm=assigned.code.argmin(assigned.seq))


def _compared(experiment: Experiment, found: "dict[Any, aggr.Aggregates]") -> tuple[AgainstFirst, ...]:
    (first, weight), *others = experiment.split.arms
    if first not in found or found[first].count() < 2:
        return ()
    return tuple(
        AgainstFirst(
            arm,
            tuple(compare(measure, found[arm], found[first], "arms") for measure in MEASURES),
            tt.SampleRatio(its / weight).analyze(found, first, arm).pvalue,
        )
        for arm, its in others
        if arm in found and found[arm].count() >= 2
    )


def _costs(rows: Table, assigned: Table, members: Table) -> dict[str, int]:
    """What the mechanics that show an arm gave the members who saw it, then or later (a reward may wait for a
    verdict), by arm."""
    seen = assigned.select("member", "campaign", "mechanic").distinct().inner_join(members, "member")
    given = rows.filter(rows.what == "given").select("member", "campaign", "mechanic", "cost")
    spent = given.inner_join(seen, ["member", "campaign", "mechanic"])
    counted = spent.group_by("arm").aggregate(cost=spent.cost.sum())
    return {row["arm"]: int(row["cost"] or 0) for row in counted.to_pyarrow().to_pylist()}
