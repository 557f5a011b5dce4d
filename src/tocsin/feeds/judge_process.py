"""The judge as a child: it reads one document after another, and may be killed over any."""

from __future__ import annotations

import pickle

from tocsin.feeds.child import MEMORY, SECONDS, Child
from tocsin.feeds.faults import problem, shown
from tocsin.feeds.parse import Doubt, judged
from tocsin.models.feeds import ParsedFeed, Problem, ProblemKind


class JudgeProcess(Child):
    """Not for several threads at once: `tocsin.feeds.parser.Parser` sees to that."""

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        super().__init__(f"{__name__}:answer", "the judge of feeds", seconds=seconds, memory=memory)

    def judge(self, doubt: Doubt) -> ParsedFeed | Problem:
        """Have a document read; a document that costs the child its life is a problem for its publisher.

        Raises:
            OSError: The child could not be started.

        """
        found = self.ask(pickle.dumps(doubt))
        return self.died(doubt.url) if found is None else pickle.loads(found)  # noqa: S301 - our own child's

    def died(self, url: str) -> Problem:
        """Report a document over which the child ended."""
        words = (
            f"{shown(url)} is not read: it took a feed parser more than {self.seconds} s or "
            f"{self.memory >> 20} MB; tell the publisher"
        )
        return problem(ProblemKind.MALFORMED, words)


def answer(request: bytes) -> bytes:
    """Read a document, in the child."""
    return pickle.dumps(judged(pickle.loads(request)))  # noqa: S301 - our own parent's
