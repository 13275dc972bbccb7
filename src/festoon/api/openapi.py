"""The OpenAPI 3.1 document of a server: the control plane's routes and the hot route in one."""

import re
from http import HTTPStatus
from typing import Any

import msgspec

from festoon import __version__
from festoon.access.keys import SCOPES
from festoon.access.tokens import MEMBER
from festoon.api.answers import EventAnswer, Problem
from festoon.api.routes import Operation
from festoon.base.vocabulary import VOCABULARY
from festoon.intake.cloudevents import CloudEvent
from festoon.intake.http import BATCH, STRUCTURED
from festoon.outbox.webhooks.kinds import KINDS, described

Schema = dict[str, Any]
_REF = "#/components/schemas/{name}"


def document(operations: tuple[Operation, ...]) -> Schema:
    """The whole document."""
    types = [CloudEvent, EventAnswer, Problem, *(each.answers for each in operations)]
    types += [each.takes for each in operations if each.takes is not None]
    told = list(dict.fromkeys(kind.data for kind in KINDS.values()))
    types += told
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = {id(type_): schema for type_, schema in zip(types, schemas, strict=True)}
    paths: dict[str, Schema] = {"/v1/events": {"post": _events()}}
    for each in operations:
        path = each.path.replace(":path}", "}")
        paths.setdefault(path, {})[each.method.lower()] = _operation(each, by_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Festoon",
            "version": __version__,
            "description": "Events in, outcomes out; members, campaigns and health. Requests carry "
            "`Authorization: Bearer fst_…`; a key is made with `festoon keys create`. Errors are problem details "
            "(RFC 9457) with a stable `code`, in the language of `Accept-Language`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "webhooks": described({each: by_type[id(each)] for each in told}),
        "components": {
            "schemas": components,
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


def _operation(each: Operation, by_type: dict[int, Schema]) -> Schema:
    made: Schema = {
        "summary": each.about,
        "operationId": _name(each),
        "responses": {
            "200": {
                "description": "As asked.",
                "content": {each.media: {"schema": by_type[id(each.answers)]}},
            },
            **_problems(
                (*each.problems, *((401, 403) if each.scope else ()), *((503,) if each.scope else ()))
            ),
        },
    }
    if each.scope:
        made["security"] = [{"member" if each.scope == MEMBER else "key": []}]
        made["description"] = (
            "Needs a member's token." if each.scope == MEMBER else f"Needs the scope `{each.scope}`."
        )
    if each.parameters:
        made["parameters"] = [
            {
                "name": p.name,
                "in": p.where,
                "required": p.required,
                "description": p.about,
                "schema": p.schema,
            }
            for p in each.parameters
        ]
    if each.takes is not None:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": by_type[id(each.takes)]}},
        }
    return made


def _name(each: Operation) -> str:
    """`get_members_id_statement`: what a generated client would call it."""
    path = each.path.removeprefix("/v1").replace(":path", "")
    return "_".join([each.method.lower(), *re.findall(r"\w+", path)])


def _problems(statuses: tuple[int, ...]) -> Schema:
    content = {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {
        str(status): {"description": HTTPStatus(status).phrase, "content": content, **_headers(status)}
        for status in sorted(set(statuses))
    }


def _headers(status: int) -> Schema:
    if status not in (429, 503):
        return {}
    about = "Seconds to wait before it is sent again."
    return {"headers": {"Retry-After": {"description": about, "schema": {"type": "integer"}}}}


def _events() -> Schema:
    one = {"$ref": _REF.format(name="CloudEvent")}
    answer = {"$ref": _REF.format(name="EventAnswer")}
    return {
        "summary": "Send events and get each one's outcome.",
        "operationId": "post_events",
        "description": "One CloudEvent (structured, or binary with `ce-` headers), or a batch of up to 10,000. A "
        "single event answers with its own status; a batch answers 200, with one status per event. Sending an event "
        "again is safe: it gets the outcome it got the first time. An event that was turned away was not stored. "
        "Needs the scope `events:write`; registrations `members:write` will do for, adjustments need "
        "`events:operate`. A member's token sends what the member does himself, as his own and as of now."
        "\n\nKnown types: "
        + ", ".join(f"`{name}`" for name, known in VOCABULARY.items() if known.kind != "internal")
        + ". Others are recorded and have no effect, unless a plan declares them.",
        "security": [{"key": []}, {"member": []}],
        "requestBody": {
            "required": True,
            "content": {
                STRUCTURED: {"schema": one},
                BATCH: {"schema": {"type": "array", "items": one, "maxItems": 10_000}},
                "application/json": {"schema": {"description": "The data of a binary-mode event."}},
            },
        },
        "responses": {
            "200": {
                "description": "The outcome; for a batch, one answer per event, in order, with its own status. With "
                "Retry-After when some of a batch have the status 503.",
                "content": {
                    "application/json": {"schema": {"oneOf": [answer, {"type": "array", "items": answer}]}}
                },
            },
            **_problems((400, 401, 403, 404, 409, 413, 415, 429, 503)),
        },
    }
