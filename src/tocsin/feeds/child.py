"""A function in a process of its own, which any request may kill: the next request gets a new process.

Both ends of it: `Child` here, and there ``python -m tocsin.feeds.child FUNCTION SECONDS MEMORY``, which ends with its
input, at SECONDS of CPU time over one request, and where MEMORY bytes of address space do not suffice. A message is
its length and its bytes.
"""

from __future__ import annotations

import contextlib
import pkgutil
import resource
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Final

SECONDS: Final = 10
"""How much CPU time a feed or a page may take; by the clock half as much again, for a busy machine."""

MEMORY: Final = 1 << 30
"""How much address space may go into it, in bytes: several times what one of full size needs."""

_HEADER: Final = struct.Struct("!Q")
_SECONDS_TO_START: Final = 60
_MOST_REQUESTS: Final = 200
"""A process ends after so many, with all that its libraries have kept of them."""


class Child:
    """One process, started when it is first needed and again after it died; a new one for every 200 requests.

    ``function`` takes bytes and gives bytes, and is named as "module:function": only the process loads it. ``name`` is
    what errors call it. One request at a time; `close` may come from any thread, and is the end.
    """

    def __init__(self, function: str, name: str, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        self.seconds = seconds
        self.memory = memory
        self._name = name
        self._command = [sys.executable, "-I", "-m", __name__, function, str(seconds), str(memory)]
        self._process: subprocess.Popen[bytes] | None = None
        self._requests = 0
        self._is_closed = False
        self._birth = threading.Lock()

    def ask(self, request: bytes) -> bytes | None:
        """Have a request answered; None where it cost the process its life, or `close` came in between.

        Raises:
            OSError: The process could not be started, or `close` came before.

        """
        process = self._process
        if process is None or process.poll() is not None:
            process = self._started()
        answer = _exchange(process, request, self.seconds * 1.5)
        self._requests += 1
        if answer is None or self._requests >= _MOST_REQUESTS:
            self._end()
        return answer

    @property
    def pid(self) -> int | None:
        """The process id, while there is a process."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process, and start no more."""
        with self._birth:
            self._is_closed = True
            self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        """Start a clean interpreter, without our environment and its secrets, and wait until it is ready."""
        with self._birth:
            if self._is_closed:
                raise ChildProcessError(f"{self._name} did not start: it is closed")
            self._end()
            process = self._process = subprocess.Popen(  # noqa: S603 - our own module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                start_new_session=True,
            )
        self._requests = 0
        if _exchange(process, b"", _SECONDS_TO_START) is None:
            self._end()
            raise ChildProcessError(f"{self._name} did not start: {' '.join(self._command)}")
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what was not yet sent to it
                stream.close()  # type: ignore[union-attr]  # both are pipes


def _exchange(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> bytes | None:
    """Send a message and wait for the answer; None where the process ends before, by its own limits or by ours."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101 - as above
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        _send(process.stdin, request)
        return _received(process.stdout)
    except (OSError, ValueError):
        # It died, or `close` came in between.
        return None
    finally:
        timer.cancel()


def _send(stream: IO[bytes], message: bytes) -> None:
    stream.write(_HEADER.pack(len(message)) + message)
    stream.flush()


def _received(stream: IO[bytes]) -> bytes | None:
    """Read one message; None at the end of the stream."""
    start = stream.read(_HEADER.size)
    if len(start) < _HEADER.size:
        return None
    size = _HEADER.unpack(start)[0]
    body = stream.read(size)
    return body if len(body) == size else None


def main() -> None:
    """Answer requests until there are no more; the first is empty, and asks whether we are ready."""
    function, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: Callable[[bytes], bytes] = pkgutil.resolve_name(function)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _send(answers, _received(requests) or b"")
    while (request := _received(requests)) is not None:
        _cap_cpu(seconds)
        _send(answers, answer(request))


def _cap_cpu(seconds: int) -> None:
    """Let the next request take no more than its share: the system's signal at the soft limit ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


if __name__ == "__main__":
    main()
