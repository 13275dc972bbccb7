"""The event types Festoon knows: what each says, who may send it, and whether its data is right.

`VOCABULARY` maps a type's name to its `EventType`. A type that is not in it may be declared by a plan
(`DeclaredType`); any other type is recorded by intake and has no effect.
"""

from festoon.base.vocabulary.declared import DataCheck, DeclaredType
from festoon.base.vocabulary.decode import decode_data
from festoon.base.vocabulary.event_type import EventType, Kind, Trust, may_send
from festoon.base.vocabulary.fields import fields, schema_fields
from festoon.base.vocabulary.registry import VOCABULARY
from festoon.base.vocabulary.schema import json_schema

__all__ = [
    "VOCABULARY",
    "DataCheck",
    "DeclaredType",
    "EventType",
    "Kind",
    "Trust",
    "decode_data",
    "fields",
    "json_schema",
    "may_send",
    "schema_fields",
]
