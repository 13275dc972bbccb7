"""Refusals in plain words, for who reads about all of them at once.

The text of a code speaks to one member about his own case; here it is said what the code means for the
campaign, and whether that is how it was planned or something to look at. A code that is not here is shown
in its own words.
"""

import msgspec
from msgspec import Struct

from festoon.base.errors import text_of
from festoon.insight.reason_texts import KNOWN, Kind
from festoon.mechanics.registry import kinds


class Reason(Struct, frozen=True):
    """A refusal code for a reader: what it means, and of which kind it is."""

    text: str
    kind: Kind


def reason_of(code: str, note: str, language: str) -> Reason:
    """What a refusal code means. `note` is the data of one refusal as JSON, for codes that are not known
    here."""
    kinds()  # a mechanic declares its codes when it is loaded
    known = KNOWN.get(code)
    if known is not None:
        text = known[1][language]
        return Reason(text[:1].upper() + text[1:], known[0])
    try:
        data = msgspec.json.decode(note, type=dict) if note else {}
    except msgspec.DecodeError:
        data = {}
    text = text_of(code, data, language)
    return Reason(text[:1].upper() + text[1:], "planned")
