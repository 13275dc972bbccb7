"""`festoon benefits`: what each benefit of a campaign is worth, and what to change next time."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.cli.database import database
from festoon.cli.terminal import INSTANT, err, failures, language, out, say_json
from festoon.insight.benefits.told import told
from festoon.insight.evaluated import worth
from festoon.insight.views.benefits import BenefitsView, benefits_text
from festoon.insight.views.reader import Reader
from festoon.store.home import data_home


def benefits(
    campaign: Annotated[str, typer.Argument(help="the campaign's id")],
    facts_in: Annotated[
        Path | None, typer.Option("--facts", help="where `festoon work` writes facts")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=INSTANT, help="what was known then, as RFC 3339; now without")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """What each benefit of a campaign is worth: cost, uptake by segment, uplift, return, and what to change next time.

    Run `festoon work --once` first, so that the facts are up to date.

    Example: `festoon benefits spring`
    """
    with failures(as_json=as_json), database() as dsn, err.status("working out …"):
        at = as_of or wall()
        found, compiled = asyncio.run(worth(dsn, campaign, facts_in or data_home() / "facts", at))
    if as_json:
        say_json(told(found, campaign, compiled.version, compiled.currency, at))
        return
    reader = Reader(language(), compiled)
    _show(benefits_text(found, reader), reader)


def _show(view: BenefitsView, reader: Reader) -> None:
    if not view.rows:
        out.print(reader.say("b_none"))
    else:
        out.print(view.summary, view.elsewhere, soft_wrap=True, highlight=False)
        out.print("", _given(view, reader), "")
        if view.uptake:
            out.print(_uptake(view, reader), "")
        out.print(_uplift(view, reader), "")
        for line in filter(None, (view.warning, *view.said)):
            out.print(line, soft_wrap=True, highlight=False)
    out.print(f"\n{reader.say('b_advice')}")
    for advice in view.advice:
        out.print(f"- {advice.text} ({advice.code})", soft_wrap=True, highlight=False, markup=False)
    if not view.advice:
        out.print(reader.say("b_no_advice"))


def _given(view: BenefitsView, reader: Reader) -> Table:
    names = ("b_benefit", "b_given", "members", "b_share", "b_used", "b_lapsed", "b_back", "b_cost", "b_each")
    table = Table(*map(reader.say, names), box=None)
    for row in view.rows:
        table.add_row(
            row.title, row.times, row.members, row.share, row.used, row.lapsed, row.back, row.cost, row.each
        )
    return table


def _uptake(view: BenefitsView, reader: Reader) -> Table:
    names = ("b_group", "b_benefit", "b_group_members", "b_got", "b_used", "b_cost")
    table = Table(*map(reader.say, names), box=None)
    for row in view.uptake:
        table.add_row(row.group, row.what, row.members, row.got, row.used, row.cost)
    return table


def _uplift(view: BenefitsView, reader: Reader) -> Table:
    benefit, rests_on, verdict = (reader.say(name) for name in ("b_benefit", "b_rests_on", "verdict"))
    names = (benefit, rests_on, view.measure, view.unit, verdict)
    table = Table(*names, box=None)
    for row in view.uplifts:
        extra, back = f"{row.extra}\n{row.extra_between}", f"{row.returned}\n{row.returned_between}"
        table.add_row(row.title, f"{row.how} {row.arms}", extra, back, row.state)
    return table


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "benefits": lambda app: app.command("benefits")(benefits),
}
