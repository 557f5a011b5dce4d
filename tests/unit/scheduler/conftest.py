from __future__ import annotations

from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tocsin.queueing import Wakeups

SECRET = b"s" * 32


@pytest.fixture
def wakeups(valkey: redis.Redis) -> Wakeups:
    return Wakeups(valkey, SECRET)


@pytest.fixture
def dead_wakeups(tmp_path: Path) -> Wakeups:
    """The sending end of a queue whose Redis is gone."""
    return Wakeups(redis.Redis(unix_socket_path=str(tmp_path / "nobody.sock"), retry=Retry(NoBackoff(), 0)), SECRET)
