"""How the command line speaks: Rich on a terminal, plain text in a pipe, JSON for programs."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from typing import Any

import typer
from rich.console import Console

from tocsin.errors import Fault, TocsinError, WatchlistError


def console() -> Console:
    """Give the console for results; without colour and wrapped by nobody when it is not a terminal."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, no_color=True, width=200, force_terminal=False, soft_wrap=True)


def heading(out: Console, words: str) -> None:
    """Print a heading over what follows, as wide in a pipe as on a terminal."""
    out.print(f"\n{words}\n{'-' * min(len(words), 78)}", style="bold", markup=False)


def complain(error: TocsinError) -> None:
    """Print an error for the person who has to mend it; faults in a file stand alone on their lines, as editors like
    them.
    """
    lines = map(fault_lines, error.faults) if isinstance(error, WatchlistError) else [f"tocsin: {error}"]
    for line in lines:
        typer.echo(line, err=True)


def fault_lines(fault: Fault) -> str:
    """Give a fault with, below it, the line it stands in and a mark under it, where there is one."""
    return f"{fault}\n{fault.excerpt}" if fault.excerpt else str(fault)


def print_json(value: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def short_time(at: datetime | None) -> str:
    """Give a time for a table: UTC, to the minute; a dash for none."""
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M}Z"


def _plain(value: object) -> str | float:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{value!r} has no form in JSON")
