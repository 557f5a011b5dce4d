"""Supervising processes: start them, start them again when they end, stop them all in good time.

Knows programs and signals only. A process that ends is started anew after a wait that doubles with each quick end, so
that one that cannot run does not burn the machine. One that ends with exit code 2 (its settings or files are wrong) as
soon as it is first started would end again, and ends the whole; one that ran before may run again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

import structlog

STOP_SECONDS = 8.0
"""Short of the ten seconds in which the whole promises to stop."""

LAST_STOP_SECONDS = 1.0
"""The process that is stopped last gets at least this long."""

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
STEADY_SECONDS = 30.0
"""A process that lived this long counts as well again."""

HOPELESS_EXIT_CODE = 2
HOPELESS_SECONDS = 15.0
"""So early in its first life a process that ends with that code has read its settings, and done nothing yet."""

_POLL_SECONDS = 0.1
_LIFELINE = Path(__file__).with_name("lifeline.py")

_log = structlog.get_logger(__name__)


def next_wait(last_wait: float, lived_seconds: float) -> float:
    """Decide how long to wait before a process that ended is started again, in seconds.

    >>> next_wait(0.0, lived_seconds=1.0), next_wait(0.5, lived_seconds=1.0), next_wait(30.0, lived_seconds=60.0)
    (0.5, 1.0, 0.5)
    """
    if last_wait == 0.0 or lived_seconds >= STEADY_SECONDS:
        return FIRST_WAIT_SECONDS
    return min(last_wait * 2, LONGEST_WAIT_SECONDS)


def is_hopeless(exit_code: int, starts: int, lived_seconds: float) -> bool:
    """Decide whether a process that ended would only end again, so that there is no use in going on.

    >>> is_hopeless(2, starts=1, lived_seconds=1.0), is_hopeless(2, starts=2, lived_seconds=1.0)
    (True, False)
    """
    return exit_code == HOPELESS_EXIT_CODE and starts == 1 and lived_seconds < HOPELESS_SECONDS


@dataclass(slots=True)
class _Child:
    name: str
    command: Sequence[str]
    starts: int = 0
    exit_code: int | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.0
    due: float = 0.0

    def start(self, environment: Mapping[str, str] | None, output: IO[bytes] | None) -> None:
        self.starts += 1
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 -- our own commands
            # Without it a supervisor that is killed would leave its processes behind, and the next one meet them.
            [sys.executable, "-I", "-S", str(_LIFELINE), str(os.getpid()), *self.command],
            env=environment,
            stdout=output,
            stderr=output,
            # Its own session: a Ctrl-C at the terminal reaches the supervisor only, which stops all in order.
            start_new_session=True,
        )
        _log.debug("started", process=self.name, pid=self.process.pid)


@dataclass(slots=True)
class Supervisor:
    """Runs named commands until it is told to stop; they start in their order, and the first one is stopped last.

    ``environment`` and ``output`` are those of the processes; None for this process's own. ``stop_seconds`` is what
    they get to end after SIGTERM; then they are killed.

    On Linux they end with the thread that started them, so ``start`` and ``tend`` belong into threads that last.
    """

    commands: Sequence[tuple[str, Sequence[str]]]
    environment: Mapping[str, str] | None = None
    output: IO[bytes] | None = None
    stop_seconds: float = STOP_SECONDS
    _children: list[_Child] = field(default_factory=list)
    _stopping: bool = False

    def run(self, until: Callable[[], bool] = lambda: False) -> int:
        """Run until SIGTERM, SIGINT, SIGHUP or ``until()``; gives the exit code: 0, or that of a process that cannot
        run.
        """
        before = {number: signal.signal(number, self._on_signal) for number in stop_signals()}
        try:
            return self._run(until)
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def start(self) -> None:
        """Start all processes without waiting for them."""
        self._children = [_Child(name, command) for name, command in self.commands]
        for child in self._children:
            child.start(self.environment, self.output)

    def tend(self) -> int | None:
        """Look after all processes once; gives the exit code of one that cannot run, else None."""
        for child in self._children:
            if (code := self._tend(child)) is not None:
                return code
        return None

    def exit_code(self, name: str) -> int | None:
        """Give the code that a process last ended with; None if it never ended."""
        return next(child.exit_code for child in self._children if child.name == name)

    def stop(self) -> None:
        """Stop all processes: SIGTERM to each, and SIGKILL to those that do not end in time.

        The first, which the others may stand on (the embedded Redis), is stopped when they have ended: they would take
        its end for a fault.
        """
        ends_at = time.monotonic() + self.stop_seconds
        for group in (self._children[1:], self._children[:1]):
            self._stop_all([child.process for child in group if child.process is not None], ends_at)
            ends_at = max(ends_at, time.monotonic() + LAST_STOP_SECONDS)
        self._children = []

    def _stop_all(self, running: Sequence[subprocess.Popen[bytes]], ends_at: float) -> None:
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(max(0.0, ends_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                _log.warning("killed, since it did not stop", pid=process.pid, seconds=self.stop_seconds)
                process.kill()
                process.wait()

    def _run(self, until: Callable[[], bool]) -> int:
        self.start()
        while not self._stopping and not until():
            code = self.tend()
            if code is not None:
                return code
            time.sleep(_POLL_SECONDS)
        return 0

    def _tend(self, child: _Child) -> int | None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                child.start(self.environment, self.output)
            return None
        code = child.process.poll()
        if code is None:
            return None
        lived, child.process, child.exit_code = now - child.started, None, code
        if is_hopeless(code, child.starts, lived):
            _log.error("ended, and would only end again", process=child.name, exit_code=code)
            return code
        child.wait = next_wait(child.wait, lived)
        child.due = now + child.wait
        _log.warning("ended; it is started again", process=child.name, exit_code=code, in_seconds=child.wait)
        return None

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._stopping = True  # first: a terminal that was closed takes no words
        _log.info("stopping", signal=signal.Signals(number).name)


def stop_signals() -> tuple[signal.Signals, ...]:
    """Give the signals that ask to stop; a closed terminal's is one, unless `nohup` or the like has it ignored."""
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return (signal.SIGTERM, signal.SIGINT, *(() if ignored else (signal.SIGHUP,)))
