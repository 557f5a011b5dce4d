"""Extraction in a child, which a page may kill: the next page gets a new one."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

from tocsin.feeds.child import MEMORY, SECONDS, Child
from tocsin.feeds.fetch import Page


class Extractor:
    """Gives the text of pages, one at a time. The child starts with the first page; `close` ends it.

    ``seconds`` of CPU time is what one page may take, ``memory`` what the child may have, in bytes.
    """

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        function = "tocsin.feeds.pages.extract:answer"
        self._child = Child(function, "the extractor of pages", seconds=seconds, memory=memory)
        # One thread, so that a page waits for the one before it, even if nobody wants that one's text any more.
        self._turns = ThreadPoolExecutor(1)

    async def text(self, page: Page, title: str) -> str | None:
        """Give the text of a page, "" where it has none; None where the page was too much for the child.

        Raises:
            OSError: No child can be started; that is no fault of the page.

        """
        about = json.dumps({"content_type": page.content_type, "title": title}).encode()
        request = about + b"\n" + page.body
        text = await asyncio.get_running_loop().run_in_executor(self._turns, self._child.ask, request)
        return None if text is None else text.decode()

    async def close(self) -> None:
        """End the child, if there is one, and the thread."""
        self._child.close()
        self._turns.shutdown(cancel_futures=True)
