"""Experiments: does anything depend on them?"""

from festoon.base.rewards import Choice
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.problems import errors_of


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Note experiments that no reward names."""
    if errors_of(site.findings.problems):
        return
    used = {
        gift.split.name
        for mechanic in compiled.mechanics
        for reward, _ in mechanic.mechanic.worst_case()
        for gift in reward.gifts
        if isinstance(gift, Choice) and gift.split is not None
    }
    for name, experiment in compiled.experiments.items():
        if experiment.split.name not in used:
            site.findings.say(codes.UNUSED_EXPERIMENT, f"experiments.{name}", name=name)
