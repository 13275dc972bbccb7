"""The hot route as the document shows it. It is no operation of the control plane, and is written down by hand."""

from typing import Any

from festoon.access.keys import KEY_MISSING, KEY_UNKNOWN, SCOPE_MISSING
from festoon.api.answers import EventAnswer
from festoon.api.examples import example_of
from festoon.api.openapi_problems import problems
from festoon.base.vocabulary import VOCABULARY
from festoon.engine.deciding import ID_REUSED
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.intake import refusals
from festoon.intake.asgi import BODY_TOO_LARGE
from festoon.intake.batcher import CLOSING, QUEUE_FULL, STORE_GONE
from festoon.intake.cloudevents import CloudEvent
from festoon.intake.http import BATCH, STRUCTURED
from festoon.intake.own import TOO_OFTEN

OPERATION_ID = "send"
ANY = (400, 401, 403, 404, 409, 413, 415, 429, 503)
"""Any code of these, since plans declare types of their own, and what fails their checks."""
SUCH_AS = (
    refusals.NOT_JSON, refusals.WRONG_VERSION, refusals.ATTRIBUTE_LENGTH, refusals.TIME_INVALID, refusals.TOO_LATE,
    KEY_MISSING, KEY_UNKNOWN, SCOPE_MISSING, refusals.NOT_YOURS, BODY_TOO_LARGE, refusals.TOO_MANY,
    refusals.CONTENT_TYPE, MEMBER_UNKNOWN, ID_REUSED, TOO_OFTEN, QUEUE_FULL, STORE_GONE, CLOSING,
)  # fmt: skip


def events() -> dict[str, Any]:
    """POST /v1/events."""
    one = {"$ref": "#/components/schemas/CloudEvent"}
    answer = {"$ref": "#/components/schemas/EventAnswer"}
    said, told = example_of(CloudEvent), example_of(EventAnswer)
    return {
        "tags": ["Events"],
        "summary": "Send events and get each one's outcome.",
        "operationId": OPERATION_ID,
        "description": "One CloudEvent (structured, or binary with `ce-` headers), or a batch of up to 10,000. A "
        "single event answers with its own status; a batch answers 200, with one status per event. Sending an event "
        "again is safe: it gets the outcome it got the first time. An event that was turned away was not stored. "
        "Needs the scope `events:write`; registrations `members:write` will do for, adjustments need "
        "`events:operate`. A member's token sends what the member does himself, as his own and as of now."
        "\n\nKnown types: "
        + ", ".join(f"`{name}`" for name, known in VOCABULARY.items() if known.kind != "internal")
        + ". Others are recorded and have no effect, unless a plan declares them.",
        "security": [{"key": ["events:write"]}, {"member": []}],
        "requestBody": {
            "required": True,
            "content": {
                STRUCTURED: {"schema": one, "example": said},
                BATCH: {"schema": {"type": "array", "items": one, "maxItems": 10_000}, "example": [said]},
                "application/json": {
                    "schema": {"description": "The data of a binary-mode event."},
                    "example": said["data"],
                },
            },
        },
        "responses": {
            "200": {
                "description": "The outcome; for a batch, one answer per event, in order, with its own status. With "
                "Retry-After when some of a batch have the status 503.",
                "headers": {
                    "Retry-After": {
                        "description": "Seconds to wait before those of a batch are sent again that were turned away "
                        "for now.",
                        "schema": {"type": "integer", "minimum": 0},
                        "example": 2,
                    }
                },
                "content": {
                    "application/json": {
                        "schema": {"oneOf": [answer, {"type": "array", "items": answer}]},
                        "example": told,
                    }
                },
            },
            **problems((*ANY, *SUCH_AS)),
        },
    }
