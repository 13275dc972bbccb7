"""What is said about plans, as pages show it: what stands between backticks by its title, or else as code."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from msgspec.structs import replace

from festoon.api.naming import Names
from festoon.console.texts import language
from festoon.plan.form.words import key_label, kind_label
from festoon.plan.problems import Problem
from festoon.plan.schema import Plan
from festoon.plan.values import texts
from festoon.plan.versions import Change

MARK = "`"


def told(text: str, titles: Mapping[str, str]) -> SafeString:
    """A text with the names in it called by their titles; what has none is code."""
    return format_html_join(
        "", "{}", ((_quoted(part, titles) if at % 2 else part,) for at, part in enumerate(text.split(MARK)))
    )


def _quoted(name: str, titles: Mapping[str, str]) -> SafeString:
    if name in titles:
        return format_html('<strong translate="no">{}</strong>', titles[name])
    return format_html("<code>{}</code>", name)


def told_beside(problem: Problem, names: Names) -> SafeString:
    """What a plan is told about a campaign that runs beside it."""
    data = dict(problem.data)
    titles = {campaign: names.campaign(campaign)} if (campaign := data.get("campaign")) else {}
    if mechanic := data.get("mechanic"):
        titles[mechanic] = names.mechanic(f"{campaign}/{mechanic}")
    if of := data.get("of"):
        data["of"] = names.asset(of)[0]
    return told(replace(problem, data=data).text(language()), titles)


def told_change(change: Change, plans: Sequence[Plan]) -> SafeString:
    """A difference between versions; its things are called as the first of the plans does that has them."""
    spoken, data = language(), dict(change.data)
    for key in ("kind", "old", "new") if change.what.startswith("mechanic_") else ():
        if key in data:
            data[key] = kind_label(data[key], spoken)
    if "keys" in data:
        data["keys"] = ", ".join(key_label(key, spoken) for key in data["keys"].split(", "))
    titles = {data[key]: key_label(data[key], spoken) for key in ("phase", "section", "key") if key in data}
    for key, path in (
        ("line", f"budget.{data.get('line')}"),
        ("id", f"mechanics.{data.get('id')}"),
        ("name", change.path),
    ):
        if key in data:
            titles[data[key]] = next(filter(None, (_title(each, path) for each in plans)), data[key])
    return told(replace(change, data=data).text(spoken), titles)


def _title(plan: Plan, path: str) -> str:
    """What a plan calls what stands at a path: a thing of a section, or something of it that has a stock."""
    section, id, *rest = path.split(".")
    things: Mapping[str, Any] = plan.budget.lines if section == "budget" else getattr(plan, section)
    thing = things.get(id)
    if thing is None:
        return ""
    title = texts(getattr(thing, "title", None), id)[language()]
    if not rest:
        return title
    prizes = getattr(getattr(thing, "params", None), "prizes", ())
    prize = next((each for each in prizes if rest[0] == "prizes" and each.id == rest[-1]), None)
    inner = key_label(rest[-1], language()) if prize is None else texts(prize.title, prize.id)[language()]
    return f"{title} · {inner}"
