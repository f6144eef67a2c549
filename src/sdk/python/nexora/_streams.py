from __future__ import annotations

import builtins
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._call import Call


@dataclass(frozen=True)
class Picture:
    """A picture as bytes, and what came with it."""

    bytes: builtins.bytes | None
    """``None``: there is none, because nothing has changed, or the sizes differ."""
    type: str | None
    """``image/png``; ``None`` without one."""
    facts: dict[str, Any]
    """The small fields of the reply, and of its picture all but the bytes."""


class Archive(io.BufferedIOBase):
    """A tar archive as it comes: iterate over its bytes, or let tarfile read it, with mode ``r|``."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self._call = call
        self._chunks = call.exchange.chunks()
        self._held = b""

    def readable(self) -> bool:
        return True

    def __iter__(self) -> Iterator[builtins.bytes]:
        while chunk := self.read1():
            yield chunk

    def read(self, size: int | None = -1, /) -> builtins.bytes:
        """So many bytes, fewer at the end; without a size all that are left."""
        held = bytearray()
        while size is None or size < 0 or len(held) < size:
            part = self.read1(-1 if size is None or size < 0 else size - len(held))
            if not part:
                break
            held += part
        return bytes(held)

    def read1(self, size: int = -1, /) -> builtins.bytes:
        """What has come, and at most ``size`` bytes of it; none at the end."""
        if not self._held:
            with self._call.explained():
                self._held = next(self._chunks, b"")
        end = len(self._held) if size < 0 else size
        part, self._held = self._held[:end], self._held[end:]
        return part

    def close(self) -> None:
        self._call.exchange.close()
        super().close()
