"""Consent by channel: whether a member may be written to there, since when, who said so, and to which words.

Of each channel a profile keeps the answer that holds: `consents` says yes or no, for conditions, and `consents_said`
the rest. The newest answer holds, whichever comes in first; of two at the same instant the refusal. No answer is no
consent.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Literal

import msgspec
from msgspec import Struct

from festoon.base.sources import ACTS, MEMBER

CONSENTS, SAID = "consents", "consents_said"
AT, WORDING = "consents_at", "consents_wording"
"""What a profile that comes in says beside `consents`: when each was given, and to which words."""
CHANGED = "consent.changed"
TELLING = frozenset({ACTS, MEMBER})
"""Sources by which an answer is known to be the member's own or an operator's. No platform may use them for one."""
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
"""Stands for a time that nobody knows: every answer that has one is newer."""

By = Literal["member", "operator", "platform"]


class Answer(Struct, frozen=True, omit_defaults=True):
    """What holds of one channel. `who` is the operator's name or the platform's source; `at` and `by` are None
    when nobody knows."""

    channel: str
    agreed: bool
    at: datetime | None = None
    by: By | None = None
    who: str = ""
    wording: str = ""
    where: str = ""

    def beats(self, other: "Answer | None") -> bool:
        """Whether it holds where the other did."""
        if other is None:
            return True
        ours, theirs = self.at or ALWAYS, other.at or ALWAYS
        return ours > theirs or (ours == theirs and other.agreed and not self.agreed)


def said_by(source: str, data: Mapping[str, Any]) -> tuple[By, str]:
    """Who is behind an event, and by which name."""
    if source == MEMBER:
        return "member", ""
    if source == ACTS:
        return "operator", str(data.get("made_by") or "")
    return "platform", source


def answer_in(data: Mapping[str, Any], source: str, at: datetime) -> Answer:
    """The answer that a `consent.changed` gives."""
    by, who = said_by(source, data)
    wording, where = str(data.get("wording") or ""), str(data.get("where") or "")
    return Answer(data["channel"], data["agreed"], at, by, who, wording, where)


def answers_in_profile(type_: str, data: Mapping[str, Any], source: str, at: datetime) -> Iterator[Answer]:
    """The answers that come with a registration, an import or a change of the profile.

    A registration and a change are answers of that moment. What an import knows is older: a yes counts from the time
    that it gives, else from the day of the registration, else as older than any other. A no counts at once.
    """
    times, wordings = data.get(AT) or {}, data.get(WORDING) or {}
    for channel, agreed in (data.get(CONSENTS) or {}).items():
        since: datetime | None = at
        if said := times.get(channel):
            since = min(_instant(said), at)
        elif type_ == "member.imported" and agreed:
            since = _instant(data["registered"]) if data.get("registered") else None
        yield Answer(channel, agreed, since, "platform", source, str(wordings.get(channel) or ""))


def with_answer(profile: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """The profile with an answer; the very same when a newer one holds."""
    if not answer.beats(answer_of(profile, answer.channel)):
        return profile
    told = msgspec.to_builtins(answer)
    del told["channel"], told["agreed"]
    if answer.at is not None:
        told["at"] = answer.at.isoformat()
    return {
        **profile,
        CONSENTS: {**profile.get(CONSENTS, {}), answer.channel: answer.agreed},
        SAID: {**profile.get(SAID, {}), answer.channel: told},
    }


def answer_of(profile: Mapping[str, Any], channel: str) -> Answer | None:
    """What holds of a channel; None as long as nothing was said."""
    agreed = profile.get(CONSENTS, {}).get(channel)
    if not isinstance(agreed, bool):
        return None
    told = profile.get(SAID, {}).get(channel, {})
    return msgspec.convert({**told, "channel": channel, "agreed": agreed}, Answer)


def answers_of(profile: Mapping[str, Any]) -> list[Answer]:
    """What holds of every channel of which something was said, by name."""
    found = (answer_of(profile, channel) for channel in sorted(profile.get(CONSENTS, {})))
    return [each for each in found if each is not None]


def may_be_written(profile: Mapping[str, Any], channel: str) -> bool:
    """Whether the member has agreed to a channel. Who was never asked has not."""
    return profile.get(CONSENTS, {}).get(channel) is True


def of_both(stays: Mapping[str, Any], goes: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of two accounts of one person: what either refused is refused; nothing when neither said anything."""
    both: dict[str, Any] = {}
    for each in (*answers_of(stays), *answers_of(goes)):
        known = answer_of(both, each.channel)
        if known is not None and known.agreed and not each.agreed:
            both = _without(both, each.channel)
        if known is None or known.agreed or not each.agreed:
            both = with_answer(both, each)
    return both


def _without(profile: dict[str, Any], channel: str) -> dict[str, Any]:
    return {
        part: {name: told for name, told in known.items() if name != channel}
        for part, known in profile.items()
    }


def _instant(said: object) -> datetime:
    """An instant; of a day its beginning. One at the very edge of the calendar is as old as any."""
    text = str(said)
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time.min, UTC)
    try:
        return msgspec.convert(text, datetime).astimezone(UTC)
    except OverflowError:
        return ALWAYS
