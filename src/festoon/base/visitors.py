"""Visitors: who was seen before anybody knew who it is, by a cookie, a device, or as a lead in another system.

A visitor has an id of a form that no member has, and a number in a range that no member gets, so that every place which
has one of the two can tell.
"""

PREFIX = "visitor:"
"""What the id of a visitor begins with: `visitor:` and what the platform knows it by."""
FIRST_NUMBER = 1 << 39
"""Visitors are numbered from here on, half a million million. An invite code holds a number below 2⁴⁰."""


def is_visitor(subject: str) -> bool:
    """Whether an id is a visitor's."""
    return subject.startswith(PREFIX)
