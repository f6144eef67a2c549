"""Carries operations out. What is thrown is a NexoraError and nothing else."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from ._call import UNSET, Broken, Call, Operation
from ._endpoint import Endpoint
from ._errors import NexoraError
from ._process import Process
from ._streams import Archive, Picture

T = TypeVar("T")

_FRAMES = "application/vnd.nexora.frames"
_FIRST_PAUSE = 0.1


class Calls:
    """Sends operations to a daemon."""

    def __init__(self, endpoint: Endpoint, version: str, retries: int, timeout: float | None):
        self._endpoint, self._version = endpoint, version
        self._retries, self._timeout = retries, timeout

    def reply(self, operation: Operation, given: dict[str, Any], timeout: float | None) -> Any:
        def ask() -> Any:
            call = self._asked(operation, given, "application/json", timeout)
            try:
                with call.explained():
                    call.accepted()
                    return call.json()
            finally:
                call.exchange.close()

        return self._retried(operation, ask)

    def picture(
        self, operation: Operation, given: dict[str, Any], timeout: float | None
    ) -> Picture:
        def ask() -> Picture:
            call = self._asked(operation, given, f"image/{given.get('format') or 'png'}", timeout)
            try:
                with call.explained():
                    reply = call.accepted()
                    body = call.exchange.body()
            finally:
                call.exchange.close()
            there = reply.status == 200
            return Picture(
                bytes=body if there else None,
                type=reply.headers.get("content-type") if there else None,
                facts=json.loads(reply.headers.get("x-nexora-meta") or "{}"),
            )

        return self._retried(operation, ask)

    def items(
        self, operation: Operation, given: dict[str, Any], timeout: float | None
    ) -> Generator[Any, None, None]:
        if operation.asked is not None:
            given = {**given, operation.asked: True}
        for line in self.lines(operation, given, timeout, "application/x-ndjson"):
            if not line:
                continue
            try:
                item = json.loads(line)
            except ValueError as cause:
                raise NexoraError("unexpected", "a line of the reply is not JSON") from cause
            if item.get("type") == "error" and item.get("error"):
                raise NexoraError._of(item["error"])
            yield item

    def lines(
        self,
        operation: Operation,
        given: dict[str, Any],
        timeout: float | None,
        accept: str = "*/*",
    ) -> Generator[str, None, None]:
        call = self._retried(operation, lambda: self._begun(operation, given, accept, timeout))
        try:
            held = b""
            with call.explained():
                for chunk in call.exchange.chunks():
                    *whole, held = (held + chunk).split(b"\n")
                    for line in whole:
                        yield line.decode("utf-8", "replace")
            if held:
                yield held.decode("utf-8", "replace")
        finally:
            call.exchange.close()

    def archive(
        self, operation: Operation, given: dict[str, Any], timeout: float | None
    ) -> Archive:
        return Archive(
            self._retried(operation, lambda: self._begun(operation, given, "*/*", timeout))
        )

    def upload(
        self,
        operation: Operation,
        given: dict[str, Any],
        archive: bytes | Iterable[bytes],
        timeout: float | None,
    ) -> Any:
        headers = {"Content-Type": "application/x-tar"}
        call = self._call(operation, _target(operation, given, True)[0], headers, timeout)
        try:
            with call.explained():
                call.exchange.begin()
            # What the caller's own source raises is the caller's.
            for chunk in [archive] if isinstance(archive, bytes) else archive:
                with call.explained():
                    if not call.exchange.takes(chunk):
                        break
            else:
                # The reply may be there, and nobody reads any more.
                broken = contextlib.suppress(BrokenPipeError, ConnectionResetError)
                with call.explained(), broken:
                    call.exchange.finish()
            with call.explained():
                call.accepted()
                return call.json()
        finally:
            call.exchange.close()

    def process(
        self,
        operation: Operation,
        given: dict[str, Any],
        interactive: bool,
        timeout: float | None,
    ) -> Process:
        fields = dict(given)
        target, _ = _target(operation, {"session": fields.pop("session")}, True)
        headers = {"Content-Type": _FRAMES, "Accept": _FRAMES}
        call = self._call(operation, target, headers, timeout)
        return Process(call, _sent(operation, fields), interactive or not operation.replies)

    def _begun(
        self, operation: Operation, given: dict[str, Any], accept: str, timeout: float | None
    ) -> Call:
        call = self._asked(operation, given, accept, timeout)
        try:
            with call.explained():
                call.accepted()
                call.exchange.begun()
        except BaseException:
            call.exchange.close()
            raise
        return call

    def _asked(
        self, operation: Operation, given: dict[str, Any], accept: str, timeout: float | None
    ) -> Call:
        target, body = _target(operation, given, operation.method in ("GET", "DELETE"))
        headers = {"Accept": accept}
        if body:
            headers["Content-Type"] = "application/json"
        call = self._call(operation, target, headers, timeout)
        try:
            with call.explained():
                call.exchange.send(body)
        except BaseException:
            call.exchange.close()
            raise
        return call

    def _call(
        self, operation: Operation, target: str, headers: dict[str, str], timeout: float | None
    ) -> Call:
        headers = {**headers, "x-nexora-version": self._version}
        limit = self._timeout if timeout is None else timeout
        return Call(self._endpoint, operation, target, headers, limit)

    def _retried(self, operation: Operation, ask: Callable[[], T]) -> T:
        """What reads is tried again when the connection breaks: the daemon may be starting anew."""
        attempt = 0
        while True:
            try:
                return ask()
            except Broken:
                if not operation.reads or attempt >= self._retries:
                    raise
            time.sleep(_FIRST_PAUSE * 4**attempt)
            attempt += 1


def _sent(operation: Operation, given: dict[str, Any]) -> dict[str, Any]:
    """The fields that are given: ``None`` is a value only where the field takes it."""
    return {
        name: value
        for name, value in given.items()
        if value is not UNSET and (value is not None or name in operation.nullable)
    }


def _target(operation: Operation, given: dict[str, Any], in_query: bool) -> tuple[str, bytes]:
    """Path, query and JSON body: objects in a query are JSON, lists repeat their name."""
    fields = _sent(operation, given)
    path = operation.path
    for name in list(fields):
        part = "{" + name + "}"
        if part in path:
            path = path.replace(part, quote(str(fields.pop(name)), safe=""))
    if not in_query:
        return path, json.dumps(fields).encode()
    query = urlencode(
        [
            (name, _text(each))
            for name, value in fields.items()
            for each in (value if isinstance(value, (list, tuple)) else [value])
        ],
        quote_via=quote,
    )
    return (f"{path}?{query}" if query else path), b""


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
