"""Extraction in a process of its own, which a page may kill: the next page gets a new one."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass, field
from typing import Final

from tocsin.feeds.fetch import Page
from tocsin.feeds.pages.extract_child import LENGTH

SECONDS: Final = 15.0
"""Longer than the CPU that a page may take (see `extract_child`), for a busy machine."""

MEMORY: Final = 1 << 30
"""Several times what a page of full size needs."""

PAGES_A_CHILD: Final = 200
"""A child ends after so many, with all that its libraries have kept of them."""

_COMMAND: Final = (sys.executable, "-I", "-m", "tocsin.feeds.pages.extract_child")


@dataclass(slots=True)
class Extractor:
    """Gives the text of pages, one at a time. The child starts with the first page; `close` ends it.

    ``seconds`` is what one page may take, ``memory`` what the child may have, in bytes.
    """

    seconds: float = SECONDS
    memory: int = MEMORY
    _child: Process | None = None
    _pages: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def text(self, page: Page, title: str) -> str | None:
        """Give the text of a page, "" where it has none; None where the page was too much for the child."""
        async with self._turn:
            if self._pages >= PAGES_A_CHILD:
                await self._end()
            try:
                async with asyncio.timeout(self.seconds):
                    return await self._asked(page, title)
            except (TimeoutError, OSError, asyncio.IncompleteReadError):
                await self._end()
                return None

    async def close(self) -> None:
        """End the child, if there is one."""
        async with self._turn:
            await self._end()

    async def _asked(self, page: Page, title: str) -> str:
        if self._child is None or self._child.returncode is not None:
            command = (*_COMMAND, str(self.memory))
            self._child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        requests, answers = self._child.stdin, self._child.stdout
        assert requests is not None  # noqa: S101 -- asked for two lines above, for the type checker
        assert answers is not None  # noqa: S101
        self._pages += 1
        about = json.dumps({"content_type": page.content_type, "title": title}).encode()
        for part in (about, page.body):
            requests.write(len(part).to_bytes(LENGTH) + part)
        await requests.drain()
        length = int.from_bytes(await answers.readexactly(LENGTH))
        return (await answers.readexactly(length)).decode()

    async def _end(self) -> None:
        child, self._child, self._pages = self._child, None, 0
        if child is None:
            return
        if child.returncode is None:
            child.kill()
        await child.wait()
