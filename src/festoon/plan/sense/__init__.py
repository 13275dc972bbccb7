"""Does the plan make sense? What is well written and cannot work, or will surprise.

Each module looks at one side of a plan; all of them write what they find to the site's findings.
"""

from collections.abc import Callable

from festoon.plan import risk
from festoon.plan.build import Site
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.sense import (
    alerts,
    budget,
    experiments,
    goals,
    grants,
    mechanics,
    running,
    segments,
    shared,
    things,
    times,
    typed,
)

OF_PLAN: tuple[Callable[[Site], None], ...] = (
    times.check,
    goals.check,
    running.check,
    risk.check,
    alerts.check,
)
OF_COMPILED: tuple[Callable[[Site, CompiledCampaign], None], ...] = (
    things.check,
    mechanics.check,
    typed.check,
    grants.check,
    segments.check,
    budget.check,
    experiments.check,
    shared.check,
)


def check_sense(site: Site, compiled: CompiledCampaign) -> None:
    """Note everything that does not make sense."""
    for check in OF_PLAN:
        check(site)
    for check_compiled in OF_COMPILED:
        check_compiled(site, compiled)
