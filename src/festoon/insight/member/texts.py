"""The words about one member: `texts.toml`, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from festoon.base.counting import counted
from festoon.base.errors import template_of

_FILE = Path(__file__).with_name("texts.toml")


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Every text, by its group and its name, in the languages that it is written in."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def text(group: str, name: str, language: str, /, **data: Any) -> str:
    """One text, filled in."""
    return counted(template_of(catalogue()[group][name], language).format(**data))
