"""Groups of pages: each sub-package of the console that has `urls.py`, `texts.toml` and `templates`."""

import pkgutil
from pathlib import Path

from msgspec import Struct

HERE = Path(__file__).parent
NAMES = tuple(
    found.name
    for found in pkgutil.iter_modules([str(HERE)])
    if found.ispkg and (HERE / found.name / "urls.py").exists()
)
FOLDERS = [HERE / name / "templates" for name in NAMES]


class Page(Struct, frozen=True):
    """An entry of the navigation: a URL's name (`group:view`), its text's key, an icon of `console/icons.py`, the
    capability that shows it, and where it stands (ascending, tens). `count` is the name of a URL that answers with how
    many there are to look at; it is asked after the page is there."""

    view: str
    text: str
    icon: str
    needs: str
    place: int
    count: str = ""
