"""What an alert is: something that is wrong right now, how bad, since when, and where one does something about it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from festoon.base.errors import LANGUAGES, template_of
from festoon.base.texts import words

Severity = Literal["notice", "warning", "alarm"]
SEVERITIES: tuple[Severity, ...] = ("notice", "warning", "alarm")
Texts = Mapping[str, str]
TEXTS = Path(__file__).with_name("texts.toml")


class Finding(Struct, frozen=True, kw_only=True):
    """What somebody who looks finds wrong.

    `key` names what it is about and stays the same while it gets better or worse; `code` says what is wrong with it.
    `degree` is coarse: who has seen it at one degree is told again at the next. `began` is None where nobody wrote
    down when it began. `data` fills the texts: plain values, or texts by language. `page` is below the console's
    address.
    """

    key: str
    code: str
    severity: Severity
    page: str
    degree: int = 0
    campaign: str = ""
    began: datetime | None = None
    data: Mapping[str, Any] = {}

    @property
    def rank(self) -> tuple[int, int]:
        """How bad it is, to be compared with how bad it was."""
        return SEVERITIES.index(self.severity), self.degree


class Acknowledged(Struct, frozen=True):
    """Who has seen an alert, when, and what he said about it."""

    by: str
    at: datetime
    note: str


class Alert(Struct, frozen=True):
    """Something that is wrong right now. `text` says what, `todo` what to do about it. `page` is where one does it,
    below the server's address.

    `open` is whether somebody should look: nobody has acknowledged it, or it has become worse since.
    """

    key: str
    code: str
    severity: Severity
    degree: int
    campaign: str
    since: datetime
    text: Texts
    todo: Texts
    page: str
    open: bool
    acknowledged: Acknowledged | None


def said(found: Finding, end: str = "") -> Texts:
    """The text of a finding in every language; `_todo` as the end of its name is what to do about it."""
    return {
        language: words(TEXTS, language)[f"{found.code}{end}"].format_map(
            {name: _in(value, language) for name, value in found.data.items()}
        )
        for language in LANGUAGES
    }


def _in(value: Any, language: str) -> Any:
    return template_of(value, language) if isinstance(value, Mapping) else value
