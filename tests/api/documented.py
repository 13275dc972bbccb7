"""What the OpenAPI document says an answer looks like, and whether one does."""

import re
from typing import Any

import httpx
import jsonschema_rs

JSON = ("application/json", "application/problem+json")


def conforms(document: dict[str, Any], answer: httpx.Response) -> bool:
    """Raises a ValidationError, or KeyError when the document does not foresee such an answer at all."""
    path = answer.request.url.path
    methods = next(methods for template, methods in document["paths"].items() if _matches(template, path))
    operation = methods[answer.request.method.lower()]
    content = operation["responses"][str(answer.status_code)]["content"]
    kind = answer.headers["content-type"].partition(";")[0]
    schema = {**content[kind]["schema"], "components": document["components"]}
    if kind in JSON:
        jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(answer.json())
    return True


def _matches(template: str, path: str) -> bool:
    pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
    return re.fullmatch(pattern, path) is not None
