"""A member's profile: what events make of it. Personal fields are kept apart and never reach the journal."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from festoon.base.vocabulary import VOCABULARY
from festoon.members.consents import AT, CONSENTS, SAID, WORDING, answers_in_profile, with_answer

BLOCKED = "blocked"
"""What a profile says of a member whose requests are refused. Events set it; nobody else can."""

Changed = tuple[dict[str, Any], datetime | None, dict[str, Any]]
"""The new profile, when he registered, and the personal fields that came with the event."""

TYPES = frozenset({"member.registered", "member.imported", "member.profile_changed"})
"""The types of events that bring a profile."""
_OURS = frozenset({BLOCKED, SAID})
"""What no event puts into a profile by saying so."""
_APART = _OURS | {"registered", "invite_code", "visitors", AT, WORDING}


def changed(
    type_: str,
    data: Mapping[str, Any],
    profile: dict[str, Any],
    registered: datetime | None,
    at: datetime,
    source: str = "",
) -> Changed | None:
    """What an event makes of a profile, or None when it changes nothing.

    The first registration is the one that counts. `attributes` are merged into the profile one by one, so that
    conditions read them as `member.<name>`; fields that are left out stay as they are.
    """
    if type_ == "segment.entered" or type_ == "segment.left":
        return _segments(type_, data, profile, registered)
    if type_ not in TYPES:
        return None
    personal = VOCABULARY[type_].personal
    new = dict(profile)
    for name, value in data.items():
        if name in personal or value is None or name in _APART:
            continue
        if name == "attributes":
            new |= {known: each for known, each in value.items() if known not in _OURS and known != CONSENTS}
        elif name == CONSENTS:
            for answer in answers_in_profile(type_, data, source, at):
                new = with_answer(new, answer)
        else:
            new[name] = value
    kept = {name: data[name] for name in personal if data.get(name) not in (None, {}, "")}
    if type_ == "member.registered":
        registered = registered or at
    elif type_ == "member.imported" and data.get("registered"):
        day = date.fromisoformat(str(data["registered"])[:10])
        registered = registered or datetime.combine(day, time.min, UTC)
    return new, registered, kept


def segment_key(campaign: str | None, segment: str) -> str:
    """How a profile names a segment: one that a plan defines belongs to its campaign, `spring/top`; one that the
    platform keeps is everybody's, `returning`."""
    return f"{campaign}/{segment}" if campaign else segment


def _segments(
    type_: str, data: Mapping[str, Any], profile: dict[str, Any], registered: datetime | None
) -> Changed | None:
    name = segment_key(data.get("campaign"), data["segment"])
    segments = set(profile.get("segments", ()))
    before = set(segments)
    if type_ == "segment.entered":
        segments.add(name)
    else:
        segments.discard(name)
    return None if segments == before else ({**profile, "segments": sorted(segments)}, registered, {})
