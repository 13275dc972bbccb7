"""What a picture says of itself before anybody decodes it: which kind it is, how large, and which way up.

Read from the first bytes and the headers alone, so that what is too large for anybody to draw is refused unread.

Sources: ITU-T T.81 (JPEG markers), Exif 2.32 (the tag Orientation), W3C PNG 3, RFC 9649 (WebP).
"""

import struct
from collections.abc import Iterator
from struct import unpack_from

from msgspec import Struct

from festoon.base.errors import Invalid, define

LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 24_000_000
LEAST_SIDE = 32
LONGEST_SIDE = 12_000

NO_PICTURE = define(
    "photo.no_picture",
    400,
    "this is no JPEG, PNG or WebP picture, or it is broken",
    "请上传 JPEG、PNG 或 WebP 格式的图片，且图片不能损坏",
    todo="choose another photo",
    todo_zh="请更换一张照片",
)
WRONG_SIZE = define(
    "photo.wrong_size",
    400,
    "a photo has sides of {least} to {longest} pixels and no more than {most} million of them; this one is {width} × "
    "{height}",
    "照片边长须为{least}至{longest}像素，总像素不超过{most}百万；该照片为{width}×{height}",
    todo="choose another photo, or make this one smaller",
    todo_zh="请更换照片，或缩小后再上传",
)


class Picture(Struct, frozen=True):
    """A picture's media type, its sides in pixels as they are stored, and the turn that sets it upright: the value of
    Exif's Orientation, 1 for none."""

    kind: str
    width: int
    height: int
    turn: int = 1

    @property
    def shown(self) -> tuple[int, int]:
        """Its sides when it stands upright."""
        return (self.height, self.width) if self.turn >= 5 else (self.width, self.height)


def looked_at(body: bytes) -> Picture:
    """What a picture is. Raises Invalid for what is none, and for one with sides that nobody draws."""
    try:
        picture = _read(body)
    except (struct.error, IndexError):
        picture = None
    if picture is None:
        raise Invalid(NO_PICTURE)
    short, long = sorted((picture.width, picture.height))
    if short < LEAST_SIDE or long > LONGEST_SIDE or short * long > MOST_PIXELS:
        raise Invalid(
            WRONG_SIZE, least=LEAST_SIDE, longest=LONGEST_SIDE, most=MOST_PIXELS // 1_000_000,
            width=picture.width, height=picture.height,
        )  # fmt: skip
    return picture


def _read(body: bytes) -> Picture | None:
    if body[:3] == b"\xff\xd8\xff":
        return _jpeg(body)
    if body[:8] == b"\x89PNG\r\n\x1a\n" and body[12:16] == b"IHDR":
        return Picture("image/png", *unpack_from(">II", body, 16))
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return _webp(body)
    return None


def _jpeg(body: bytes) -> Picture | None:
    turn = 1
    for marker, start, end in _segments(body):
        if marker == 0xE1 and body[start : start + 6] == b"Exif\0\0":
            turn = _orientation(body[start + 6 : end])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = unpack_from(">HH", body, start + 1)
            return Picture("image/jpeg", width, height, turn)
    return None


def _segments(body: bytes) -> Iterator[tuple[int, int, int]]:
    """The markers before the first scan, each with where its content begins and ends."""
    at = 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        (length,) = unpack_from(">H", body, at + 2)
        if marker == 0xDA or length < 2:
            return
        yield marker, at + 4, at + 2 + length
        at += 2 + length


def _orientation(exif: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (first,) = unpack_from(order + "I", exif, 4)
        (count,) = unpack_from(order + "H", exif, first)
        for entry in range(first + 2, first + 2 + 12 * count, 12):
            tag, _, _, turn = unpack_from(order + "HHIH", exif, entry)
            if tag == 0x0112:
                return turn if 1 <= turn <= 8 else 1
    except struct.error:
        pass  # metadata that is broken is no reason to refuse the picture
    return 1


def _webp(body: bytes) -> Picture | None:
    kind = body[12:16]
    if kind == b"VP8 ":
        width, height = unpack_from("<HH", body, 26)
        return Picture("image/webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        (bits,) = unpack_from("<I", body, 21)
        return Picture("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X" and len(body) >= 30:
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (24, 27))
        return Picture("image/webp", width, height)
    return None
