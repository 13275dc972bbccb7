"""Serving as a command: who reads that it listens can ask at once, and what few pages need is not waited for."""

import gc
import os
import pickle
import signal
import subprocess
import sys
import warnings

import httpx
import pytest

from festoon.base.errors import Conflict
from festoon.cli.listening import Port
from festoon.cli.terminal import FAILED
from tests.serving import PATIENCE, free_port

SERVE = [sys.executable, "-m", "festoon.cli", "serve", "--port"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_whoever_reads_that_it_listens_is_answered(database: str, workers: str) -> None:
    port = free_port()
    command = [*SERVE, str(port), "--workers", workers]
    own = os.environ | {"FESTOON_DATABASE_URL": database}
    with subprocess.Popen(command, env=own, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr is not None
        try:
            assert f"listening on http://127.0.0.1:{port}" in started.stderr.readline()
            assert httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE).status_code == 200
            second = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
            assert second.returncode == FAILED
            assert "serve.address_taken" in second.stderr
        finally:
            started.terminate()
    assert started.returncode in (0, -signal.SIGTERM)


def test_a_port_that_processes_share_is_nobody_elses() -> None:
    port = free_port()
    with Port.taken("127.0.0.1", port) as held:
        with pytest.raises(Conflict, match=str(port)):
            Port.taken("127.0.0.1", port)
        with pickle.loads(pickle.dumps(held)) as own, pickle.loads(pickle.dumps(held)) as another:
            assert own.getsockname() == another.getsockname() == ("127.0.0.1", port)


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_who_cannot_have_a_port_lets_go_of_the_socket_he_tried_with() -> None:
    port = free_port()
    with Port.taken("127.0.0.1", port), warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        with pytest.raises(Conflict):
            Port.taken("127.0.0.1", port)
        gc.collect()


def test_a_server_does_not_load_what_only_comparisons_need() -> None:
    asked = """
import sys, festoon.api.server, festoon.insight.compare as compare
assert not {"scipy", "tea_tasting"} & {*sys.modules}
compare.tt.Mean
"""
    subprocess.run([sys.executable, "-c", asked], check=True)
