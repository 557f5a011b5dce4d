"""Waiting for what other processes do: asked again and again until a deadline, never a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(found: Callable[[], T], *, seconds: float = 30.0, every: float = 0.05) -> T:
    """Give what ``found`` gives as soon as that is true; fails after ``seconds``, with the last answer."""
    ends_at = time.monotonic() + seconds
    while not (answer := found()):
        if time.monotonic() > ends_at:
            raise AssertionError(f"not within {seconds:.0f} s; the last answer was {answer!r}")
        time.sleep(every)
    return answer
