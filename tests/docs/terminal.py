"""The commands of a page, run in this process: each with the output that the page shows, if it shows any."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct
from typer.testing import CliRunner

from festoon.cli.app import made
from tests.docs.pages import Block

OMITTED = "..."


class Command(Struct, frozen=True):
    """A line behind the prompt, as words, and the lines shown below it."""

    words: tuple[str, ...]
    shown: tuple[str, ...]


class Done(Struct, frozen=True):
    """What became of a command. `out` is standard output, `said` both streams."""

    code: int
    out: str
    said: str

    def json(self) -> Any:
        """The one line of JSON that `--json` asked for."""
        return msgspec.json.decode(self.out.splitlines()[-1])


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, *shown = part.splitlines()
        yield Command(tuple(shlex.split(line)), tuple(shown))


def run(*words: str) -> Done:
    """`festoon` with these words."""
    done = CliRunner().invoke(made(words[0]), list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.output)


def missing(shown: tuple[str, ...], said: str) -> list[str]:
    """The lines of a page that were not said in that order. `…` stands for anything, `...` for any lines."""
    lines = iter(line.rstrip() for line in said.splitlines())
    wanted = [re.escape(line.rstrip()).replace("…", ".*") for line in shown if line.strip() != OMITTED]
    return [line for line in wanted if not any(re.fullmatch(line, each) for each in lines)]
