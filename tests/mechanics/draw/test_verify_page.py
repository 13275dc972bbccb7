"""The program on the page, as a stranger would run it: with Python and nothing else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from festoon.mechanics.draw_verify import verify_file
from tests.mechanics.draw.published import COMMITMENT, publish, publish_guaranteed, tampered
from tests.mechanics.draw.stage import PUBLIC, SEED
from tests.mechanics.draw.test_draw_verify import PAGE, silent


@pytest.fixture
def check(tmp_path: Path) -> Path:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    script = tmp_path / "check.py"
    script.write_text(program)
    return script


def run(check: Path, plays: Path, seed: str = SEED.hex(), public: str = PUBLIC) -> tuple[int, str]:
    """`-I -S`: without site-packages, the current folder or the environment."""
    command = [sys.executable, "-I", "-S", str(check), str(plays), seed, public, COMMITMENT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def test_the_program_on_the_page_finds_that_an_honest_draw_holds(tmp_path: Path, check: Path) -> None:
    assert run(check, publish(tmp_path)) == (0, "all of it holds")


def test_the_program_on_the_page_finds_that_a_guarantee_whose_prize_is_out_holds(
    tmp_path: Path, check: Path
) -> None:
    plays = publish_guaranteed(tmp_path)
    assert verify_file(plays, SEED.hex(), PUBLIC, COMMITMENT, silent).holds
    assert run(check, plays) == (0, "all of it holds")


@pytest.mark.parametrize("change", tampered)
def test_the_program_on_the_page_finds_the_same_lines_as_ours(
    tmp_path: Path, check: Path, change: str
) -> None:
    plays = publish(tmp_path)
    touched = tampered[change](plays)
    ours = verify_file(plays, SEED.hex(), PUBLIC, COMMITMENT, silent)
    lines = sorted({finding.line for finding in ours.findings})
    assert touched in lines
    assert run(check, plays) == (1, " ".join(["does not hold in line", *map(str, lines)]))


def test_the_program_on_the_page_finds_a_seed_that_was_not_committed_to(tmp_path: Path, check: Path) -> None:
    code, said = run(check, publish(tmp_path), seed=SEED[::-1].hex())
    assert (code, said) == (1, "this seed is not the one that was committed to")


def test_the_program_on_the_page_finds_another_public_value(tmp_path: Path, check: Path) -> None:
    plays = publish(tmp_path)
    ours = verify_file(plays, SEED.hex(), "2027-017", COMMITMENT, silent)
    code, said = run(check, plays, public="2027-017")
    assert code == 1
    assert said.split()[5:] == [str(line) for line in sorted({finding.line for finding in ours.findings})]
