"""Write the reference of webhooks from their declarations: `python -m festoon.outbox.webhooks.page`."""

import sys
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from festoon.outbox.webhooks.kinds import HEADERS, KINDS, Kind
from festoon.outbox.webhooks.schedule import GIVE_UP, JITTER, STEPS

_HEAD = """# Webhooks

Every kind of message that a platform can be told of, and what stands in its `data`.
[Receive webhooks](../how-to/receive-webhooks.md) says how to be told. The same stands in `/openapi.json` under
`webhooks`. This page is made from the declarations.

A message is `{"type": …, "timestamp": …, "data": …}`: its kind, when it came about, and what is below. Names and
meanings stay as they are; fields may be added, so pass over those you do not know.
"""
_REF = "{name}"


def page() -> str:
    """The whole page."""
    return (
        "\n".join([_HEAD, *_sent(), *(line for kind in KINDS.values() for line in _kind(kind))]).rstrip()
        + "\n"
    )


def _sent() -> Iterator[str]:
    yield "## How they are sent\n"
    yield "| header | what it says |\n|---|---|"
    yield from (f"| `{name}` | {about} |" for name, about in HEADERS.items())
    waits = ", ".join(str(step) for step in STEPS).replace("1 day, 0:00:00", "24:00:00")
    yield (
        "\nWhat is not answered with a status from 200 to 299 within 15 seconds is sent again after (h:mm:ss)\n"
        f"{waits},\neach wait up to {JITTER:.0%} shorter or longer. A `Retry-After` with 429 or 503 is heeded. "
        f"410 disables the\nendpoint; so do {GIVE_UP.days} days in which nothing gets through. "
        "Redirects are not followed.\n"
    )
    yield "## The kinds"


def _kind(kind: Kind) -> Iterator[str]:
    about = " ".join((kind.data.__doc__ or "").split())
    yield f"\n### `{kind.name}`\n\n{kind.titles['zh-Hans']}. {about}\n\n| field | type |\n|---|---|"
    yield from _fields(kind.data)


def _fields(shape: type[Struct]) -> Iterator[str]:
    _, components = msgspec.json.schema_components([shape], ref_template=_REF)
    for field in msgspec.structs.fields(shape):
        schema = components[shape.__name__]["properties"][field.encode_name]
        left_out = "" if field.required else ", or left out"
        yield f"| `{field.encode_name}` | {_type(schema, components)}{left_out} |"


def _type(schema: dict[str, object], components: dict[str, dict[str, object]]) -> str:
    if "$ref" in schema:
        inside = components[str(schema["$ref"])]["properties"]
        assert isinstance(inside, dict)
        return "object of " + ", ".join(f"`{name}`" for name in inside)
    if isinstance(schema.get("anyOf"), list):
        return " or ".join(_type(each, components) for each in schema["anyOf"])  # type: ignore[attr-defined]
    if schema.get("type") == "array":
        items = schema["items"]
        assert isinstance(items, dict)
        return f"array of {_type(items, components)}"
    return "instant" if schema.get("format") == "date-time" else str(schema.get("type", "anything"))


if __name__ == "__main__":
    sys.stdout.write(page())
