"""Personal fields as they are shown to who may not read them whole: enough to tell one person from the next, and no
more."""

from collections.abc import Mapping
from typing import Any

HIDDEN = "•"


def masked(fields: Mapping[str, Any]) -> dict[str, str]:
    """Every field with most of it hidden. What is not a text (ids elsewhere) is only said to be there."""
    return {name: _field(name, value) for name, value in fields.items()}


def _field(name: str, value: Any) -> str:
    if not isinstance(value, str):
        return HIDDEN * 3
    if name == "name":
        return _name(value)
    if name == "phone":
        return _phone(value)
    if name == "email":
        return _email(value)
    return HIDDEN * 3


def _name(name: str) -> str:
    """The first letter: 李•, or M•."""
    return f"{name[:1]}{HIDDEN * 2}" if name else ""


def _phone(phone: str) -> str:
    """The last four digits, when there are enough others."""
    digits = [sign for sign in phone if sign.isdigit()]
    if len(digits) < 8:
        return HIDDEN * 3
    return HIDDEN * (len(digits) - 4) + "".join(digits[-4:])


def _email(email: str) -> str:
    """The first letter and where it is."""
    local, at, domain = email.partition("@")
    return f"{local[:1]}{HIDDEN * 2}@{domain}" if at else HIDDEN * 3
