"""From how an experiment learns, as a plan says it, to what chooses arms and what their success is read off."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from festoon.base.errors import Invalid
from festoon.base.expressions import Condition, ExpressionError, Vocabulary, compile_condition
from festoon.base.learned import OTHERS, PARTS, Learned, floored
from festoon.plan import codes_learning
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.compiled import CompiledMechanic, Experiment, Learns
from festoon.plan.learning_plan import Learning
from festoon.plan.rhythm import rhythm
from festoon.plan.values import texts
from festoon.plan.variants import shown_by, split_of
from festoon.plan.words import is_known, success_vocabulary, vocabulary

_TITLE_OF_OTHERS = {"en": "all others", "zh-Hans": "其余会员", "zh-Hant": "其餘會員"}


def experiments(site: Site, mechanics: Iterable[CompiledMechanic]) -> dict[str, Experiment]:
    """The plan's experiments; what is wrong with how one learns goes to the site's findings."""
    plan = site.plan
    to_visitors = {name for each in mechanics if each.everyone for name in shown_by(each)}
    return {
        name: Experiment(
            name,
            texts(said.title, name),
            split_of(plan, name),
            None if said.learns is None else _learns(site, name, said.learns),
            keeps=said.learns is not None or f"{plan.campaign}/{name}" in to_visitors,
        )
        for name, said in plan.experiments.items()
    }


def _learns(site: Site, name: str, said: Learning) -> Learns | None:
    path = f"experiments.{name}.learns"
    types = (said.success.on,) if isinstance(said.success.on, str) else tuple(said.success.on)
    for type_ in types:
        if not is_known(site.plan, type_):
            site.findings.say(codes.UNKNOWN_EVENT_TYPE, f"{path}.success.on", type=type_)
    within = timedelta(days=int(said.success.within.partition(" ")[0]))
    if within >= site.schedule.settle - site.schedule.start:
        site.findings.say(codes_learning.LEARNS_TOO_LATE, f"{path}.success.within")
    when = said.success.when
    arms = site.plan.experiments[name].arms
    floor = _floor(site, said, len(arms), f"{path}.floor")
    if floor is None:
        return None
    try:
        again = rhythm(said.refresh, f"{path}.refresh")
    except Invalid as wrong:
        site.findings.caught(wrong, "")
        return None
    whole = sum(arms.values())
    first = floored([weight / whole for weight in arms.values()], floor)
    choosing = Learned(
        f"{site.plan.campaign}/{name}",
        tuple(_contexts(site, said, f"{path}.contexts")),
        tuple(zip(arms, first, strict=True)),
    )
    known = success_vocabulary(site.plan, types, site.zone)
    return Learns(
        choosing=choosing,
        types=types,
        when=None if when is None else _condition(site, when, known, f"{path}.success.when"),
        within=within,
        floor=floor,
        rhythm=again,
        titles={
            **{context: texts(each.title, context) for context, each in said.contexts.items()},
            OTHERS: _TITLE_OF_OTHERS,
        },
    )


def _floor(site: Site, said: Learning, arms: int, path: str) -> int | None:
    """The least propensity of an arm; None when there can be none such."""
    floor = int(said.floor * PARTS)
    if not PARTS // 100 <= floor <= PARTS or floor != said.floor * PARTS:
        site.findings.say(codes.SHARE_OUT_OF_RANGE, path, given=f"{said.floor:.2%}", low="1%", high="100%")
        return None
    if floor * arms > PARTS:
        site.findings.say(codes_learning.FLOORS_OVER_ALL, path, count=arms, floor=f"{said.floor:.2%}")
        return None
    return floor


def _contexts(site: Site, said: Learning, path: str) -> Iterator[tuple[str, Condition]]:
    known = vocabulary(site.plan, (), site.zone)
    for name, context in said.contexts.items():
        found = _condition(site, context.when, known, f"{path}.{name}.when")
        if found is not None:
            yield name, found


def _condition(site: Site, text: str, known: Vocabulary, path: str) -> Condition | None:
    try:
        return compile_condition(text, known)
    except ExpressionError as wrong:
        site.findings.caught(wrong, path)
        return None
