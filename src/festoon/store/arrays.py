"""Arrays for PostgreSQL as one text each, to be cast there: `unnest(($1::text)::bigint[])`.

The driver asks of every element of an array that it encodes whether it is an array itself, which took a tenth of an
event's time. Writing the array's text costs a third of that.
"""

from collections.abc import Iterable, Sequence


def numbers(values: Iterable[int]) -> str:
    """Whole numbers, for `::bigint[]`."""
    return "{" + ",".join(map(str, values)) + "}"


def texts(values: Sequence[str]) -> str:
    """Texts of any kind, for `::text[]`."""
    joined = '","'.join(values)
    if "\\" in joined or joined.count('"') != 2 * max(len(values) - 1, 0):
        joined = '","'.join([value.replace("\\", "\\\\").replace('"', '\\"') for value in values])
    return f'{{"{joined}"}}' if values else "{}"


def hashes(values: Sequence[bytes]) -> str:
    """Bytes, for `::bytea[]`."""
    joined = '","\\\\x'.join([value.hex() for value in values])
    return f'{{"\\\\x{joined}"}}' if values else "{}"
