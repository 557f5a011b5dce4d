"""Lanes: messages of one channel go one after another, and those of different channels beside each other.

Knows threads and ids; what is done with an id is told from outside. A lane has a thread while it has work, and a wide
one, where no order has to be kept, has several while it has much. One that is held up keeps its threads for as long as
that takes, and nobody else: who waits for the work of a lane waits no longer once it is late.
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

WORTH_A_THREAD = 10
"""Ids that wait for each thread of a wide lane before it gets another."""

_POLL_SECONDS = 0.1

Take = Callable[[], DeliveryId | None]
Work = Callable[[Lane, Take], None]
"""Works off what ``take`` gives, until that is None."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Line:
    """What stands in a lane: ids in their order, and the threads that work them off, each with the time since when it
    is at the same.
    """

    waiting: dict[DeliveryId, None] = field(default_factory=dict)
    threads: dict[threading.Thread, float] = field(default_factory=dict)
    fault: BaseException | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a thread is at work that is not late."""
        now = time.monotonic()
        return any(now - since <= LATE_SECONDS for since in self.threads.values())


class Lanes:
    """Works off ids by ``work``, in as many threads a lane as ``width`` allows; ``stops`` tells when the process is to
    end.
    """

    def __init__(
        self, work: Work, stops: Callable[[], bool] = lambda: False, width: Callable[[Lane], int] = lambda _: 1
    ) -> None:
        self._work = work
        self._stops = stops
        self._width = width
        self._lines: dict[Lane, _Line] = {}
        self._changed = threading.Condition()
        self._closed = False

    def add(self, lane: Lane, ids: Sequence[DeliveryId]) -> None:
        """Put ids at the end of a lane; one that stands in it already keeps its place."""
        with self._changed:
            line = self._lines.setdefault(lane, _Line())
            line.waiting.update(dict.fromkeys(ids[: max(0, MOST_WAITING - len(line.waiting))]))
            wanted = min(self._width(lane), -(-len(line.waiting) // WORTH_A_THREAD))
            for _ in range(0 if self._closed else wanted - len(line.threads)):
                # A daemon: a message that hangs must not hold up the end of the process; its lease runs out.
                thread = threading.Thread(target=self._run, args=(lane, line), name=f"lane {lane}", daemon=True)
                line.threads[thread] = time.monotonic()
                thread.start()

    def wait(self, lanes: Iterable[Lane]) -> None:
        """Wait until these lanes have worked everything off, apart from those that are late, or the process ends.

        Raises what ended the work of one of them.
        """
        lines = [self._lines[lane] for lane in lanes]
        with self._changed:
            while any(line.is_busy for line in lines) and not self._stops():
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
            busy = [(lane, thread) for lane, line in self._lines.items() for thread in line.threads]
        for lane, thread in busy:
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
                del line.threads[threading.current_thread()]
                self._changed.notify_all()

    def _goes_on(self, line: _Line) -> bool:
        """Say whether there is more to do; where there is not, this thread has ended for all others."""
        with self._changed:
            if line.waiting and not self._closed:
                return True
            del line.threads[threading.current_thread()]
            self._changed.notify_all()
            return False

    def _take(self, line: _Line) -> DeliveryId | None:
        with self._changed:
            line.threads[threading.current_thread()] = time.monotonic()
            if self._closed or not line.waiting:
                return None
            first = next(iter(line.waiting))
            del line.waiting[first]
            return first
