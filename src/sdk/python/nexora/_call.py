"""One request under way, and what it is made from."""

from __future__ import annotations

import contextlib
import enum
import http.client
import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ._endpoint import Endpoint
from ._errors import NexoraError
from ._http import Exchange


class Unset(enum.Enum):
    """What a field is left at that takes ``None`` for a value."""

    UNSET = enum.auto()


UNSET: Final = Unset.UNSET


class Operation(NamedTuple):
    """What a call is made from; the methods' types say the rest."""

    method: str
    path: str
    reads: bool = False
    """It changes nothing, so that it may be sent again."""
    replies: bool = True
    healthy: bool = False
    """Its reply comes as a 503 when all is not well."""
    asked: str | None = None
    """Field that asks for the stream in place of a reply."""
    nullable: tuple[str, ...] = ()
    """Fields for which ``None`` is a value."""


class Call:
    """One request under way."""

    def __init__(
        self,
        endpoint: Endpoint,
        operation: Operation,
        target: str,
        headers: dict[str, str],
        timeout: float | None,
    ) -> None:
        self._endpoint, self._operation, self._timeout = endpoint, operation, timeout
        with self.explained():
            self.exchange = Exchange(endpoint, operation.method, target, headers, timeout)

    def accepted(self) -> http.client.HTTPResponse:
        """The reply when it is none of an error. Raises the daemon's error otherwise."""
        reply = self.exchange.reply()
        if reply.status < 400 or (reply.status == 503 and self._operation.healthy):
            return reply
        raise NexoraError._of(self.json(), reply.status)

    def json(self) -> Any:
        status = self.exchange.reply().status
        try:
            return json.loads(self.exchange.body())
        except ValueError as cause:
            raise NexoraError(
                "unexpected",
                f"the daemon replied {status}, but not with JSON",
                hint="is it really a Nexora daemon?",
            ) from cause

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Turns what breaks a connection into a NexoraError."""
        try:
            yield
        except TimeoutError as cause:
            what = f"the daemon did not reply within {self._timeout} s"
            raise NexoraError("timeout", what) from cause
        except (FileNotFoundError, ConnectionRefusedError) as cause:
            where = self._endpoint.socket or self._endpoint.url
            raise Broken(
                f"no daemon is listening on {where}", "start it with `nexora daemon start`"
            ) from cause
        except (OSError, http.client.HTTPException) as cause:
            again = "see `nexora daemon status` and `nexora daemon logs`"
            done = "the request may have been carried out: look before you repeat it"
            raise Broken(
                f"the connection to the daemon was lost ({cause!r})",
                again if self._operation.reads else done,
            ) from cause


class Broken(NexoraError):
    """The connection broke, or was never made."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__("daemon_unreachable", message, hint=hint)
