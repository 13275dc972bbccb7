"""The terminal: where words go, in which language, and how a failure looks."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import msgspec
import structlog
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from festoon.base.errors import LANGUAGES, FestoonError
from festoon.plan.problems import PlanInvalid, Problem

out = Console()
err = Console(stderr=True)

WRONG = 1
FAILED = 3
INSTANT = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S.%f%z"]
"""How an instant is written as an option: RFC 3339, the seconds left out or not."""


def log_warnings() -> None:
    """What a command has to warn of goes to standard error, in words; what merely went on is not said."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=err.is_terminal),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def language() -> str:
    """The reader's language, from FESTOON_LANG or the locale."""
    said = os.environ.get("FESTOON_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    tag = said.replace("_", "-").split(".")[0].lower()
    if tag.startswith(("zh-tw", "zh-hk", "zh-mo", "zh-hant")):
        return LANGUAGES[2]
    return LANGUAGES[1] if tag.startswith("zh") else LANGUAGES[0]


def say_json(body: Any) -> None:
    """One line of JSON on standard output, for another program to read."""
    sys.stdout.write(msgspec.json.encode(body).decode() + "\n")
    sys.stdout.flush()


def fail(error: FestoonError, *, as_json: bool = False, code: int = FAILED) -> NoReturn:
    """Say what went wrong and what to do, and leave."""
    if as_json:
        say_json({"error": error.problem(language())})
    else:
        err.print(f"[bold red]{error.code}[/] {error.text(language())}", highlight=False)
        if todo := error.todo(language()):
            err.print(f"  {todo}", highlight=False, style="dim")
        for each in error.problems if isinstance(error, PlanInvalid) else ():
            _mistake(each)
    raise typer.Exit(code)


def _mistake(found: Problem) -> None:
    """One mistake of a file, with its place and what to do."""
    said = found.shown(language())
    err.print(f"  {said}  {found.code}", highlight=False, markup=False, soft_wrap=True)
    if todo := found.todo(language()):
        err.print(f"    {todo}", highlight=False, markup=False, soft_wrap=True, style="dim")


@contextmanager
def failures(*, as_json: bool = False) -> Iterator[None]:
    """Turn errors into words and exit codes."""
    try:
        yield
    except FestoonError as error:
        fail(error, as_json=as_json)


@contextmanager
def progress() -> Iterator[Progress]:
    """Progress bars on standard error, so that standard output stays clean."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=False,
    ) as bars:
        yield bars
