"""What the pages need of the rest of the house, handed in as one record; nothing here opens or starts anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from jinja2 import Environment

from tocsin.errors import Fault
from tocsin.models.watchlist import Watchlist
from tocsin.store.database import Database


@dataclass(frozen=True, slots=True)
class WebHouse:
    """The parts that pages are made from.

    ``watchlist`` gives the one in force (None before there was any), ``faults`` those of its file as it is now.
    ``base_url`` is where readers reach the pages, from the settings and never from a request. ``now`` gives an aware
    UTC time. ``queue_probe`` raises `tocsin.errors.QueueError` when Redis does not answer; so does ``queue_lengths``,
    which counts the jobs that wait by queue. ``secret`` is what the links in alerts are signed with. ``contact`` is the
    operator's mail address or page.
    """

    database: Database
    watchlist: Callable[[], Watchlist | None]
    faults: Callable[[], tuple[Fault, ...]]
    environment: Environment
    base_url: str
    now: Callable[[], datetime]
    queue_probe: Callable[[], None]
    queue_lengths: Callable[[], Mapping[str, int]]
    secret: bytes = field(repr=False)
    contact: str | None = None

    @property
    def root(self) -> str:
        """Give the path that links inside the site start with: "" or "/tocsin", where a proxy serves it under a path.

        A path alone works through every name that the site is reached by, and takes nothing from the Host header.
        """
        return urlsplit(self.base_url).path.rstrip("/")
