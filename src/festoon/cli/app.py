"""The command `festoon`. Only the room of the command that was asked for is imported, so that `festoon plan check`
does not wait for what draws charts."""

import sys
from importlib import import_module

import typer

from festoon import __version__
from festoon.base.logs import log_as_json
from festoon.cli.terminal import log_warnings

GROUPS = {
    "plan": ("festoon.cli.plans", "Plans: check, back-test, submit, approve, publish."),
    "backtests": (
        "festoon.cli.backtest_jobs",
        "Back-tests in the background: ask, list, show, cancel, again, compare; histories.",
    ),
    "events": ("festoon.cli.events", "Events: import files."),
    "members": ("festoon.cli.members", "Members: find, look at, adjust, block, erase, merge, import."),
    "requests": (
        "festoon.cli.requests",
        "Requests that wait for a second signature: list, sign, decline, withdraw.",
    ),
    "compensate": ("festoon.cli.compensate", "Compensations: preview, submit, sign, run, status."),
    "figures": ("festoon.cli.figures", "Figures from outside: list, enter, sign, decline."),
    "alerts": ("festoon.cli.alerts", "Alerts: what is wrong right now; say that one was seen."),
    "held": ("festoon.cli.held", "Held rewards: list, release, void."),
    "proofs": ("festoon.cli.proofs", "Proofs: list, approve, reject."),
    "parcels": ("festoon.cli.parcels", "Parcels: list, export, import numbers, cancel."),
    "people": ("festoon.cli.people", "People of the console: list, invite, let in again."),
    "keys": ("festoon.cli.access", "API keys: create, list, revoke."),
    "segments": ("festoon.cli.segments", "Segments: list, preview, refresh; upload and approve lists."),
    "experiments": ("festoon.cli.experiments", "Experiments that learn: what was learned; learn now."),
    "draw": ("festoon.cli.draws", "Draws: publish, reveal, verify."),
    "webhooks": (
        "festoon.cli.webhooks",
        "Webhooks: make endpoints, switch them, see deliveries, send again.",
    ),
    "codes": ("festoon.cli.codes", "Codes in bulk: make, list, export, withdraw."),
}
COMMANDS = {
    "init": ("festoon.cli.serving", "Make the database ready."),
    "serve": ("festoon.cli.serving", "Take events over HTTP and answer each with its outcome."),
    "work": ("festoon.cli.working", "Hand committed events on: facts, segments, webhooks."),
    "report": ("festoon.cli.reports", "Write a campaign's evaluation report."),
    "benefits": ("festoon.cli.benefits", "What each benefit of a campaign is worth."),
    "liability": ("festoon.cli.liability", "Say what the platform owes its members of an asset, by day."),
    "audit": ("festoon.cli.audit", "Prove on a live database what always holds."),
    "demo": ("festoon.cli.demo", "A year of real purchases through a campaign, from check to evaluation."),
}


SERVICES = frozenset({"serve", "work"})
"""Commands that run for long and whose log somebody collects."""


def main() -> None:
    """The entry point."""
    wanted = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    if wanted in SERVICES:
        log_as_json()
    else:
        log_warnings()
    made(wanted)()


def made(wanted: str) -> typer.Typer:
    """The application with the commands of one room; the others only have a name and a line of help."""
    app = typer.Typer(
        help="Plan, run, watch and evaluate user-engagement campaigns: the plan is the program.",
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)
    for name, (module, about) in GROUPS.items():
        app.add_typer(import_module(module).app if name == wanted else typer.Typer(), name=name, help=about)
    for name, (module, about) in COMMANDS.items():
        if name == wanted:
            import_module(module).COMMANDS[name](app)
        else:
            app.command(name, help=about)(_elsewhere)
    return app


def _elsewhere() -> None:
    """Stands for a command of a room that was not asked for."""


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False, "--version", callback=_say_version, is_eager=True, help="print the version"
    ),
) -> None:
    """Options of every command."""
