"""A link as a QR code."""

from io import BytesIO

import segno


def qr(link: str) -> bytes:
    """An SVG, black on white with the quiet zone that readers want. It grows with the place it is given."""
    out = BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="svg", border=3, light="#ffffff", xmldecl=False, omitsize=True
    )
    return out.getvalue()
