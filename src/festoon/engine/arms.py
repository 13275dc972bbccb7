"""The arms of experiments that learn: chosen by the policy of the moment when a member first sees one, and kept."""

from collections.abc import Mapping
from typing import Any

from festoon.base.learned import Policy
from festoon.engine.outcome import Sight
from festoon.engine.posting import Posting
from festoon.engine.progress import Progress
from festoon.engine.view import EventView
from festoon.plan.compiled import Learns

ARMS = "@arms"
"""Under this name, which no mechanic can have, a member's progress keeps the arms that he has seen."""


def learned_arm(posting: Posting, learns: Learns, experiment: str, view: EventView) -> str:
    """The arm that a member has seen before, or the one he is in from now on. How it was chosen is noted."""
    campaign = posting.listener.campaign.campaign
    known = kept_arms(view.person.progress_of(f"{campaign}/{ARMS}")).get(experiment)
    if known is not None:
        arm, sight = known
    else:
        choosing = learns.choosing
        policy = policy_at(view, choosing.name)
        context = choosing.context(view.event.data, view, view)
        arm, propensity = choosing.choose(policy, context, view.subject)
        sight = Sight(propensity, 0 if policy is None else policy.version, context)
    posting.sights = {**posting.sights, experiment: sight}
    return arm


def policy_at(view: EventView, experiment: str) -> Policy | None:
    """The policy that is followed now; None before the first."""
    policies = view.program.policies.get(experiment, ())
    return next((policy for policy in policies if policy.since <= view.now), None)


def kept_arms(progress: Progress | None) -> dict[str, tuple[str, Sight]]:
    """The arms that a member has seen, by experiment, and how each was chosen."""
    kept: Mapping[str, Any] = {} if progress is None or progress.state is None else progress.state
    return {experiment: (arm, Sight(*how)) for experiment, (arm, *how) in kept.items()}


def keep(posting: Posting, view: EventView) -> None:
    """From now on the member is in these arms."""
    key = f"{posting.listener.campaign.campaign}/{ARMS}"
    known = kept_arms(view.person.progress_of(key))
    seen = {
        experiment: [posting.variants[experiment], sight.propensity, sight.policy, sight.context]
        for experiment, sight in posting.sights.items()
        if experiment not in known
    }
    if seen:
        progress = view.person.progress_to_change(key)
        progress.state = {**(progress.state or {}), **seen}
