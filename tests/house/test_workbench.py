"""The workbench chooses the Python that its environment is made with."""

import os
import sys
import sysconfig
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.house.sources import ROOT

BUILT_BY_HAND = "'--prefix=/opt/python' '--enable-shared'"
ABLE, UNABLE = "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 1\n"


class TookOver(Exception):
    """Another Python goes on."""


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The workbench, read by a Python that somebody built without optimisation, on a system of two Pythons."""
    loader = SourceFileLoader("dev", str(ROOT / "dev"))
    spec = spec_from_loader("dev", loader)
    assert spec is not None
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    dev: Any = module_from_spec(spec)
    loader.exec_module(dev)
    monkeypatch.setattr(dev, "SYSTEM", tmp_path)
    monkeypatch.setattr(sys, "base_prefix", "/opt/python")
    monkeypatch.setattr(sysconfig, "get_config_var", {"CONFIG_ARGS": BUILT_BY_HAND}.get)
    monkeypatch.setattr(os, "execv", take_over)
    monkeypatch.delenv("FESTOON_THIS_PYTHON", raising=False)
    put(tmp_path / "python3.11", ABLE)
    put(tmp_path / "python3.13", ABLE)
    assert isinstance(dev, ModuleType)
    return dev


def take_over(python: Path, words: list[str]) -> None:
    assert words == [str(python), *sys.argv]
    raise TookOver(python.name)


def put(python: Path, script: str) -> None:
    python.write_text(script)
    python.chmod(0o755)


def test_the_systems_newest_python_takes_over_from_one_built_without_optimisation(dev: ModuleType) -> None:
    with pytest.raises(TookOver, match=r"python3\.13"):
        dev.change_python()


def test_one_that_cannot_make_an_environment_is_passed_over(dev: ModuleType, tmp_path: Path) -> None:
    put(tmp_path / "python3.13", UNABLE)
    with pytest.raises(TookOver, match=r"python3\.11"):
        dev.change_python()
    put(tmp_path / "python3.11", UNABLE)
    dev.change_python()


def test_whoever_asks_for_a_python_keeps_it(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FESTOON_THIS_PYTHON", "1")
    dev.change_python()


@pytest.mark.parametrize(
    ("prefix", "given"),
    [
        ("/opt/python", "'--enable-optimizations' '--with-lto'"),
        ("/usr", "'--enable-shared' '--prefix=/usr'"),
        ("C:\\Python313", None),
    ],
    ids=["built with it", "a distribution's", "nothing is known of it"],
)
def test_an_optimised_python_stays(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, prefix: str, given: str | None
) -> None:
    monkeypatch.setattr(sys, "base_prefix", prefix)
    monkeypatch.setattr(sysconfig, "get_config_var", {"CONFIG_ARGS": given}.get)
    assert dev.optimised()
    dev.change_python()
