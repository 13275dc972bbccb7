"""`festoon webhooks`: platforms that are told what happens: endpoints, secrets, deliveries, sending again."""

import getpass
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import asyncpg
import typer
from rich.table import Table

from festoon.base.clock import wall
from festoon.cli.database import on_connection
from festoon.cli.terminal import INSTANT, err, language, out, say_json
from festoon.outbox.webhooks import deliveries, endpoints
from festoon.outbox.webhooks.deliveries import STATES, Delivery, DeliveryDetail, Sought
from festoon.outbox.webhooks.endpoints import Endpoint, Wanted
from festoon.outbox.webhooks.kinds import KINDS

app = typer.Typer(
    help="Webhooks: make endpoints, switch them, see deliveries, send again.", no_args_is_help=True
)

EndpointId = Annotated[str, typer.Argument(help="the endpoint, as `festoon webhooks list` shows it")]
Url = Annotated[str, typer.Argument(help="where messages are posted; https, unless the worker allows it")]
OfKind = Annotated[
    list[str] | None, typer.Option("--kind", help="only this kind, as `festoon webhooks kinds` has it")
]
OfCampaign = Annotated[list[str] | None, typer.Option("--campaign", help="only of this campaign")]
AsJson = Annotated[bool, typer.Option("--json", help="one line of JSON")]
Found = TypeVar("Found")


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List endpoints: what they are told, and how they are.

    Example: `festoon webhooks list`
    """
    found = on_connection(endpoints.endpoints, as_json=as_json)
    if as_json:
        say_json(found)
        return
    table = Table("endpoint", "url", "told of", "campaigns", "state", "failing since")
    for each in found:
        table.add_row(
            each.id, each.url, ", ".join(each.kinds) or "everything", ", ".join(each.campaigns) or "all",
            f"{each.state} ({each.why})" if each.why else each.state, _at(each.failing),
        )  # fmt: skip
    out.print(table if found else "no endpoints yet; make one with: festoon webhooks make")


@app.command("kinds")
def kinds_command(as_json: AsJson = False) -> None:
    """List the kinds of messages.

    Example: `festoon webhooks kinds`
    """
    if as_json:
        say_json({name: kind.title(language()) for name, kind in KINDS.items()})
        return
    for name, kind in KINDS.items():
        out.print(f"[bold]{name:24}[/] {kind.title(language())}")


@app.command("make")
def make_command(url: Url, kind: OfKind = None, campaign: OfCampaign = None, as_json: AsJson = False) -> None:
    """Make an endpoint that is told of what comes from now on, and print its secret, once.

    Example: `festoon webhooks make https://shop.example/festoon --kind reward.granted --kind item.issued`
    """
    wanted = Wanted(url, kind or [], campaign or [])
    made, secret = _do(lambda c: endpoints.make(c, wanted, _actor(), wall(), os.urandom), as_json)
    _say_secret(made.id, secret, as_json)


@app.command("change")
def change_command(
    id: EndpointId, url: Url, kind: OfKind = None, campaign: OfCampaign = None, as_json: AsJson = False
) -> None:
    """Change where an endpoint is and what it is told; what is not named is not kept.

    Example: `festoon webhooks change ep_3f9a1c22d0e4b7a815 https://shop.example/new`
    """
    wanted = Wanted(url, kind or [], campaign or [])
    _say(_do(lambda c: endpoints.change(c, id, wanted, _actor(), wall()), as_json), as_json)


@app.command("on")
def on_command(
    id: EndpointId,
    from_now: Annotated[
        bool, typer.Option("--from-now", help="forget what it missed, and what still waits for it")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Switch an endpoint on, also one that was disabled; it goes on where it stopped.

    Example: `festoon webhooks on ep_3f9a1c22d0e4b7a815`
    """

    async def go(connection: asyncpg.Connection) -> Endpoint:
        if from_now:
            return await endpoints.switch_on(connection, id, _actor(), wall(), "now")
        return await endpoints.switch_on(connection, id, _actor(), wall())

    _say(_do(go, as_json), as_json)


@app.command("off")
def off_command(id: EndpointId, as_json: AsJson = False) -> None:
    """Switch an endpoint off; what it would have been told waits.

    Example: `festoon webhooks off ep_3f9a1c22d0e4b7a815`
    """
    _say(_do(lambda c: endpoints.switch_off(c, id, _actor(), wall()), as_json), as_json)


@app.command("rotate")
def rotate_command(
    id: EndpointId,
    hours: Annotated[
        int, typer.Option(help="for how many hours the secret before signs too", min=0, max=720)
    ] = 24,
    as_json: AsJson = False,
) -> None:
    """Give an endpoint a new secret, and print it, once. Until the hours are over both sign.

    Example: `festoon webhooks rotate ep_3f9a1c22d0e4b7a815 --hours 48`
    """
    overlap = timedelta(hours=hours)
    secret = _do(lambda c: endpoints.rotate(c, id, _actor(), wall(), os.urandom, overlap), as_json)
    _say_secret(id, secret, as_json)


