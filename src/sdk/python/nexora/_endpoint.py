"""Where the daemon listens: the same that the command line goes by."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from ._errors import NexoraError

# Longest path of a Unix socket: sun_path has 108 bytes with its NUL (unix(7)).
_MAX_SOCKET_PATH = 107


class Endpoint(NamedTuple):
    """A Unix socket, or a URL and the token for it."""

    socket: str | None = None
    url: str = "http://localhost"
    token: str | None = None


def endpoint_of(env: Mapping[str, str]) -> Endpoint:
    """The daemon that ``NEXORA_HOST`` names, else the one of this user's home."""
    host = env.get("NEXORA_HOST")
    if host:
        return Endpoint(None, checked_url(host), _token_in(env.get("NEXORA_TOKEN_FILE")))
    return Endpoint(_socket_of(env))


def checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NexoraError(
            "usage", f"not a URL of a daemon: {url}", hint="for example, http://127.0.0.1:9301"
        )
    return url.rstrip("/")


def _token_in(path: str | None) -> str:
    if not path:
        raise NexoraError(
            "usage",
            "NEXORA_HOST is set but NEXORA_TOKEN_FILE is not",
            hint="set NEXORA_TOKEN_FILE to a file with that daemon's token",
        )
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError as cause:
        raise NexoraError("usage", f"the token file {path} cannot be read: {cause}") from cause


def _socket_of(env: Mapping[str, str]) -> str:
    own = env.get("NEXORA_HOME")
    state = env.get("XDG_STATE_HOME", "")
    if not os.path.isabs(state):
        state = os.path.join(env.get("HOME") or os.path.expanduser("~"), ".local/state")
    home = os.path.abspath(own) if own else os.path.join(state, "nexora")
    path = os.path.join(home, "nexora.sock")
    if len(os.fsencode(path)) <= _MAX_SOCKET_PATH:
        return path
    # The home is too long for a socket: it is in a short folder, as unique as the home.
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    folder = os.path.join(tempfile.gettempdir(), f"nexora-{os.getuid()}-{name}")
    _check_private(folder)
    return os.path.join(folder, "nexora.sock")


def _check_private(folder: str) -> None:
    """In a shared folder such as /tmp a stranger could have made it first."""
    try:
        it = os.lstat(folder)
    except FileNotFoundError:
        return
    if stat.S_ISDIR(it.st_mode) and it.st_uid == os.getuid() and not it.st_mode & 0o077:
        return
    raise NexoraError(
        "forbidden",
        f"{folder} is not a folder that only you can use",
        hint="remove it or `chmod 700` it, or set NEXORA_HOME to another folder",
    )
