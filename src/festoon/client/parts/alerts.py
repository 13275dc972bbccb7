"""Alerts: methods of both clients. Written by `python -m festoon.client.making`."""

from festoon.api.alerts import AlertsAnswer
from festoon.client.calls import Call, body
from festoon.client.sending import Awaiting, Waiting


class Alerts(Waiting):
    """Alerts."""

    def alerts(self) -> AlertsAnswer:
        """What is wrong right now, since when, and what to do about it."""
        return self.call(Call("GET", "/v1/alerts", AlertsAnswer))

    def acknowledge_alert(self, key: str, note: str, *, idempotency_key: str = "") -> AlertsAnswer:
        """Say that an alert was seen, and what is done about it."""
        return self.call(
            Call(
                "POST",
                "/v1/alerts/acknowledge",
                AlertsAnswer,
                body=body(key=key, note=note),
                once=True,
                key=idempotency_key,
            )
        )


class AsyncAlerts(Awaiting):
    """Alerts."""

    async def alerts(self) -> AlertsAnswer:
        """What is wrong right now, since when, and what to do about it."""
        return await self.call(Call("GET", "/v1/alerts", AlertsAnswer))

    async def acknowledge_alert(self, key: str, note: str, *, idempotency_key: str = "") -> AlertsAnswer:
        """Say that an alert was seen, and what is done about it."""
        return await self.call(
            Call(
                "POST",
                "/v1/alerts/acknowledge",
                AlertsAnswer,
                body=body(key=key, note=note),
                once=True,
                key=idempotency_key,
            )
        )
