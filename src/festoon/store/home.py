"""Where an installation keeps its own files: the embedded database, its key, written facts and reports."""

import os
import secrets
from pathlib import Path

KEY_FILE = "secret-key"
KEY_BYTES = 48


def data_home() -> Path:
    """The directory of this installation: `FESTOON_DATA`, or `.festoon` under the current one. Absolute."""
    return Path(os.environ.get("FESTOON_DATA") or ".festoon").absolute()


def secret_key(home: Path) -> str:
    """The signing key: `FESTOON_SECRET_KEY`, or one made once and kept in `home` for the owner only."""
    if given := os.environ.get("FESTOON_SECRET_KEY"):
        return given
    kept = home / KEY_FILE
    if not kept.exists():
        _make_key(kept)
    return kept.read_text(encoding="ascii").strip()


def _make_key(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        # A link, not a rename: of two processes that make a key at once the first one's stays, whole.
        os.link(fresh, kept)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
