"""Examples of webhook endpoints and deliveries."""

from typing import Any

_ENDPOINT = {
    "id": "wh_7f3a9c",
    "url": "https://shop.example/festoon",
    "kinds": ["reward.given"],
    "campaigns": [],
    "state": "on",
    "why": "",
    "maker": "wang",
    "made": "2027-03-20T03:10:00Z",
    "failing": None,
    "old_until": None,
}
_DELIVERY = {
    "number": 31,
    "endpoint": "wh_7f3a9c",
    "message": "msg_4410",
    "kind": "reward.given",
    "campaign": "spring-tea",
    "made": "2027-04-02T02:00:00Z",
    "state": "waiting",
    "due": "2027-04-02T02:00:05Z",
    "tries": 0,
    "done": None,
    "attempts": [],
}

WEBHOOKS: dict[str, Any] = {
    "EndpointsAnswer": {"endpoints": [_ENDPOINT]},
    "Endpoint": _ENDPOINT,
    "SecretAnswer": {"endpoint": _ENDPOINT, "secret": "whsec_…"},
    "Wanted": {"url": "https://shop.example/festoon", "kinds": ["reward.given"]},
    "Starting": {"start": "where_it_stopped"},
    "Rotating": {"overlap_hours": 24},
    "Since": {"since": "2027-04-02T00:00:00Z"},
    "Replayed": {"deliveries": 3},
    "DeliveriesAnswer": {"deliveries": [_DELIVERY], "next": None},
    "DeliveryDetail": {**_DELIVERY, "body": {"type": "reward.given", "data": {}}},
}
