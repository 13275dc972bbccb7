"""The how-to on importing events: its maps are read, its example works, and it names every setting."""

import re
from pathlib import Path

from msgspec import Struct
from msgspec.structs import fields

from festoon.intake.files import FileMap, parse_map
from festoon.intake.files.mapping import Condition, Csv, Field, Group, Lookup, TimeOf, TypeOf
from tests.intake.files.making import events_of

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "import-events.md").read_text(encoding="utf-8")
SETTINGS: tuple[type[Struct], ...] = (FileMap, Field, TypeOf, TimeOf, Group, Lookup, Condition, Csv)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_map_on_the_page_is_read() -> None:
    assert [parse_map(text).source for text in blocks("yaml")] == ["shop", "app", "till"]


def test_the_first_example_makes_the_events_it_speaks_of(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(blocks("csv")[0], encoding="utf-8")
    first, second = events_of(path, parse_map(blocks("yaml")[0]))
    assert (first.id, first.subject, first.data["amount"]) == ("order-o-1", "m-17", 12_900)
    assert (first.time.isoformat(), second.data["amount"]) == ("2027-02-05T12:30:00+00:00", 990)


def test_every_setting_of_a_map_is_on_the_page() -> None:
    names = {field.encode_name for part in SETTINGS for field in fields(part)}
    assert {name for name in names if not re.search(rf"\b{name}\b", PAGE)} == set()
