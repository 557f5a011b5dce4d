"""Reading feeds in a long-running process: the lanes here, the judge in processes of its own."""

from __future__ import annotations

from queue import LifoQueue
from types import TracebackType
from typing import Final, Self

from tocsin.feeds.child import MEMORY, SECONDS
from tocsin.feeds.judge_process import JudgeProcess
from tocsin.feeds.parse import Doubt, examine, parse_fast
from tocsin.models.feeds import ParsedFeed, Problem

_JUDGES: Final = 2
_SMALL: Final = 200_000
"""A body of so many bytes is read in some milliseconds: handing it to a thread costs as much again."""


class Parser:
    """`tocsin.feeds.parse.parse_feed` for any number of threads; a document that kills the judge is only a problem.

    At most two judges run; the second starts when the first is busy. A context manager: leaving it ends them.
    """

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        self._judges = [JudgeProcess(seconds=seconds, memory=memory) for _ in range(_JUDGES)]
        # Last in, first out: the judge that is running already is asked first.
        self._free = LifoQueue[JudgeProcess]()
        for each in self._judges:
            self._free.put(each)

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the judges."""
        self.close()

    def parse_at_once(self, body: bytes, content_type: str, url: str) -> ParsedFeed | Problem | None:
        """Read a small document in the fast lane; None where that takes longer, or wants the judge."""
        return parse_fast(body, content_type, url) if len(body) <= _SMALL else None

    def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed | Problem:
        """Read a document; waits while both judges are busy."""
        found = examine(body, content_type, url)
        if not isinstance(found, Doubt):
            return found
        judge = self._free.get()
        try:
            return judge.judge(found)
        finally:
            self._free.put(judge)

    @property
    def judges(self) -> list[int]:
        """The process ids of the judges that run."""
        return [each.pid for each in self._judges if each.pid is not None]

    def close(self) -> None:
        """End the judges; a document that one of them is reading becomes a problem."""
        for each in self._judges:
            each.close()
