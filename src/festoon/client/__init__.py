"""A client of Festoon's API, typed, for programs that wait and for programs that await.

    from festoon.client import Event, Festoon

    with Festoon("http://127.0.0.1:8800", key, source="shop") as festoon:
        festoon.send(Event("page.viewed", "li-hua", "view-1", {"page": "tea"}))

It needs httpx: `pip install festoon[client]`.
"""

from festoon.api.answers import NewMember
from festoon.client.awaiting import AsyncFestoon
from festoon.client.calls import Event
from festoon.client.problem import FestoonProblem
from festoon.client.waiting import Festoon

__all__ = ["AsyncFestoon", "Event", "Festoon", "FestoonProblem", "NewMember"]
