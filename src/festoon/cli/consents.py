"""`festoon members consents` and `consent`: where a member may be written to, and a note of what he said."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import uuid4

import asyncpg
import typer
from rich.table import Table

from festoon.cli.database import on_connection
from festoon.cli.member_acts import Member, Reason, with_engine
from festoon.cli.signing import AsJson, KeyOption, signer
from festoon.cli.terminal import err, out, say_json
from festoon.engine.engine import Engine
from festoon.engine.member_acts import Said, consent, number_of
from festoon.engine.outcome import Outcome
from festoon.engine.own_rows import profile_of
from festoon.engine.requests import submitting
from festoon.insight.member.consents import History, history
from festoon.members.consents import Answer, answers_of

Before = Annotated[int | None, typer.Option(help="the next page, as the last one named it")]


def consents_command(member: Member, before: Before = None, as_json: AsJson = False) -> None:
    """Show where a member may be written to, and what was said of it: when, by whom, to which words.

    Example: `festoon members consents m-1001`
    """

    async def go(connection: asyncpg.Connection) -> tuple[list[Answer], History]:
        number = await number_of(connection, member)
        profile = await profile_of(connection, number)
        return answers_of(profile), await history(connection, number, before=before)

    holds, said = on_connection(go, as_json=as_json)
    if as_json:
        say_json({"consents": holds, "history": said.lines, "before": said.before})
        return
    table = Table("channel", "may be written to", "since (UTC)", "said by", "wording")
    for each in holds:
        table.add_row(each.channel, _answer(each), _when(each.at), _by(each), each.wording)
    out.print(table if holds else "nothing was said yet: he has agreed to nothing")
    if said.lines:
        past = Table("said (UTC)", "channel", "answer", "by", "wording", "where", "event")
        for line in said.lines:
            late = " (late: a newer answer holds)" if line.late else ""
            past.add_row(
                _when(line.answer.at), line.answer.channel, _answer(line.answer) + late, _by(line.answer),
                line.answer.wording, line.answer.where, line.event,
            )  # fmt: skip
        out.print(past)
    if said.before is not None:
        err.print(f"more: --before {said.before}", style="dim")


def consent_command(
    member: Member,
    channel: Annotated[str, typer.Argument(help="the channel, such as sms")],
    answer: Annotated[Literal["yes", "no"], typer.Argument(help="whether he may be written to")],
    reason: Reason,
    wording: Annotated[str | None, typer.Option(help="the version of the text he was shown or read")] = None,
    where: Annotated[str | None, typer.Option(help="where he said so: a call, a shop")] = None,
    act: Annotated[
        str, typer.Option(help="names this act, so that asking again is asking for the same")
    ] = "",
    key: KeyOption = "",
    as_json: AsJson = False,
) -> None:
    """Note for a member that he agrees to be written to by a channel, or does no longer.

    Example: `festoon members consent m-1001 sms no --reason "asked for by phone"`
    """

    async def go(connection: asyncpg.Connection, engine: Engine) -> Outcome:
        maker = await signer(connection, key, "events:operate")
        said = Said(channel, answer == "yes", wording, where)
        return await consent(
            connection, submitting(engine, connection), member, said, reason, maker, engine.now(),
            act or uuid4().hex,
        )  # fmt: skip

    outcome = with_engine(go, as_json=as_json)
    if as_json:
        say_json({"outcome": outcome})
        return
    out.print(f"{member}: {channel} {answer}", highlight=False)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("consents")(consents_command)
    app.command("consent")(consent_command)


def _answer(each: Answer) -> str:
    return "[green]yes[/]" if each.agreed else "[red]no[/]"


def _by(each: Answer) -> str:
    return f"{each.by or ''} {each.who}".strip() or "–"


def _when(at: datetime | None) -> str:
    return "–" if at is None else f"{at:%Y-%m-%d %H:%M}"
