"""The page on sending events does what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from festoon.intake.asgi import LARGEST_BODY
from festoon.intake.cloudevents import LARGEST_EVENT, LONGEST_ID
from festoon.intake.door import Lateness
from festoon.intake.http import MOST_EVENTS
from festoon.intake.refusals import DEEPEST
from tests.house.sources import ROOT
from tests.serving import Running

PAGE = (ROOT / "docs" / "how-to" / "send-events.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def run(running: Running, *command: str) -> str:
    variables = {**os.environ, "FESTOON_URL": f"http://127.0.0.1:{running.port}", "FESTOON_KEY": running.key}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("name", "member"), [("one.sh", "li-hua"), ("binary.sh", "李华")])
def test_the_commands_on_the_page_get_an_outcome(running: Running, name: str, member: str) -> None:
    assert '"status":200' in run(running, "sh", "-ec", block(name))
    assert running.client.get(f"/v1/members/{member}").status_code == 200


def test_the_program_on_the_page_sends_everything_once(running: Running, tmp_path: Path) -> None:
    program = tmp_path / "send.py"
    program.write_text(block("send.py"), encoding="utf-8")
    for _ in range(2):
        assert run(running, sys.executable, str(program)) == ""
    assert running.client.get("/v1/members/member-3").json()["balances"][0]["available"] == 10 * 2_000
    assert running.books_balance()


def test_the_bounds_on_the_page_are_the_real_ones() -> None:
    bounds = {
        "events in a request": f"{MOST_EVENTS:,}",
        "a request": f"{LARGEST_BODY // 1024**2} MiB",
        "an event": f"{LARGEST_EVENT // 1024} KiB",
        "`id`, `source`, `type`, `subject`": f"{LONGEST_ID} characters each",
        "levels of objects and lists in `data`": f"{DEEPEST}",
        "`time` before now": f"{Lateness().behind.days} days",
        "`time` after now": f"{Lateness().ahead.seconds // 60} minutes",
    }
    for what, bound in bounds.items():
        assert f"| {what} | {bound}" in PAGE
