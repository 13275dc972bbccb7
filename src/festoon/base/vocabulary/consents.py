"""The event by which a member lets himself be written to, or no more."""

from typing import Annotated

from festoon.base.channels import ChannelName
from festoon.base.vocabulary.event_type import EventType, fact
from festoon.base.vocabulary.kinds import Data, Id, Text, Word, says


class ConsentChanged(Data, frozen=True):
    """The member agrees to be written to by a channel, or does no longer. Of several answers the newest holds, by its
    time."""

    channel: Annotated[ChannelName, says("The channel, as plans and conditions name it.")]
    agreed: Annotated[bool, says("False is a refusal, or a consent taken back.")]
    wording: Annotated[Id | None, says("Which version of the text he was shown.")] = None
    where: Annotated[Word | None, says("Where he said so: a page, a shop, a call.")] = None
    reason: Annotated[Text | None, says("Of an operator: why. Kept in the journal and the audit trail.")] = (
        None
    )
    made_by: Annotated[Id | None, says("The operator; put there by Festoon.")] = None


TYPES: tuple[EventType, ...] = (
    fact(
        "consent.changed",
        ConsentChanged,
        "Consent given or withdrawn",
        "同意或撤回接收消息",
        {"channel": "sms", "agreed": False, "wording": "2027-01", "where": "settings"},
        by="member",
    ),
)
