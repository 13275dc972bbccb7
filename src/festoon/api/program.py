"""What the installation runs, over the API: its mode and version, and the types of events that it knows."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from starlette.requests import Request

from festoon import __version__
from festoon.api.operation import Operation
from festoon.base.vocabulary import VOCABULARY, json_schema
from festoon.engine.engine import Engine


class ProgramAnswer(Struct, frozen=True):
    """What runs: `version` grows whenever that has changed. In a `rehearsal` time is that of the events."""

    festoon: str
    mode: str
    version: int
    now: datetime
    campaigns: list[str]
    mechanics: int
    declared: list[str]
    """Types of events that plans declare."""


class EventTypeAnswer(Struct, frozen=True):
    """A type of event: its data as a JSON Schema, the fields that never reach the journal, and who may send it."""

    name: str
    kind: str
    sender: str
    purpose: str
    title: dict[str, str]
    personal: list[str]
    example: dict[str, Any]
    schema: dict[str, Any]


class EventTypes(Struct, frozen=True):
    """The types that every installation knows."""

    types: list[EventTypeAnswer]


class WholeProgram:
    """The endpoints, with what they need of the process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def program(self, request: Request) -> ProgramAnswer:
        program = self._engine.program
        mode = "rehearsal" if program.rehearsal else "live"
        return ProgramAnswer(
            __version__, mode, program.version, self._engine.now(), sorted(program.campaigns), len(program.by_key),
            sorted(program.declared),
        )  # fmt: skip

    async def types(self, request: Request) -> EventTypes:
        return EventTypes(
            [
                EventTypeAnswer(
                    each.name, each.kind, each.trust, each.purpose, each.title, sorted(each.personal), each.example,
                    json_schema(each.name),
                )
                for each in VOCABULARY.values()
            ]
        )  # fmt: skip

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation("GET", "/v1/program", "What this installation runs.", "campaigns:read", self.program,
                      ProgramAnswer, name="program"),
            Operation("GET", "/v1/event-types", "The types of events, each with the schema of its data.",
                      "campaigns:read", self.types, EventTypes, name="event_types", tag="Events"),
        )  # fmt: skip
