"""A real Valkey for tests, run by the same command as `tocsin redis`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from tocsin.embedded_redis import socket_of
from tocsin.queueing import connect_patiently

PROGRAM = (
    "import pathlib, sys; from tocsin.embedded_redis import run_embedded_redis as run; run(pathlib.Path(sys.argv[1]))"
)


class Valkey:
    """The embedded server in a folder; may be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(self.home)])
        self.client().close()

    def client(self) -> redis.Redis:
        return connect_patiently(None, socket_of(self.home), seconds=20)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
