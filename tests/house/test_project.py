"""The project around the source: what it depends on, what it publishes, and what it must not give away."""

import ast
import re
import socket
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import ROOT, SOURCE, tracked

DECISIONS = ROOT / "docs" / "decisions"
LOCK = ROOT / "requirements.lock"
OLDEST_PYTHON_THAT_MUST_READ_IT = (3, 7)
# In pieces, so that this file does not contain what it looks for.
TRACES = [
    "/" + "home/[a-z]",
    "/" + "root/",
    "/" + "Users/[A-Za-z]",
    "/" + "work/",
    "/" + "opt/pypi",
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "npmjs" + r"\.(org|com)",
    "deb" + r"\.debian\.org",
    "proxy" + r"\.golang",
    r"\b10\.\d+\.\d+\.\d+\b",
    r"\b192\.168\.\d+\.\d+\b",
]


def direct() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    listed = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = [re.split(r"[\[<>=!~; ]", wanted, maxsplit=1)[0] for wanted in listed]
    return [re.sub(r"[._-]+", "-", name).lower() for name in names]


def test_every_dependency_is_locked_with_a_hash() -> None:
    locked = dict(
        re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(.*(?:\n[ ]+.*)*)", LOCK.read_text(), re.MULTILINE)
    )
    assert [name for name in direct() if name not in locked] == [], "run ./dev lock"
    assert [name for name, entry in locked.items() if "--hash=sha256:" not in entry] == []
    assert [name for name in direct() if "festoon (pyproject.toml)" not in locked[name]] == [], (
        "run ./dev lock"
    )


def test_every_direct_dependency_was_decided_on() -> None:
    pages = "\n".join(page.read_text() for page in sorted(DECISIONS.glob("*.md"))).lower()
    decided = re.sub(r"(?<=\w)[._](?=\w)", "-", pages)
    assert [
        name for name in direct() if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", decided)
    ] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(page.name[:4]) for page in DECISIONS.glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_nothing_published_names_the_machine_it_was_written_on() -> None:
    here = [re.escape(name) for name in (str(ROOT), socket.gethostname()) if len(name) > 7]
    trace = re.compile("|".join([*TRACES, *here]))
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = enumerate(text.splitlines(), 1)
        found += [
            f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}"
            for number, line in lines
            if trace.search(line)
        ]
    assert found == []


def test_an_old_python_can_read_why_it_is_too_old() -> None:
    ast.parse((ROOT / "dev").read_text(), feature_version=OLDEST_PYTHON_THAT_MUST_READ_IT)


def test_the_workbench_explains_itself() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "dev", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("demo", "test", "check", "bench", "shell", "lock"):
        assert f"./dev {command}" in done.stdout
    wrong = subprocess.run(
        [sys.executable, ROOT / "dev", "dmeo"], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 1
    assert "dmeo" in wrong.stderr


def test_the_wheel_carries_the_tables_and_the_licence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    statements = [path.relative_to(SOURCE.parent) for path in SOURCE.rglob("*.sql")]
    assert statements
    assert {str(path) for path in statements} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


@pytest.mark.parametrize("name", ["LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_a_reader_finds_the_page_he_looks_for(name: str) -> None:
    assert len((ROOT / name).read_text()) > 200
