"""Renew `terminal.svg`: the back-test of the demo's plan on the demo's year, as a terminal shows it.

`./dev shell -- python docs/images/terminal.py` runs the command for real, which takes about a minute. Of the long
tables the first rows are kept.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from festoon.demo.data import prepare
from festoon.demo.run import ASSUMED

PLAN = Path(__file__).parents[2] / "src" / "festoon" / "demo" / "plan.yaml"
PICTURE = Path(__file__).with_name("terminal.svg")
COLUMNS = 96
ROWS = 8
"""So many rows of a table are kept."""
SEEDS = 3
FONT = "'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def main() -> None:
    """Run the command and draw what it printed."""
    console = Console(record=True, width=COLUMNS, file=StringIO())
    for line in abridged(said()):
        console.print(Text.from_ansi(line), soft_wrap=True)
    picture = console.export_svg(title="festoon plan backtest", code_format=_format(), unique_id="terminal")
    PICTURE.write_text(re.sub(r"[ \t]+$", "", picture, flags=re.MULTILINE), encoding="utf-8")


def said() -> list[str]:
    """What `festoon plan backtest` prints, with its colours."""
    with tempfile.TemporaryDirectory() as room:
        history = prepare(Path(room)).events
        assumed = ("--plays", str(ASSUMED.plays), "--check-ins", str(ASSUMED.check_ins))
        command = [sys.executable, "-m", "festoon.cli", "plan", "backtest", str(PLAN)]
        command += ["--history", str(history), "--seeds", str(SEEDS), *assumed]
        environment = {**os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
        )
    return done.stdout.splitlines()


def abridged(lines: list[str]) -> Iterator[str]:
    """The lines without what goes beyond the first rows of a table."""
    rows = 0
    for line in lines:
        row = Text.from_ansi(line).plain.startswith("│")
        rows = rows + 1 if row else 0
        if rows <= ROWS:
            yield line


def _format() -> str:
    """Rich's own, without the fonts that it would fetch."""
    without = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->\s*", "", without).replace("Fira Code, monospace", FONT)


if __name__ == "__main__":
    main()
