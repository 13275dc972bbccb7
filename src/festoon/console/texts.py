"""What pages say: `texts.toml` of the console itself and of each group of pages.

A key without a dot is one of the console's own (`save`); one with a dot is of a group (`campaigns.title`).
"""

from collections.abc import Mapping
from typing import Any, cast

from django.utils.functional import lazystr
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from festoon.base.errors import LANGUAGES
from festoon.base.texts import words
from festoon.console.groups import HERE

_OURS = {language.lower(): language for language in LANGUAGES}


def language() -> str:
    """The reader's language as the rest of Festoon writes it: en, zh-Hans, zh-Hant."""
    return _OURS.get((get_language() or "en").lower(), LANGUAGES[0])


def said(key: str, in_language: str = "") -> str:
    """The text of a key with its places open. Raises KeyError for a key that is not there."""
    group, dot, name = key.rpartition(".")
    file = HERE / group / "texts.toml" if dot else HERE / "texts.toml"
    return words(file, in_language or language())[name]


def say(key: str, /, **values: Any) -> SafeString:
    """The text of a key in the reader's language; what is filled in is escaped. Raises KeyError."""
    return format_html(said(key), **values) if values else SafeString(said(key))


class Later:
    """A text that is said when somebody reads it: for labels of forms, which are made before there is a reader."""

    def __init__(self, key: str, values: Mapping[str, Any]) -> None:
        self._key = key
        self._values = values

    def __str__(self) -> str:
        return str(say(self._key, **self._values))


def later(key: str, /, **values: Any) -> str:
    """The text of a key, said when it is read."""
    return cast(str, lazystr(Later(key, values)))
