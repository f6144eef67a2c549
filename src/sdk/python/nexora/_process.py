"""Programs that run in a workstation: frames both ways (docs/http-api.md)."""

from __future__ import annotations

import builtins
import json
import struct
import threading
from collections.abc import Generator, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict

from ._errors import NexoraError

if TYPE_CHECKING:
    from ._call import Call

_SPEC, _STDIN, _STDOUT, _STDERR, _RESIZE, _SIGNAL, _STARTED, _RESULT, _ERROR = range(9)
_HEAD = struct.Struct(">BI")
_MAX_PAYLOAD = 1024 * 1024
_SPLIT_AT = 256 * 1024


class Started(TypedDict):
    type: Literal["started"]
    pid: int


class Written(TypedDict):
    type: Literal["stdout", "stderr"]
    bytes: builtins.bytes


class ProcessResult(TypedDict):
    """How a program has ended."""

    type: Literal["result"]
    exitCode: int | None
    signal: str | None
    timedOut: bool
    durationMs: float


ProcessOutput = Started | Written | ProcessResult


class Process:
    """A program that runs in a workstation: its output item by item, and the way to its input.

    Iterate over it until its ``result``. Whoever writes much to a program that writes much does one
    of the two in another thread.
    """

    def __init__(self, call: Call, fields: dict[str, Any], interactive: bool) -> None:
        self._call = call
        self._sending = threading.Lock()
        spec = _frame(_SPEC, json.dumps(fields).encode())
        try:
            with call.explained():
                if interactive:
                    call.exchange.begin()
                    call.exchange.write(spec)
                else:
                    call.exchange.send(spec)
        except BaseException:
            call.exchange.close()
            raise
        self._open = interactive
        self._left = False
        self._items = self._read()

    def __iter__(self) -> Iterator[ProcessOutput]:
        return self._items

    def write(self, data: bytes | str) -> None:
        """Sends to its standard input. What a program is sent that has ended is lost."""
        whole = data.encode() if isinstance(data, str) else data
        for at in range(0, len(whole), _SPLIT_AT):
            self._send(_frame(_STDIN, whole[at : at + _SPLIT_AT]))

    def end(self) -> None:
        """The end of its standard input."""
        with self._sending:
            if self._open:
                self._open = False
                try:
                    self._call.exchange.finish()
                except OSError:
                    pass

    def resize(self, columns: int, rows: int) -> None:
        """Tells it the new size of its terminal."""
        self._send(_frame(_RESIZE, json.dumps({"columns": columns, "rows": rows}).encode()))

    def signal(self, name: str) -> None:
        """Sends it a signal, such as ``SIGINT``."""
        self._send(_frame(_SIGNAL, json.dumps({"signal": name}).encode()))

    def close(self) -> None:
        """Goes away, which ends it."""
        self._left = True
        self._open = False
        self._call.exchange.shut()
        try:
            self._items.close()
        except ValueError:
            return  # It is being read in another thread, which closes it.
        self._call.exchange.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _send(self, frame: bytes) -> None:
        with self._sending:
            if self._open:
                try:
                    self._call.exchange.write(frame)
                except TimeoutError:
                    # Perhaps within a frame, after which nothing can come.
                    self._open = False
                    self._call.exchange.shut()
                except OSError:
                    self._open = False

    def _read(self) -> Generator[ProcessOutput, None, None]:
        try:
            with self._call.explained():
                self._call.accepted()
                self._call.exchange.begun()
                for kind, payload in _frames(self._call.exchange.chunks()):
                    item = _item(kind, payload)
                    if item is not None:
                        yield item
                    if item is not None and item["type"] == "result":
                        return
            raise NexoraError(
                "engine_failed", "the connection closed before the command finished"
            )
        except NexoraError as error:
            if self._left:
                raise NexoraError("interrupted", "the program was left") from error
            raise
        finally:
            self._open = False
            self._call.exchange.close()


def _frame(kind: int, payload: bytes) -> bytes:
    return _HEAD.pack(kind, len(payload)) + payload


def _frames(chunks: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        at = 0
        while len(held) - at >= _HEAD.size:
            kind, length = _HEAD.unpack_from(held, at)
            if length > _MAX_PAYLOAD:
                raise NexoraError("unexpected", f"a frame of {length} bytes is too long")
            end = at + _HEAD.size + length
            if len(held) < end:
                break
            yield kind, bytes(held[at + _HEAD.size : end])
            at = end
        del held[:at]
    if held:
        raise NexoraError("engine_failed", "the stream ended inside a frame")


def _item(kind: int, payload: bytes) -> ProcessOutput | None:
    if kind == _STDOUT:
        return {"type": "stdout", "bytes": payload}
    if kind == _STDERR:
        return {"type": "stderr", "bytes": payload}
    if kind not in (_STARTED, _RESULT, _ERROR):
        return None
    it = json.loads(payload)
    if kind == _ERROR:
        raise NexoraError._of(it)
    if kind == _STARTED:
        return {"type": "started", "pid": it["pid"]}
    return {
        "type": "result",
        "exitCode": it["exitCode"],
        "signal": it["signal"],
        "timedOut": it["timedOut"],
        "durationMs": it["durationMs"],
    }
