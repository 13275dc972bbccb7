"""From a plan to what the engine runs: names resolved, conditions compiled, accounts with their openings."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from festoon.base.calendar import WEEKDAYS
from festoon.base.channels import CHANNELS
from festoon.base.errors import FestoonError, Invalid
from festoon.base.expressions import Condition, ExpressionError, compile_condition
from festoon.base.rewards import FREE, Cost
from festoon.mechanics.base import Mechanic
from festoon.mechanics.limits import Cap
from festoon.mechanics.registry import kind
from festoon.members.profile import segment_key
from festoon.plan import codes_plan as codes
from festoon.plan.accounts import quota_account, shared_accounts
from festoon.plan.build import PlanBuild, Site
from festoon.plan.catalogue import BUILT_IN, SECTIONS, Catalogue
from festoon.plan.compiled import Asset, CompiledCampaign, CompiledMechanic, Consent, Schedule, SharedCap
from festoon.plan.learning import experiments
from festoon.plan.moments import calendar_of, schedule_of
from festoon.plan.money import CURRENCIES
from festoon.plan.places import Findings, Places
from festoon.plan.problems import PlanInvalid, errors_of, suggestion
from festoon.plan.risk import compiled_risk, steps
from festoon.plan.rollout import rollout
from festoon.plan.schema import Budget, MechanicPlan, Plan
from festoon.plan.segment_compile import compiled_segments
from festoon.plan.things import OwnAsset
from festoon.plan.values import texts
from festoon.plan.words import declared_type, vocabulary

_TITLES = {
    "points": {"en": "points", "zh-Hans": "积分", "zh-Hant": "積分"},
    "growth": {"en": "growth", "zh-Hans": "成长值", "zh-Hant": "成長值"},
}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_STAND_IN = Schedule(_EPOCH, _EPOCH, _EPOCH, _EPOCH, _EPOCH)


def compile_plan(plan: Plan, *, version: int = 1, places: Places | None = None) -> CompiledCampaign:
    """The plan, ready to run. Raises PlanInvalid with every name, condition and amount that does not resolve.

    `places` says where each path stands in the plan's text, when there is one.
    """
    site = make_site(plan, Findings(places))
    compiled = compiled_as_far(site, version)
    if errors_of(site.findings.problems):
        raise PlanInvalid(site.findings.problems)
    return compiled


def compiled_as_far(site: Site, version: int) -> CompiledCampaign:
    """The sound part of a plan, compiled; what is wrong goes to the site's findings."""
    plan = site.plan
    made: list[CompiledMechanic] = []
    stocks: dict[str, int] = {}
    waiting: set[str] = set()
    for id, mechanic in site.plan.mechanics.items():
        if (built := _mechanic(site, id, mechanic)) is not None:
            made.append(built[0])
            stocks |= built[1]
            if built[0].mechanic.sets_aside or any(action == "hold" for _, action in built[0].at_risk):
                waiting |= {*built[1], built[0].quota, *(key for key, _, _ in site.catalogue.stocks())}
    quotas = {each.quota: each.limits.total or 0 for each in made if each.quota}
    assets = {asset.code: asset for asset in _assets(site)}
    segments = compiled_segments(site)
    return CompiledCampaign(
        campaign=plan.campaign,
        version=version,
        title=texts(plan.title),
        zone=site.zone,
        schedule=site.schedule,
        audience=_audience(site),
        holdout=holdout(site),
        salt=plan.campaign,
        mechanics=tuple(each for each in made if not each.mechanic.modifies),
        modifiers=tuple(each for each in made if each.mechanic.modifies),
        assets=assets,
        shared=shared_accounts(site.catalogue, assets, stocks, quotas, sorted(waiting - {""})),
        randomness={
            each.id: str(each.mechanic.params.randomness)
            for each in made
            if hasattr(each.mechanic.params, "randomness")
        },
        currency=site.catalogue.currency,
        lines=site.catalogue.lines,
        things=_things(site),
        wearing=plan.wearing,
        consents=tuple(_consents(plan)),
        segments=segments,
        segment_keys={name: segment_key(plan.campaign, name) for each in segments for name in each.names},
        events=tuple(declared_type(plan, name) for name in plan.events),
        experiments=experiments(site, made),
        risk=compiled_risk(site),
        shared_caps=tuple(_shared_caps(site)),
        rollout=rollout(site),
        group="" if plan.exclusive is None else plan.exclusive.group,
        alerts=plan.alerts,
        kinds={each.mechanic.kind: each.mechanic.version for each in made},
    )


