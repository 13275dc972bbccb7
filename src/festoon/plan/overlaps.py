"""A plan beside the campaigns that run at the same time: caps that they share or do not, groups that exclude."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from festoon.plan import codes_overlap as codes
from festoon.plan.compiled import CompiledCampaign, SharedCap
from festoon.plan.problems import Problem, problem
from festoon.plan.sense.shared import gives
from festoon.plan.sense.typed import common_codes

_INSTANT = timedelta(microseconds=1)


def overlaps(new: CompiledCampaign, others: Iterable[CompiledCampaign]) -> list[Problem]:
    """What whoever makes or signs a plan should know of the others. An error keeps it from being published."""
    found: list[Problem] = []
    for other in others:
        if other.campaign == new.campaign:
            continue
        found += _caps(new, other)
        if _at_once(new, other):
            found += _codes(new, other)
            found += _beside(new, other)
    return found


def _at_once(new: CompiledCampaign, other: CompiledCampaign) -> bool:
    mine, its = new.schedule, other.schedule
    return mine.start < its.end and its.start < mine.end


def _caps(new: CompiledCampaign, other: CompiledCampaign) -> Iterator[Problem]:
    """A name means one cap, whenever the campaigns run: what a member had counts on."""
    theirs = {cap.name: cap for cap in other.shared_caps}
    for cap in new.shared_caps:
        its = theirs.get(cap.name)
        if its is None:
            continue
        path, campaign = f"shared_caps.{cap.name}", other.campaign
        if _identity(cap) != _identity(its):
            told = {"theirs": _told(its), "ours": _told(cap)}
            yield problem(codes.CAP_DIFFERS, path, 0, 0, name=cap.name, campaign=campaign, **told)
        elif cap.amount != its.amount and _at_once(new, other):
            amounts = {"theirs": its.amount, "ours": cap.amount}
            yield problem(codes.CAP_AMOUNT_DIFFERS, path, 0, 0, name=cap.name, campaign=campaign, **amounts)


def _codes(new: CompiledCampaign, other: CompiledCampaign) -> Iterator[Problem]:
    """Of campaigns that run one after the other, a code is that of the one that runs."""
    theirs = {each.code: each.mechanic for each in common_codes(other)}
    for each in common_codes(new):
        if each.code in theirs:
            told = {"code": each.shown, "mechanic": theirs[each.code], "campaign": other.campaign}
            yield problem(codes.CODE_TAKEN, each.path, 0, 0, **told)


def _beside(new: CompiledCampaign, other: CompiledCampaign) -> Iterator[Problem]:
    mine, its, campaign = gives(new), gives(other), other.campaign
    named = {cap.name for cap in new.shared_caps}, {cap.name for cap in other.shared_caps}
    for cap in other.shared_caps:
        if cap.name not in named[0] and cap.of in mine:
            yield problem(
                codes.CAP_NOT_TAKEN, "shared_caps", 0, 0, campaign=campaign, name=cap.name, of=cap.of
            )
    for cap in new.shared_caps:
        if cap.name not in named[1] and cap.of in its:
            path = f"shared_caps.{cap.name}"
            yield problem(codes.CAP_NOT_THEIRS, path, 0, 0, campaign=campaign, name=cap.name, of=cap.of)
    if new.group and new.group == other.group:
        yield problem(codes.SAME_GROUP, "exclusive.group", 0, 0, campaign=campaign, group=new.group)
    else:
        zone = new.zone
        last = other.schedule.end - _INSTANT
        start, end = (at.astimezone(zone).date() for at in (other.schedule.start, last))
        yield problem(codes.OVERLAPS, "schedule", 0, 0, campaign=campaign, start=str(start), end=str(end))


def _identity(cap: SharedCap) -> tuple[str, str, str]:
    return cap.of, cap.per, cap.zone.key


def _told(cap: SharedCap) -> str:
    return f"{cap.of} / {cap.per} ({cap.zone.key})"
