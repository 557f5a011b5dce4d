"""What the commands share that ask publishers: one fetcher for one errand, and addresses as people type them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer

from tocsin.config import Settings

if TYPE_CHECKING:
    from tocsin.feeds.discover import Parse
    from tocsin.feeds.fetch import Fetcher

Answer = TypeVar("Answer")


def ask(settings: Settings, errand: Callable[[Fetcher, Parse], Awaitable[Answer]]) -> Answer:
    """Run an errand with a fetcher and a parser that are closed afterwards."""
    from tocsin.bootstrap import new_fetcher
    from tocsin.feeds.parser import Parser

    async def run() -> Answer:
        with Parser() as parser:
            async with new_fetcher(settings) as fetcher:
                return await errand(fetcher, parser.parse)

    return asyncio.run(run())


def address(typed: str) -> str:
    """Complete an address that was typed without https://, and check it.

    Raises:
        typer.BadParameter: It is no web address.

    """
    from tocsin.config.addresses import feed_url

    url = typed.strip()
    try:
        return feed_url(url if "://" in url else f"https://{url}")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
