"""Examples of proofs and parcels."""

from typing import Any

_PARCEL = {
    "item": "9f2c41d07be3a85516c0d2e4",
    "member": "li-hua",
    "campaign": "spring-tea",
    "mechanic": "tea-draw",
    "ref": "spring-tea/teapot",
    "given": "2027-04-02T02:01:00Z",
    "state": "shipped",
    "carrier": "SF",
    "number": "SF-1042",
    "changed": "2027-04-03T08:00:00Z",
    "ready": True,
}
_PROOF = {
    "member": "li-hua",
    "campaign": "spring-tea",
    "mechanic": "photo",
    "proof": "pr-7",
    "day": "2027-04-02",
    "photo": "photos/pr-7.jpg",
    "due": None,
    "words": "",
}

QUEUES: dict[str, Any] = {
    "Parcel": _PARCEL,
    "ParcelsAnswer": {"parcels": [_PARCEL], "next": None},
    "MyProof": {"proof": "photo:3f0c8a52b1d94e07a6c2f1b08d5e7a90"},
    "MyWords": {"words": "Two hours on the river path, before breakfast."},
    "Proof": _PROOF,
    "ProofsAnswer": {"proofs": [_PROOF], "next": None},
}
