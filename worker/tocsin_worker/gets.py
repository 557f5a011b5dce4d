"""What the reader needs of a fetcher."""

from __future__ import annotations

from typing import Protocol

from tocsin.feeds.fetch import Page
from tocsin.feeds.limits import Limits
from tocsin.models.feeds import Problem


class Gets(Protocol):
    """What asks publishers for pages: `tocsin.feeds.fetch.Fetcher`."""

    async def get(self, url: str, *, accept: str, limits: Limits | None = None) -> Page | Problem:
        """Ask for a page once; what goes wrong is a value."""
        ...
