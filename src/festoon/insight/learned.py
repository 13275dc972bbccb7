"""Experiments that learn, read off the facts: who saw which arm by what chance, and whether it was a success.

Nobody is asked what would have been. Every member's arm was chosen with a known probability, so a policy that was not
followed can be judged by those whose arm it would have chosen, each weighed by how much likelier it would have been
(self-normalised inverse propensity; D. G. Horvitz and D. J. Thompson, JASA 47, 1952; A. Swaminathan and T. Joachims,
NeurIPS 2015).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from math import sqrt

import ibis
import msgspec
from ibis import Table
from msgspec import Struct

from festoon.base.learned import PARTS, Tried, Weights
from festoon.engine.relearning import learned
from festoon.insight.facts import Facts
from festoon.plan.compiled import CompiledCampaign, Experiment

FOLDS = 5
FEWEST = 20
"""Of fewer members nothing is estimated."""
_NORMAL_95 = 1.959964


class Seen(Struct, frozen=True, gc=False):
    """A member whose time for success is over: his arm, how likely it was (in ten thousand), his context."""

    member: int
    arm: str
    propensity: int
    context: str
    success: bool


class Estimate(Struct, frozen=True):
    """A rate of success with its interval (95 %)."""

    value: float
    low: float
    high: float


class ArmLearned(Struct, frozen=True):
    """One arm: how many saw it, with how many it was a success, and what the rate would be if everybody got it."""

    arm: str
    members: int
    successes: int
    estimate: Estimate | None


class Learning(Struct, frozen=True):
    """What an experiment that learns has come to. `waiting` members' time for success is not over yet.

    `policy` is the rate if everybody got what is learned: each fifth of the members is judged by what was learned from
    the others. `best` is the arm with the highest estimate, `gain` the policy's rate less that arm's.
    """

    experiment: Experiment
    arms: tuple[ArmLearned, ...]
    waiting: int
    weights: Mapping[str, Weights]
    counts: Mapping[str, Mapping[str, Tried]]
    policy: Estimate | None = None
    best: str = ""
    gain: Estimate | None = None

    @property
    def verdict(self) -> str:
        """Whether it does better than the best arm for everybody: `better`, `worse` or `cannot_tell`."""
        if self.gain is None or self.gain.low <= 0 <= self.gain.high:
            return "cannot_tell"
        return "better" if self.gain.low > 0 else "worse"


def seen(
    outcomes: Table, events: Table, campaign: CompiledCampaign, experiment: Experiment, at: datetime
) -> tuple[list[Seen], int]:
    """Who saw an arm so long before an instant that it can be told whether it was a success, and how many saw one
    later. Of both tables the member's number is the one he has now."""
    learns = experiment.learns
    assert learns is not None, "only those that learn have such figures"
    rows = outcomes.filter(
        outcomes.what == "assigned",
        outcomes.campaign == campaign.campaign,
        outcomes.ref == experiment.name,
        outcomes.note.notnull(),
        outcomes.time < _literal(at),
    )
    first = rows.group_by("member").aggregate(
        at=rows.time.min(), arm=rows.code.argmin(rows.seq), note=rows.note.argmin(rows.seq)
    )
    long_ago = first.at <= _literal(at - learns.within)
    waiting = int(first.filter(~long_ago).count().to_pyarrow().as_py())
    known = first.filter(long_ago)
    won = _successes(events, known, experiment)
    found = [
        Seen(row["member"], row["arm"], how.propensity, how.context, row["member"] in won)
        for row in known.order_by("member").to_pyarrow().to_pylist()
        for how in [_note.decode(row["note"])]
    ]
    return found, waiting


class _Note(Struct):
    propensity: int
    policy: int = 0
    context: str = ""


_note = msgspec.json.Decoder(_Note)
_data = msgspec.json.Decoder(dict)


def _successes(events: Table, known: Table, experiment: Experiment) -> set[int]:
    """Whose event came in time."""
    learns = experiment.learns
    assert learns is not None
    rows = events.filter(events.type.isin(learns.types), events.status == "accepted")
    rows = rows.inner_join(known.select("member", "at"), "member")
    after = rows.filter(rows.time > rows.at, rows.time < rows.at + ibis.interval(days=learns.within.days))
    if learns.when is None:
        return set(after.select("member").distinct().to_pyarrow()["member"].to_pylist())
    found: set[int] = set()
    for batch in after.select("member", "data").to_pyarrow().to_batches():
        for row in batch.to_pylist():
            if row["member"] not in found and learns.when.holds(_data.decode(row["data"]), None, None):
                found.add(row["member"])
    return found


