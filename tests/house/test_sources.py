"""House rules about the source: small files, no hidden imports, no floats and no clock where it decides."""

import ast
import re
from pathlib import Path

from tests.house.sources import ROOT, calls, functions, modules, place, tree

LINES_A_FILE = 400
LINES_A_FUNCTION = 60
PURE = ("base", "ledger", "members", "mechanics", "plan")
AMOUNTS = ("ledger", "mechanics", "plan", "engine")
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}
CLOCK_MODULES = {"time", "random", "secrets"}
CLOCK_CALLS = {
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.perf_counter",
    "time.localtime",
    "time.gmtime",
}
CHANCE_CALLS = {"uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4", "os.urandom", "urandom"}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"}
# The words that mark what is not finished; this line is the one place where they may stand.
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")

# Files that may read a clock although they stand where decisions are made, each with its reason.
CLOCK_ALLOWED = {
    "src/festoon/base/clock.py": "the one place where the wall's time is read; everybody else is given it",
}


def test_a_file_is_a_room_someone_can_hold_in_his_head() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > LINES_A_FILE} == {}


def test_a_function_fits_a_screen() -> None:
    long = {
        place(path, function): length
        for path in modules()
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LINES_A_FUNCTION
    }
    assert long == {}


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        place(path, node)
        for path in modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_every_module_says_what_it_is_for() -> None:
    assert [path for path in modules() if path.read_text() and ast.get_docstring(tree(path)) is None] == []


def test_amounts_never_become_floats() -> None:
    made = [
        f"{place(path, call)} {name}()"
        for path in modules(*AMOUNTS)
        for call, name in calls(path)
        if name in ("float", "round")
    ]
    assert made == []


def test_time_and_chance_come_in_as_arguments() -> None:
    read = [where for path in modules(*PURE, "engine") if not allowed(path) for where in clock_reads(path)]
    assert read == []


def test_nothing_that_decides_imports_a_clock_or_a_source_of_chance() -> None:
    imported = []
    for path in modules(*PURE):
        for node in ast.walk(tree(path)):
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module}
            if names & CLOCK_MODULES and not allowed(path):
                imported.append(place(path, node))
    assert imported == []


def test_every_allowed_clock_is_still_there_and_has_its_reason() -> None:
    for name, reason in CLOCK_ALLOWED.items():
        assert clock_reads(ROOT / name) != []
        assert len(reason) > 20


def allowed(path: Path) -> bool:
    return str(path.relative_to(ROOT)) in CLOCK_ALLOWED


def clock_reads(path: Path) -> list[str]:
    pure = "engine" not in path.relative_to(ROOT).parts
    return [
        f"{place(path, call)} {name}()"
        for call, name in calls(path)
        if name in CLOCK_CALLS
        or (pure and name in CHANCE_CALLS)
        or (name.rsplit(".", 1)[-1] in CLOCKS and name.rsplit(".", 2)[-2:-1] in (["datetime"], ["date"]))
    ]


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [path for path in modules() if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_nothing_is_left_for_later() -> None:
    unfinished = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert unfinished == []
