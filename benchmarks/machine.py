"""What the figures were taken on."""

import os
import platform
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.pgbench import binary

PACKAGES = ("festoon", "asyncpg", "msgspec", "uvicorn", "uvloop", "httptools", "django")


def machine() -> dict[str, str]:
    """Processor, memory, system and versions, by name. Nothing that names the machine itself."""
    return {
        "processor": f"{_model()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "load before": f"{os.getloadavg()[0]:.1f} processes ready to run",
        "Python": _python(),
        "PostgreSQL": _postgres(),
        **{name: version(name) for name in PACKAGES},
    }


def _python() -> str:
    """Its version; and whether it was built without optimisation, which costs a tenth of what is measured."""
    given = sysconfig.get_config_var("CONFIG_ARGS")
    plain = given and "--enable-optimizations" not in given and sys.base_prefix != "/usr"
    return platform.python_version() + (", built without optimisation" if plain else "")


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "unknown")


def _postgres() -> str:
    said = subprocess.run([str(binary()), "--version"], capture_output=True, text=True, check=True).stdout
    return said.rpartition(" ")[2].strip()
