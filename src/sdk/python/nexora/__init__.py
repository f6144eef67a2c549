"""Client for Nexora: workstations that an agent can see, type in and run commands in."""

from __future__ import annotations

import os

from . import types as types
from ._api import VERSION, Client, Workstation
from ._call import UNSET, Unset
from ._calls import Calls
from ._endpoint import Endpoint, checked_url, endpoint_of
from ._errors import NexoraError
from ._process import Process, ProcessOutput, ProcessResult
from ._streams import Archive, Picture

__version__ = VERSION
__all__ = [
    "UNSET",
    "Archive",
    "Client",
    "NexoraError",
    "Picture",
    "Process",
    "ProcessOutput",
    "ProcessResult",
    "Unset",
    "Workstation",
    "connect",
    "types",
]


def connect(
    *,
    url: str | None = None,
    token: str | None = None,
    socket: str | None = None,
    retries: int = 2,
    timeout: float | None = None,
) -> Client:
    """The daemon of this user, or the one that ``NEXORA_HOST`` and ``NEXORA_TOKEN_FILE`` name.

    ``url`` with ``token``, or ``socket``, name another. What only reads is sent again, ``retries``
    times, when the connection breaks. ``timeout`` is how long a reply may take, in seconds.
    Nothing is sent before the first call.
    """
    if socket is not None:
        endpoint = Endpoint(socket)
    elif url is not None:
        endpoint = Endpoint(None, checked_url(url), token)
    else:
        endpoint = endpoint_of(os.environ)
    return Client(Calls(endpoint, VERSION, retries, timeout))
