"""How often something may be done: counted in Redis, so that all processes count alike, by the library limits.

Without Redis each process counts for itself: too little is held back then, but nothing that may be done is refused.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import redis
import structlog
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from tocsin.errors import QueueError
from tocsin.models.watchlist import Rate

_RETRY_SECONDS = 30.0
"""So long a Redis that did not answer is not asked again."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """A rate, and whose it is: things of one ``key`` count together."""

    rate: Rate
    key: str


class Throttle:
    """Counts under a ``prefix`` of its own; ``connect`` opens Redis when it is first needed. For several threads."""

    def __init__(self, connect: Callable[[], redis.Redis], prefix: str) -> None:
        self._connect = connect
        self._prefix = prefix
        self._shared: MovingWindowRateLimiter | None = None
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._retry_at = -math.inf

    def take(self, allowances: Sequence[Allowance]) -> timedelta | None:
        """Take one of each; None if all of them had one left, else how long to wait until they do, and none is taken.

        Two who ask at the same moment may both get the last one.
        """
        if self._shared is None and time.monotonic() >= self._retry_at:
            self._shared = self._open()
        if self._shared is not None:
            try:
                return _take(self._shared, allowances)
            except redis.RedisError as error:
                self._give_up(error)
        return _take(self._own, allowances)

    def forget(self, allowances: Sequence[Allowance]) -> None:
        """Forget all that was taken of these: what it was taken for did not happen."""
        for limiter in filter(None, (self._shared, self._own)):
            try:
                for one in allowances:
                    limiter.clear(_item(one.rate), one.key)
            except redis.RedisError as error:
                self._give_up(error)

    def _open(self) -> MovingWindowRateLimiter | None:
        try:
            client = self._connect()
        except QueueError as error:
            self._give_up(error)
            return None
        # The address is not used where there is a pool; it names the kind of server.
        storage = RedisStorage("redis://", connection_pool=client.connection_pool, key_prefix=f"tocsin:{self._prefix}")
        return MovingWindowRateLimiter(storage)

    def _give_up(self, error: Exception) -> None:
        self._shared = None
        self._retry_at = time.monotonic() + _RETRY_SECONDS
        _log.warning("rates are counted by each process alone until Redis is back", reason=str(error))


def _take(limiter: MovingWindowRateLimiter, allowances: Sequence[Allowance]) -> timedelta | None:
    items = [(_item(one.rate), one.key) for one in allowances]
    waits = [_wait(limiter, item, key) for item, key in items if not limiter.test(item, key)]
    if waits:
        return max(waits)
    for item, key in items:
        limiter.hit(item, key)
    return None


def _item(rate: Rate) -> RateLimitItem:
    return RateLimitItemPerSecond(rate.number, max(1, round(rate.per.total_seconds())))


def _wait(limiter: MovingWindowRateLimiter, item: RateLimitItem, key: str) -> timedelta:
    reset_at = limiter.get_window_stats(item, key).reset_time
    return timedelta(seconds=max(1, math.ceil(reset_at - time.time())))
