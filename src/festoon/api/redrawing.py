"""Pictures that members hand in, drawn anew: what is kept is a JPEG of ours, with nothing in it but what is to be seen.

Where it was taken, with which camera and when (Exif, XMP, comments, colour profiles, anything hidden behind the
picture) stays behind, and so does whatever was made to trick a program that opens it.
"""

from base64 import b64encode

import vl_convert

from festoon.base.errors import Invalid
from festoon.members.picture import NO_PICTURE, Picture

LONG_SIDE = 1280
SMALL_SIDE = 320
QUALITY, SMALL_QUALITY = 82, 72
TURNS = {
    1: "",
    2: "translate({w} 0) scale(-1 1)",
    3: "translate({w} {h}) rotate(180)",
    4: "translate(0 {h}) scale(1 -1)",
    5: "matrix(0 1 1 0 0 0)",
    6: "translate({w} 0) rotate(90)",
    7: "matrix(0 -1 -1 0 {w} {h})",
    8: "translate(0 {h}) rotate(-90)",
}
"""What sets a picture upright, by Exif's Orientation; `w` and `h` are its sides then."""


def redrawn(body: bytes, picture: Picture) -> tuple[bytes, bytes]:
    """The picture upright, no longer than LONG_SIDE, and the same small; both JPEG. It takes up to some seconds, and
    holds up no other thread. Raises Invalid for what cannot be decoded, and for what shows nothing."""
    width, height = _within(picture, LONG_SIDE)
    large = _drawn(body, picture, width, height, QUALITY)
    if large == _drawn(b"", picture, width, height, QUALITY):
        raise Invalid(NO_PICTURE)
    upright = Picture("image/jpeg", width, height)
    return large, _drawn(large, upright, *_within(upright, SMALL_SIDE), SMALL_QUALITY)


def _within(picture: Picture, longest: int) -> tuple[int, int]:
    """Its sides when it stands upright and is no longer than that."""
    width, height = picture.shown
    scale = min(longest / max(width, height), 1)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _drawn(body: bytes, picture: Picture, width: int, height: int, quality: int) -> bytes:
    """An SVG of ours with the picture in it, on white, as a JPEG; of no body, the white."""
    image = ""
    if body:
        across, down = (height, width) if picture.turn >= 5 else (width, height)
        turn = TURNS[picture.turn].format(w=width, h=height)
        image = (
            f'<image width="{across}" height="{down}" preserveAspectRatio="none" transform="{turn}" '
            f'href="data:{picture.kind};base64,{b64encode(body).decode()}"/>'
        )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{image}</svg>'
    )
    made: bytes = vl_convert.svg_to_jpeg(svg, quality=quality)
    return made
