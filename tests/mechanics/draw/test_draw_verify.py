import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from festoon.base.errors import Invalid
from festoon.mechanics.draw_record import PlayRecord
from festoon.mechanics.draw_verify import LISTED, verify, verify_file
from festoon.mechanics.fairness import commit
from tests.mechanics.draw.published import COMMITMENT, Line, publish, replaced, tampered
from tests.mechanics.draw.stage import PUBLIC, SEED

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "verify-a-draw.md"


def read(path: Path) -> list[PlayRecord]:
    return [msgspec.json.decode(line, type=PlayRecord) for line in path.read_bytes().splitlines()]


def silent(done: int, size: int) -> None:
    assert 0 <= done <= size


def test_an_honest_draw_holds(tmp_path: Path) -> None:
    path = publish(tmp_path)
    verdict = verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, silent)
    assert verdict.holds
    assert verify(read(path), SEED, PUBLIC, COMMITMENT) == []
    assert verdict.plays == sum(verdict.given.values()) == sum(count for _, count in verdict.rules)


def test_the_honest_draw_of_these_tests_has_something_of_everything(tmp_path: Path) -> None:
    records = read(publish(tmp_path))
    assert {record.policy for record in records} == {"next_prize", "nothing", "keep_chance", "redistribute"}
    assert {record.reason for record in records} == {
        "",
        "sold_out",
        "not_released",
        "member_cap",
        "guarantee",
    }
    assert {record.chance for record in records} == {"free", "earned", "kept"}
    assert any(record.amounts for record in records)
    assert any(record.raised for record in records)
    assert any(record.out.get("pen") and record.given == "mug" for record in records)
    assert any(record.guarantee is None for record in records)


def test_the_published_form_says_all_and_only_what_the_page_lists(tmp_path: Path) -> None:
    page = PAGE.read_text()
    described = page[page.index("## The record") : page.index("## What a record can")]
    for line in publish(tmp_path).read_text().splitlines():
        for field in json.loads(line):
            assert f"`{field}`" in described


@pytest.mark.parametrize("seed", [SEED[::-1], SEED[:31]])
def test_a_seed_that_was_not_committed_to_is_found_and_nothing_else_looked_at(
    tmp_path: Path, seed: bytes
) -> None:
    found = verify(read(publish(tmp_path)), seed, PUBLIC, COMMITMENT)
    assert [(finding.line, finding.code) for finding in found] == [(0, "fairness.not_committed")]
    if len(seed) == 32:
        assert not verify_file(publish(tmp_path), seed.hex(), PUBLIC, COMMITMENT, silent).holds


def test_another_public_value_than_the_one_that_was_named_is_found(tmp_path: Path) -> None:
    verdict = verify_file(publish(tmp_path), SEED.hex(), "2027-017", COMMITMENT, silent)
    assert verdict.found > verdict.plays / 2


@pytest.mark.parametrize("seed", ["", "00", "zz" * 32, SEED.hex()[:-1], SEED.hex() + "00"])
def test_what_is_no_seed_is_said_to_be_none(tmp_path: Path, seed: str) -> None:
    with pytest.raises(Invalid) as caught:
        verify_file(publish(tmp_path), seed, PUBLIC, COMMITMENT, silent)
    assert caught.value.code == "fairness.seed_malformed"


CODES = {
    "another roll": "fairness.wrong_roll",
    "another row": "fairness.wrong_row",
    "a better prize": "fairness.wrong_prize",
    "a worse prize": "fairness.wrong_prize",
    "another reason": "fairness.wrong_prize",
    "a chance that was kept": "fairness.wrong_prize",
    "a prize that is said to be out": "fairness.wrong_prize",
    "another amount": "fairness.wrong_amount",
    "another member": "fairness.wrong_roll",
    "another weight": "fairness.wrong_table",
    "weights moved between prizes": "fairness.wrong_row",
    "misses taken away": "fairness.wrong_misses",
    "a play left out": "fairness.play_missing",
    "a play told twice": "fairness.play_repeated",
    "two plays in another order": "fairness.play_missing",
}


@pytest.mark.parametrize("change", tampered)
def test_a_tampered_line_is_found(tmp_path: Path, change: str) -> None:
    path = publish(tmp_path)
    touched = tampered[change](path)
    verdict = verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, silent)
    assert CODES[change] in {finding.code for finding in verdict.findings if finding.line == touched}
    for finding in verdict.findings:
        assert finding.text("en").startswith(f"line {finding.line}: ")
        assert finding.text("zh-Hans").startswith(f"第 {finding.line} 行：")
        assert "<" not in finding.text("en") + finding.text("zh-Hans")


