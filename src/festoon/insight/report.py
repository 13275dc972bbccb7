"""The evaluation report: one HTML file that needs nothing else, to be read on a desk or a telephone, or printed."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jinja2

from festoon.insight import wording
from festoon.insight.compare import ENOUGH
from festoon.insight.evaluation import Evaluation, evaluate
from festoon.insight.facts import Facts
from festoon.insight.spend import BURN_DAYS
from festoon.insight.texts import words
from festoon.insight.views.benefits import benefits_view
from festoon.insight.views.budget import budget_view
from festoon.insight.views.criteria import criterion_views
from festoon.insight.views.effect import before_view, holdout_view, trial_views
from festoon.insight.views.goals import goal_views
from festoon.insight.views.learned import learning_views
from festoon.insight.views.reader import Reader
from festoon.insight.views.summary import answers, figure_views, tiles
from festoon.insight.views.taking_part import taking_part_view
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.schema import Plan
from festoon.plan.values import texts

_INSTANT = timedelta(microseconds=1)
_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("festoon.insight"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)


def write_report(
    facts: Facts,
    plan: Plan,
    campaign: CompiledCampaign,
    directory: Path,
    language: str,
    as_of: datetime,
    *,
    rehearsal: bool = False,
) -> Path:
    """Evaluate a campaign on what was known at `as_of` and write the report into a directory.

    `campaign` is the plan, compiled. The file is named after campaign, day and language, and replaces an earlier one
    of that name. Raises ValueError for a language that reports are not written in.
    """
    return save(evaluate(facts, plan, campaign, as_of), directory, language, rehearsal=rehearsal)


def save(found: Evaluation, directory: Path, language: str, *, rehearsal: bool = False) -> Path:
    """Write an evaluation that was made, in a language; see `write_report`."""
    day = found.as_of.astimezone(found.campaign.zone).date()
    path = directory / f"{found.campaign.campaign}-{day}-{language}.html"
    put(found, path, language, rehearsal=rehearsal)
    return path


def put(found: Evaluation, path: Path, language: str, *, rehearsal: bool = False) -> None:
    """Write an evaluation into a file, whole or not at all."""
    made = render(found, language, rehearsal=rehearsal)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(made, encoding="utf-8")
    part.replace(path)


def render(found: Evaluation, language: str, *, rehearsal: bool = False) -> str:
    """An evaluation as one HTML page in a language. `rehearsal` says on the page that the data are no live ones."""
    reader = Reader(language, found.campaign)
    goals, budget = goal_views(found.goals, reader), budget_view(found, reader)
    page: dict[str, Any] = {
        "language": language,
        "gap": " " if language == "en" else "",
        "t": words(language),
        "css": _templates.get_template("report.css").render(),
        "title": reader.of(found.campaign.title),
        "campaign": found.campaign.campaign,
        "version": reader.say("version", n=found.campaign.version),
        "facts": _facts(found, reader),
        "rehearsal": rehearsal,
        "background": texts(found.plan.background)[language],
        "answers": answers(found, goals, budget, reader),
        "tiles": tiles(found, reader),
        "goals": goals,
        "criteria": criterion_views(found.criteria, reader),
        "holdout": holdout_view(found, reader),
        "no_holdout": reader.say("not_begun" if found.campaign.holdout else "no_holdout"),
        "before_after": before_view(found, reader),
        "trials": trial_views(found, reader),
        "learnings": learning_views(found, reader),
        "budget": budget,
        "worth": benefits_view(found.benefits, reader),
        "part": taking_part_view(found, reader),
        "figures": figure_views(found, reader),
        "method": _method(found, reader),
        "chain": found.chain,
        "as_of": reader.minute(found.as_of),
    }
    return _templates.get_template("report.html.jinja").render(page)


def _facts(found: Evaluation, reader: Reader) -> list[tuple[str, str]]:
    schedule = found.campaign.schedule
    share = wording.share(found.campaign.holdout / 10_000)
    held_out = reader.say("of_members", share=share) if found.campaign.holdout else reader.say("nobody")
    return [
        (reader.say("runs"), f"{reader.day(schedule.start)} – {reader.day(schedule.end - _INSTANT)}"),
        (reader.say("phase"), reader.say(f"phase_{found.phase}")),
        (reader.say("kept_out"), held_out),
        (reader.say("as_of"), reader.minute(found.as_of)),
    ]


def _method(found: Evaluation, reader: Reader) -> list[str]:
    """Where the numbers come from and how they were made, line by line."""
    source = reader.say("m_no_events")
    if found.seen is not None:
        source = reader.say(
            "m_source",
            events=wording.whole(found.events),
            first=reader.day(found.seen.start),
            last=reader.day(found.seen.end),
        )
    return [
        source,
        reader.say("m_days", zone=found.campaign.zone.key),
        reader.say("m_money"),
        reader.say("m_statistics", enough=ENOUGH),
        reader.say("m_forecast", days=BURN_DAYS),
    ]
