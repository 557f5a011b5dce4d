"""Lanes: messages of one channel go one after another, and those of different channels beside each other.

Knows threads and ids; what is done with an id is told from outside. A lane has a thread while it has work. One that is
held up keeps its thread for as long as that takes, and nobody else: who waits for the work of a lane waits no longer
once it is late.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from tocsin.models.deliveries import Lane
from tocsin.models.ids import DeliveryId

LATE_SECONDS = 1.0
"""A lane that is busy with one message for longer than this is not waited for."""

STOP_SECONDS = 4.0
"""What messages on their way get when the process ends; well within the supervisor's patience."""

MOST_WAITING = 1000
"""Ids that a lane keeps; what is beyond them stays in the ledger, and is handed out again."""

_POLL_SECONDS = 0.1

Take = Callable[[], DeliveryId | None]
Work = Callable[[Lane, Take], None]
"""Works off what ``take`` gives, until that is None."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Line:
    """What stands in a lane: ids in their order, the thread that works them off, and since when it is at the same."""

    waiting: dict[DeliveryId, None] = field(default_factory=dict)
    thread: threading.Thread | None = None
    since: float = 0.0
    fault: BaseException | None = None

    @property
    def is_late(self) -> bool:
        return time.monotonic() - self.since > LATE_SECONDS


class Lanes:
    """Works off ids by ``work``, a thread a lane; ``stops`` tells when the process is to end."""

    def __init__(self, work: Work, stops: Callable[[], bool] = lambda: False) -> None:
        self._work = work
        self._stops = stops
        self._lines: dict[Lane, _Line] = {}
        self._changed = threading.Condition()
        self._closed = False

    def add(self, lane: Lane, ids: Sequence[DeliveryId]) -> None:
        """Put ids at the end of a lane; one that stands in it already keeps its place."""
        with self._changed:
            line = self._lines.setdefault(lane, _Line())
            line.waiting.update(dict.fromkeys(ids[: max(0, MOST_WAITING - len(line.waiting))]))
            if line.waiting and line.thread is None and not self._closed:
                line.since = time.monotonic()
                # A daemon: a message that hangs must not hold up the end of the process; its lease runs out.
                line.thread = threading.Thread(target=self._run, args=(lane, line), name=f"lane {lane}", daemon=True)
                line.thread.start()

    def wait(self, lanes: Iterable[Lane]) -> None:
        """Wait until these lanes have worked everything off, apart from those that are late, or the process ends.

        Raises what ended the work of one of them.
        """
        lines = [self._lines[lane] for lane in lanes]
        with self._changed:
            while any(line.thread is not None and not line.is_late for line in lines) and not self._stops():
                self._changed.wait(_POLL_SECONDS)
            for line in lines:
                fault, line.fault = line.fault, None
                if fault is not None:
                    raise fault

    def close(self, seconds: float = STOP_SECONDS) -> None:
        """Begin no more, and give the messages on their way so long to get there."""
        ends_at = time.monotonic() + seconds
        with self._changed:
            self._closed = True
            busy = {lane: line.thread for lane, line in self._lines.items() if line.thread is not None}
        for lane, thread in busy.items():
            thread.join(max(0.0, ends_at - time.monotonic()))
            if thread.is_alive():
                _log.warning("left a message on its way; it is sent again when its lease is over", channel=str(lane))

    def _run(self, lane: Lane, line: _Line) -> None:
        try:
            while self._goes_on(line):
                self._work(lane, lambda: self._take(line))
        except BaseException as error:  # noqa: BLE001 -- `wait` raises it in the thread that gave the work
            _log.error("lane broke off", channel=str(lane), reason=repr(error))
            with self._changed:
                line.fault = error
                line.waiting.clear()
                line.thread = None
                self._changed.notify_all()

    def _goes_on(self, line: _Line) -> bool:
        """Say whether there is more to do; where there is not, the thread has ended for all others."""
        with self._changed:
            if line.waiting and not self._closed:
                return True
            line.thread = None
            self._changed.notify_all()
            return False

    def _take(self, line: _Line) -> DeliveryId | None:
        with self._changed:
            line.since = time.monotonic()
            if self._closed or not line.waiting:
                return None
            first = next(iter(line.waiting))
            del line.waiting[first]
            return first
