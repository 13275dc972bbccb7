"""Verdicts on proofs by people: an event like any other, with a line in the audit trail."""

from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.events import Event
from festoon.intake.operating import SOURCE
from festoon.mechanics.proof import APPROVED, REJECTED
from festoon.store.trail import record


class Judgement(Struct, frozen=True):
    """What somebody decided on a proof: `mechanic` is `campaign/mechanic`; a reason rejects it, none approves it."""

    member: str
    mechanic: str
    proof: str
    reason: str
    actor: str

    def event(self, now: datetime) -> Event:
        """The event that says so. A proof that was rejected may be handed in again, so the moment is in its id."""
        campaign, _, mechanic = self.mechanic.partition("/")
        data = {"proof": self.proof, "campaign": campaign, "mechanic": mechanic, "reviewer": self.actor}
        if self.reason:
            data["reason"] = self.reason
        type_ = REJECTED if self.reason else APPROVED
        id = f"{type_}/{self.mechanic}/{self.proof}/{now.isoformat()}"[:256]
        return Event(SOURCE, id, type_, self.member, now, data)

    async def note(self, connection: asyncpg.Connection, now: datetime) -> None:
        """Keep it in the audit trail, once it stands."""
        act = "proof.reject" if self.reason else "proof.approve"
        object_ = f"{self.member}/{self.mechanic}/{self.proof}"
        async with connection.transaction():
            await record(
                connection,
                at=now,
                actor=self.actor,
                act=act,
                object=object_,
                after=self.reason or None,
            )
