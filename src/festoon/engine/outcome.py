"""Outcomes: the stored answer to an event. What is written here is what the caller gets, now and when he asks again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from festoon.ledger.transfers import Transfer

# Most outcomes have most of their parts empty. These two stand for all of those, since an empty dictionary made and
# taken away for each costs more than what is in the others; they are never changed, which the fields' types say.
_NONE: list[Any] = []
_NOTHING: dict[str, Any] = {}


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
    given: Sequence[Given] = []
    taken: Mapping[str, int] = {}
    note: Mapping[str, Any] = {}
    refused: Refusal | None = None
    variants: Mapping[str, str] = {}
    held: Sequence[Given] = []
    learned: Mapping[str, Sight] = {}


def gave(mechanic: str, given: Sequence[Given], note: Mapping[str, Any] = _NOTHING) -> MechanicOutcome:
    """An outcome of nothing but what was given, and a note."""
    return MechanicOutcome(mechanic, given, _NOTHING, note, None, _NOTHING, _NONE, _NOTHING)


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
    tests: Sequence[str] = []


def accepted(results: list[MechanicOutcome], passed_over: dict[str, list[str]]) -> Outcome:
    """The outcome of nearly every event."""
    return Outcome("accepted", results, passed_over, None, False, _NONE)


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
