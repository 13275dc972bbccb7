"""What one of several serving processes runs: the same server, with its settings from the parent's environment."""

import os

from festoon.api.server import Server, Serving
from festoon.base.collector import calm


def application() -> Server:
    """The ASGI application of a worker process."""
    calm()
    return Server(Serving(os.environ["FESTOON_SERVING"]))
