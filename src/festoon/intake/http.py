"""POST /v1/events: the hot route, plain ASGI so that nothing stands between the socket and the batcher.

One CloudEvent in structured or binary mode, or a batch; the answer carries each event's outcome. A single
event answers with its own status, a batch with 200 and one status per event.
"""

import time
from functools import cache
from typing import Any

import msgspec
import structlog

from festoon.access.keyring import Keyring
from festoon.access.keys import SCOPE_MISSING
from festoon.base.errors import FestoonError, Forbidden, Invalid, Unavailable, text_of
from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.intake.asgi import (
    SERVER_FAILED,
    ClientGone,
    Receive,
    Request,
    Send,
    language_of,
    problem,
    respond,
)
from festoon.intake.batcher import GONE, STORE_GONE, Batcher
from festoon.intake.cloudevents import decode_one, from_binary, split_batch
from festoon.intake.door import Door
from festoon.intake.measures import EVENTS, REQUEST_SECONDS, TURNED_AWAY, UNKNOWN_TYPES
from festoon.intake.refusals import CONTENT_TYPE, TOO_MANY

log = structlog.get_logger(__name__)

MOST_EVENTS = 10_000
BATCH = "application/cloudevents-batch+json"
STRUCTURED = "application/cloudevents+json"
SENDERS = frozenset({"events:write", "events:operate", "members:write"})

Headers = tuple[tuple[bytes, bytes], ...]

_encode = msgspec.json.Encoder().encode
_of_kind = cache(EVENTS.labels)


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
            answer, extra = await self._answer(request, language)
        except FestoonError as error:
            TURNED_AWAY.labels(error.code).inc()
            await problem(send, error, language)
        except ClientGone:
            return
        except GONE:
            TURNED_AWAY.labels(STORE_GONE).inc()
            await problem(send, Unavailable(STORE_GONE, retry_after=2), language)
        except Exception:
            log.exception("request_failed", path=scope["path"])
            await problem(send, FestoonError(SERVER_FAILED), language)
        else:
            await respond(send, 200, answer, extra=extra)
        REQUEST_SECONDS.observe(time.perf_counter() - began)

    async def _answer(self, request: Request, language: str) -> tuple[bytes, Headers]:
        request.check_headers()
        key = await self.keyring.key(request.header("authorization"))
        if not key.scopes & SENDERS:
            raise Forbidden(SCOPE_MISSING, scope="events:write")
        mode = mode_of(request)
        body = await request.body()
        if mode == "batch" or (mode == "json" and body.lstrip()[:1] == b"["):
            return await self._batch(body, key.scopes, language)
        given = from_binary(request.headers, body) if mode == "binary" else decode_one(body)
        event = self.door.admit(given, self.batcher.engine.now(), key.scopes)
        answer = await self.batcher.submit(event)
        self._count(event, answer)
        if answer.error is not None:
            raise answer.error
        return present(event, answer, language), ()

    async def _batch(self, body: bytes, scopes: frozenset[str], language: str) -> tuple[bytes, Headers]:
        """Each event's answer; with Retry-After when some of them may be sent again."""
        members = split_batch(body)
        if len(members) > MOST_EVENTS:
            raise Invalid(TOO_MANY, count=len(members), limit=MOST_EVENTS)
        admitted = self.door.admit_each(members, self.batcher.engine.now(), scopes)
        answers = iter(
            await self.batcher.submit_all([event for event in admitted if isinstance(event, Event)])
        )
        parts = []
        wait = 0
        for event in admitted:
            if isinstance(event, Event):
                answer = next(answers)
                self._count(event, answer)
                if isinstance(answer.error, Unavailable):
                    wait = max(wait, answer.error.retry_after)
                parts.append(present(event, answer, language))
            else:
                TURNED_AWAY.labels(event.code).inc()
                parts.append(_encode({"status": event.http_status(), "error": event.problem(language)}))
        return b"[" + b",".join(parts) + b"]", ((b"retry-after", b"%d" % wait),) if wait else ()

    def _count(self, event: Event, answer: Answer) -> None:
        _of_kind(answer.kind).inc()
        if answer.kind == "new" and not self.door.knows(event.type):
            UNKNOWN_TYPES.inc()


def mode_of(request: Request) -> str:
    """`structured`, `batch` or `binary`, as the HTTP binding tells them apart; `json` is a plain JSON body, taken
    for what it looks like. Raises Invalid (`request.content_type`)."""
    given = request.header("content-type")
    kind, _, parameters = given.partition(";")
    kind = kind.strip().lower()
    if parameters and not _utf8(parameters):
        raise Invalid(CONTENT_TYPE, given=given[:100])
    if kind == STRUCTURED:
        return "structured"
    if kind == BATCH:
        return "batch"
    json = kind in ("", "application/json") or (kind.endswith("+json") and "/cloudevents" not in kind)
    if not json:
        raise Invalid(CONTENT_TYPE, given=given[:100])
    return "binary" if any(name.startswith(b"ce-") for name in request.headers) else "json"


def _utf8(parameters: str) -> bool:
    """Whether a content type's parameters name no other charset than UTF-8."""
    for parameter in parameters.lower().split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8", "us-ascii"):
            return False
    return True


def present(event: Event, answer: Answer, language: str) -> bytes:
    """An event's answer as JSON: the outcome as it is stored; refusals with a text in the reader's language."""
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
