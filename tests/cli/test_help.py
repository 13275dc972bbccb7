"""Every command says what it is for, shows an example, and explains whatever can be given to it."""

from collections.abc import Iterator

import pytest
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from festoon.cli.app import COMMANDS, GROUPS, made


def every_command() -> Iterator[tuple[str, TyperCommand]]:
    """Each command by the words that call it."""
    for name in (*COMMANDS, *GROUPS):
        whole = get_command(made(name))
        assert isinstance(whole, TyperGroup)
        command = whole.commands[name]
        if isinstance(command, TyperGroup):
            for inner, one in command.commands.items():
                assert isinstance(one, TyperCommand)
                yield f"festoon {name} {inner}", one
        else:
            assert isinstance(command, TyperCommand)
            yield f"festoon {name}", command


EVERY = dict(every_command())


def test_every_command_is_looked_at() -> None:
    assert len(EVERY) > 20


@pytest.mark.parametrize("name", EVERY)
def test_a_command_says_what_it_is_for_and_shows_itself(name: str) -> None:
    about, _, example = (EVERY[name].help or "").partition("Example: `")
    assert about.strip()
    assert name in example, "its help ends with an example of it"
    assert example.strip().endswith("`")


@pytest.mark.parametrize("name", EVERY)
def test_whatever_can_be_given_to_a_command_is_explained(name: str) -> None:
    given = [each for each in EVERY[name].params if isinstance(each, TyperArgument | TyperOption)]
    assert [each.name for each in given if not (each.help or "").strip()] == []
