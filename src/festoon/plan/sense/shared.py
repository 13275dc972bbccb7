"""Caps that campaigns share: does this one give anything that they hold?"""

from festoon.base.rewards import AssetGift
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.problems import errors_of


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Note caps on what nothing gives."""
    if errors_of(site.findings.problems):
        return
    given = gives(compiled)
    for cap in compiled.shared_caps:
        if cap.of not in given:
            site.findings.say(codes.UNUSED_CAP, f"shared_caps.{cap.name}", name=cap.name, of=cap.of)


def gives(compiled: CompiledCampaign) -> frozenset[str]:
    """The assets and the kinds of items that a campaign can give."""
    return frozenset(
        gift.asset if isinstance(gift, AssetGift) else gift.kind
        for mechanic in compiled.mechanics
        for reward, _ in mechanic.mechanic.worst_case()
        for gift in reward.every()
    )