def _consents(plan: Plan) -> Iterator[Consent]:
    for channel, said in plan.consents.items():
        title = (
            texts(said.title)
            if said.title
            else dict(CHANNELS.get(channel, {"en": channel, "zh-Hans": channel}))
        )
        yield Consent(channel, title, texts(said.text) if said.text else {}, said.wording)


def make_site(plan: Plan, findings: Findings) -> Site:
    """What the mechanics are built with. Stand-ins for a wrong zone or dates let the rest be checked."""
    zone = _zone(plan.timezone, findings, "timezone")
    schedule, calendar = _STAND_IN, WEEKDAYS
    try:
        schedule = schedule_of(plan.schedule, zone)
    except Invalid as wrong:
        findings.caught(wrong, "")
    try:
        calendar = calendar_of(plan.calendar)
    except Invalid as wrong:
        findings.caught(wrong, "")
    catalogue = _catalogue(plan, findings)
    return Site(catalogue.plan, zone, schedule, calendar, catalogue, findings)


def _zone(name: str, findings: Findings, path: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (
        ValueError,
        OSError,
    ):  # ZoneInfoNotFoundError is a KeyError; a path or a directory is one of these
        pass
    except KeyError:
        pass
    findings.say(codes.UNKNOWN_ZONE, path, zone=name)
    return ZoneInfo("UTC")


def _catalogue(plan: Plan, findings: Findings) -> Catalogue:
    budget = plan.budget
    if budget.currency not in CURRENCIES:
        findings.say(codes.UNKNOWN_CURRENCY, "budget.currency", currency=budget.currency)
        budget = replace(budget, currency="CNY")
    sound: dict[str, Any] = {}
    for name, line in budget.lines.items():
        try:
            Catalogue(replace(plan, budget=Budget(currency=budget.currency, lines={name: line})))
        except Invalid as wrong:
            findings.caught(wrong, "")
            line = Decimal(0)
        sound[name] = line
    return Catalogue(replace(plan, budget=replace(budget, lines=sound)))


def _fields(build: PlanBuild, mechanic: Mechanic) -> frozenset[str] | None:
    """The fields of event data that a mechanic looks at: those its expressions read, and its own."""
    own = mechanic.fields()
    read = {name.removeprefix("event.") for name in build.reads if name.startswith("event.")}
    return None if own is None else own | read


def _mechanic(site: Site, id: str, plan: MechanicPlan) -> tuple[CompiledMechanic, Mapping[str, int]] | None:
    """One mechanic with the stock it asks for; None when something in it is wrong, which is then noted."""
    cls, before = kind(plan.kind), len(errors_of(site.findings.problems))
    types, beside = cls.listens(plan.params), cls.beside(plan.params)
    build = PlanBuild(site, id, tuple(type for type in types if type not in beside))
    when = build.condition(plan.when, "when") if plan.when is not None else None
    caps = _caps(site, id, plan)
    try:
        mechanic = cls(plan.params, build)
    except FestoonError as wrong:
        site.findings.caught(wrong, build.within)
        return None
    if len(errors_of(site.findings.problems)) > before:
        return None
    if when is not None and beside:
        others = ", ".join(f'"{type}"' for type in beside)
        when = build.condition(f"event.type in ({others},) or ({plan.when})", "when")
    campaign = site.plan.campaign
    quota = quota_account(campaign, id) if plan.limits.total is not None else ""
    made = CompiledMechanic(
        id=id,
        key=f"{campaign}/{id}",
        mechanic=mechanic,
        types=types,
        when=when,
        limits=plan.limits,
        caps=caps,
        short=plan.short,
        quota=quota,
        title=texts(plan.title, id),
        fields=_fields(build, mechanic),
        beside=beside,
        everyone=plan.who == "everyone",
        at_risk=steps(site, id, plan),
        merged=plan.merged,
    )
    return made, {**build.stocks, **mechanic.stocks()}


def _caps(site: Site, id: str, plan: MechanicPlan) -> dict[str, Cap]:
    """The caps by the code of their asset."""
    caps: dict[str, Cap] = {}
    for code, cap in plan.caps.items():
        try:
            caps[site.catalogue.asset(code, f"mechanics.{id}.caps.{code}")] = cap
        except Invalid as wrong:
            site.findings.caught(wrong, "")
    return caps


def _shared_caps(site: Site) -> Iterator[SharedCap]:
    known = (*BUILT_IN, site.catalogue.currency, *SECTIONS)
    for name, cap in site.plan.shared_caps.items():
        path = f"shared_caps.{name}"
        if cap.of not in known:
            listed = ", ".join(known)
            site.findings.say(
                codes.NOT_SHARED, f"{path}.of", of=cap.of, known=listed, **suggestion(cap.of, known)
            )
        zone = _zone(cap.timezone, site.findings, f"{path}.timezone") if cap.timezone else site.zone
        yield SharedCap(name, cap.of, cap.amount, cap.per, cap.over, zone, cap.taken_back == "frees")


def _audience(site: Site) -> Condition | None:
    when = site.plan.audience.when
    if when is None:
        return None
    try:
        return compile_condition(when, vocabulary(site.plan, (), site.zone))
    except ExpressionError as wrong:
        site.findings.caught(wrong, "audience.when")
        return None


def holdout(site: Site) -> int:
    """The hold-out as members per ten thousand. At most half may be held out."""
    share = site.plan.audience.holdout or Decimal(0)
    if not 0 <= share <= Decimal("0.5") or share * 10_000 != int(share * 10_000):
        site.findings.say(
            codes.SHARE_OUT_OF_RANGE, "audience.holdout", given=f"{share:f}", low="0%", high="50%"
        )
        return 0
    return int(share * 10_000)


def _assets(site: Site) -> list[Asset]:
    """The built-in assets, money, the plan's own, and the chances that are counted."""
    plan, catalogue = site.plan, site.catalogue
    found = [
        Asset(
            code,
            texts(own.title) if (own := plan.assets.get(code, OwnAsset())).title else _TITLES[code],
            0,
            lasts(own),
            own.adjust_alone,
            _cost(site, code),
        )
        for code in BUILT_IN
    ]
    currency = catalogue.currency
    found.append(Asset(currency, texts(currency), CURRENCIES[currency]))
    for name, own in plan.assets.items():
        if name not in BUILT_IN:
            found.append(
                Asset(
                    f"{plan.campaign}/{name}", texts(own.title, name), own.scale, lasts(own), own.adjust_alone,
                    _cost(site, name),
                )
            )  # fmt: skip
    for mechanic in sorted(catalogue.chances_used):
        title = plan.mechanics[mechanic].title
        found.append(Asset(catalogue.chances(mechanic), texts(title, mechanic)))
    return found


def _cost(site: Site, code: str) -> Cost:
    """What one smallest unit costs. A mistake in it is found where it is given."""
    try:
        return site.catalogue.worth(code)[0]
    except Invalid:
        return FREE


def lasts(own: OwnAsset) -> bool:
    """Whether what is given of an asset lapses one day."""
    return own.expires != OwnAsset().expires


def _things(site: Site) -> dict[str, Any]:
    found = {}
    for of, name in site.catalogue.names():
        try:
            thing = site.catalogue.thing(of, name)
            found[f"{of}:{thing.ref}"] = thing
        except Invalid as wrong:
            site.findings.caught(wrong, "")
    return found
