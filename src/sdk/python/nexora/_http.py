"""HTTP over the daemon's Unix socket or TCP, one connection for each request."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from ._endpoint import Endpoint
from ._errors import NexoraError

# Longest JSON reply that is read, in bytes.
_MAX_REPLY = 256 * 1024 * 1024


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Exchange:
    """A request under way. Whatever breaks it is an ``OSError`` or an ``HTTPException``."""

    def __init__(
        self,
        endpoint: Endpoint,
        method: str,
        target: str,
        headers: dict[str, str],
        timeout: float | None,
    ) -> None:
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._timeout = timeout
        parts = urlsplit(endpoint.url)
        self._connection: http.client.HTTPConnection
        if endpoint.socket is not None:
            self._connection = _UnixConnection(endpoint.socket)
        elif parts.scheme == "https":
            self._connection = http.client.HTTPSConnection(parts.hostname or "", parts.port)
        else:
            self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        self._connection.timeout = self._left()
        if endpoint.token is not None:
            headers = {**headers, "Authorization": f"Bearer {endpoint.token}"}
        try:
            self._connection.connect()
            # The connection forgets it when the reply is its last one; the reply still reads from it.
            self._socket: socket.socket = self._connection.sock
            self._connection.putrequest(method, parts.path + target, skip_accept_encoding=True)
            for name, value in headers.items():
                self._connection.putheader(name, value)
        except BaseException:
            self._connection.close()
            raise
        self._reply: http.client.HTTPResponse | None = None

    def send(self, body: bytes) -> None:
        """Sends a whole body; empty: there is none."""
        if body:
            self._connection.putheader("Content-Length", str(len(body)))
        self._connection.endheaders(body or None)

    def begin(self) -> None:
        """Begins a body that goes on with ``write``."""
        self._connection.putheader("Transfer-Encoding", "chunked")
        self._connection.endheaders()

    def write(self, chunk: bytes) -> None:
        if chunk:
            self._put(b"%x\r\n%b\r\n" % (len(chunk), chunk))

    def finish(self) -> None:
        """Ends a body that was begun."""
        self._put(b"0\r\n\r\n")

    def takes(self, chunk: bytes) -> bool:
        """As ``write``; false when nobody reads any more, because the reply is there."""
        try:
            self.write(chunk)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def reply(self) -> http.client.HTTPResponse:
        """The reply's head."""
        if self._reply is None:
            self._socket.settimeout(self._left())
            self._reply = self._connection.getresponse()
        return self._reply

    def begun(self) -> None:
        """What came in time may now go on for as long as it takes."""
        self._deadline = None
        self._socket.settimeout(None)

    def chunks(self) -> Iterator[bytes]:
        """The reply's body as it comes."""
        reply = self.reply()
        while True:
            self._socket.settimeout(self._left())
            chunk = reply.read1(65536)
            if not chunk:
                if reply.length:
                    raise http.client.IncompleteRead(b"", reply.length)
                return
            yield chunk

    def body(self) -> bytes:
        """The reply's body, of bounded size."""
        held = bytearray()
        for chunk in self.chunks():
            held += chunk
            if len(held) > _MAX_REPLY:
                raise NexoraError("unexpected", "the daemon's reply is too long")
        return bytes(held)

    def shut(self) -> None:
        """Breaks the connection, which whoever reads in another thread learns of."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self) -> None:
        self.shut()
        if self._reply is not None:
            self._reply.close()
        self._connection.close()
        self._socket.close()

    def _put(self, data: bytes) -> None:
        """Sends all of it. A deadline counts until ``begun``, which may be said in another thread."""
        rest = memoryview(data)
        while rest:
            self._left()
            # The socket's own time is over when the deadline was set for it; it may be lifted by now.
            with contextlib.suppress(TimeoutError):
                rest = rest[self._socket.send(rest) :]

    def _left(self) -> float | None:
        deadline = self._deadline
        if deadline is None:
            return None
        left = deadline - time.monotonic()
        if left > 0:
            return left
        raise TimeoutError
