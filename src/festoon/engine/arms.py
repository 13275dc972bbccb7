"""In which arm of an experiment a member is: by a hash of his id, or in the one that he saw first where the experiment
learns or visitors take part."""

from collections.abc import Mapping
from typing import Any

from festoon.base.learned import Policy
from festoon.base.split import Split
from festoon.engine.outcome import Sight
from festoon.engine.posting import Posting
from festoon.engine.progress import Progress
from festoon.engine.view import EventView
from festoon.plan.compiled import Experiment, Learns

ARMS = "@arms"
"""Under this name, which no mechanic can have, a member's progress keeps the arms that he has seen."""
Kept = tuple[str, Sight | None]
"""An arm that a member has seen, and how it was chosen if that was learned."""


def arm_of(posting: Posting, split: Split, view: EventView) -> str:
    """The arm of an experiment that a member is in. Where it is kept, that is the one he has seen before, or the one
    that he is in from now on."""
    name = split.name.partition("/")[2]
    experiment = posting.listener.campaign.experiments[name]
    if not experiment.keeps:
        return split.arm(view.subject)
    progress = view.person.progress_of(f"{posting.listener.campaign.campaign}/{ARMS}")
    known = kept_arm(experiment, progress)
    if experiment.learns is not None:
        return _learned(posting, experiment.learns, name, known, view)
    if known is not None:
        return known[0]
    arm = split.arm(view.subject)
    posting.seen = {**posting.seen, name: [arm]}
    return arm


def _learned(posting: Posting, learns: Learns, name: str, known: Kept | None, view: EventView) -> str:
    """The same of one that learns. How the arm was chosen is noted."""
    arm, sight = ("", None) if known is None else known
    if sight is None:
        choosing = learns.choosing
        policy = policy_at(view, choosing.name)
        context = choosing.context(view.event.data, view, view)
        arm, propensity = choosing.choose(policy, context, view.subject)
        sight = Sight(propensity, 0 if policy is None else policy.version, context)
        posting.seen = {**posting.seen, name: [arm, sight.propensity, sight.policy, sight.context]}
    posting.sights = {**posting.sights, name: sight}
    return arm


def policy_at(view: EventView, experiment: str) -> Policy | None:
    """The policy that is followed now; None before the first."""
    policies = view.program.policies.get(experiment, ())
    return next((policy for policy in policies if policy.since <= view.now), None)


def kept_arm(experiment: Experiment, progress: Progress | None) -> Kept | None:
    """The arm of an experiment that a member has seen, where that is kept; `progress` is what is kept of his arms."""
    kept: Mapping[str, Any] = {} if progress is None or progress.state is None else progress.state
    if not experiment.keeps or experiment.name not in kept:
        return None
    arm, *how = kept[experiment.name]
    if arm not in dict(experiment.split.arms):
        return None  # of an earlier experiment of that name
    return arm, Sight(*how) if how else None


def keep(posting: Posting, view: EventView) -> None:
    """From now on the member is in these arms."""
    progress = view.person.progress_to_change(f"{posting.listener.campaign.campaign}/{ARMS}")
    progress.state = {**(progress.state or {}), **posting.seen}
