"""Segments: can anybody be in them?"""

from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.sense.mechanics import never_holds
from festoon.plan.words import is_known


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Note conditions that never hold, and absence from events that nobody knows."""
    for segment in compiled.segments:
        within = f"segments.{segment.name}"
        if segment.when is not None and never_holds(segment.when):
            site.findings.say(codes.NEVER_HOLDS, f"{within}.when")
        for type_ in segment.away.types if segment.away is not None else ():
            if not is_known(site.plan, type_):
                site.findings.say(codes.UNKNOWN_EVENT_TYPE, f"{within}.absent.without", type=type_)
