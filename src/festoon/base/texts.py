"""Texts of pages: a `texts.toml` per room, each text by its name in English and Simplified Chinese.

Traditional Chinese is made of Simplified (`base/traditional.py`), unless it is written down too.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from festoon.base.errors import LANGUAGES, template_of

Catalogue = Mapping[str, Mapping[str, str]]


@cache
def catalogue(file: Path) -> Catalogue:
    """Every text of a file by its name, in the languages it is written in."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def words(file: Path, language: str) -> Mapping[str, str]:
    """Every text of a file in one language. Raises ValueError for a language that we do not write."""
    if language not in LANGUAGES:
        raise ValueError(f"there are no texts in {language!r}; there are {', '.join(LANGUAGES)}")
    return {name: template_of(said, language) for name, said in catalogue(file).items()}
