"""`tocsin init`: a watchlist to begin with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer


def init(
    path: Annotated[
        Path | None,
        typer.Argument(help="Where to write it. By default TOCSIN_WATCHLIST, or ./watchlist.yaml.", show_default=False),
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:
    """Write a small commented watchlist to begin with.

    Example: tocsin init && tocsin check
    """
    from tocsin.config import load_settings
    from tocsin.config.starter import starter_watchlist

    target = path or load_settings().watchlist
    try:
        _write(target, starter_watchlist(), force=force)
    except FileExistsError as error:
        typer.echo(f"{target}: already exists; name another file, or replace it with --force", err=True)
        raise typer.Exit(2) from error
    except OSError as error:
        typer.echo(f"{target}: cannot be written ({error.strerror}); check the folder and its permissions", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"Wrote {target}. Put your own address and interests in, try it with `tocsin check`, run `tocsin up`.")


def _write(target: Path, text: str, *, force: bool) -> None:
    """Write the whole file or nothing: a running Tocsin may be reading it."""
    if not force:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
