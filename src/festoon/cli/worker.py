"""What one of several serving processes runs: the same server, with its settings from the parent's environment."""

import os

import msgspec

from festoon.api.server import Server, Serving
from festoon.base.collector import calm
from festoon.cli.application import serving_application

SERVING = "FESTOON_SERVING"
"""The variable that holds a `Serving` as JSON."""


def application() -> Server:
    """The ASGI application of a worker process."""
    calm()
    return serving_application(msgspec.json.decode(os.environ[SERVING], type=Serving))
