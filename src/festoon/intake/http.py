"""POST /v1/events: the hot route, without a framework, so that nothing stands between the socket and the batcher.

One CloudEvent in structured or binary mode, or a batch; the answer carries each event's outcome. A single
event answers with its own status, a batch with 200 and one status per event.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from festoon.access.keyring import Keyring, Known
from festoon.access.keys import SCOPE_MISSING
from festoon.access.tokens import MEMBER
from festoon.base.errors import FestoonError, Forbidden, Invalid, Unavailable
from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.program import Program
from festoon.engine.refusal_words import refusal_text
from festoon.intake.asgi import (
    SERVER_FAILED,
    ClientGone,
    Head,
    Receive,
    Reply,
    Send,
    language_of,
    problem,
    respond,
    whole_body,
)
from festoon.intake.batcher import STORE_GONE, Batcher
from festoon.intake.cloudevents import decode_one, from_binary, named, split_batch
from festoon.intake.door import Door
from festoon.intake.measures import EVENTS, REQUEST_SECONDS, TURNED_AWAY, UNKNOWN_TYPES
from festoon.intake.own import SOURCE as OWN_SOURCE
from festoon.intake.own import Own, Pace, seen_by_member
from festoon.intake.queue import settle
from festoon.intake.refusals import CONTENT_TYPE, TOO_MANY
from festoon.ledger.book import BUDGET_SHORT
from festoon.store.pool import GONE

log = structlog.get_logger(__name__)

PATH = "/v1/events"
MOST_EVENTS = 10_000
BATCH = "application/cloudevents-batch+json"
STRUCTURED = "application/cloudevents+json"
SENDERS = frozenset({"events:write", "events:operate", "members:write", MEMBER})

AUTHORIZATION = b"authorization"

Done = Callable[[Reply], None]
_Refused = tuple[FestoonError, dict[str, str]]  # with what the event calls itself

_encode = msgspec.json.Encoder().encode


class Asked(Struct, frozen=True):
    """A request by somebody who may send events: all of it but the body. `mode` is that of `mode_of`; `until` says how
    long the sender's key is good for, in the keyring's seconds."""

    headers: Mapping[bytes, bytes]
    mode: str
    scopes: frozenset[str]
    language: str
    until: float
    own: Own | None = None
    """There when it comes by a member's token."""


class EventsRoute:
    """The route with what it needs of the process.

    Two ways lead here: ASGI, which is `__call__`, and, for requests of the ordinary shape, the protocol in
    `intake/protocol.py`, which asks `known` and `take` as soon as there is something to ask.
    """

    def __init__(self, batcher: Batcher, door: Door, keyring: Keyring, *, shared: bool = False) -> None:
        """`shared` says that pages of other sites may send events."""
        self.batcher = batcher
        self.door = door
        self.keyring = keyring
        self.shared = shared
        self.pace = Pace(keyring.seconds)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        head = Head(scope["headers"])
        try:
            asked = self.known(head) or self._asked(
                head, await self.keyring.look_up(head.value(AUTHORIZATION))
            )
            body = await whole_body(head, receive)
            replied: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
            self.take(asked, body, partial(settle, replied))
            reply = await replied
        except ClientGone:
            return
        except Exception as error:
            reply = turned_away(error, spoken(head))
        await respond(send, reply)
        REQUEST_SECONDS.observe(time.perf_counter() - began)

    def known(self, head: Head) -> Asked | None:
        """What a request asks; None when its key has to be looked up first. Raises FestoonError."""
        head.check()
        known = self.keyring.remembered(head.value(AUTHORIZATION))
        return None if known is None else self._asked(head, known)

    def _asked(self, head: Head, known: Known) -> Asked:
        scopes = known.key.scopes
        if not scopes & SENDERS:
            raise Forbidden(SCOPE_MISSING, scope="events:write")
        return Asked(head.headers, mode_of(head), scopes, spoken(head), known.until, Own.of(known.key))

    def take(self, asked: Asked, body: bytes, done: Done) -> None:
        """Let a request's events wait. Raises FestoonError, with nothing waiting; otherwise `done` gets the reply when
        they are answered. It must not raise."""
        if asked.mode == "batch" or (asked.mode == "json" and body.lstrip()[:1] == b"["):
            self._take_batch(asked, body, done)
            return
        try:
            given = from_binary(asked.headers, body) if asked.mode == "binary" else decode_one(body)
        except FestoonError as error:
            self.door.note(error)
            raise
        if asked.own is not None:
            self.pace.charge(asked.own.member)
            given = asked.own.stamped(given)
        event = self.door.admit(given, self.batcher.engine.now(), asked.scopes)
        events = (event,)
        self.batcher.give(events, partial(_said, self._one, events, asked.language, done))

    def _take_batch(self, asked: Asked, body: bytes, done: Done) -> None:
        members = split_batch(body)
        if len(members) > MOST_EVENTS:
            raise Invalid(TOO_MANY, count=len(members), limit=MOST_EVENTS)
        if asked.own is not None:
            self.pace.charge(asked.own.member, len(members))
        admitted = self.door.admit_each(members, self.batcher.engine.now(), asked.scopes, asked.own)
        told = [
            each if isinstance(each, Event) else (each, named(member))
            for each, member in zip(admitted, members, strict=True)
        ]
        said = partial(_said, self._many, told, asked.language, done)
        if events := [event for event in admitted if isinstance(event, Event)]:
            self.batcher.give(events, said)
        else:
            said([])

    def _one(self, events: Sequence[Event], answers: Sequence[Answer], language: str) -> Reply:
        """A single event's reply has the event's own status."""
        (event,), (answer,) = events, answers
        EVENTS.keep(answer.kind)
        if answer.kind == "new" and not self.door.knows(event.type):
            UNKNOWN_TYPES.inc()
        if answer.error is not None:
            raise answer.error
        return Reply(200, present(event, answer, language, self.batcher.engine.program))

    def _many(self, admitted: Sequence[Event | _Refused], answers: Sequence[Answer], language: str) -> Reply:
        """Each event's answer; with Retry-After when some of them may be sent again."""
        self._count([event for event in admitted if isinstance(event, Event)], answers)
        answered = iter(answers)
        parts = []
        wait = 0
        for event in admitted:
            if isinstance(event, Event):
                answer = next(answered)
                if isinstance(answer.error, Unavailable):
                    wait = max(wait, answer.error.retry_after)
                parts.append(present(event, answer, language, self.batcher.engine.program))
            else:
                error, names = event
                TURNED_AWAY.labels(error.code).inc()
                parts.append(
                    _encode({**names, "status": error.http_status(), "error": error.problem(language)})
                )
        extra = ((b"retry-after", b"%d" % wait),) if wait else ()
        return Reply(200, b"[" + b",".join(parts) + b"]", extra=extra)

    def _count(self, events: Sequence[Event], answers: Sequence[Answer]) -> None:
        kinds = [answer.kind for answer in answers]
        EVENTS.keep_all(kinds)
        unknown = {type_ for type_ in {event.type for event in events} if not self.door.knows(type_)}
        if unknown:
            pairs = zip(events, kinds, strict=True)
            UNKNOWN_TYPES.inc(sum(kind == "new" and event.type in unknown for event, kind in pairs))