def counted(members: Iterable[Seen]) -> dict[str, dict[str, Tried]]:
    """What is learned from, by context and arm."""
    found: dict[str, dict[str, Tried]] = {}
    for each in members:
        arms = found.setdefault(each.context, {})
        tried, won = arms.get(each.arm, (0, 0))
        arms[each.arm] = (tried + 1, won + each.success)
    return found


def learnings(facts: Facts, campaign: CompiledCampaign, at: datetime) -> tuple[Learning, ...]:
    """Every experiment of a campaign that learns, as of an instant."""
    return tuple(
        judged(each, *seen(facts.outcomes, facts.events, campaign, each, at))
        for each in campaign.experiments.values()
        if each.learns is not None
    )


def judged(experiment: Experiment, members: Sequence[Seen], waiting: int = 0) -> Learning:
    """What an experiment has come to, by the members whose time is over."""
    assert experiment.learns is not None
    counts = counted(members)
    weights = learned(experiment, counts)
    each = {
        arm: _Weighed.of(members, [_of_arm(arm, one) for one in members]) for arm, _ in experiment.split.arms
    }
    arms = tuple(
        ArmLearned(
            arm,
            sum(one.arm == arm for one in members),
            sum(one.arm == arm and one.success for one in members),
            None if weighed is None else weighed.estimate(),
        )
        for arm, weighed in each.items()
    )
    known = {arm: weighed for arm, weighed in each.items() if weighed is not None}
    if len(members) < FEWEST or not known:
        return Learning(experiment, arms, waiting, weights, counts)
    policy = _Weighed.of(members, _held_back(experiment, members))
    best = max(known, key=lambda arm: known[arm].value)
    assert policy is not None, "every arm has a share of every context"
    gain = policy.less(known[best])
    return Learning(experiment, arms, waiting, weights, counts, policy.estimate(), best, gain)


def _of_arm(arm: str, one: Seen) -> float:
    return PARTS / one.propensity if one.arm == arm else 0.0


def _held_back(experiment: Experiment, members: Sequence[Seen]) -> list[float]:
    """How much likelier each member's arm would have been by a policy that was learned without him."""
    found = dict.fromkeys((one.member for one in members), 0.0)
    folds = {fold: [one for one in members if one.member % FOLDS != fold] for fold in range(FOLDS)}
    by_fold = sorted(members, key=lambda one: one.member % FOLDS)
    for fold, own in groupby(by_fold, lambda one: one.member % FOLDS):
        policy = {context: dict(arms) for context, arms in learned(experiment, counted(folds[fold])).items()}
        for one in own:
            wanted = policy.get(one.context, policy[""])
            found[one.member] = wanted.get(one.arm, 0) / one.propensity
    return [found[one.member] for one in members]


class _Weighed(Struct, frozen=True):
    """A rate over weighed members, and how much each of them pulls it (their sum is nothing)."""

    value: float
    pulls: Sequence[float]

    @classmethod
    def of(cls, members: Sequence[Seen], weights: Sequence[float]) -> "_Weighed | None":
        whole = sum(weights)
        if not whole:
            return None
        value = sum(weight * one.success for one, weight in zip(members, weights, strict=True)) / whole
        pulls = [weight * (one.success - value) / whole for one, weight in zip(members, weights, strict=True)]
        return cls(value, pulls)

    def estimate(self) -> Estimate:
        half = _NORMAL_95 * sqrt(sum(pull * pull for pull in self.pulls))
        return Estimate(self.value, max(0.0, self.value - half), min(1.0, self.value + half))

    def less(self, other: "_Weighed") -> Estimate:
        """The difference of two rates over the same members."""
        both = zip(self.pulls, other.pulls, strict=True)
        half = _NORMAL_95 * sqrt(sum((mine - theirs) ** 2 for mine, theirs in both))
        value = self.value - other.value
        return Estimate(value, value - half, value + half)


def _literal(at: datetime) -> ibis.expr.types.TimestampValue:
    return ibis.literal(at.astimezone(UTC), type="timestamp('UTC')")