@app.command("remove")
def remove_command(id: EndpointId, as_json: AsJson = False) -> None:
    """Take an endpoint away, with its deliveries.

    Example: `festoon webhooks remove ep_3f9a1c22d0e4b7a815`
    """
    _do(lambda c: endpoints.remove(c, id, _actor(), wall()), as_json)
    if as_json:
        say_json({"removed": id})
    else:
        out.print(f"{id} is gone", highlight=False)


@app.command("test")
def send_test_command(id: EndpointId, as_json: AsJson = False) -> None:
    """Send an endpoint a test message; `festoon work` delivers it.

    Example: `festoon webhooks test ep_3f9a1c22d0e4b7a815`
    """
    number = _do(lambda c: deliveries.send_test(c, id, _actor(), wall()), as_json)
    if as_json:
        say_json({"delivery": number})
    else:
        out.print(f"delivery {number} waits; look at it with: festoon webhooks show {number}")


@app.command("deliveries")
def deliveries_command(
    endpoint: Annotated[str | None, typer.Option(help="only to this endpoint")] = None,
    state: Annotated[str | None, typer.Option(help="waiting, delivered or failed")] = None,
    kind: Annotated[str | None, typer.Option(help="only of this kind")] = None,
    message: Annotated[str | None, typer.Option(help="only of this message")] = None,
    before: Annotated[int | None, typer.Option(help="only those before this delivery")] = None,
    limit: Annotated[int, typer.Option(help="how many", min=1, max=deliveries.MOST)] = 50,
    as_json: AsJson = False,
) -> None:
    """List deliveries, newest first.

    Example: `festoon webhooks deliveries --state failed`
    """
    if state is not None and state not in STATES:
        raise typer.BadParameter(f"{state} is none of {', '.join(STATES)}")
    sought = Sought(endpoint, state, kind, message)
    found = _do(lambda c: deliveries.deliveries(c, sought, before=before, limit=limit), as_json)
    if as_json:
        say_json(found)
        return
    table = Table("delivery", "endpoint", "kind", "campaign", "told", "state", "tries", "last", "next")
    for each in found:
        table.add_row(
            str(each.number), each.endpoint, each.kind, each.campaign, _at(each.made), each.state,
            str(each.tries), _last(each), _at(each.due) if each.state == "waiting" else "",
        )  # fmt: skip
    out.print(table if found else "nothing was sent")


@app.command("show")
def show_command(
    delivery: Annotated[int, typer.Argument(help="the delivery's number")], as_json: AsJson = False
) -> None:
    """Show a delivery: the message, and every attempt.

    Example: `festoon webhooks show 4711`
    """
    _say_delivery(_do(lambda c: deliveries.delivery(c, delivery), as_json), as_json)


@app.command("replay")
def replay_command(
    delivery: Annotated[int | None, typer.Argument(help="one delivery's number")] = None,
    failed_since: Annotated[
        datetime | None,
        typer.Option(
            formats=INSTANT,
            help="all that failed since (2027-02-10T12:00+08:00)",
        ),
    ] = None,
    endpoint: Annotated[str | None, typer.Option(help="whose, with --failed-since")] = None,
    as_json: AsJson = False,
) -> None:
    """Send again: one delivery whatever became of it, or all that failed since an instant. Ids stay the same.

    Example: `festoon webhooks replay --endpoint ep_3f9a1c22d0e4b7a815 --failed-since 2027-02-10T12:00+08:00`
    """
    if delivery is not None and failed_since is None:
        _say_delivery(_do(lambda c: deliveries.replay(c, delivery, _actor(), wall()), as_json), as_json)
        return
    if delivery is not None or failed_since is None or endpoint is None:
        raise typer.BadParameter("name one delivery, or an --endpoint and --failed-since")
    since, id = failed_since, endpoint
    count = _do(lambda c: deliveries.replay_failed(c, id, since, _actor(), wall()), as_json)
    if as_json:
        say_json({"deliveries": count})
    else:
        out.print(f"{count:,} are sent again")


def _do(go: Callable[[asyncpg.Connection], Awaitable[Found]], as_json: bool) -> Found:
    return on_connection(go, as_json=as_json)


def _actor() -> str:
    return f"shell:{getpass.getuser()}"


def _at(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%d %H:%M}"


def _last(delivery: Delivery) -> str:
    if not delivery.attempts:
        return ""
    last = delivery.attempts[-1]
    return " ".join(part for part in (str(last.status or ""), last.error) if part)


def _say(endpoint: Endpoint, as_json: bool) -> None:
    if as_json:
        say_json(endpoint)
    else:
        out.print(f"{endpoint.id} {endpoint.url} is {endpoint.state}", highlight=False, soft_wrap=True)


def _say_secret(id: str, secret: str, as_json: bool) -> None:
    if as_json:
        say_json({"endpoint": id, "secret": secret})
    else:
        out.print(f"{id} {secret}", highlight=False, soft_wrap=True)
        err.print("keep it safe: it cannot be shown again", style="dim")


def _say_delivery(found: DeliveryDetail, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    out.print(f"{found.message} {found.kind} to {found.endpoint}: {found.state}", highlight=False)
    out.print(bytes(found.body).decode(), highlight=False, soft_wrap=True)
    for each in found.attempts:
        status = each.status or "no answer"
        out.print(
            f"{each.at:%Y-%m-%d %H:%M:%S} {status} {each.error} ({each.milliseconds} ms)", highlight=False
        )
