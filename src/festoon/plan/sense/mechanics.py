"""Mechanics: can anybody reach them, and do their limits and caps hold anything?"""

from collections.abc import Iterator
from typing import Any

from festoon.base.expressions import Condition
from festoon.base.expressions.tree import Const
from festoon.base.rewards import AssetGift
from festoon.mechanics.registry import kind
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site, waits_for
from festoon.plan.catalogue import plays_for_chances
from festoon.plan.circles import circles
from festoon.plan.codes_pending import PENDING_WATCHED
from festoon.plan.compiled import CompiledCampaign, CompiledMechanic
from festoon.plan.words import is_known


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Note mechanics that nobody can reach, and what holds nothing."""
    if not site.plan.mechanics:
        site.findings.say(codes.NO_MECHANICS, "mechanics")
    every = (*compiled.mechanics, *compiled.modifiers)
    for mechanic in every:
        within = f"mechanics.{mechanic.id}"
        for type in mechanic.types:
            if not is_known(site.plan, type):
                site.findings.say(codes.UNKNOWN_EVENT_TYPE, f"{within}.on", type=type)
        if mechanic.when is not None and never_holds(mechanic.when):
            site.findings.say(codes.NEVER_HOLDS, f"{within}.when")
        _sets(site, mechanic, within)
        _appointments(site, mechanic, within)
        _limits(site, mechanic)
        _caps(site, mechanic, within)
    if compiled.audience is not None and never_holds(compiled.audience):
        site.findings.say(codes.NEVER_HOLDS, "audience.when")
    _chances(site, every)
    _order(site, compiled.mechanics)
    _pending(site, compiled.mechanics)
    waiting = {id: waits_for(plan.params) for id, plan in site.plan.mechanics.items()}
    for circle in circles(waiting):
        site.findings.say(codes.AFTER_CIRCLE, f"mechanics.{circle[0]}.after", circle=" → ".join(circle))


def _sets(site: Site, mechanic: CompiledMechanic, within: str) -> None:
    """A set hears of what its tasks tell it, and of nothing else."""
    named = getattr(mechanic.mechanic.params, "tasks", ())
    for index, task in enumerate(named):
        other = site.plan.mechanics.get(task)
        if other is not None and not kind(other.kind).tells:
            site.findings.say(codes.NOT_A_TASK, f"{within}.tasks[{index}]", name=task, kind=other.kind)


def _appointments(site: Site, mechanic: CompiledMechanic, within: str) -> None:
    """What is done at a set time is done before the campaign is settled: later there is no seed for it."""
    last = max(mechanic.mechanic.appointments().values(), default=None)
    settle = site.schedule.settle
    if last is not None and last >= settle:
        due, until = (at.astimezone(site.zone).isoformat(timespec="minutes") for at in (last, settle))
        site.findings.say(codes.APPOINTMENT_TOO_LATE, within, mechanic=mechanic.id, due=due, settle=until)


def never_holds(condition: Condition) -> bool:
    """Whether a condition is plainly never true: written out as false, or two values wanted of one field."""
    if isinstance(condition.tree, Const) and not condition.tree.value:
        return True
    wanted: dict[str, str | int] = {}
    return any(wanted.setdefault(name, value) != value for name, value in condition.equalities)


def _limits(site: Site, mechanic: CompiledMechanic) -> None:
    if mechanic.merged == "take_back" and mechanic.limits.per_member is None:
        site.findings.say(codes.MERGED_NEEDS_LIMIT, f"mechanics.{mechanic.id}.merged", mechanic=mechanic.id)
    for name in mechanic.limits.__struct_fields__:
        limit = getattr(mechanic.limits, name)
        if limit is not None and limit <= 0:
            site.findings.say(codes.LIMIT_ZERO, f"mechanics.{mechanic.id}.limits.{name}", limit=limit)
    for code, cap in site.plan.mechanics[mechanic.id].caps.items():
        if cap.amount <= 0:
            site.findings.say(
                codes.LIMIT_ZERO, f"mechanics.{mechanic.id}.caps.{code}.amount", limit=cap.amount
            )


def _caps(site: Site, mechanic: CompiledMechanic, within: str) -> None:
    given = set(_assets_of(mechanic))
    for code in site.plan.mechanics[mechanic.id].caps:
        if site.catalogue.asset(code) not in given:
            site.findings.say(codes.UNKNOWN_CAP, f"{within}.caps.{code}", mechanic=mechanic.id, asset=code)


def _order(site: Site, every: tuple[CompiledMechanic, ...]) -> None:
    """What looks at a balance does so after the mechanics above it."""
    for index, mechanic in enumerate(every):
        asset = mechanic.mechanic.watches()
        late = (other for other in every[index + 1 :] if asset in _assets_of(other))
        looks = set(mechanic.types) - set(mechanic.beside)
        giver = next((other for other in late if looks & set(other.types)), None)
        if asset and giver is not None:
            said = {"mechanic": mechanic.id, "giver": giver.id, "asset": asset}
            site.findings.say(codes.STANDS_ABOVE, f"mechanics.{mechanic.id}", **said)


def _pending(site: Site, every: tuple[CompiledMechanic, ...]) -> None:
    """What is pending becomes a balance by a timer, at which nobody looks."""
    for watcher in every:
        asset = watcher.mechanic.watches()
        for giver in every if asset else ():
            if any(gift.waits and gift.asset == asset for gift in _amounts_of(giver)):
                said = {"mechanic": watcher.id, "asset": asset}
                site.findings.say(PENDING_WATCHED, f"mechanics.{giver.id}", **said)


def _chances(site: Site, every: tuple[CompiledMechanic, ...]) -> None:
    given = {asset for mechanic in every for asset in _assets_of(mechanic)}
    for mechanic in every:
        params = mechanic.mechanic.params
        if not plays_for_chances(params) or _come_by_themselves(getattr(params, "chances", None)):
            continue
        tickets = getattr(params, "tickets", None)
        wanted = site.catalogue.asset(tickets) if tickets else site.catalogue.chances(mechanic.id)
        if wanted not in given:
            site.findings.say(codes.NOBODY_GRANTS, f"mechanics.{mechanic.id}", mechanic=mechanic.id)


def _come_by_themselves(chances: Any) -> bool:
    """Whether chances are free or for sale."""
    return chances is not None and (chances.free is not None or chances.bought is not None)


def _assets_of(mechanic: CompiledMechanic) -> Iterator[str]:
    return (gift.asset for gift in _amounts_of(mechanic))


def _amounts_of(mechanic: CompiledMechanic) -> Iterator[AssetGift]:
    for reward, _ in mechanic.mechanic.worst_case():
        yield from (gift for gift in reward.every() if isinstance(gift, AssetGift))
