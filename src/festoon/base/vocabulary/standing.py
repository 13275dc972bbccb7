"""Events about whether a member may take part at all: blocked, let in again, erased."""

from typing import Annotated

from festoon.base.vocabulary.event_type import EventType, internal
from festoon.base.vocabulary.kinds import Data, Id, Text, says


class MemberBlocked(Data, frozen=True):
    """An operator blocks the member: what he asks for is refused from now on. What happened is still taken."""

    reason: Annotated[Text, says("Kept in the journal and the audit trail. The member is not told.")]
    made_by: Id | None = None


class MemberUnblocked(Data, frozen=True):
    """An operator lets a blocked member take part again."""

    reason: Annotated[Text, says("Kept in the journal and the audit trail.")]
    made_by: Id | None = None


class MemberErased(Data, frozen=True):
    """What is known of the person is destroyed, for good: personal fields, profile and every external id. The books
    stay, under a number that leads to nobody."""

    reason: Annotated[Text, says("Kept in the journal and the audit trail; it names nobody.")]
    made_by: Id | None = None
    checked_by: Id | None = None


TYPES: tuple[EventType, ...] = (
    internal(
        "member.blocked",
        MemberBlocked,
        "Member blocked",
        "会员封禁",
        {"reason": "a ring of forty accounts on one phone", "made_by": "lin"},
    ),
    internal(
        "member.unblocked",
        MemberUnblocked,
        "Member let in again",
        "会员解封",
        {"reason": "he proved that it was his phone", "made_by": "lin"},
    ),
    internal(
        "member.erased",
        MemberErased,
        "Member erased",
        "会员资料清除",
        {"reason": "asked for on 3 April", "made_by": "lin", "checked_by": "wu"},
    ),
)
