"""`tocsin demo`: the whole service on sample feeds, to see what it does."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn

from tocsin.config import load_settings

if TYPE_CHECKING:
    from tocsin.demo.run import Demo
    from tocsin.store.progress import Progress


QUIET_SECONDS = 2.0


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the digest instead of staying up.")] = False,
    home: Annotated[
        Path | None, typer.Option(help="Folder for the demo's files; emptied first.", show_default="TOCSIN_HOME/demo")
    ] = None,
) -> None:
    """Show Tocsin at work: sample feeds, alerts and digests, all on this machine, with nothing else needed.

    Nothing leaves the machine: feeds, mail server and pages are on loopback addresses. The pages are at port 8080 or
    another that is free, or at TOCSIN_WEB_PORT.

    Example: tocsin demo --once
    """
    folder = (home or load_settings().home / "demo").resolve()
    asyncio.run(_demo(folder, once=once))


async def _demo(home: Path, *, once: bool) -> None:
    from tocsin.cli.demo_report import print_report
    from tocsin.cli.output import console
    from tocsin.demo.run import read_feeds, running_demo, send_digests

    out = console()
    async with running_demo(home) as demo:
        with _told(out) as tell:
            tell("Starting the scheduler, classifier, mailer, reader, web pages and the embedded Redis")
            found = await read_feeds(demo, lambda now: tell(_progress_line(demo, now)))
            tell("Closing the digest windows now instead of at their hour")
            await send_digests(demo)
        out.print(_progress_line(demo, found))
        print_report(out, demo)
        if not once:
            out.print(f"\nLook around: {demo.settings.base_url} - stop with Ctrl-C.")
            await _stopped(demo)


class _OnceEach:
    """Prints what it is told when that is new; counts, which begin with a digit, only every few seconds."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._last = ""
        self._at = 0.0

    def __call__(self, words: str) -> None:
        now = time.monotonic()
        if words != self._last and (not words[0].isdigit() or now - self._at > QUIET_SECONDS):
            self._out.print(words)
            self._last, self._at = words, now


@contextlib.contextmanager
def _told(out: Console) -> Iterator[Callable[[str], None]]:
    """Show what is going on: one moving line on a terminal; in a pipe each new line once."""
    if not out.is_terminal:
        yield _OnceEach(out)
        return
    with Bar(SpinnerColumn(), TextColumn("{task.description}"), console=out, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda words: bar.update(task, description=words)


def _progress_line(demo: Demo, now: Progress) -> str:
    return (
        f"{now.feeds_asked} of {demo.feeds} feeds asked, {now.articles} articles, {now.classified} classified, "
        f"{now.matches} matches, {now.sent} messages sent"
    )


async def _stopped(demo: Demo) -> None:
    """Wait for Ctrl-C, SIGTERM or the terminal to be closed, and look after the processes meanwhile."""
    from tocsin.supervision import stop_signals

    stopped = asyncio.Event()
    for number in stop_signals():
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    while not stopped.is_set():
        await asyncio.to_thread(demo.supervisor.tend)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), 0.5)
