"""How a campaign opens bit by bit: the steps of a plan as instants, and what is wrong with them."""

from datetime import datetime

from festoon.base.errors import Invalid
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.compiled import Rollout
from festoon.plan.moments import begins

PARTS = 10_000
"""Shares are so many members in ten thousand."""


def rollout(site: Site) -> Rollout | None:
    """The plan's rollout, None when it opens to everybody at once."""
    said = site.plan.rollout
    if said is None:
        return None
    steps: list[tuple[datetime, int]] = []
    for index, step in enumerate(said.steps):
        path = f"rollout.steps[{index}]"
        share = int(step.share * PARTS)
        if not 0 < step.share <= 1 or share != step.share * PARTS:
            given = f"{step.share:%}"
            site.findings.say(codes.SHARE_OUT_OF_RANGE, f"{path}.share", given=given, low="0%", high="100%")
            continue
        try:
            since = begins(step.since, site.schedule, site.zone, site.calendar, f"{path}.from")
        except Invalid as wrong:
            site.findings.caught(wrong, "")
            continue
        if steps and (since <= steps[-1][0] or share <= steps[-1][1]):
            site.findings.say(codes.ROLLOUT_SHRINKS, path)
        if not site.schedule.warm_up <= since < site.schedule.end:
            start, end = (at.astimezone(site.zone).date() for at in (site.schedule.start, site.schedule.end))
            moment = {"moment": step.since, "start": start.isoformat(), "end": end.isoformat()}
            site.findings.say(codes.OUTSIDE_SCHEDULE, f"{path}.from", **moment)
        steps.append((since, share))
    if steps and steps[-1][1] < PARTS:
        last = f"{steps[-1][1] / PARTS:.2%}"
        site.findings.say(codes.ROLLOUT_STAYS, "rollout.steps", share=last)
    return Rollout(frozenset(said.testers), tuple(steps))
