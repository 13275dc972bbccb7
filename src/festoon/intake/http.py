"""POST /v1/events: the hot route, plain ASGI so that nothing stands between the socket and the batcher.

One CloudEvent in structured or binary mode, or a batch; the answer carries each event's outcome. A single event
answers with its own status, a batch with 200 and one status per event.
"""

import time
from typing import Any

import msgspec

from festoon.access.keyring import Keyring
from festoon.base.errors import FestoonError, Forbidden, Invalid, define, text_of
from festoon.base.events import Event
from festoon.base.vocabulary import VOCABULARY
from festoon.engine.answer import Answer
from festoon.intake.asgi import Receive, Request, Send, language_of, problem, respond
from festoon.intake.batcher import Batcher
from festoon.intake.cloudevents import CloudEvent, Door, admit_each, decode_one, from_binary, split_batch
from festoon.intake.measures import EVENTS, REQUEST_SECONDS, TURNED_AWAY, UNKNOWN_TYPES

TOO_MANY = define(
    "request.too_many_events",
    413,
    "{count} events in one request; at most {limit} are taken",
    "一次请求包含{count}个事件，最多{limit}个",
    todo="send them in several requests",
    todo_zh="请分多次发送",
)

MOST_EVENTS = 10_000
BATCH = "application/cloudevents-batch+json"
STRUCTURED = "application/cloudevents+json"

_encode = msgspec.json.Encoder().encode


class EventsRoute:
    """The route with what it needs of the process."""

    def __init__(self, batcher: Batcher, door: Door, keyring: Keyring) -> None:
        self.batcher = batcher
        self.door = door
        self.keyring = keyring

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        request = Request(scope, receive)
        language = language_of(request.header("accept-language"))
        try:
            key = await self.keyring.key(request.header("authorization"))
            if not key.scopes & {"events:write", "events:operate", "members:write"}:
                raise Forbidden("key.scope_missing", scope="events:write")
            body = await request.body()
            kind = request.header("content-type").partition(";")[0].strip().lower()
            if kind == BATCH or (kind != STRUCTURED and body[:1] == b"["):
                status, answer = 200, await self._batch(body, key.scopes, language)
            else:
                status, answer = await self._single(request, kind, body, key.scopes, language)
        except FestoonError as error:
            TURNED_AWAY.labels(error.code).inc()
            await problem(send, error, language)
            return
        await respond(send, status, answer)
        REQUEST_SECONDS.observe(time.perf_counter() - began)

    async def _single(
        self, request: Request, kind: str, body: bytes, scopes: frozenset[str], language: str
    ) -> tuple[int, bytes]:
        binary = kind != STRUCTURED and request.header("ce-id") != ""
        given: CloudEvent = from_binary(request.headers(), body) if binary else decode_one(body)
        event = self._admit(given, scopes)
        answer = await self.batcher.submit(event)
        EVENTS.labels(answer.kind).inc()
        if answer.error is not None:
            raise answer.error
        return 200, present(event, answer, language)

    def _admit(self, given: CloudEvent, scopes: frozenset[str]) -> Event:
        event = self.door.admit(given, self.batcher.engine.now(), scopes)
        if given.type not in VOCABULARY and given.type not in self.door.declared:
            UNKNOWN_TYPES.inc()
        return event

    async def _batch(self, body: bytes, scopes: frozenset[str], language: str) -> bytes:
        raws = split_batch(body)
        if len(raws) > MOST_EVENTS:
            raise Invalid(TOO_MANY, count=len(raws), limit=MOST_EVENTS)
        admitted = admit_each(self.door, raws, self.batcher.engine.now(), scopes)
        taken = [event for event in admitted if isinstance(event, Event)]
        answers = iter(await self.batcher.submit_all(taken))
        parts = []
        for event in admitted:
            if isinstance(event, Event):
                answer = next(answers)
                EVENTS.labels(answer.kind).inc()
                if event.type not in VOCABULARY and event.type not in self.door.declared:
                    UNKNOWN_TYPES.inc()
                parts.append(present(event, answer, language))
            else:
                TURNED_AWAY.labels(event.code).inc()
                parts.append(_encode({"status": event.http_status(), "error": event.problem(language)}))
        return b"[" + b",".join(parts) + b"]"


def present(event: Event, answer: Answer, language: str) -> bytes:
    """An event's answer as JSON. The outcome is the stored text itself; refusals get a text in the reader's language."""
    head = {"id": event.id, "source": event.source}
    if answer.error is not None:
        return _encode(
            {**head, "status": answer.error.http_status(), "error": answer.error.problem(language)}
        )
    again = answer.kind == "again"
    stored = answer.outcome if '"refused"' not in answer.outcome else _with_texts(answer.outcome, language)
    return _encode({**head, "status": 200, "again": again, "outcome": msgspec.Raw(stored.encode())})


def _with_texts(stored: str, language: str) -> str:
    body = msgspec.json.decode(stored)
    for holder in (body, *body.get("mechanics", ())):
        refusal = holder.get("refused")
        if refusal is not None:
            refusal["text"] = text_of(refusal["code"], refusal.get("data", {}), language)
    return msgspec.json.encode(body).decode()
