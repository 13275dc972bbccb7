"""What the conditions of a plan may speak of: fields of events, facts of the member, the campaign."""

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from festoon.base.channels import CHANNELS
from festoon.base.errors import Invalid
from festoon.base.expressions import (
    BOOL,
    CAMPAIGN,
    DATE,
    DATETIME,
    EVENT,
    INT,
    NUMBER,
    TEXT,
    TEXTS,
    FieldType,
    Vocabulary,
    event_fields,
    member_fields,
    member_functions,
    object_of,
)
from festoon.base.vocabulary import VOCABULARY, DataCheck, DeclaredType, fields, schema_fields
from festoon.plan.behaviour import figure_fields
from festoon.plan.schema import Plan
from festoon.plan.segments import segment_names
from festoon.plan.values import texts

PROFILE: Mapping[str, FieldType] = {
    "registered": DATETIME.maybe(),
    "region": TEXT.maybe(),
    "language": TEXT.maybe(),
    "timezone": TEXT.maybe(),
    "channel": TEXT.maybe(),
    "level": TEXT.maybe(),
    "is_staff": BOOL.maybe(),
    "is_tester": BOOL.maybe(),
    "consents": object_of(**dict.fromkeys(CHANNELS, BOOL.maybe())).maybe(),
}
"""What conditions may ask of every member besides the attributes that the plan declares."""

KINDS: Mapping[str, FieldType] = {
    "int": INT,
    "number": NUMBER,
    "text": TEXT,
    "bool": BOOL,
    "date": DATE,
    "datetime": DATETIME,
    "texts": TEXTS,
}
"""The kinds an attribute can have, by the name a plan uses."""


_json = msgspec.json.Encoder(decimal_format="number")  # a schema's bounds are JSON numbers


def vocabulary(plan: Plan, types: Sequence[str], zone: ZoneInfo) -> Vocabulary:
    """What a condition on events of these types may speak of; of none: what every event has."""
    member = member_fields(profile(plan))
    functions = member_functions(_moments(plan), segment_names(plan.segments), plan.mechanics)
    around = {**member, **CAMPAIGN}
    if not types:
        return Vocabulary({**EVENT, **around}, functions, zone)
    by_type = {
        type: Vocabulary({**event_fields(_data(plan, type)), **around}, functions, zone) for type in types
    }
    return Vocabulary.in_common(by_type)


def segment_vocabulary(plan: Plan, zone: ZoneInfo) -> Vocabulary:
    """What the condition of a segment may speak of: the member, what he did as figures, and the campaign."""
    fields = {**member_fields({**profile(plan), **figure_fields()}), **CAMPAIGN}
    functions = member_functions(_moments(plan), segment_names(plan.segments))
    functions.pop("member.count")
    return Vocabulary(fields, functions, zone)


def success_vocabulary(plan: Plan, types: Sequence[str], zone: ZoneInfo) -> Vocabulary:
    """What a condition may speak of that asks for events of these types only by what is in their data."""
    if not types:
        return Vocabulary({}, {}, zone)
    data = {
        type: {name: of for name, of in event_fields(_data(plan, type)).items() if name not in EVENT}
        for type in types
    }
    return Vocabulary.in_common({type: Vocabulary(fields, {}, zone) for type, fields in data.items()})


def is_known(plan: Plan, type: str) -> bool:
    """Whether a type is built in or declared by the plan."""
    return type in VOCABULARY or type in plan.events


def profile(plan: Plan) -> dict[str, FieldType]:
    """The facts of a member that conditions may read."""
    own = {name: KINDS[kind].maybe() for name, kind in plan.attributes.items()}
    if not plan.consents:
        return {**PROFILE, **own}
    channels = dict.fromkeys((*CHANNELS, *plan.consents), BOOL.maybe())
    return {**PROFILE, **own, "consents": object_of(**channels).maybe()}


def _moments(plan: Plan) -> Iterable[str]:
    dated = (DATE.kind, DATETIME.kind)
    return [name for name, type in profile(plan).items() if type.kind in dated]


def _data(plan: Plan, type: str) -> Mapping[str, FieldType]:
    if type in VOCABULARY:
        return fields(type)
    if type in plan.events and not event_mistakes(plan, type):
        return schema_fields(plan.events[type].data)
    return {}


def declared_type(plan: Plan, name: str) -> DeclaredType:
    """An event type of the plan's own, as intake checks it."""
    said = plan.events[name]
    schema = msgspec.json.decode(_json.encode(said.data))
    return DeclaredType(name, schema, said.trust, texts(said.title, name))


def event_mistakes(plan: Plan, name: str) -> list[Invalid]:
    """What is wrong with an event type that the plan declares."""
    try:
        DataCheck(declared_type(plan, name))
    except Invalid as wrong:
        return [wrong]
    return []
