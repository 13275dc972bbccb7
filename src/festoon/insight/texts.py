"""The words of the report and the live board: `texts.toml`, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from festoon.base.errors import LANGUAGES

_FILE = Path(__file__).with_name("texts.toml")


@cache
def words(language: str) -> Mapping[str, str]:
    """Every text in one language, by its name. Raises ValueError for a language that they are not written in."""
    if language not in LANGUAGES:
        raise ValueError(f"there are no texts in {language!r}; there are {', '.join(LANGUAGES)}")
    return {name: said[language] for name, said in catalogue().items()}


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every text by its name, in every language."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
