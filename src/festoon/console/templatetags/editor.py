"""What the plan editor's templates need beside the tags of every page."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django import template
from django.utils.safestring import SafeString

from festoon.console import texts
from festoon.console.told import told

register = template.Library()


@register.simple_tag
def section_name(name: str) -> SafeString:
    """What a section of a plan is called."""
    return texts.say(f"editor.section_{name}")


@register.simple_tag
def language_name(language: str) -> SafeString:
    """What a language of a text is called."""
    return texts.say(f"editor.language_{language.replace('-', '_').lower()}")


@register.filter
def as_json(value: Any) -> str:
    """Plain data for a data attribute; amounts as they are written."""
    return msgspec.json.encode(value).decode()


@register.filter
def as_lines(values: Iterable[str]) -> str:
    """One a line."""
    return "\n".join(values)


@register.filter
def in_code(text: str) -> SafeString:
    """What is said of a plan, with what stands between backticks as code."""
    return told(text, {})
