"""What the mechanics of a plan can give: which things, by which of its rewards, and what the arms of an experiment do
to it."""

from collections.abc import Iterator

from msgspec import Struct

from festoon.base.errors import Invalid
from festoon.base.rewards import AssetGift, Choice, Gift
from festoon.plan.catalogue import Catalogue
from festoon.plan.compiled import CompiledCampaign, Experiment
from festoon.plan.schema import Plan

Thing = tuple[str, str]
"""Kind and ref, as outcomes name what they give."""


class Tried(Struct, frozen=True):
    """A thing of which some arms of an experiment give more than the others, which give the least of it or none."""

    experiment: Experiment
    more: frozenset[str]
    less: frozenset[str]


def thing_of(gift: Gift) -> Thing:
    return ("asset", gift.asset) if isinstance(gift, AssetGift) else (gift.kind, gift.ref)


def offered(plan: Plan, campaign: CompiledCampaign) -> dict[Thing, dict[str, tuple[str, ...]]]:
    """Everything that can be given but chances: by thing, the mechanics that can, with the plan's named rewards."""
    chances = f"{campaign.campaign}/chances/"
    named = _named(plan)
    found: dict[Thing, dict[str, set[str]]] = {}
    for each in campaign.mechanics:
        for reward, _ in each.mechanic.worst_case():
            for gift in reward.every():
                thing = thing_of(gift)
                if not thing[1].startswith(chances):
                    names = found.setdefault(thing, {}).setdefault(each.id, set())
                    names |= {reward.name} if thing in named.get(reward.name, ()) else set()
    return {
        thing: {mechanic: tuple(sorted(names)) for mechanic, names in by.items()}
        for thing, by in found.items()
    }


def paying(campaign: CompiledCampaign) -> frozenset[str]:
    """The budget lines that pay for what can be given. Others are for work and promotion, and are spent elsewhere."""
    gifts = (
        gift
        for each in campaign.mechanics
        for reward, _ in each.mechanic.worst_case()
        for gift in reward.every()
    )
    lines = {gift.cost.line for gift in gifts if gift.cost.line}
    return frozenset(line.name for line in campaign.lines.values() if line.account in lines)


def _named(plan: Plan) -> dict[str, frozenset[Thing]]:
    """The things in each named reward."""
    catalogue, found = Catalogue(plan), {}
    for name in plan.rewards:
        try:
            found[name] = frozenset(map(thing_of, catalogue.reward(name, "").every()))
        except Invalid:
            continue  # nobody gives it, or the plan would not have compiled
    return found


def tried(campaign: CompiledCampaign) -> dict[Thing, Tried]:
    """The things that an experiment is about. Of several mechanics that try the same, the first. Experiments that learn
    are none of these: how members came into their arms changed with what was learned, so that arms are not sides."""
    experiments = {each.split.name: each for each in campaign.experiments.values() if each.learns is None}
    found: dict[Thing, Tried] = {}
    for each in campaign.mechanics:
        for reward, _ in each.mechanic.worst_case():
            for gift in reward.gifts:
                if isinstance(gift, Choice) and gift.split is not None and gift.split.name in experiments:
                    for thing, made in _arms(gift, experiments[gift.split.name]):
                        found.setdefault(thing, made)
    return found


def _arms(choice: Choice, experiment: Experiment) -> Iterator[tuple[Thing, Tried]]:
    amounts: dict[Thing, dict[str, int]] = {}
    for variant in choice.variants:
        for gift in variant.gifts:
            by_arm = amounts.setdefault(thing_of(gift), {})
            by_arm[variant.arm] = by_arm.get(variant.arm, 0) + _units(gift)
    arms = [variant.arm for variant in choice.variants]
    for thing, by_arm in amounts.items():
        least = min(by_arm.get(arm, 0) for arm in arms)
        less = frozenset(arm for arm in arms if by_arm.get(arm, 0) == least)
        more = frozenset(arms) - less
        if more:
            yield thing, Tried(experiment, more, less)


def _units(gift: Gift) -> int:
    return gift.low + gift.high if isinstance(gift, AssetGift) else 2 * gift.count
