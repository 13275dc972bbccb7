"""The JSON Schema of an event type's data."""

from typing import Any

import msgspec

from festoon.base.vocabulary import refusals
from festoon.base.vocabulary.registry import VOCABULARY

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(type: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a type's data. Fields of the platform's own are open.

    The schema calls 12.0 an integer, as JSON Schema does;
    intake does not. Raises Invalid `event.type_unknown`.
    """
    known = VOCABULARY.get(type)
    if known is None:
        raise refusals.unknown(type)
    _, parts = msgspec.json.schema_components([known.data], ref_template="#/$defs/{name}")
    own = parts.pop(known.data.__name__)
    schema = {"$schema": DIALECT, **own, "title": type}
    return schema | {"$defs": parts} if parts else schema
