"""A platform under load that keeps every answer it got, and sends again what was not answered."""

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec

from tests.serving import MANY, ONE, PATIENCE, cloud_event, head, order_paid

MEMBERS = 150
COUPONS = 120
PHONES = 25
PLACES = 400
LINE = 3_000  # yuan
PLAN = (
    head(budget=LINE)
    + f"""
assets: {{points: {{cost: 0.01, line: prizes, expires: {{days: 30}}}}}}
coupons:
  five-off: {{value: 5, cost: 5, line: prizes, stock: {COUPONS}, valid: {{days: 7}}}}
gifts: {{phone: {{cost: 20, line: prizes}}}}
items: {{rabbit: {{edition: 60}}}}
mechanics:
  signup: {{kind: gift, on: member.registered, give: [{{points: 100}}], limits: {{per_member: 1}}}}
  spend: {{kind: earn, on: order.paid, asset: points, per: 1, give: 1}}
  claim: {{kind: gift, on: page.viewed, give: [{{coupon: five-off}}], limits: {{per_member: 3}}}}
  rabbits: {{kind: gift, on: content.shared, give: [{{item: rabbit}}], limits: {{per_member: 2}}}}
  places: {{kind: gift, on: content.published, give: [{{points: 10}}], limits: {{total: {PLACES}}}}}
  lucky-draw:
    kind: draw
    chances: {{free: {{per: day, count: 40}}}}
    prizes:
      - {{id: phone, weight: 1, stock: {PHONES}, give: {{gift: phone}}}}
      - {{id: packet, weight: 9, give: {{points: [5, 88]}}}}
    sold_out: next_prize
"""
)


class Load:
    """Events of random members. `answers` holds, by event id, every outcome that came back, and if it was `again`."""

    def __init__(self, port: int, key: str, seed: int) -> None:
        self.sent: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, list[tuple[dict[str, Any], bool]]] = {}
        self.stop = asyncio.Event()
        self.broken = 0
        """Requests that got no answer, or 503."""
        self._client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers={"authorization": f"Bearer {key}"}, timeout=PATIENCE
        )
        self._chance = random.Random(seed)
        self._events = self._make_events()
        self._codes: list[tuple[str, str]] = []

    async def run(self, senders: int) -> None:
        """Send until told to stop; return when everything that was sent is answered."""
        await asyncio.gather(*(self._send() for _ in range(senders)))
        await self._client.aclose()

    async def _send(self) -> None:
        while not self.stop.is_set():
            count = self._chance.choice((1, 1, 1, 5, 20, 60))
            events = [next(self._events) for _ in range(count)]
            self.sent |= {event["id"]: event for event in events}
            while waiting := [event for event in events if event["id"] not in self.answers]:
                await self._request(waiting)

    async def _request(self, events: list[dict[str, Any]]) -> None:
        alone = len(events) == 1
        body = msgspec.json.encode(events[0] if alone else events)
        try:
            answered = await self._client.post("/v1/events", content=body, headers=ONE if alone else MANY)
        except httpx.TransportError:
            self.broken += 1
            await asyncio.sleep(0.02)
            return
        answers = [answered.json()] if alone else answered.json()
        if answered.status_code == 503:
            self.broken += 1
            await asyncio.sleep(0.02)
            return
        assert answered.status_code == 200, answered.text
        for event, answer in zip(events, answers, strict=True):
            if answer["status"] == 503:
                self.broken += 1
                continue
            assert answer["status"] == 200, answer
            self._keep(event, answer["outcome"], answer["again"])

    def _keep(self, event: dict[str, Any], outcome: dict[str, Any], again: bool) -> None:  # noqa: FBT001
        self.answers.setdefault(event["id"], []).append((outcome, again))
        for mechanic in outcome.get("mechanics", ()):
            self._codes += [
                (event["subject"], given["code"]) for given in mechanic.get("given", ()) if "code" in given
            ]

    def _make_events(self) -> Iterator[dict[str, Any]]:
        kinds = (
            self._order,
            self._order,
            self._draw,
            self._draw,
            self._view,
            self._share,
            self._publish,
            self._hold,
        )
        for number in range(MEMBERS):
            yield cloud_event("member.registered", f"member-{number}")
        while True:
            yield self._chance.choice(kinds)(f"member-{self._chance.randrange(MEMBERS)}")

    def _order(self, member: str) -> dict[str, Any]:
        return order_paid(member, self._chance.randrange(1, 900))

    def _draw(self, member: str) -> dict[str, Any]:
        return cloud_event("draw.played", member, data={"campaign": "spring", "mechanic": "lucky-draw"})

    def _view(self, member: str) -> dict[str, Any]:
        """Claim a coupon, or use one that came back; some are used twice."""
        if self._codes and self._chance.random() < 0.5:
            member, code = self._chance.choice(self._codes)
            return cloud_event("coupon.redeemed", member, data={"coupon": code})
        return cloud_event("page.viewed", member, data={"page": "coupons"})

    def _share(self, member: str) -> dict[str, Any]:
        return cloud_event("content.shared", member, data={"content": "c", "channel": "wechat"})

    def _publish(self, member: str) -> dict[str, Any]:
        return cloud_event("content.published", member, data={"content": "c"})

    def _hold(self, member: str) -> dict[str, Any]:
        """A hold that lapses by itself while servers die."""
        until = datetime.now(UTC) + timedelta(seconds=self._chance.random() * 3)
        event = cloud_event("hold.placed", member)
        event["data"] = {"hold": event["id"], "asset": "points", "amount": self._chance.randrange(1, 50),
                         "until": until.isoformat()}  # fmt: skip
        return event
