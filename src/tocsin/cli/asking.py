"""What the commands share that ask publishers: one fetcher for one errand, and addresses as people type them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer

from tocsin.config import Settings
from tocsin.models.feeds import Problem, ProblemKind

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


def complain_of(problem: Problem, typed: str) -> None:
    """Say why the address that was typed cannot be read; one without a scheme was asked for over https alone."""
    is_guessed = "://" not in typed and problem.kind is ProblemKind.UNREACHABLE
    hint = "; if it is served over http only, write http:// before it" if is_guessed else ""
    typer.echo(f"tocsin: {problem.message}{hint}", err=True)
