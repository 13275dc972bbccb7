"""The first campaign, as a reader goes through it: every command is run, every answer is what the page shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.docs.pages import Block, blocks
from tests.docs.terminal import Command, commands, missing, run
from tests.serving import Running, serving

PAGE = "docs/tutorial/first-campaign.md"
OF_THE_SHELL = {"./dev", "mkdir", "cd", "alias"}


class Reader:
    """Somebody who does what the page says, block by block."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.key = ""
        self.simulated: list[Any] = []
        self.answers: list[Any] = []
        self._server: Any = None
        self._running: Running | None = None

    def reads(self, block: Block) -> None:
        if block.language == "console":
            for command in commands(block):
                self.types(command)
        elif block.told.endswith(" lines"):
            corrects(Path(block.told.removesuffix(" lines")), block.text)
        elif block.told.startswith(("tea.yaml", "registered.", "order.", "play")):
            Path(block.told.split()[0]).write_text(block.text, encoding="utf-8")
        elif block.language == "json":
            self.compares(msgspec.json.decode(block.text), block.told)

    def types(self, command: Command) -> None:
        match command.words:
            case ["festoon", "serve", *_]:
                self._server = serving(self.database)
                self._running = self._server.__enter__()
            case ["festoon", *words]:
                self.checks(command, tuple(words))
            case ["export", *_]:
                _, _, inner = " ".join(command.words).partition("$(festoon ")
                done = run(*inner.removesuffix(")").split())
                self.key = done.out.strip()
            case ["api", *words]:
                self.answers.append(self.asks(words).json())
            case [word, *_]:
                assert word in OF_THE_SHELL

    def checks(self, command: Command, words: tuple[str, ...]) -> None:
        if words[:2] == ("plan", "simulate"):
            done = run(*words, "--processes", "1", "--json")
            self.simulated.append(done.json())
        else:
            done = run(*words)
        assert missing(command.shown, done.said) == [], done.said
        assert done.code == (1 if any("mistake" in line for line in command.shown) else 0)

    def asks(self, words: list[str]) -> httpx.Response:
        assert self._running is not None
        client = self._running.with_key(self.key)
        path = words[-1].partition(":8800")[2]
        if "-d" not in words:
            return client.get(path)
        name, _, value = words[words.index("-H") + 1].partition(": ")
        body = Path(words[words.index("-d") + 1].removeprefix("@")).read_bytes()
        return client.post(path, content=body, headers={name: value})

    def compares(self, shown: Any, how: str) -> None:
        answer = self.answers[-1]
        if how == "last answer":
            answer = answer[-1]
        if how == "answer for example":
            shown, answer = without_chance(shown), without_chance(answer)
        assert answer == shown

    def leaves(self) -> None:
        if self._server is not None:
            self._server.__exit__(None, None, None)


def corrects(path: Path, line: str) -> None:
    """Exchange the one line that begins as this one does."""
    text = path.read_text(encoding="utf-8")
    begins = line[: line.index(":") + 8]
    (old,) = [each for each in text.splitlines(keepends=True) if each.startswith(begins)]
    path.write_text(text.replace(old, line), encoding="utf-8")


def without_chance(answer: Any) -> Any:
    """A play's answer without what depends on the roll."""
    (made,) = answer["outcome"]["mechanics"]
    note = {name: made["note"][name] for name in ("epoch", "play", "policy", "table", "total", "chance")}
    return {**answer, "outcome": {"mechanic": made["mechanic"], "taken": made.get("taken"), "note": note}}


@pytest.fixture
def reader(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FESTOON_DATABASE_URL", database)
    monkeypatch.setenv("FESTOON_LANG", "en")
    reader = Reader(database)
    yield reader
    reader.leaves()


def test_who_follows_the_page_gets_what_it_shows(reader: Reader) -> None:
    for block in blocks(PAGE):
        reader.reads(block)
    short, enough = reader.simulated
    assert all(refused_for_the_budget(run) for run in short["runs"])
    assert not any(refused_for_the_budget(run) for run in enough["runs"])
    registered, again, _, _, plays, member, statement = reader.answers
    assert again == {**registered, "again": True}
    assert [play["outcome"]["status"] for play in plays] == ["accepted", "accepted", "refused"]
    assert {balance["asset"] for balance in member["balances"]} >= {"points", "spring-tea/chances/tea-draw"}
    assert {"spring-tea/spend", "spring-tea/welcome"} <= {line["why"] for line in statement["lines"]}


def refused_for_the_budget(run: Any) -> int:
    return sum(times for why, times in run["refusals"].items() if why.endswith(" budget.short"))
