"""Files of events: CSV, NDJSON and Parquet through a map, and Festoon's own event Parquet."""

from festoon.intake.files.event_parquet import EVENT_SCHEMA, read_event_parquet, write_event_parquet
from festoon.intake.files.mapping import FileMap, MapInvalid, load_map, parse_map
from festoon.intake.files.reading import FileCheck, check_file, read_events

__all__ = [
    "EVENT_SCHEMA",
    "FileCheck",
    "FileMap",
    "MapInvalid",
    "check_file",
    "load_map",
    "parse_map",
    "read_event_parquet",
    "read_events",
    "write_event_parquet",
]
