"""`tocsin story cluster`: the stories of an archive, in order of publication, decided as the classifier does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.errors import TocsinError

if TYPE_CHECKING:
    from tocsin.cli.story_archive import Archive
    from tocsin.stories import Clustered


class ArchiveError(TocsinError):
    """The archive cannot be read at all."""

    exit_code = 2


def cluster_archive(
    jsonl: Annotated[str, typer.Option("--jsonl", help="The archive: JSON lines; - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line, for a program.")] = False,
) -> None:
    """Sort an archive into events and running stories; needs no database.

    Each line has id, outlet, published (ISO 8601 with zone) and title, and may have lang, summary and link. With --json
    each article comes out, in order of publication, with its id, event, story and development (1, 2, ... in its story).

    Exit code 0; 1 when lines were left out, which are named on standard error; 2 when none is an article, or
    there is no such file.

    Example: tocsin story cluster --jsonl archive.jsonl --json
    """
    from tocsin.stories import cluster

    archive = _read(jsonl)
    for fault in archive.faults:
        typer.echo(fault, err=True)
    if not archive.items and archive.faults:
        raise ArchiveError(f"no line of {jsonl} is an article; `tocsin story cluster --help` says what a line has")
    found = cluster(archive.items)
    if as_json:
        _print_lines(found, archive)
    else:
        _print_stories(list(found))
    if archive.faults:
        raise typer.Exit(1)


def _read(jsonl: str) -> Archive:
    from tocsin.cli.story_archive import read_archive

    if jsonl == "-":
        return read_archive(sys.stdin.buffer, "standard input")
    try:
        with Path(jsonl).open("rb") as lines:
            return read_archive(lines, jsonl)
    except OSError as error:
        raise ArchiveError(f"cannot read {jsonl} ({error.strerror}); --jsonl names a file of JSON lines") from error


def _print_lines(found: Iterable[Clustered], archive: Archive) -> None:
    from tocsin.rendering.placement_words import placement_words

    for one in found:
        nearest = one.placement.nearest
        record = {
            "id": archive.ids[one.item.key],
            "event": one.event,
            "story": one.story,
            "development": one.development,
            "nearest": None if nearest is None else archive.ids[nearest],
            "why": placement_words(one.placement),
        }
        # What UTF-8 cannot hold, half of a pair, leaves as JSON writes it anyway.
        line = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
        typer.echo(line)


def _print_stories(found: Sequence[Clustered]) -> None:
    from rich.text import Text

    from tocsin.cli.output import console
    from tocsin.rendering.clean import one_line
    from tocsin.rendering.words import count

    by_story: dict[int, list[Clustered]] = {}
    for one in found:
        by_story.setdefault(one.story, []).append(one)
    out = console()
    if not found:
        out.print("The archive is empty.")
        return
    alone = 0
    for story, told in by_story.items():
        if len(told) == 1:
            alone += 1
            continue
        size = (count("article", len(told)), count("development", len({one.event for one in told})))
        out.print(
            Text(
                f"Story {story}: {one_line(told[0].item.title, 110) or '(untitled)'} ({', '.join(size)})", style="bold"
            )
        )
        for one in told:
            out.print(Text(_line(one)))
        out.print()
    out.print(
        Text(f"{count('article', alone)} alone in their story." if alone != 1 else "1 article alone in its story.")
    )


def _line(one: Clustered) -> str:
    from tocsin.cli.output import short_time
    from tocsin.rendering.clean import one_line

    outlet = one_line(one.item.outlet, 40)
    where = f"  {one.development}  {short_time(one.item.published_at)}  {outlet}"
    return f"{where}: {one_line(one.item.title, 140) or '(untitled)'} [{one.placement.join}]"
