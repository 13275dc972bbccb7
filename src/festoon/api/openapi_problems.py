"""How the document tells problems: by status, with every code that may come, and what each looks like."""

from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from festoon.access.keys import KEY_MISSING, KEY_UNKNOWN, SCOPE_MISSING
from festoon.access.tokens import MEMBER, TOKEN_EXPIRED, TOKEN_INVALID
from festoon.api import once
from festoon.api.examples import SAID
from festoon.api.filters import (
    PARAMETER_INVALID,
    PARAMETER_MISSING,
    PARAMETER_UNKNOWN,
    UNHOLDABLE,
    WRONG_SHAPE,
)
from festoon.api.operation import TOKEN_NEEDED, Operation, status_of
from festoon.base.errors import FestoonError
from festoon.intake.asgi import BODY_TOO_LARGE
from festoon.intake.batcher import STORE_GONE
from festoon.intake.refusals import NOT_JSON

Schema = dict[str, Any]
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_STRING = {"type": "string"}


def problems_of(each: Operation) -> list[int | str]:
    """Everything that an operation may answer instead of what was asked: its own problems, and those that all have that
    are like it."""
    found: list[int | str] = [*each.problems]
    query = [parameter for parameter in each.parameters if parameter.where == "query"]
    if each.scope:
        found += [
            KEY_MISSING,
            KEY_UNKNOWN,
            TOKEN_INVALID,
            TOKEN_EXPIRED,
            STORE_GONE,
            PARAMETER_UNKNOWN,
            UNHOLDABLE,
        ]
        found.append(TOKEN_NEEDED if each.scope == MEMBER else SCOPE_MISSING)
    if query:
        found.append(PARAMETER_INVALID)
    if any(parameter.required for parameter in query):
        found.append(PARAMETER_MISSING)
    if each.takes is not None:
        found += [NOT_JSON, WRONG_SHAPE, BODY_TOO_LARGE]
    if each.bodies:
        found.append(BODY_TOO_LARGE)
    if each.once:
        found += [once.KEY_INVALID, once.UNDER_WAY, once.KEY_REUSED, BODY_TOO_LARGE, NOT_JSON]
    return list(dict.fromkeys(found))


def problems(found: Iterable[int | str]) -> Schema:
    """The answers of an operation that are problems, by status."""
    by_status: dict[int, list[str]] = defaultdict(list)
    open_ = set()
    for each in found:
        codes = by_status[status_of(each)]
        if isinstance(each, str):
            codes.append(each)
        else:
            open_.add(each)
    return {
        str(status): _problem(status, sorted(codes), closed=status not in open_)
        for status, codes in sorted(by_status.items())
    }


def _problem(status: int, codes: list[str], *, closed: bool) -> Schema:
    content: Schema = {"schema": _PROBLEM}
    if codes and closed:
        content["schema"] = {"allOf": [_PROBLEM, {"properties": {"code": {"enum": codes}}}]}
    if codes:
        content["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    told = HTTPStatus(status).phrase + "".join(f"; `{code}`" for code in codes)
    return {
        "description": told,
        "headers": _headers(status),
        "content": {"application/problem+json": content},
    }


def examples(operations: Iterable[Operation], others: Iterable[str]) -> Schema:
    """What each problem that may come looks like, by its code."""
    found = {each for operation in operations for each in problems_of(operation) if isinstance(each, str)}
    return {code: _example(code) for code in sorted({*found, *others})}


def _example(code: str) -> Schema:
    body = FestoonError(code, **SAID).problem()
    del body["data"]
    return {"summary": body["title"], "value": {**body, "status": status_of(code)}}


def _headers(status: int) -> Schema:
    made: Schema = {
        "Content-Language": {
            "description": "The language of the texts.",
            "schema": {"type": "string", "enum": ["en", "zh-Hans", "zh-Hant"]},
            "example": "en",
        }
    }
    if status == HTTPStatus.UNAUTHORIZED:
        made["WWW-Authenticate"] = {
            "description": "How to say who one is.",
            "schema": _STRING,
            "example": "Bearer",
        }
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        about = "Seconds to wait before it is sent again."
        made["Retry-After"] = {
            "description": about,
            "schema": {"type": "integer", "minimum": 0},
            "example": 2,
        }
    return made
