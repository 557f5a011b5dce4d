"""`tocsin subscribers export` and `tocsin subscribers import`: subscribers as a file, to move or to keep them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tocsin.cli.subscriber_desk import SubscriberDesk
    from tocsin.cli.subscriber_records import ReadLine, SubscriberLine

NOT_ALL = 1
AT_ONCE = 500
"""So many lines are taken in one transaction."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What is to be said of a line; ``email`` is None where it cannot be read."""

    line: int
    email: str | None
    reason: str


@dataclass(slots=True)
class _Tally:
    """What became of the lines of a file."""

    added: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    there_before: int = 0
    not_taken: list[_Told] = field(default_factory=list)
    warnings: list[_Told] = field(default_factory=list)


def export_subscribers(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; standard output by default.")] = None,
) -> None:
    """Write all subscribers as lines of JSON: settings, owner and state, those who ended it too.

    It holds personal data: a new file is made readable for you alone. Ends with 2 if it cannot be written.

    Example: tocsin subscribers export subscribers.jsonl
    """
    from tocsin.cli.subscriber_desk import subscriber_desk
    from tocsin.cli.subscriber_records import file_lines
    from tocsin.store.database import database_now
    from tocsin.store.subscribers import list_subscribers

    with subscriber_desk() as desk, desk.database.read() as connection:
        stored = list_subscribers(connection)
        lines = list(file_lines(stored, database_now(connection)))
    if file is None:
        sys.stdout.buffer.write("".join(lines).encode())
        return
    _write(file, "".join(lines))
    typer.echo(f"Wrote {len(stored):,} to {file}.")


def import_subscribers(
    file: Annotated[Path, typer.Argument(help="A file that `tocsin subscribers export` wrote.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Add the subscribers of a file; who ended it, here or there, stays away, and nobody who is here is changed.

    Each line that is not taken is told with its reason. Ends with 1 if there are such, with 2 if the file cannot be
    read.

    Example: tocsin subscribers import subscribers.jsonl --dry-run
    """
    from tocsin.cli.subscriber_desk import subscriber_desk
    from tocsin.cli.subscriber_records import read_file
    from tocsin.store.database import database_now

    lines = list(read_file(file))
    tally = _Tally()
    with subscriber_desk() as desk:
        fresh = _first_of_each(lines, tally)
        if not dry_run:
            with desk.database.write() as connection:
                desk.sync(connection, database_now(connection))
        for start in range(0, len(fresh), AT_ONCE):
            _take_batch(desk, fresh[start : start + AT_ONCE], tally, dry_run=dry_run)
    tally.not_taken.sort(key=lambda told: told.line)
    if as_json:
        _print_json(tally, dry_run=dry_run)
    else:
        _print(tally, file, dry_run=dry_run)
    if tally.not_taken:
        raise typer.Exit(NOT_ALL)


def _first_of_each(lines: Sequence[ReadLine], tally: _Tally) -> list[tuple[int, SubscriberLine]]:
    """Give the lines that can be read, with their numbers, of each address the first."""
    seen: dict[str, int] = {}
    fresh: list[tuple[int, SubscriberLine]] = []
    for line in lines:
        if line.subscriber is None:
            tally.not_taken.append(_Told(line.number, None, line.fault))
            continue
        first = seen.setdefault(line.subscriber.email.lower(), line.number)
        if first == line.number:
            fresh.append((line.number, line.subscriber))
        else:
            tally.not_taken.append(_Told(line.number, line.subscriber.email, f"stands in line {first} already"))
    return fresh


def _take_batch(
    desk: SubscriberDesk, lines: Sequence[tuple[int, SubscriberLine]], tally: _Tally, *, dry_run: bool
) -> None:
    """Take some lines in one transaction, so that nobody else who writes waits for long; in a trial, as if the
    watchlist had been taken over before.
    """
    from tocsin.store.database import database_now

    with desk.database.write() as connection:
        trial = connection.begin_nested()
        if dry_run:
            desk.sync(connection, database_now(connection))
        for number, line in lines:
            _take_line(connection, desk, number, line, tally)
        if dry_run:
            trial.rollback()


def _take_line(
    connection: sa.Connection, desk: SubscriberDesk, number: int, line: SubscriberLine, tally: _Tally
) -> None:
    from tocsin.cli.subscriber_import import Add, Keep, judged, take
    from tocsin.store.database import database_now
    from tocsin.store.subscribers import find_subscriber
    from tocsin.store.suppressions import is_suppressed

    stored = find_subscriber(connection, line.email)
    is_deleted = stored is None and is_suppressed(connection, line.email, secret=desk.secret)
    verdict = judged(line, stored, desk.watchlist.self_service.watches, is_deleted=is_deleted)
    if isinstance(verdict, Keep):
        if verdict.why:
            tally.not_taken.append(_Told(number, line.email, verdict.why))
        else:
            tally.there_before += 1
        return
    if not take(connection, line, verdict, database_now(connection), secret=desk.secret):
        tally.not_taken.append(_Told(number, line.email, "came here meanwhile"))
        return
    (tally.added if isinstance(verdict, Add) else tally.ended).append(line.email)
    if isinstance(verdict, Add) and verdict.lost:
        reason = f"added without watches that are not open to readers here: {', '.join(verdict.lost)}"
        tally.warnings.append(_Told(number, line.email, reason))


def _print_json(tally: _Tally, *, dry_run: bool) -> None:
    from dataclasses import asdict

    from tocsin.cli.output import print_json

    print_json(asdict(tally) | {"written": not dry_run})


def _print(tally: _Tally, file: Path, *, dry_run: bool) -> None:
    from tocsin.rendering.clean import one_line

    for told, kind in ((tally.warnings, "warning: "), (tally.not_taken, "not taken: ")):
        for one in told:
            words = ": ".join(part for part in (one.email, one.reason) if part)
            typer.echo(f"{file}:{one.line}: {kind}{one_line(words, 1_000)}", err=True)
    would = "would be " if dry_run else ""
    parts = [f"{len(tally.added):,} {would}added", f"{tally.there_before:,} there before"]
    if tally.ended:
        parts.append(f"{len(tally.ended):,} {would}ended, as they are where the file comes from")
    parts.append(f"{len(tally.not_taken):,} not taken")
    typer.echo(", ".join(parts) + ".")


def _write(file: Path, text: str) -> None:
    """Write a file; a new one only its owner may read."""
    import os

    from tocsin.cli.subscriber_records import SubscriberFileError

    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        message = f"{file}: cannot be written ({error.strerror}); check the folder and its permissions"
        raise SubscriberFileError(message) from error
