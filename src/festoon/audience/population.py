"""The members as they are now, as a table beside the facts: number, when they registered, what is known of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import ibis
import pyarrow as pa
from ibis import Table
from ibis.expr.types import Value

from festoon.base.expressions import FieldType, Kind
from festoon.base.visitors import FIRST_NUMBER
from festoon.store.pieces import pieces

MEMBERS = pa.schema(
    [
        pa.field("member", pa.int64(), nullable=False),
        pa.field("registered", pa.timestamp("us", tz="UTC")),
        pa.field("profile", pa.string(), nullable=False),
    ]
)
"""`profile` is JSON, without the fields marked personal."""

_NUMBERS = pa.schema([("gone", pa.int64()), ("stays", pa.int64())])
LISTED = pa.schema([("member", pa.int64()), ("place", pa.int64())])

# The member without a name holds what happens at a set time; an account that was merged is no more, nor is who was
# erased; a visitor is none.
_MEMBERS = f"""SELECT id, registered, profile FROM member
    WHERE subject <> '' AND merged_into IS NULL AND NOT erased AND id < {FIRST_NUMBER}"""
_JSON: Mapping[Kind, str] = {
    Kind.INT: "int64",
    Kind.NUMBER: "float64",
    Kind.TEXT: "string",
    Kind.BOOL: "boolean",
}


async def copy_members(connection: asyncpg.Connection, file: Path) -> None:
    """Everybody, copied out of the database into a file."""
    await connection.copy_from_query(_MEMBERS, output=file, format="csv")


def of_one_person(events: Table, merged: Mapping[int, int], backend: Any) -> Table:
    """The events, each with the number that its member has now."""
    if not merged:
        return events
    numbers = pa.table({"gone": list(merged), "stays": list(merged.values())}, schema=_NUMBERS)
    backend.con.register("festoon_merged", numbers)
    known = backend.table("festoon_merged")
    joined = events.left_join(known, events.member == known.gone)
    return joined.mutate(member=ibis.coalesce(joined.stays, joined.member)).drop("gone", "stays")


def read_members(backend: Any, file: Path) -> Table:
    """The members of such a file, in a table of the backend."""
    rows = backend.read_csv(
        str(file),
        table_name="festoon_member_rows",
        header=False,
        delim=",",
        quote='"',
        escape='"',
        auto_detect=False,
        columns={"member": "BIGINT", "registered": "TIMESTAMPTZ", "profile": "VARCHAR"},
        max_line_size=1 << 24,
    )
    made: Table = backend.create_table("festoon_members", rows, temp=True)
    return made


def member_fields_of(
    members: Table, fields: Mapping[str, FieldType], wanted: Iterable[str]
) -> dict[str, Value]:
    """Columns for the facts of a member that a condition reads (`member.region`), by that name."""
    known = members.profile.cast("json")
    found: dict[str, Value] = {}
    for name in wanted:
        word, type = name.removeprefix("member."), fields[name]
        found[name] = members.registered if word == "registered" else _typed(known[word], type)
    return found


def _object(value: Any, type: FieldType) -> Value:
    """An object with the fields that conditions may ask for; NULL when there is none."""
    made = ibis.struct({name: _typed(value[name], inner) for name, inner in type.fields.items()})
    return ibis.ifelse(value.notnull(), made, ibis.null(made.type()))


def _typed(value: Any, type: FieldType) -> Value:
    """A JSON value as its kind, NULL when it is none."""
    if type.kind in _JSON:
        return value.unwrap_as(_JSON[type.kind])
    if type.kind is Kind.OBJECT:
        return _object(value, type)
    if type.kind is Kind.TEXTS:
        return value.array.map(lambda each: each.unwrap_as("string"))
    text = value.unwrap_as("string")
    if type.kind is Kind.DATE:
        return ibis.ifelse(text.re_search(r"^\d{4}-\d\d-\d\d$"), text, ibis.null("string")).try_cast("date")
    # A moment says its offset; one that does not is none, as in the engine.
    aware = text.re_search(r"(Z|[+-]\d\d:?\d\d)$")
    return ibis.ifelse(aware, text, ibis.null("string")).try_cast("timestamp('UTC')")


def segments_of(members: Table) -> Value:
    """The segments a member is in, as his profile names them; NULL for none."""
    return members.profile.cast("json")["segments"].array.map(lambda each: each.unwrap_as("string"))


def listed(places: Mapping[int, int]) -> pa.Table:
    """An uploaded list as a table: members' numbers with their places."""
    parts = [
        pa.record_batch([[member for member, _ in part], [place for _, place in part]], schema=LISTED)
        for part in pieces(places.items())
    ]
    return pa.Table.from_batches(parts, schema=LISTED)
