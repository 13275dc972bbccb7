"""Experiments: does anything depend on them?"""

from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.problems import errors_of
from festoon.plan.variants import shown_by


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Note experiments that no reward names."""
    if errors_of(site.findings.problems):
        return
    used = {name for mechanic in compiled.mechanics for name in shown_by(mechanic)}
    for name, experiment in compiled.experiments.items():
        if experiment.split.name not in used:
            site.findings.say(codes.UNUSED_EXPERIMENT, f"experiments.{name}", name=name)
