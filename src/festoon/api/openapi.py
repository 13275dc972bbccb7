"""The OpenAPI 3.1 document of a server: the control plane's operations and the hot route in one."""

import re
from typing import Any

import msgspec

from festoon import __version__
from festoon.access.keys import SCOPES
from festoon.access.tokens import MEMBER
from festoon.api.answers import EventAnswer, Problem
from festoon.api.examples import SAID, example_of
from festoon.api.once import HEADER, LONGEST, PATTERN, REPLAYED
from festoon.api.openapi_events import SUCH_AS, events
from festoon.api.openapi_problems import examples, problems, problems_of
from festoon.api.operation import TAGS, Operation, Parameter
from festoon.intake.cloudevents import CloudEvent
from festoon.outbox.webhooks.kinds import KINDS, described

Schema = dict[str, Any]
_REF = "#/components/schemas/{name}"
ABOUT = """Events in, outcomes out; and everything around it: members, campaigns, plans, draws, codes, segments.

**Access.** Every request carries an API key, `Authorization: Bearer fst_…`; `festoon keys create` makes the first. \
A key has scopes, and one without scopes may do nothing.

**Errors** are problem details (RFC 9457) with a stable `code`, in the language of `Accept-Language` (`en`, \
`zh-Hans`, `zh-Hant`). What is turned away with 503 may be sent again after `Retry-After` seconds.

**Lists** come page by page: `limit` says how many, `next` of an answer is the `after` of the next request, and \
null at the end. What is added meanwhile neither moves a page nor is shown twice. A parameter that an operation does \
not know is refused.

**Once.** Whatever makes something takes an `Idempotency-Key`. The same key with the same request gets the answer \
that the first one got (for 24 hours, with `Idempotency-Replayed: true`), with another request 422, while the first \
is under way 409. What was refused did nothing: it may be sent again under its key, corrected. Events need no such \
key, since each has an id of its own.

**Amounts** are whole numbers of the smallest unit (points; fen for CNY). **Times** are instants with an offset."""


def document(operations: tuple[Operation, ...]) -> Schema:
    """The whole document."""
    types = [CloudEvent, EventAnswer, Problem, *(each.answers for each in operations)]
    types += [each.takes for each in operations if each.takes is not None]
    told = list(dict.fromkeys(kind.data for kind in KINDS.values()))
    types += told
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = {id(type_): schema for type_, schema in zip(types, schemas, strict=True)}
    order = list(TAGS)
    paths: dict[str, Schema] = {"/v1/events": {"post": events()}}
    for each in sorted(operations, key=lambda each: order.index(each.tag)):
        paths.setdefault(each.shown_path, {})[each.method.lower()] = _operation(each, by_type)
    return _plainly_named(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Festoon",
                "version": __version__,
                "summary": "Plans, runs, watches and evaluates user-engagement campaigns.",
                "description": ABOUT,
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
            "tags": [{"name": name, "description": about} for name, about in TAGS.items()],
            "paths": paths,
            "webhooks": described({each: by_type[id(each)] for each in told}),
            "components": {
                "schemas": components,
                "examples": examples(operations, SUCH_AS),
                "securitySchemes": {
                    "key": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "An API key. Scopes: "
                        + "; ".join(f"`{scope}` {text}" for scope, text in SCOPES.items()),
                    },
                    "member": {
                        "type": "http",
                        "scheme": "bearer",
                        "bearerFormat": "JWT",
                        "description": "A member's token, good for an hour at the most. It may do what a member may do "
                        "himself, for himself.",
                    },
                },
            },
        }
    )


def _plainly_named(document: Schema) -> Schema:
    """Shapes of one name from two modules have those modules in their names; here the last part will do."""
    text = msgspec.json.encode(document)
    for name in document["components"]["schemas"]:
        if "." in name:
            _, module, own = name.rsplit(".", 2)
            part = "".join(word.title() for word in module.split("_"))
            plain = own if part == own else part + own
            text = text.replace(f'"{name}":'.encode(), f'"{plain}":'.encode())
            text = text.replace(f'/{name}"'.encode(), f'/{plain}"'.encode())
    made: Schema = msgspec.json.decode(text)
    return made


def operation_id(each: Operation) -> str:
    """What it is called: by the client, or after its method and path."""
    path = each.shown_path.removeprefix("/v1")
    return each.name or "_".join([each.method.lower(), *re.findall(r"\w+", path)])


def _operation(each: Operation, by_type: dict[int, Schema]) -> Schema:
    made: Schema = {
        "tags": [each.tag],
        "summary": each.about,
        "operationId": operation_id(each),
        "responses": {
            str(each.status): _answer(each, by_type),
            **{str(status): _answer(each, by_type) for status in each.also},
            **problems(problems_of(each)),
        },
    }
    told = [each.tells] if each.tells else []
    if each.scope:
        mine = each.scope == MEMBER
        made["security"] = [{"member": []} if mine else {"key": [each.scope]}]
        told.append("Needs a member's token." if mine else f"Needs the scope `{each.scope}`.")
    if told:
        made["description"] = "\n\n".join(told)
    if parameters := [_parameter(p) for p in each.parameters] + ([_ONCE] if each.once else []):
        made["parameters"] = parameters
    if each.takes is not None:
        content = {"schema": by_type[id(each.takes)], **_shown(each.example or example_of(each.takes))}
        made["requestBody"] = {"required": True, "content": {"application/json": content}}
    if each.bodies:
        content = {media: {"schema": _BYTES, "example": "(the bytes of it)"} for media in each.bodies}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _answer(each: Operation, by_type: dict[int, Schema]) -> Schema:
    schema = _BYTES if each.answers is bytes else by_type[id(each.answers)]
    made: Schema = {
        "description": "Accepted; it goes on by itself." if each.status == 202 else "As asked.",
        "content": {each.media: {"schema": schema, **_shown(example_of(each.answers))}},
    }
    if each.once:
        about = "`true` when this is the answer that an earlier request with the same key got."
        made["headers"] = {
            REPLAYED: {"description": about, "schema": {"type": "string", "const": "true"}, "example": "true"}
        }
    return made


def _shown(example: Any) -> Schema:
    return {} if example is None else {"example": example}


def _parameter(each: Parameter) -> Schema:
    example = each.example if each.example is not None else SAID.get(each.name)
    return {
        "name": each.name,
        "in": each.where,
        "required": each.required,
        "description": each.about,
        "schema": each.schema,
        **_shown(example),
    }


_BYTES: Schema = {"type": "string", "format": "binary"}
_ONCE: Schema = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": f"Lets it act once however often it is sent: 1 to {LONGEST} signs of ASCII, such as a UUID.",
    "schema": {"type": "string", "pattern": PATTERN},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}
