"""The small types a plan is written in: names, texts, moments, money and shares."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from festoon.base.errors import LANGUAGES
from festoon.base.traditional import traditional

Language = Literal["en", "zh-Hans", "zh-Hant"]

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$",
        max_length=64,
        description="A name in lower-case letters, digits, `-` and `_`, such as `lucky-draw`.",
    ),
]

LineName = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=64, description="The budget line that pays."),
]

Text = str | dict[Language, str]
"""What people read: one text for everybody, or one per language."""

Moment = Annotated[
    str,
    Meta(
        pattern=(
            r"^\s*(?:\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?"
            r"|(?:warm_up|start|end|settle)(?:\s*[+-]\s*\d{1,4}\s+(?:working\s+)?(?:day|week|month|year)s?)?)\s*$"
        ),
        description=(
            "A date (`2027-02-05`), a local time in the plan's zone (`2027-02-05 10:00`), or a distance from"
            " a phase (`start - 7 days`, `end + 1 month`, `end + 5 working days`)."
        ),
    ),
]

LocalTime = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?$",
        description="A date (`2027-02-05`) or a local time in the plan's zone (`2027-02-05 10:00`).",
    ),
]

PERCENT = r"^-?\d{1,6}(?:\.\d{1,4})?%$"

Number = Annotated[
    Decimal,
    Meta(
        description="A number, exact as written: `50000`, `88.50`, or a share such as `35%`.",
        extra_json_schema={"type": ["number", "string"], "pattern": PERCENT},
        extra={"percent": True},
    ),
]

Share = Annotated[
    Decimal,
    Meta(
        description="A share, such as `5%`.",
        extra_json_schema={"type": ["number", "string"], "pattern": PERCENT},
        extra={"percent": True},
    ),
]

Money = Annotated[
    Decimal,
    Meta(
        description="An amount of money in the budget's currency, such as `300000` or `12.50`.",
        extra_json_schema={"type": "number", "minimum": 0},
    ),
]

Rhythm = Literal["daily", "weekly", "fortnightly", "monthly", "quarterly", "once"]


def texts(text: Text | None, fallback: str = "") -> dict[str, str]:
    """A text in every language: a plain one says the same in each, and what is missing falls back.

    Traditional and Simplified Chinese stand in for each other before English does; what is only there in Simplified
    is turned into Traditional.
    """
    if text is None or text == "" or text == {}:
        return dict.fromkeys(LANGUAGES, fallback)
    if isinstance(text, str):
        return dict.fromkeys(LANGUAGES, text)
    order = {
        "en": ("en", "zh-Hans", "zh-Hant"),
        "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
        "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    }
    found = {language: next(text[name] for name in order[language] if name in text) for language in LANGUAGES}
    if "zh-Hans" in text and "zh-Hant" not in text:
        found["zh-Hant"] = traditional(text["zh-Hans"])
    return found
