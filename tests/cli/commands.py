"""The command line, as an operator runs it."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from festoon.cli.app import made


class Commands:
    """`festoon` with the words it is called with, behind those of `group`."""

    group: tuple[str, ...] = ()

    def __call__(self, *words: str) -> Result:
        whole = [*self.group, *words]
        return CliRunner().invoke(made(whole[0]), whole)

    def json(self, *words: str, code: int = 0) -> Any:
        """The last line that it says with `--json`, when it leaves with this code."""
        done = self(*words, "--json")
        assert done.exit_code == code, done.output
        return json.loads(done.stdout.splitlines()[-1])
