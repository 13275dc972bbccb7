"""Work and risks: methods of both clients. Written by `python -m festoon.client.making`."""

from datetime import date

from festoon.api.work import RisksAnswer, TasksAnswer
from festoon.client.calls import Call, body, quoted
from festoon.client.sending import Awaiting, Waiting


class WorkAndRisks(Waiting):
    """Work and risks."""

    def tasks(self, campaign: str) -> TasksAnswer:
        """The tasks of a campaign's plan, and how far each is."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/tasks", TasksAnswer))

    def set_task(
        self, campaign: str, task: str, state: str, *, note: str = "", idempotency_key: str = ""
    ) -> TasksAnswer:
        """Say how far a task is."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/tasks/{quoted(task)}",
                TasksAnswer,
                body=body(state=state, note=note),
                once=True,
                key=idempotency_key,
            )
        )

    def risks(self, campaign: str) -> RisksAnswer:
        """The risks of a campaign's plan, in which state each is, and when it is looked at again."""
        return self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/risks", RisksAnswer))

    def set_risk(
        self,
        campaign: str,
        risk: str,
        state: str,
        *,
        note: str = "",
        next_review: date | None = None,
        idempotency_key: str = "",
    ) -> RisksAnswer:
        """Say that a risk was looked at, and what state it is in."""
        return self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/risks/{quoted(risk)}",
                RisksAnswer,
                body=body(state=state, note=note, next_review=next_review),
                once=True,
                key=idempotency_key,
            )
        )


class AsyncWorkAndRisks(Awaiting):
    """Work and risks."""

    async def tasks(self, campaign: str) -> TasksAnswer:
        """The tasks of a campaign's plan, and how far each is."""
        return await self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/tasks", TasksAnswer))

    async def set_task(
        self, campaign: str, task: str, state: str, *, note: str = "", idempotency_key: str = ""
    ) -> TasksAnswer:
        """Say how far a task is."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/tasks/{quoted(task)}",
                TasksAnswer,
                body=body(state=state, note=note),
                once=True,
                key=idempotency_key,
            )
        )

    async def risks(self, campaign: str) -> RisksAnswer:
        """The risks of a campaign's plan, in which state each is, and when it is looked at again."""
        return await self.call(Call("GET", f"/v1/campaigns/{quoted(campaign)}/risks", RisksAnswer))

    async def set_risk(
        self,
        campaign: str,
        risk: str,
        state: str,
        *,
        note: str = "",
        next_review: date | None = None,
        idempotency_key: str = "",
    ) -> RisksAnswer:
        """Say that a risk was looked at, and what state it is in."""
        return await self.call(
            Call(
                "POST",
                f"/v1/campaigns/{quoted(campaign)}/risks/{quoted(risk)}",
                RisksAnswer,
                body=body(state=state, note=note, next_review=next_review),
                once=True,
                key=idempotency_key,
            )
        )
