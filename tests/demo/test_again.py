"""The demo can be run again where it ran before."""

from pathlib import Path

from festoon.cli.demo import Steps


def test_a_demo_that_is_run_again_finds_no_facts_of_the_database_before(tmp_path: Path) -> None:
    left = tmp_path / "demo" / "facts" / "events" / "left.parquet"
    kept = tmp_path / "demo" / "data" / "events.parquet"
    for file in (left, kept):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"of a run before")
    Steps("postgresql:///demo", tmp_path / "demo", 1)
    assert not left.exists()
    assert kept.exists()
