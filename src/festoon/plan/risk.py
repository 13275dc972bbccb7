"""Risk (风控): what makes a member doubtful, how much, and who is let in or kept out whatever he does.

Rules give points, thresholds name how many are too many, and each mechanic says what then happens (`at_risk`).
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from festoon.base.expressions import BOOL, INT, ExpressionError, FieldType, Vocabulary, compile_condition
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.compiled import Risk, RiskList, RiskRule
from festoon.plan.problems import suggestion
from festoon.plan.risk_plan import Listed, RiskPlan
from festoon.plan.schema import MechanicPlan
from festoon.plan.segments import segment_names
from festoon.plan.words import vocabulary

SIGNALS: Mapping[str, FieldType] = {
    "account_hours": INT.maybe(),
    "device_members": INT,
    "address_members": INT,
    "events_minute": INT,
    "events_hour": INT,
    "invited": INT,
    "invited_together": INT,
    "invited_back": BOOL,
    "invite_devices": INT,
}
"""What risk rules may ask of a member besides what every condition may: `member.device_members`."""

Step = tuple[int, Literal["refuse", "hold", "allow"]]
"""From so many points on, what happens."""


def compiled_risk(site: Site) -> Risk | None:
    """The risk part of a plan; None when it has none. What is wrong in it is noted."""
    plan = site.plan.risk
    if plan is None:
        return None
    rules = tuple(_rules(site, plan))
    asks = frozenset(name.removeprefix("member.") for rule in rules for name in rule.when.reads)
    _check_lists(site, plan)
    lapse = plan.lapse
    return Risk(
        rules=rules,
        days=plan.within_days,
        block=RiskList(frozenset(plan.block.members), plan.block.segments),
        allow=RiskList(frozenset(plan.allow.members), plan.allow.segments),
        lapse_days=None if lapse is None else lapse.days,
        then="void" if lapse is None else lapse.then,
        asks=asks & SIGNALS.keys(),
    )


def _rules(site: Site, plan: RiskPlan) -> Iterator[RiskRule]:
    common = vocabulary(site.plan, (), site.zone)
    fields = {**common.fields, **{f"member.{name}": type for name, type in SIGNALS.items()}}
    known = Vocabulary(fields, common.functions, site.zone)
    for id, rule in plan.rules.items():
        try:
            yield RiskRule(id, rule.points, compile_condition(rule.when, known))
        except ExpressionError as wrong:
            site.findings.caught(wrong, f"risk.rules.{id}.when")


def _check_lists(site: Site, plan: RiskPlan) -> None:
    for name, listed in (("block", plan.block), ("allow", plan.allow)):
        _check_segments(site, f"risk.{name}.segments", listed)


def _check_segments(site: Site, path: str, listed: Listed) -> None:
    known = segment_names(site.plan.segments)
    for index, segment in enumerate(listed.segments):
        if segment not in known:
            listing = ", ".join(known) or "-"
            near = suggestion(segment, known)
            site.findings.say(
                codes.UNKNOWN_NAME,
                f"{path}[{index}]",
                section="segments",
                name=segment,
                known=listing,
                **near,
            )


def steps(site: Site, id: str, mechanic: MechanicPlan) -> tuple[Step, ...]:
    """What a mechanic does from how many points on, highest first. Thresholds that are not declared are noted."""
    plan = site.plan.risk
    found: list[Step] = []
    known = {} if plan is None else plan.thresholds
    for name, action in mechanic.at_risk.items():
        if name in known:
            found.append((known[name], action))
            continue
        near = suggestion(name, known)
        listing = ", ".join(known) or "-"
        site.findings.say(
            codes.UNKNOWN_NAME,
            f"mechanics.{id}.at_risk.{name}",
            section="risk.thresholds",
            name=name,
            known=listing,
            **near,
        )
    return tuple(sorted(found, reverse=True))


def check(site: Site) -> None:
    """Note thresholds that nobody can reach, and rules that change nothing."""
    plan = site.plan.risk
    if plan is None:
        return
    most = sum(rule.points for rule in plan.rules.values())
    for name, at in plan.thresholds.items():
        if at > most:
            site.findings.say(codes.RISK_OUT_OF_REACH, f"risk.thresholds.{name}", name=name, at=at, most=most)
    if plan.rules and not any(mechanic.at_risk for mechanic in site.plan.mechanics.values()):
        site.findings.say(codes.RISK_UNUSED, "risk.rules")
