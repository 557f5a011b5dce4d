"""The parent's side of the judge: a process that reads one document after another and may be killed over any."""

from __future__ import annotations

import contextlib
import pickle
import struct
import subprocess
import sys
import threading
from typing import IO, Final

from tocsin.feeds.faults import problem, shown
from tocsin.feeds.parse import Doubt
from tocsin.models.feeds import ParsedFeed, Problem, ProblemKind

HEADER: Final = struct.Struct("!Q")
SECONDS: Final = 10
"""How long the judge may take over a document, in CPU time and by the clock."""

MEMORY: Final = 1 << 30
"""How much address space the judge may take, in bytes."""

_SECONDS_TO_START: Final = 60
_MOST_DOCUMENTS: Final = 200


class JudgeProcess:
    """One child, started when it is first needed and again after it died; a new one for every 200 documents.

    Not for several threads at once: `tocsin.feeds.parser.Parser` sees to that.
    """

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._child: subprocess.Popen[bytes] | None = None
        self._judged = 0

    def judge(self, doubt: Doubt) -> ParsedFeed | Problem:
        """Have a document read; a document that costs the child its life is a problem for its publisher.

        Raises:
            OSError: The child could not be started.

        """
        child = self._started()
        request = pickle.dumps(doubt)
        timer = threading.Timer(self._seconds * 1.5, child.kill)
        timer.start()
        try:
            answer = self._asked(child, request)
        finally:
            timer.cancel()
        self._judged += 1
        if answer is None or self._judged >= _MOST_DOCUMENTS:
            self.close()
        return answer or self.died(doubt.url)

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            _end(child)

    def _asked(self, child: subprocess.Popen[bytes], request: bytes) -> ParsedFeed | Problem | None:
        assert child.stdin is not None  # noqa: S101 - both are pipes
        assert child.stdout is not None  # noqa: S101 - as above
        try:
            child.stdin.write(HEADER.pack(len(request)) + request)
            child.stdin.flush()
            answer = read_frame(child.stdout)
        except (OSError, ValueError):
            # It died, or `close` came in between.
            return None
        return pickle.loads(answer) if answer else None  # noqa: S301 - our own child's

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = self._start()
            self._judged = 0
        return self._child

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a clean interpreter, without our environment and its secrets, and wait until it is ready."""
        command = [sys.executable, "-I", "-m", "tocsin.feeds.judge_child", str(self._seconds), str(self._memory)]
        child = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )
        timer = threading.Timer(_SECONDS_TO_START, child.kill)
        timer.start()
        assert child.stdout is not None  # noqa: S101 - a pipe
        is_ready = read_frame(child.stdout) is not None
        timer.cancel()
        if not is_ready:
            _end(child)
            raise ChildProcessError(f"the judge of feeds did not start: {' '.join(command)}")
        return child

    def died(self, url: str) -> Problem:
        """Report a document over which the child ended."""
        words = (
            f"{shown(url)} is not read: it took a feed parser more than {self._seconds} s or "
            f"{self._memory >> 20} MB; tell the publisher"
        )
        return problem(ProblemKind.MALFORMED, words)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):  # what was not yet sent to it
            stream.close()  # type: ignore[union-attr]  # both are pipes


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Read one message, its length before it; None at the end of the stream."""
    start = stream.read(HEADER.size)
    if len(start) < HEADER.size:
        return None
    size = HEADER.unpack(start)[0]
    body = stream.read(size)
    return body if len(body) == size else None
