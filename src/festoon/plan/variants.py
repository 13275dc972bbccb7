"""Reward lines that differ by member: by the first case that holds, or by the arm of an experiment."""

from collections.abc import Callable, Iterator
from datetime import UTC

from festoon.base.errors import Invalid
from festoon.base.expressions import Condition, Vocabulary, compile_condition
from festoon.base.rewards import AssetGift, Choice, Gift, Variant
from festoon.base.split import Split
from festoon.mechanics.giving import Giving, spec
from festoon.mechanics.reward_line import RewardLine
from festoon.plan import codes_plan as codes
from festoon.plan.compiled import CompiledMechanic
from festoon.plan.problems import suggestion
from festoon.plan.schema import Plan

Judge = Callable[[str, str], Condition]
"""Compiles a condition of the plan, which stands at a path."""
Lines = Callable[[str | list[RewardLine], str], Iterator[tuple[Gift, str]]]
"""The gifts of a reward's name or of lines, each with its path."""

CHOICES = ("first", "experiment")
"""The keys of a reward line that differs by member."""

_ALWAYS = compile_condition("True", Vocabulary({}, {}, UTC))


def unjudged(_text: str, _path: str) -> Condition:
    """For whoever looks at rewards apart from the mechanics that give them: what a condition may speak of depends on
    the mechanic."""
    return _ALWAYS


def split_of(plan: Plan, name: str) -> Split:
    """How an experiment of the plan puts members into its arms."""
    return Split(f"{plan.campaign}/{name}", tuple(plan.experiments[name].arms.items()))


def shown_by(mechanic: CompiledMechanic) -> set[str]:
    """The experiments whose arms a mechanic's rewards show, by the names of their splits."""
    return {
        gift.split.name
        for reward, _ in mechanic.mechanic.worst_case()
        for gift in reward.gifts
        if isinstance(gift, Choice) and gift.split is not None
    }


def choice(plan: Plan, line: RewardLine, path: str, lines: Lines, judge: Judge) -> Choice:
    """The variants of a line. Raises Invalid with a path of the plan as its place."""
    if line.experiment is not None:
        return _by_experiment(plan, line.experiment, line.arms or {}, path, lines)
    variants = [
        Variant(_fixed(case.give, f"{path}.first[{index}].give", lines), "", when)
        for index, case in enumerate(line.first or ())
        if (when := judge(case.when, f"{path}.first[{index}].when"))
    ]
    if not variants:
        raise Invalid(codes.EMPTY_REWARD, f"{path}.first")
    return Choice((*variants, Variant(_fixed(line.otherwise or [], f"{path}.else", lines))))


def _by_experiment(plan: Plan, name: str, arms: dict[str, Giving], path: str, lines: Lines) -> Choice:
    if name not in plan.experiments:
        known = plan.experiments
        listed = ", ".join(known) or "-"
        raise Invalid(
            codes.UNKNOWN_NAME,
            f"{path}.experiment",
            section="experiments",
            name=name,
            known=listed,
            **suggestion(name, known),
        )
    declared = plan.experiments[name].arms
    for arm in arms:
        if arm not in declared:
            raise Invalid(
                codes.UNKNOWN_NAME,
                f"{path}.arms.{arm}",
                section=f"experiments.{name}.arms",
                name=arm,
                known=", ".join(declared),
                **suggestion(arm, declared),
            )
    if missing := [arm for arm in declared if arm not in arms]:
        raise Invalid(codes.ARM_MISSING, f"{path}.arms", experiment=name, arms=", ".join(missing))
    variants = [Variant(_fixed(arms[arm], f"{path}.arms.{arm}", lines), arm) for arm in declared]
    return Choice(tuple(variants), split_of(plan, name))


def _fixed(give: Giving, path: str, lines: Lines) -> tuple[Gift, ...]:
    """What a variant gives. Amounts that are drawn belong to a draw, which shows what it drew from."""
    found = []
    for gift, at in lines(spec(give), path):
        if isinstance(gift, AssetGift) and gift.low != gift.high:
            raise Invalid(codes.VARIANT_VARIES, at, low=gift.low, high=gift.high)
        found.append(gift)
    return tuple(found)
