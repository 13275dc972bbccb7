"""The reference page of events, written from the vocabulary.

`python -m festoon.base.vocabulary.page` prints it.
"""

import sys
from collections.abc import Iterator

import msgspec

from festoon.base.vocabulary.event_type import EventType
from festoon.base.vocabulary.registry import VOCABULARY
from festoon.base.vocabulary.schema import json_schema

_INTRODUCTION = """\
# Events

Everything that happens to a member comes in as an event: a [CloudEvent](https://cloudevents.io) whose
`subject` is the member's id, whose `time` is when it happened, and whose `data` says what. This page lists
the types Festoon knows. It is written by `python -m festoon.base.vocabulary.page`.

- **Checked.** The `data` of these types is checked when it comes in. What does not fit is turned away with
  `event.data_missing` or `event.data_invalid` and the field; it is not stored and may be sent again.
- **Amounts** are whole numbers of the smallest unit: 12.50 CNY is `1250`. A float is refused, even `12.0`,
  which JSON Schema calls an integer.
- **Open.** Add fields of your own to any type; they are kept, and conditions do not see them.
- **Other types** are recorded and have no effect, until a plan declares them by a JSON Schema.
- **Personal** fields are kept apart, in a table of their own with one row a member. Journal, profile and facts never
  hold them. They are not encrypted yet: who can read the database can read them
  ([why](../decisions/0008-personal-fields-kept-apart.md)).

A *fact* is always accepted, and every mechanic answers for itself. A *request* succeeds or is refused whole.
An *internal* event is made by Festoon or its operators. A member's own token may send only what says
*member*; a platform's key everything but what says *Festoon only*.
"""

_SENDERS = {"member": "member, platform", "platform": "platform", "festoon": "Festoon only"}


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((_INTRODUCTION, *_overview(), *(_section(type) for type in VOCABULARY.values())))


def _overview() -> Iterator[str]:
    yield "| type | | 中文 | kind | who may send it |"
    yield "|---|---|---|---|---|"
    for type in VOCABULARY.values():
        title, chinese = type.title["en"], type.title["zh-Hans"]
        link = f"[`{type.name}`](#{type.name.replace('.', '')})"
        yield f"| {link} | {title} | {chinese} | {type.kind} | {_SENDERS[type.trust]} |"
    yield ""


def _section(type: EventType) -> str:
    personal = ", ".join(f"`{name}`" for name in sorted(type.personal))
    return "\n".join(
        (
            f"## {type.name}",
            "",
            f"{type.title['en']} ({type.title['zh-Hans']}). {type.purpose}",
            "",
            f"- Kind: {type.kind}",
            f"- Who may send it: {_SENDERS[type.trust]}",
            *((f"- Personal: {personal}",) if personal else ()),
            "",
            "Example:",
            "",
            "```json",
            _json(type.example),
            "```",
            "",
            "<details><summary>JSON Schema</summary>",
            "",
            "```json",
            _json(json_schema(type.name)),
            "```",
            "",
            "</details>",
            "",
        )
    )


_WIDTH = 100


def _json(value: object, indent: str = "") -> str:
    """JSON in which whatever fits on a line stands on one."""
    flat = msgspec.json.format(msgspec.json.encode(value), indent=0).decode()
    if len(indent) + len(flat) <= _WIDTH or not isinstance(value, dict | list):
        return flat
    deeper = indent + "  "
    if isinstance(value, dict):
        parts = [f"{deeper}{_json(name)}: {_json(inner, deeper)}" for name, inner in value.items()]
    else:
        parts = [deeper + _json(inner, deeper) for inner in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return "\n".join((opening, ",\n".join(parts), indent + closing))


if __name__ == "__main__":
    sys.stdout.write(page())
