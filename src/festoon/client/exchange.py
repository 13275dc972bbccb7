"""What both clients do alike: requests of calls, answers of responses, and how long to wait before trying again."""

import random
from uuid import uuid4

import httpx
import msgspec
from msgspec import Struct

from festoon.client.calls import Answer, Call
from festoon.client.problem import FestoonProblem, problem_in

BUSY = frozenset({429, 502, 503, 504})
FIRST_WAIT = 0.2
LONGEST_WAIT = 10.0


class Settings(Struct, frozen=True):
    """Where and as whom. `source` names the platform's system in its events; `tries` is how often a call is sent at the
    most, `timeout` the seconds one of them may take."""

    url: str
    key: str
    source: str = "platform"
    language: str = "en"
    timeout: float = 30.0
    tries: int = 6

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}", "accept-language": self.language}


def request(client: httpx.Client | httpx.AsyncClient, call: Call[Answer]) -> httpx.Request:
    headers = {"content-type": call.media} if call.body else {}
    if call.once:
        headers["idempotency-key"] = call.key or str(uuid4())
    return client.build_request(
        call.method, call.path, params=call.params, content=call.body or None, headers=headers
    )


def answer(call: Call[Answer], response: httpx.Response) -> Answer:
    """The answer in its shape. Raises FestoonProblem. A single event that was turned away answers with its own
    status, which is a problem, too."""
    if response.is_success and call.answers is str:
        return response.text  # type: ignore[return-value]  # which is what it answers
    if response.is_success and call.answers is bytes:
        return response.content  # type: ignore[return-value]
    if response.is_success:
        return msgspec.json.decode(response.content, type=call.answers)
    raise problem_in(response.content, response.status_code, _asked_to_wait(response))


def wait_before(call: Call[Answer], tried: int, tries: int, failure: Exception) -> float | None:
    """How many seconds to wait before a call is sent again, `tried` times so far; None when it is not."""
    if tried >= tries or not call.repeatable:
        return None
    if isinstance(failure, FestoonProblem):
        if failure.status not in BUSY:
            return None
        if failure.retry_after:
            return failure.retry_after
    # Spread out, so that those who were turned away together do not come back together.
    longest: float = min(FIRST_WAIT * 2 ** (tried - 1), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1)


def _asked_to_wait(response: httpx.Response) -> float:
    said = response.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdecimal() else 0.0
