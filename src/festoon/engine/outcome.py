"""Outcomes: the stored answer to an event. What is written here is what the caller gets, now and when he asks again."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from festoon.ledger.transfers import Transfer


class Refusal(Struct, frozen=True, omit_defaults=True, gc=False):
    """A code, the data behind it; the text is made for the reader when it is shown."""

    code: str
    data: dict[str, Any] = {}


class Given(Struct, frozen=True, omit_defaults=True, gc=False):
    """One thing a member was given. `wanted` is there when a cap or a short line clipped the amount. What is `ready`
    later cannot be spent before; until then it stands under `hold`."""

    kind: str
    ref: str
    amount: int = 1
    wanted: int | None = None
    factor: str = ""
    item: str = ""
    code: str = ""
    serial: int | None = None
    expires: datetime | None = None
    cost: int = 0
    line: str = ""
    ready: datetime | None = None
    hold: str = ""


class Sight(Struct, frozen=True, omit_defaults=True, gc=False):
    """How an arm was chosen that is learned: how likely it was, in ten thousand, by which policy and in which context
    ("" for all others)."""

    propensity: int
    policy: int = 0
    context: str = ""


class MechanicOutcome(Struct, frozen=True, omit_defaults=True, gc=False):
    """What one mechanic made of an event: what it gave, took or set aside (`held`), or why it refused. `variants` are
    the arms of the experiments that its reward depended on, by experiment; `learned` says of those that learn how each
    was chosen."""

    mechanic: str
    given: list[Given] = []
    taken: dict[str, int] = {}
    note: dict[str, Any] = {}
    refused: Refusal | None = None
    variants: dict[str, str] = {}
    held: list[Given] = []
    learned: dict[str, Sight] = {}


class Outcome(Struct, frozen=True, omit_defaults=True, gc=False):
    """The whole answer. `status` is `accepted`, or `refused` when a request's mechanic said no.

    `passed_over` names, by reason, the mechanics that listen to this type of event and were not for this member or
    this moment: `condition`, `audience`, `holdout`, `phase`, `paused`, `exclusive`,
    `rollout`, `visitor`. `tests` are the campaigns that the member is a tester of.
    """

    status: str
    mechanics: list[MechanicOutcome] = []
    passed_over: dict[str, list[str]] = {}
    refused: Refusal | None = None
    late: bool = False
    tests: list[str] = []


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Outcome)
_transfers = msgspec.json.Encoder()


def encode(outcome: Outcome) -> str:
    return _encoder.encode(outcome).decode()


def decode(text: str) -> Outcome:
    return _decoder.decode(text)


def encode_transfers(transfers: list[Transfer]) -> str | None:
    """The journal's form: an array of [asset, debit, credit, amount, lot, why]; None when nothing moved."""
    return _transfers.encode(transfers).decode() if transfers else None
