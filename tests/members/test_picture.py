"""What is read off a picture before anybody decodes it, and what is left of it afterwards."""

from base64 import b64decode, b64encode
from struct import pack

import pytest
import vl_convert

from festoon.api.redrawing import LONG_SIDE, SMALL_SIDE, redrawn
from festoon.base.errors import Invalid
from festoon.members.picture import Picture, looked_at

LOSSY = b64decode(
    "UklGRmIAAABXRUJQVlA4IFYAAADwAwCdASowACgAP3Goy1q0rSkkLigCkC4JQBnoXAW/+BHSTMnB9AQAAP7l+jxhNJOj/an72fhPw8npqKiJ8XV2fTws"
    "cK7vvuCSsOmMXOImpM5WGlyAAA=="
)
LOSSLESS = b64decode(
    "UklGRj4AAABXRUJQVlA4TDEAAAAvL8AJAA8Qw3wa5vkPB/Mf0f/4//////////////////8HAAAAAAAAAAAAAAAAAAAAAA=="
)


def drawing(width: int, height: int) -> str:
    """Red above, blue below."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#c00"/>'
        f'<rect y="{height / 2}" width="{width}" height="{height / 2}" fill="#00c"/></svg>'
    )


def jpeg(width: int, height: int, turn: int = 0, order: str = "<") -> bytes:
    """A JPEG, with where it was taken and which way up when a turn is said."""
    made: bytes = vl_convert.svg_to_jpeg(drawing(width, height))
    if not turn:
        return made
    mark = b"II" if order == "<" else b"MM"
    entries = pack(order + "HHHIHH", 1, 0x0112, 3, 1, turn, 0)
    exif = b"Exif\0\0" + mark + pack(order + "HI", 42, 8) + entries + b"\0\0\0\0" + b"GPS 31.3N 120.6E"
    return made[:2] + b"\xff\xe1" + pack(">H", len(exif) + 2) + exif + made[2:]


def png(width: int, height: int) -> bytes:
    made: bytes = vl_convert.svg_to_png(drawing(width, height))
    return made


@pytest.mark.parametrize(
    ("body", "is_"),
    [
        (jpeg(64, 48), Picture("image/jpeg", 64, 48)),
        (jpeg(64, 48, 6), Picture("image/jpeg", 64, 48, 6)),
        (jpeg(64, 48, 8, ">"), Picture("image/jpeg", 64, 48, 8)),
        (png(50, 40), Picture("image/png", 50, 40)),
        (LOSSY, Picture("image/webp", 48, 40)),
        (LOSSLESS, Picture("image/webp", 48, 40)),
    ],
)
def test_a_picture_says_what_it_is_and_how_large(body: bytes, is_: Picture) -> None:
    assert looked_at(body) == is_


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xd8\xff", b"GIF89a" + bytes(40), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>",
        b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IHDR", b"RIFF" + bytes(4) + b"WEBPVP8X", jpeg(64, 48)[:20],
    ],
)  # fmt: skip
def test_what_is_no_picture_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(Invalid) as said:
        looked_at(body)
    assert said.value.code == "photo.no_picture"


@pytest.mark.parametrize(("width", "height"), [(20, 400), (400, 20), (12_001, 100), (6_000, 5_000)])
def test_sides_that_nobody_draws_are_refused_before_it_is_decoded(width: int, height: int) -> None:
    body = b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + b"IHDR" + pack(">II", width, height) + bytes(9)
    with pytest.raises(Invalid) as said:
        looked_at(body)
    assert said.value.code == "photo.wrong_size"


@pytest.mark.parametrize("body", [jpeg(64, 48), png(64, 48), LOSSY, LOSSLESS])
def test_whatever_comes_in_a_jpeg_of_ours_is_kept(body: bytes) -> None:
    large, small = redrawn(body, looked_at(body))
    assert looked_at(large).kind == looked_at(small).kind == "image/jpeg"


def test_nothing_is_left_of_where_a_photo_was_taken_and_it_stands_upright() -> None:
    body = jpeg(2000, 1000, 6)
    assert b"GPS" in body
    large, small = redrawn(body, looked_at(body))
    assert b"GPS" not in large + small
    assert b"Exif" not in large + small
    assert looked_at(large) == Picture("image/jpeg", LONG_SIDE // 2, LONG_SIDE)
    assert looked_at(small) == Picture("image/jpeg", SMALL_SIDE // 2, SMALL_SIDE)


@pytest.mark.parametrize(("turn", "red"), [(1, "top"), (3, "below"), (4, "below"), (6, "right"), (8, "left")])
def test_every_turn_sets_it_upright(turn: int, red: str) -> None:
    body = jpeg(96, 96, turn)
    large, _ = redrawn(body, looked_at(body))
    assert where_red_is(large) == red


def where_red_is(body: bytes) -> str:
    """On which side of the picture it is red: the side that a wholly red one of that half would leave as it is."""
    for side, place in {"top": (0, 0, 96, 48), "below": (0, 48, 96, 48), "left": (0, 0, 48, 96),
                        "right": (48, 0, 48, 96)}.items():  # fmt: skip
        if average(body, place) == "red":
            return side
    return ""


def average(body: bytes, place: tuple[int, int, int, int]) -> str:
    """The colour of a part: drawn onto one that is red, it either changes that or it does not."""
    inner = tuple(part + (6 if at < 2 else -12) for at, part in enumerate(place))
    picture = b64encode(body).decode()
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><svg width="32" height="32" '
        f'viewBox="{" ".join(map(str, inner))}" preserveAspectRatio="none">'
        f'<image width="96" height="96" href="data:image/jpeg;base64,{picture}"/></svg></svg>'
    )
    red = vl_convert.svg_to_jpeg('<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">'
                                 '<rect width="32" height="32" fill="#c00"/></svg>', quality=5)  # fmt: skip
    return "red" if vl_convert.svg_to_jpeg(svg, quality=5) == red else "blue"


def test_what_begins_like_a_picture_and_cannot_be_decoded_is_refused() -> None:
    body = jpeg(64, 48)
    broken = body[: body.index(b"\xff\xda")] + b"\0" * 40
    with pytest.raises(Invalid) as said:
        redrawn(broken, looked_at(broken))
    assert said.value.code == "photo.no_picture"
