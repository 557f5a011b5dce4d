"""The service as a whole: what must be in place before its processes start, and which processes there are."""

from __future__ import annotations

import sys

from tocsin.bootstrap import WatchlistDesk, letterhead_of, mail_opener
from tocsin.config import Settings, secret_of
from tocsin.embedded_redis import check_socket
from tocsin.store.database import open_database
from tocsin.store.migrate import upgrade


def prepare(settings: Settings) -> None:
    """Make all that the processes need to find: database, secret; and see that the watchlist can be used.

    Raises:
        TocsinError: Something is missing or wrong, with the remedy.

    """
    secret_of(settings)
    if settings.redis_url is None:
        check_socket(settings.home)
    mail_opener(settings)
    letterhead_of(settings)
    database = open_database(settings.database_url.get_secret_value())
    upgrade(database)
    WatchlistDesk(settings, database)
    database.close()


def commands(settings: Settings) -> list[tuple[str, list[str]]]:
    """Give the processes to run, in the order of their start."""
    program = [sys.executable, "-m", "tocsin"]
    redis = [] if settings.redis_url else [("redis", [*program, "redis"])]
    return [
        *redis,
        ("scheduler", [*program, "scheduler"]),
        ("classifier", [*program, "worker", "classify"]),
        ("mailer", [*program, "worker", "deliver"]),
        ("reader", [*program, "worker", "read"]),
        ("web", [*program, "web"]),
    ]
