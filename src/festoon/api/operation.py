"""One operation of the control plane: what it is for, what it takes and answers, the scope it needs.

Routes, the OpenAPI document, its page and the Python client are all made from these.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from msgspec import Struct, field
from starlette.requests import Request

from festoon.api.filters import LARGEST_BODY
from festoon.base.errors import CODES, define

Endpoint = Callable[[Request], Awaitable[Any]]

TAGS = {
    "Events": "What happens to members comes in here, and what became of it goes out.",
    "Members": "Who takes part, what each has, and why.",
    "Consents": "Whom one may write to, by channel.",
    "A member's own side": "What a member's token may ask: all of it about himself.",
    "For everybody": "What needs no key: the rules of a campaign, and who has won.",
    "Requests": "What one person asked for and another has to sign.",
    "Books": "What members have, for the platform's accountants.",
    "Held rewards": "Rewards that wait until somebody has looked at them.",
    "Campaigns": "What runs now, how far it is open, how it is doing; pausing and stopping it.",
    "Alerts": "What is wrong right now, and who has seen it.",
    "Figures from outside": "What somebody else measures: entered with its evidence, signed by another.",
    "Work and risks": "The tasks and risks of a plan as they stand, and what people set of them.",
    "Plans": "Versions of plans on their way from the maker over the checker to publication.",
    "Back-tests": "What a plan would have done, on past events or made-up members.",
    "Draws": "Commitments, public randomness, seeds, records and winners.",
    "Codes": "Codes that are made beforehand, in batches.",
    "Segments": "Who belongs to what, uploaded lists, refreshes.",
    "Compensations": "Making a fault good, granting to a list, taking back: previewed, signed by two, run.",
    "Proofs and parcels": "What waits for people: proofs to look at, gifts to send.",
    "Webhooks": "What other systems are told, and whether they heard it.",
    "Access": "API keys and the audit trail.",
    "Server": "What this installation runs, and whether it is well.",
}
"""The parts of the document, in the order in which it is read."""
CONFLICT = 409
"""What a refusal of the engine is to somebody who operates it."""

TOKEN_NEEDED = define(
    "token.needed",
    403,
    "this is for a member's own token, not for an API key",
    "此处需要会员本人的令牌，而不是 API 密钥",
    todo="mint one: POST /v1/members/{{id}}/token",
    todo_zh="请签发令牌：POST /v1/members/{{id}}/token",
)


class Parameter(Struct, frozen=True):
    """A query or path parameter, as the document shows it."""

    name: str
    about: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    where: str = "query"
    required: bool = False
    example: Any = None


class Operation(Struct, frozen=True):
    """One operation. `scope` is "" when it is open to everybody.

    `problems` are codes, or statuses where any code of that status may come. `name` is what the client calls it, and
    its `operationId`. `once` says that it takes an `Idempotency-Key`; `repeatable` that it may be sent twice without
    one; `pages` is the list in an answer that comes page by page; `largest` the most bytes that a body may have;
    `also` are statuses that answer in the same shape. `bodies` are the media types of a body that is no JSON.
    """

    method: str
    path: str
    about: str
    scope: str
    endpoint: Endpoint
    answers: Any
    takes: Any = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int | str, ...] = ()
    media: str = "application/json"
    name: str = ""
    tag: str = "Server"
    tells: str = ""
    example: Any = None
    status: int = HTTPStatus.OK
    once: bool = False
    repeatable: bool = False
    pages: str = ""
    largest: int = LARGEST_BODY
    also: tuple[int, ...] = ()
    bodies: tuple[str, ...] = ()

    @property
    def shown_path(self) -> str:
        """The path as the document writes it."""
        return self.path.replace(":path}", "}")


def status_of(problem: int | str) -> int:
    """The status of a code, or the status itself."""
    if isinstance(problem, int):
        return problem
    status = CODES[problem].status
    return CONFLICT if status == HTTPStatus.OK else status
