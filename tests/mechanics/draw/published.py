"""A draw as it is published, with something of everything in it, and the ways to tamper with it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec

from festoon.mechanics.draw_record import PlayRecord
from festoon.mechanics.draw_table import SoldOut
from festoon.mechanics.fairness import commit
from tests.mechanics.draw.stage import SEED, START, Booth, prize

COMMITMENT = commit(SEED)

Line = dict[str, Any]


def publish(folder: Path, *policies: SoldOut) -> Path:
    """A file of the plays of one draw for each policy, told as one draw: no two have a member in common."""
    path = folder / "plays.ndjson"
    encoder = msgspec.json.Encoder()
    plays = (
        play for number, policy in enumerate(policies or get_args(SoldOut)) for play in _play(policy, number)
    )
    path.write_bytes(b"".join(encoder.encode(play) + b"\n" for play in plays))
    return path


def _play(policy: SoldOut, number: int) -> list[PlayRecord]:
    packet = {"id": "packet", "weight": 40, "give": [{"coupon": "ten-off"}, {"points": [5, 88]}]}
    plan: dict[str, Any] = {
        "prizes": [
            prize("phone", 10, stock=2, pace="even"), prize("mug", 20, per_member=1),
            prize("pen", 10, stock=3, swap="mug"), packet,
        ],
        "nothing": 30,
        "sold_out": policy,
        "chances": {"free": {"per": "day", "count": 2}},
        "raises": [{"prize": "phone", "by": 50, "asset": "star", "uses": 1}],
    }  # fmt: skip
    if policy != "redistribute":
        plan["guarantee"] = {"after": 2, "prize": "packet"}
    stage = Booth(plan)
    for round in range(20):
        for member in range(1, 5):
            stage.earn(1, number=10 * number + member)
            stage.person(10 * number + member).balances["star"] = member % 2
            stage.play(10 * number + member, START + timedelta(hours=7 * round))
    return stage.record


def publish_guaranteed(folder: Path) -> Path:
    """The plays of two members in two draws, told as one, whose guaranteed prize is soon out: it is swapped for one
    above what they roll, or below it."""
    path = folder / "plays.ndjson"
    encoder, lines = msgspec.json.Encoder(), []
    for number, swap in enumerate(("mug", "pen")):
        prizes = [prize("phone", 0, stock=1, swap=swap), prize("mug", 0), prize("key", 99), prize("pen", 1)]
        promise = {"after": 2, "prize": "phone", "miss": "lower"}
        stage = Booth({"prizes": prizes, "sold_out": "next_prize", "guarantee": promise})
        for member in (2 * number + 1, 2 * number + 2):
            stage.earn(6, number=member)
            lines += [encoder.encode(stage.play(member)) for _ in range(6)]
    path.write_bytes(b"\n".join((*lines, b"")))
    return path


def replaced(path: Path, line: int, change: Callable[[Line], Any]) -> int:
    """Change the play of a line, counted from 1."""
    lines = path.read_text().splitlines()
    play = json.loads(lines[line - 1])
    change(play)
    lines[line - 1] = json.dumps(play)
    path.write_text("\n".join(lines) + "\n")
    return line


def _first(path: Path, wanted: Callable[[Line], bool]) -> int:
    """The first line whose play is as wanted."""
    plays = (json.loads(line) for line in path.read_text().splitlines())
    return next(line for line, play in enumerate(plays, 1) if wanted(play))


def _last_of_its_row(play: Line) -> bool:
    """Whether the roll is the last of its row, so that one weight less moves it into the next."""
    end = 0
    for _, weight in play["table"]:
        end += weight
        if play["roll"] < end:
            return bool(
                play["roll"] == end - 1 and play["policy"] == "nothing" and play["rolled"] != "nothing"
            )
    return False


def _change(wanted: Callable[[Line], bool], **changes: Any) -> Callable[[Path], int]:
    def change(path: Path) -> int:
        return replaced(path, _first(path, wanted), lambda play: play.update(changes))

    return change


def _another_roll(path: Path) -> int:
    return replaced(path, 2, lambda play: play.update(roll=(play["roll"] + 1) % play["total"]))


def _another_amount(path: Path) -> int:
    def change(play: Line) -> None:
        play["amounts"][0][3] = play["amounts"][0][3] % 84 + 5

    return replaced(path, _first(path, lambda play: "amounts" in play), change)


def _another_weight(path: Path) -> int:
    def change(play: Line) -> None:
        play["table"][0][1] += 1

    return replaced(path, 5, change)


def _moved_weights(path: Path) -> int:
    def change(play: Line) -> None:
        names = [name for name, _ in play["table"]]
        at = names.index(play["rolled"])
        play["table"][at][1] -= 1
        play["table"][at + 1][1] += 1

    return replaced(path, _first(path, _last_of_its_row), change)


def _fewer_misses(path: Path) -> int:
    def change(play: Line) -> None:
        play["guarantee"]["misses"] -= 1

    return replaced(path, _first(path, lambda play: play.get("guarantee", {}).get("misses") == 1), change)


def _lines(change: Callable[[list[str]], int]) -> Callable[[Path], int]:
    def changed(path: Path) -> int:
        lines = path.read_text().splitlines(keepends=True)
        touched = change(lines)
        path.write_text("".join(lines))
        return touched

    return changed


def _left_out(lines: list[str]) -> int:
    del lines[0]
    return 4  # the same member's second play was the fifth


def _twice(lines: list[str]) -> int:
    lines.insert(7, lines[6])
    return 8


def _swapped(lines: list[str]) -> int:
    lines[0], lines[4] = lines[4], lines[0]
    return 1


def _lost(play: Line) -> bool:
    return bool(play["given"] == "nothing" and play["rolled"] == "nothing" and play["chance"] != "kept")


tampered: dict[str, Callable[[Path], int]] = {
    "another roll": _another_roll,
    "another row": lambda path: replaced(
        path, 6, lambda play: play.update(rolled="phone" if play["rolled"] != "phone" else "pen")
    ),
    "a better prize": _change(_lost, given="phone"),
    "a worse prize": _change(lambda play: play["given"] == "packet", given="nothing", amounts=[]),
    "another reason": _change(lambda play: play["reason"] == "sold_out", reason="member_cap"),
    "a chance that was kept": _change(_lost, chance="kept"),
    "a prize that is said to be out": _change(
        lambda play: play["rolled"] == play["given"] == "mug" and play["policy"] == "nothing",
        out={"mug": "sold_out"},
    ),
    "another amount": _another_amount,
    "another member": lambda path: replaced(path, 1, lambda play: play.update(member=999)),
    "another weight": _another_weight,
    "weights moved between prizes": _moved_weights,
    "misses taken away": _fewer_misses,
    "a play left out": _lines(_left_out),
    "a play told twice": _lines(_twice),
    "two plays in another order": _lines(_swapped),
}  # fmt: skip
"""Each changes the file and says which line shows it."""
