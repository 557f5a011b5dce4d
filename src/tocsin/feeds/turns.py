"""Turns at a host: how many requests it gets at a time, and how soon one after another.

The last guard of a host's peace, whatever the schedule says; it knows keys (`tocsin.feeds.hosts`) and no addresses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from tocsin.feeds.hosts import is_private_key
from tocsin.feeds.limits import Limits

_FEW_LINES: Final = 1_000


@dataclass(slots=True)
class _Line:
    """Those who want a host: ``places`` are its open requests, ``door`` is passed by one at a time."""

    places: asyncio.Semaphore
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    opens_at: float = 0.0
    members: int = 0


class NoTurnError(Exception):
    """The host was busy with our other requests for too long."""


class Turns:
    """Gives out turns, by host and in all; times are those of the running loop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._in_all = asyncio.Semaphore(limits.connections)
        self._lines: dict[str, _Line] = {}

    def __len__(self) -> int:
        """Give the number of hosts that are remembered."""
        return len(self._lines)

    @asynccontextmanager
    async def at(self, key: str) -> AsyncIterator[None]:
        """Hold a turn at the host with ``key``; raises `NoTurnError` after the seconds that one may be in line."""
        line = self._line(key)
        line.members += 1
        try:
            await self._wait(line, 0.0 if is_private_key(key) else self._limits.spacing)
            try:
                yield
            finally:
                self._in_all.release()
                line.places.release()
        finally:
            line.members -= 1

    def _line(self, key: str) -> _Line:
        line = self._lines.get(key)
        if line is None:
            if len(self._lines) >= _FEW_LINES:
                self._forget_idle_lines()
            line = self._lines[key] = _Line(asyncio.Semaphore(self._limits.per_host))
        return line

    def _forget_idle_lines(self) -> None:
        """Drop the hosts that nobody wants and that any request may have at once."""
        now = asyncio.get_running_loop().time()
        self._lines = {key: line for key, line in self._lines.items() if line.members or line.opens_at > now}

    async def _wait(self, line: _Line, spacing: float) -> None:
        if self._is_free(line):
            await self._pass(line, spacing)
            return
        try:
            async with asyncio.timeout(self._limits.seconds_in_line):
                await self._pass(line, spacing)
        except TimeoutError:
            raise NoTurnError from None

    def _is_free(self, line: _Line) -> bool:
        """Say whether a turn can be had without any waiting, so that no timer need be set."""
        busy = line.places.locked() or line.door.locked() or self._in_all.locked()
        return not busy and line.opens_at <= asyncio.get_running_loop().time()

    async def _pass(self, line: _Line, spacing: float) -> None:
        await line.places.acquire()
        try:
            async with line.door:
                loop = asyncio.get_running_loop()
                if (wait := line.opens_at - loop.time()) > 0:
                    await asyncio.sleep(wait)
                await self._in_all.acquire()
                line.opens_at = loop.time() + spacing
        except BaseException:
            # Cancelled, too: who gives up in line must not keep a place for ever.
            line.places.release()
            raise
