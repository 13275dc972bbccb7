"""The words of the report: `texts.toml`, read once."""

from collections.abc import Mapping
from pathlib import Path

from festoon.base import texts

_FILE = Path(__file__).with_name("texts.toml")


def words(language: str) -> Mapping[str, str]:
    """Every text in one language, by its name. Raises ValueError for a language that they are not written in."""
    return texts.words(_FILE, language)


def catalogue() -> texts.Catalogue:
    """Every text by its name, in every language it is written in."""
    return texts.catalogue(_FILE)
