"""Mechanics that listen to what others give: does what they give in turn come back to them?"""

from collections.abc import Iterator, Mapping

from festoon.base.expressions.tree import Among, Compare, Const, Logic, Node, Not, Read, Value
from festoon.base.rewards import AssetGift, Gift
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.circles import circles
from festoon.plan.compiled import CompiledCampaign, CompiledMechanic

GRANTED = "reward.granted"
Known = Mapping[str, Value]
"""What is known of a grant before there is one, by field."""


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Refuse a circle of mechanics each of which may be set off by what the one before gives."""
    hearing = [each for each in compiled.mechanics if GRANTED in each.types]
    brings = {
        giver.id: [
            each.id for each in hearing if any(_may_hear(each, grant) for grant in _grants(compiled, giver))
        ]
        for giver in hearing
    }
    for circle in circles(brings):
        site.findings.say(codes.GRANTS_CIRCLE, f"mechanics.{circle[0]}", circle=" → ".join(circle))


def _grants(compiled: CompiledCampaign, giver: CompiledMechanic) -> Iterator[Known]:
    """What a mechanic may be told to have given."""
    who: Known = {"event.campaign": compiled.campaign, "event.mechanic": giver.id}
    for reward, _ in giver.mechanic.worst_case():
        for gift in reward.every():
            kind, name = _named(gift, compiled.campaign)
            yield {**who, "event.kind": kind, "event.reward": name}
    if giver.mechanic.reaches:
        yield {**who, "event.kind": giver.mechanic.reaches}


def _named(gift: Gift, campaign: str) -> tuple[str, str]:
    kind, ref = ("asset", gift.asset) if isinstance(gift, AssetGift) else (gift.kind, gift.ref)
    name = ref.removeprefix(f"{campaign}/")
    return ("chances", name.removeprefix("chances/")) if name.startswith("chances/") else (kind, name)


def _may_hear(listener: CompiledMechanic, grant: Known) -> bool:
    """Whether its condition may hold of a grant of its own campaign."""
    return listener.when is None or _holds(listener.when.tree, grant) is not False


def _holds(node: Node, grant: Known) -> bool | None:
    """Whether a condition holds of what is known; None when that depends on something else."""
    if isinstance(node, Const):
        return bool(node.value)
    if isinstance(node, Not):
        inner = _holds(node.of, grant)
        return None if inner is None else not inner
    if isinstance(node, Logic):
        return _all_of(node, grant)
    if isinstance(node, Compare):
        return _compared(node, grant)
    if isinstance(node, Among) and (value := _value(node.of, grant)) is not None:
        return (value in node.options) is (node.operator == "in")
    return None


def _all_of(node: Logic, grant: Known) -> bool | None:
    decides = node.operator == "or"
    parts = [_holds(part, grant) for part in node.parts]
    if decides in parts:
        return decides
    return None if None in parts else not decides


def _compared(node: Compare, grant: Known) -> bool | None:
    values = [_value(part, grant) for part in node.operands]
    if len(values) != 2 or None in values or node.operators[0] not in ("==", "!="):
        return None
    return (values[0] == values[1]) is (node.operators[0] == "==")


def _value(node: Node, grant: Known) -> Value | None:
    if isinstance(node, Const):
        return node.value
    return grant.get(node.name) if isinstance(node, Read) and not node.path else None
