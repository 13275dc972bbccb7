"""What requests and answers look like, for the document: one example of each shape, and the words of all of them.

A test holds every example to its shape.
"""

from typing import Any

from festoon.api.examples_backtests import BACKTESTS
from festoon.api.examples_benefits import BENEFITS
from festoon.api.examples_board import BOARDS
from festoon.api.examples_members import MEMBERS
from festoon.api.examples_operating import OPERATING
from festoon.api.examples_plans import PLANS
from festoon.api.examples_queues import QUEUES
from festoon.api.examples_webhooks import WEBHOOKS

SAID: dict[str, Any] = {
    "account": "spring-tea/stock/teapot",
    "actor": "wang",
    "asset": "points",
    "campaign": "spring-tea",
    "closes": "2027-04-30T16:00:00Z",
    "count": 1,
    "draw": "spring-tea/tea-draw",
    "event_id": "r-1",
    "id": "outage-3-april",
    "key": "line/spring-tea/prizes",
    "known": "events:write, members:read",
    "limit": 1_048_576,
    "longest": 200,
    "mechanic": "tea-draw",
    "member": "li-hua",
    "name": "limit",
    "reason": "1–200",
    "scope": "members:read",
    "status": "in_review",
    "version": 2,
}
"""Data that examples fill texts and parameters with."""
EXAMPLES: dict[str, Any] = {
    **MEMBERS, **PLANS, **BACKTESTS, **BENEFITS, **BOARDS, **QUEUES, **WEBHOOKS, **OPERATING,
}  # fmt: skip
"""By the name of the shape."""


def example_of(shape: Any) -> Any:
    """An example of a shape, or None."""
    return EXAMPLES.get(getattr(shape, "__name__", ""))
