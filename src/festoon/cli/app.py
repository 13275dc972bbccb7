"""The command `festoon` and its rooms."""

import typer

from festoon import __version__
from festoon.cli import access, audit, demo, draws, events, members, plans, reports, serving

app = typer.Typer(
    help="Plan, run, watch and evaluate user-engagement campaigns: the plan is the program.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.add_typer(plans.app, name="plan")
app.add_typer(events.app, name="events")
app.add_typer(members.app, name="members")
app.add_typer(access.app, name="keys")
app.add_typer(draws.app, name="draw")
serving.add_to(app)
reports.add_to(app)
audit.add_to(app)
demo.add_to(app)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """The entry point."""
    app()
