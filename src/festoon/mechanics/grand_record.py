"""The record of a grand draw, as it is published: a head, and a line for each winner, in the order of the prizes."""

from datetime import datetime

from msgspec import Struct


class GrandHead(Struct, frozen=True, omit_defaults=True):
    """What was drawn from what. `draw` is `campaign/mechanic`; `member` stands for nobody, in whose name it is rolled;
    `list` is the SHA-256 of the list of tickets; `prizes` are [prize, how many winners], from the dearest on. `merged`,
    left out when there are none, are accounts that by the time of the draw were of one person with another on the list:
    [number, the number that it had become part of]; `erased`, left out likewise, those whose person had been erased."""

    draw: str
    epoch: str
    member: int
    frozen: datetime
    members: int
    tickets: int
    list: str
    prizes: tuple[tuple[str, int], ...]
    merged: tuple[tuple[int, int], ...] = ()
    erased: tuple[int, ...] = ()


class GrandWin(Struct, frozen=True):
    """A prize and its winner: the `place` from 1 on, the how-manieth ticket that was drawn (`play`, from 1 on: more
    than the place when tickets of earlier winners were passed over), which `ticket` it is, from 0 on, and whose."""

    place: int
    prize: str
    play: int
    ticket: int
    member: int
