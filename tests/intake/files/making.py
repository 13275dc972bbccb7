"""Files and maps that the tests of the readers share."""

from collections.abc import Iterator
from pathlib import Path

from festoon.base.errors import FestoonError
from festoon.base.events import Event
from festoon.intake.files import FileMap, parse_map, read_events

ORDERS = """\
festoon_map: 1
source: shop
zone: Asia/Shanghai
id: order-{order}
member: customer
type: order.paid
time: paid_at
data:
  order: order
  amount: {column: total, scale: 2}
  currency: {value: CNY}
"""

BASKETS = """\
festoon_map: 1
source: shop
zone: Asia/Shanghai
group_by: order
id: order-{order}
member: customer
type: order.paid
time: paid_at
data:
  order: order
  amount: {total: price, scale: 2}
  currency: {value: CNY}
lines:
  line: line
  product: product
  amount: {column: price, scale: 2}
"""

HEADER = "order,customer,paid_at,total\n"


def map_of(text: str, **more: str) -> FileMap:
    """A map with further settings, each a line of YAML."""
    return parse_map(text + "".join(f"{name}: {value}\n" for name, value in more.items()))


def order_lines(count: int) -> Iterator[str]:
    """Orders o1 … in CSV, of 1.50, 2.50 … yuan."""
    for number in range(1, count + 1):
        yield f"o{number},m{number % 7},2027-02-05 10:{number % 60:02d}:00,{number}.50\n"


def events_of(path: Path, map: FileMap) -> list[Event]:
    """All events of a file."""
    return [event for batch in read_events(path, map) for event in batch]


def until_it_stops(path: Path, map: FileMap) -> tuple[list[Event], FestoonError | None]:
    """The events that come before an error, and the error."""
    found: list[Event] = []
    try:
        for batch in read_events(path, map, batch_rows=2):
            found += batch
    except FestoonError as error:
        return found, error
    return found, None
