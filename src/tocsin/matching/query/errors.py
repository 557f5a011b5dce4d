"""What is wrong with a query, and where in it."""

from __future__ import annotations

from tocsin.errors import TocsinError


class QueryError(TocsinError):
    """A query that cannot be used: ``length`` characters from ``offset`` are at fault; ``remedy`` says what to do."""

    exit_code = 2

    def __init__(self, message: str, remedy: str, offset: int, length: int = 1) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy
        self.offset = offset
        self.length = max(length, 1)
