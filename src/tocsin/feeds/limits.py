"""What one request may cost: the bounds that the fetcher sets to time, size and haste."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one poll may cost.

    ``seconds`` for the whole of it, and before that ``seconds_in_line`` for a host that is busy with our other
    requests; bytes on the ``wire`` and after inflating; redirect ``hops``; bytes of one ``header`` line and number of
    lines; requests to one host, and in all, at a time; ``spacing``, in seconds, between two requests to a public host.
    """

    seconds: float = 30.0
    seconds_in_line: float = 60.0
    wire: int = 10_000_000
    inflated: int = 20_000_000
    hops: int = 5
    header: int = 16_384
    headers: int = 200
    per_host: int = 2
    connections: int = 100
    spacing: float = 1.0
