"""What the figures were taken on."""

import os
import platform
import subprocess
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
        "Python": platform.python_version(),
        "PostgreSQL": _postgres(),
        **{name: version(name) for name in PACKAGES},
    }


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
