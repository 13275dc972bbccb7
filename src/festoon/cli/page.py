"""The reference page of the command line, written from the commands themselves.

`python -m festoon.cli.page` prints it.
"""

import sys
from collections.abc import Iterator

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from festoon.cli.app import COMMANDS, GROUPS, made

_INTRODUCTION = """\
# The command line

Every main job has a command. `festoon --help` lists them, and each says more with `--help`. This page is written from
the commands by `python -m festoon.cli.page`.

- **Where it works.** On the database of `FESTOON_DATABASE_URL`, or on an embedded server in `FESTOON_DATA` (`.festoon`
  under the current directory), which is started when it is needed. Tables are brought up to date first. `plan check`,
  `plan schema`, `plan backtest`, `plan simulate` and `draw verify` need no database.
- **Language.** Errors speak the language of `FESTOON_LANG` (`en`, `zh-Hans`, `zh-Hant`), or the locale's.
- **For other programs.** `--json` writes one line of JSON to standard output. Progress and hints go to standard error.
- **Exit codes.** 0: done. 1: done, and something is wrong with what was looked at: a mistake in a plan, a row that does
  not fit, books that do not balance. 2: the command was not written right. 3: it could not be done.
"""

_OF_THE_MACHINE = frozenset({"processes"})
"""Options whose default depends on the machine."""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((_INTRODUCTION, *_sections())).rstrip() + "\n"


def _sections() -> Iterator[str]:
    for name, (_, about) in COMMANDS.items():
        yield from _command(f"festoon {name}", _room(name)[name], about)
    for name, (_, about) in GROUPS.items():
        yield f"## festoon {name}\n\n{about}\n"
        group = _room(name)[name]
        assert isinstance(group, TyperGroup)
        for inner, command in group.commands.items():
            yield from _command(f"festoon {name} {inner}", command, "", "###")


def _room(name: str) -> dict[str, object]:
    """The commands as they are when the room of `name` was asked for."""
    whole = get_command(made(name))
    assert isinstance(whole, TyperGroup)
    return dict(whole.commands)


def _command(name: str, command: object, about: str, level: str = "##") -> Iterator[str]:
    assert isinstance(command, TyperCommand)
    said, _, example = (command.help or about).partition("Example: ")
    taken = [each for each in command.params if isinstance(each, TyperArgument)]
    options = [each for each in command.params if isinstance(each, TyperOption) and each.name != "help"]
    usage = " ".join((name, *(_usage(each) for each in taken), *(["[OPTIONS]"] if options else [])))
    yield f"{level} {name}\n\n{said.strip()}\n\n```\n{usage}\n```\n"
    if example:
        yield f"For example {example.strip()}.\n"
    if taken or options:
        yield "| | | by default |\n|---|---|---|"
        yield from (_argument(each) for each in taken)
        yield from (_option(each) for each in options)
        yield ""


def _usage(argument: TyperArgument) -> str:
    name = (argument.name or "").upper()
    return name if argument.required else f"[{name}]"


def _argument(argument: TyperArgument) -> str:
    return f"| `{(argument.name or '').upper()}` | {argument.help or ''} | {'needed' if argument.required else ''} |"


def _option(option: TyperOption) -> str:
    said = option.help or ""
    if option.envvar:
        said += f" (or `{option.envvar}`)"
    if option.multiple:
        said += " (can be given several times)"
    return f"| {', '.join(f'`{each}`' for each in option.opts)} | {said} | {_default(option)} |"


def _default(option: TyperOption) -> str:
    if option.required:
        return "needed"
    if option.name in _OF_THE_MACHINE:
        return "as many as there are processors"
    if option.is_flag:
        return f"`--no-{option.name.replace('_', '-')}` turns it off" if option.default else ""
    return "" if option.default in (None, "", [], ()) else f"`{option.default}`"


if __name__ == "__main__":
    typer.echo(page(), file=sys.stdout, nl=False)
