"""Carrying it out: tasks that can be done in their order, placements that are paid, risks with an answer."""

from collections.abc import Iterator, Mapping, Sequence

from festoon.base.errors import Invalid
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.circles import circles
from festoon.plan.moments import begins, ends
from festoon.plan.problems import suggestion
from festoon.plan.running import Meeting, Message, Placement, Risk, Task, Training
from festoon.plan.sense.goals import in_order, known_metric


def check(site: Site) -> None:
    """Note work, promotion, risks and communication that cannot be as written."""
    _work(site)
    for name, placement in site.plan.promotion.items():
        _placement(site, name, placement)
    for name, risk in site.plan.risks.items():
        _risk(site, name, risk)
    talk = site.plan.communication
    groups: dict[str, Sequence[Message | Meeting | Training]] = {
        "messages": talk.messages,
        "meetings": talk.meetings,
        "training": talk.training,
    }
    for key, entries in groups.items():
        for index, entry in enumerate(entries):
            _moment(site, entry.when, f"communication.{key}[{index}].when")
    for index, seen in enumerate(site.plan.competitors):
        _moment(site, seen.seen, f"competitors[{index}].seen")


def tasks(work: Mapping[str, Task], path: str = "work") -> Iterator[tuple[str, str, Task]]:
    """Every task and sub-task: path, id, task; a task before its own."""
    for id, task in work.items():
        yield f"{path}.{id}", id, task
        yield from tasks(task.tasks, f"{path}.{id}.tasks")


def _work(site: Site) -> None:
    waiting: dict[str, list[str]] = {}
    every = list(tasks(site.plan.work))
    ids = {id for _, id, _ in every}
    for path, id, task in every:
        if id in waiting:
            site.findings.say(codes.REPEATED_TASK, path, task=id)
        waiting.setdefault(id, []).extend(task.after)
        for index, other in enumerate(task.after):
            if other not in ids:
                _unknown(site, f"{path}.after[{index}]", "work", other, sorted(ids))
        _span(site, task.since, task.until, path)
    for circle in circles(waiting):
        path = next(path for path, id, _ in every if id == circle[0])
        site.findings.say(codes.AFTER_CIRCLE, f"{path}.after", circle=" → ".join(circle))


def _placement(site: Site, name: str, placement: Placement) -> None:
    path = f"promotion.{name}"
    _span(site, placement.since, placement.until, path)
    try:
        site.catalogue.cost(placement.cost, placement.line, name, path)
    except Invalid as wrong:
        site.findings.caught(wrong, "")
    try:
        if placement.until is not None:
            last = ends(placement.until, site.schedule, site.zone, site.calendar)
            if last <= site.schedule.warm_up:
                _outside(site, f"{path}.to", placement.until)
        if placement.since is not None:
            first = begins(placement.since, site.schedule, site.zone, site.calendar)
            if first >= site.schedule.settle:
                _outside(site, f"{path}.from", placement.since)
    except Invalid:
        return  # said by _span


def _outside(site: Site, path: str, moment: str) -> None:
    start, end = (
        f"{at.astimezone(site.zone):%Y-%m-%d}" for at in (site.schedule.warm_up, site.schedule.settle)
    )
    site.findings.say(codes.OUTSIDE_SCHEDULE, path, moment=moment, start=start, end=end)


def _risk(site: Site, name: str, risk: Risk) -> None:
    path = f"risks.{name}"
    if not risk.response and risk.runbook is None:
        score = risk.impact * risk.likelihood
        site.findings.say(codes.RISK_WITHOUT_RESPONSE, path, risk=name, score=score)
    elif not risk.owner:
        site.findings.say(codes.RISK_WITHOUT_OWNER, path, risk=name)
    _moment(site, risk.due, f"{path}.due")
    if risk.signal is not None:
        known_metric(site, risk.signal.metric, f"{path}.signal.metric")
        if risk.signal.above is None and risk.signal.below is None:
            site.findings.say(codes.SIGNAL_WITHOUT_BOUND, f"{path}.signal")
    if risk.runbook is not None:
        _moment(site, risk.runbook.drilled, f"{path}.runbook.drilled")
        known = ("campaign", *site.plan.mechanics)
        for index, mechanic in enumerate(risk.runbook.pause):
            if mechanic not in known:
                _unknown(site, f"{path}.runbook.pause[{index}]", "mechanics", mechanic, known)


def _span(site: Site, since: str | None, until: str | None, path: str) -> None:
    if since is not None and until is not None:
        in_order(site, since, until, path, ("from", "to"))
    else:
        _moment(site, since, f"{path}.from")
        _moment(site, until, f"{path}.to")


def _moment(site: Site, moment: str | None, path: str) -> None:
    if moment is None:
        return
    try:
        begins(moment, site.schedule, site.zone, site.calendar, path)
    except Invalid as wrong:
        site.findings.caught(wrong, "")


def _unknown(site: Site, path: str, section: str, name: str, known: tuple[str, ...] | list[str]) -> None:
    listed = ", ".join(known) or "-"
    near = suggestion(name, known)
    site.findings.say(codes.UNKNOWN_NAME, path, section=section, name=name, known=listed, **near)