def _said(
    reply: Callable[[Sequence[Any], Sequence[Answer], str], Reply],
    given: Sequence[Any],
    language: str,
    done: Done,
    answers: Sequence[Answer],
) -> None:
    """Hand on what is said to these answers; a mistake of ours in saying it concerns nobody else."""
    try:
        said = reply(given, answers, language)
    except Exception as error:
        said = turned_away(error, language)
    done(said)


def turned_away(error: Exception, language: str) -> Reply:
    """The reply to a request that failed: counted, or, when the mistake is ours, written down."""
    if isinstance(error, GONE):
        error = Unavailable(STORE_GONE, retry_after=2)
    if isinstance(error, FestoonError):
        TURNED_AWAY.labels(error.code).inc()
        return problem(error, language)
    log.error("request_failed", path=PATH, exc_info=error)
    return problem(FestoonError(SERVER_FAILED), language)


def spoken(head: Head) -> str:
    """The language of ours that the sender likes best."""
    return language_of(head.value(b"accept-language"))


def mode_of(head: Head) -> str:
    """`structured`, `batch` or `binary`, as the HTTP binding tells them apart; `json` is a plain JSON body, taken
    for what it looks like. Raises Invalid (`request.content_type`)."""
    given = head.value(b"content-type")
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
    return "binary" if any(name.startswith(b"ce-") for name in head.headers) else "json"


def _utf8(parameters: str) -> bool:
    """Whether a content type's parameters name no other charset than UTF-8."""
    for parameter in parameters.lower().split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8", "us-ascii"):
            return False
    return True


class _Told(Struct, gc=False):
    """What is said of an event that has an outcome."""

    id: str
    source: str
    status: int
    again: bool
    outcome: msgspec.Raw


def present(event: Event, answer: Answer, language: str, program: Program) -> bytes:
    """An event's answer as JSON: the outcome as it is stored; refusals with a text in the reader's language."""
    if (error := answer.error) is not None:
        status, problem = error.http_status(), error.problem(language)
        return _encode({"id": event.id, "source": event.source, "status": status, "error": problem})
    again = answer.kind == "again"
    own = event.source == OWN_SOURCE
    stored = seen_by_member(answer.outcome) if own else answer.outcome
    if '"refused"' in stored:
        stored = _with_texts(stored, language, program, own=own)
    return _encode(_Told(event.id, event.source, 200, again, msgspec.Raw(stored.encode())))


def _with_texts(stored: str, language: str, program: Program, *, own: bool) -> str:
    body = msgspec.json.decode(stored)
    for holder in (body, *body.get("mechanics", ())):
        refusal = holder.get("refused")
        if refusal is not None:
            data = refusal.get("data", {})
            refusal["text"] = refusal_text(refusal["code"], data, language, program, own=own)
            if own and refusal["code"] == BUDGET_SHORT:
                refusal.pop("data", None)
    return msgspec.json.encode(body).decode()
