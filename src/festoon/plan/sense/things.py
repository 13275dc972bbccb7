"""What is declared: event types, attributes, coupons and stock; and whether anybody ever gets it."""

from decimal import Decimal

from festoon.base.code_pattern import checked
from festoon.base.errors import Invalid
from festoon.base.rewards import ItemGift
from festoon.members.consents import SAID
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.catalogue import BUILT_IN, SECTIONS
from festoon.plan.codes_pending import WORN_NOWHERE
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.decode import shown
from festoon.plan.money import minor
from festoon.plan.problems import errors_of
from festoon.plan.things import Coupon
from festoon.plan.variants import unjudged
from festoon.plan.words import PROFILE, event_mistakes

RESERVED = "festoon"
"""The campaign under which standing rules stand in outcomes, and what campaigns share in progress."""


def _wearing(site: Site, compiled: CompiledCampaign) -> None:
    """A place where nothing is worn is most often another spelling of one."""
    known = {each.wear for each in compiled.things.values()} - {""}
    for place in site.plan.wearing:
        if place not in known:
            listed = ", ".join(sorted(known)) or "-"
            site.findings.say(WORN_NOWHERE, f"wearing.{place}", place=place, known=listed)


def check(site: Site, compiled: CompiledCampaign) -> None:
    """Note declarations that contradict themselves, and things that nothing gives."""
    _names(site)
    for name, coupon in site.plan.coupons.items():
        _coupon(site, name, coupon)
    for name, item in site.plan.items.items():
        if item.edition is not None and item.stock not in (None, item.edition):
            path = f"items.{name}.stock"
            site.findings.say(codes.EDITION_AND_STOCK, path, edition=item.edition, stock=item.stock)
    for section in ("coupons", "gifts"):
        for name, thing in getattr(site.plan, section).items():
            if thing.line is None and not thing.cost:
                site.findings.say(codes.STOCK_WITHOUT_LINE, f"{section}.{name}", name=name)
    _wearing(site, compiled)
    _rewards(site)
    if not errors_of(site.findings.problems):
        _never_given(site, compiled)


def _names(site: Site) -> None:
    plan, findings = site.plan, site.findings
    if plan.campaign == RESERVED:
        findings.say(codes.NAME_TAKEN, "campaign", name=plan.campaign)
    for name in plan.events:
        for wrong in event_mistakes(plan, name):
            within = ("events", name, "data") if wrong.place else ("events", name)
            findings.caught(wrong, shown(within))
    for name in plan.attributes:
        if name in PROFILE or name == SAID:
            findings.say(codes.NAME_TAKEN, f"attributes.{name}", name=name)
    for name in BUILT_IN:
        if name in plan.assets and plan.assets[name].scale:
            findings.say(codes.NAME_TAKEN, f"assets.{name}.scale", name=name)


def _coupon(site: Site, name: str, coupon: Coupon) -> None:
    said = [coupon.value is not None, coupon.percent is not None, coupon.free_shipping]
    if sum(said) != 1:
        site.findings.say(codes.NOT_ONE_VALUE, f"coupons.{name}")
    if coupon.percent is not None and not 0 < coupon.percent <= 1:
        given = f"{coupon.percent:%}"
        site.findings.say(
            codes.SHARE_OUT_OF_RANGE, f"coupons.{name}.percent", given=given, low="0%", high="100%"
        )
    if coupon.batch is not None:
        _batch(site, f"coupons.{name}", coupon.batch, coupon.stock)
    for key in ("value", "threshold", "at_most"):
        amount: Decimal | None = getattr(coupon, key)
        try:
            minor(amount or Decimal(0), site.catalogue.currency)
        except Invalid as wrong:
            site.findings.caught(wrong, f"coupons.{name}.{key}")


def _batch(site: Site, path: str, pattern: str, stock: int | None) -> None:
    """Codes that are made beforehand are so many as there are coupons."""
    try:
        checked(pattern, max(stock or 0, 1), f"{path}.batch")
    except Invalid as wrong:
        site.findings.caught(wrong, "")
    if stock is None:
        site.findings.say(codes.BATCH_WITHOUT_STOCK, path)


def _rewards(site: Site) -> None:
    """Every reward of the plan, also one that no mechanic names."""
    for name, lines in site.plan.rewards.items():
        if not lines:
            site.findings.say(codes.EMPTY_REWARD, f"rewards.{name}")
        for index, line in enumerate(lines):
            try:
                site.catalogue.line(line, f"rewards.{name}[{index}]", unjudged)
            except Invalid as wrong:
                site.findings.caught(wrong, "")


def _never_given(site: Site, compiled: CompiledCampaign) -> None:
    given, named = set(), set()
    for mechanic in (*compiled.mechanics, *compiled.modifiers):
        for reward, _ in mechanic.mechanic.worst_case():
            named.add(reward.name)
            given |= {f"{gift.kind}:{gift.ref}" for gift in reward.every() if isinstance(gift, ItemGift)}
    for name in site.plan.rewards:
        if name not in named:
            site.findings.say(codes.NEVER_GIVEN, f"rewards.{name}", name=name)
    given |= {f"coupon:{site.plan.campaign}/{name}" for name, of in site.plan.coupons.items() if of.batch}
    for key, thing in compiled.things.items():
        if key not in given:
            name = thing.ref.rpartition("/")[2]
            site.findings.say(codes.NEVER_GIVEN, f"{SECTIONS[thing.kind]}.{name}", name=name)