UNSOUND: dict[str, Callable[[Line], Any]] = {
    "a row twice": lambda play: play["table"].insert(0, play["table"][0]),
    "no row for nothing": lambda play: play["table"].pop(),
    "a negative weight": lambda play: play["table"].insert(0, ["x", -1]),
    "a total of zero": lambda play: play.update(table=[["nothing", 0]], total=0, given="nothing"),
    "a total beyond what JSON holds": lambda play: play.update(
        table=[["x", 2**60], ["nothing", 0]], total=2**60, given="x", rolled="x", out={}
    ),
    "a prize that is in no row": lambda play: play.update(given="yacht"),
    "something out that is in no row": lambda play: play.update(out={"yacht": "sold_out"}),
    "a promise of what is in no row": lambda play: play.update(
        guarantee={"prize": "yacht", "after": 1, "miss": "nothing", "misses": 0}
    ),
    "an amount of less than nothing": lambda play: play.update(amounts=[[0, 9, 5, 7]]),
}


@pytest.mark.parametrize("change", UNSOUND)
def test_a_record_that_makes_no_sense_is_found_and_stops_nothing(tmp_path: Path, change: str) -> None:
    path = publish(tmp_path)
    replaced(path, 3, UNSOUND[change])
    verdict = verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, silent)
    assert (3, "fairness.wrong_table") in {(finding.line, finding.code) for finding in verdict.findings}
    assert verdict.plays == len(path.read_text().splitlines())


def test_out_of_a_redistributed_table_means_no_weight(tmp_path: Path) -> None:
    path = publish(tmp_path, "redistribute")
    number = next(n for n, record in enumerate(read(path), 1) if not record.out)
    replaced(path, number, lambda play: play.update(out={play["table"][0][0]: "sold_out"}))
    (finding,) = verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, silent).findings
    assert finding.data["problem"] == "a prize that could not be had has a weight"


@pytest.mark.parametrize("line", ["", "{", '{"draw": "a/b"}', "\ufffe", "[1]", '{"draw":"a/b","play":"1"}'])
def test_a_line_that_is_no_play_is_found_and_the_rest_is_still_checked(tmp_path: Path, line: str) -> None:
    path = publish(tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:5], line, *lines[5:]]) + "\n")
    verdict = verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, silent)
    assert [(finding.line, finding.code) for finding in verdict.findings] == [(6, "fairness.unreadable")]
    assert verdict.plays == len(lines)


def test_a_file_cut_off_in_the_middle_of_a_line_is_found(tmp_path: Path) -> None:
    path = publish(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    verdict = verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, silent)
    assert [finding.code for finding in verdict.findings] == ["fairness.unreadable"]


def test_a_line_of_another_draw_or_epoch_is_found(tmp_path: Path) -> None:
    path = publish(tmp_path)
    replaced(path, 4, lambda play: play.update(epoch="2027-03"))
    (finding,) = verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, silent).findings
    assert (finding.line, finding.code, finding.data["epoch"]) == (4, "fairness.other_draw", "2027-03")


def test_the_later_epochs_go_on_where_the_earlier_stopped(tmp_path: Path) -> None:
    whole = publish(tmp_path).read_text().splitlines(keepends=True)
    first, second = tmp_path / "first.ndjson", tmp_path / "second.ndjson"
    first.write_text("".join(whole[: len(whole) // 2]))
    second.write_text("".join(_in_epoch(line) for line in whole[len(whole) // 2 :]))
    alone = verify_file(second, SEED.hex(), PUBLIC, COMMITMENT, silent)
    after = verify_file(second, SEED.hex(), PUBLIC, COMMITMENT, silent, earlier=[first])
    assert (alone.holds, after.holds) == (True, True)
    second.write_text("".join(second.read_text().splitlines(keepends=True)[1:]))
    assert verify_file(second, SEED.hex(), PUBLIC, COMMITMENT, silent).holds
    cut = verify_file(second, SEED.hex(), PUBLIC, COMMITMENT, silent, earlier=[first])
    assert [finding.code for finding in cut.findings] == ["fairness.play_missing"]


def _in_epoch(line: str) -> str:
    return json.dumps({**json.loads(line), "epoch": "2027-W07"}) + "\n"


def test_a_file_of_nothing_but_mistakes_is_counted_whole_and_listed_in_part(tmp_path: Path) -> None:
    path = tmp_path / "plays.ndjson"
    path.write_text("{\n" * (LISTED + 500))
    verdict = verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, silent)
    assert (verdict.found, len(verdict.findings), verdict.holds) == (LISTED + 500, LISTED, False)


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "plays.ndjson"
    path.write_text("{\n" * 2500)
    told: list[tuple[int, int]] = []
    verify_file(path, SEED.hex(), PUBLIC, COMMITMENT, lambda done, size: told.append((done, size)))
    assert told == [(2000, 5000), (4000, 5000), (5000, 5000)]


def test_a_commitment_may_be_written_in_capitals() -> None:
    assert verify([], SEED, PUBLIC, f" {commit(SEED).upper()}\n") == []
