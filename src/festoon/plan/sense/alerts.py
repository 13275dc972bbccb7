"""Thresholds of alerts: are they shares that can be reached?"""

from decimal import Decimal

from festoon.plan import codes_plan as codes
from festoon.plan.build import Site


def check(site: Site) -> None:
    """Note the shares that are none."""
    said = site.plan.alerts
    shares = {f"budget[{index}]": share for index, share in enumerate(said.budget)}
    for name, share in {**shares, "stock": said.stock, "refusals_rise": said.refusals_rise}.items():
        if not Decimal(0) < share <= 1:
            site.findings.say(
                codes.SHARE_OUT_OF_RANGE, f"alerts.{name}", given=f"{share:.2%}", low="0%", high="100%"
            )
