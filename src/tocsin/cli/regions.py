"""`tocsin regions`: what a name stands for, and what texts are about."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import console, print_json
from tocsin.cli.samples import InputError, Sample, sample_of_file, sample_of_text, samples_of_lines
from tocsin.errors import TocsinError, WatchlistError

if TYPE_CHECKING:
    from tocsin.regions import Atlas

regions_app = typer.Typer(no_args_is_help=True, help="Look up regions, and find out what texts are about.")

_BAD_INPUT = 2
_BAD_LINES = 1


class UnknownRegionError(TocsinError):
    """A name that no region has."""

    exit_code = 2


@regions_app.command()
def show(
    name: Annotated[str, typer.Argument(help="A name in any language, a code (SY, SY-DY), an area (sahel).")],
    *,
    watchlist: Annotated[
        Path | None,
        typer.Option(help="The watchlist with regions of your own. By default TOCSIN_WATCHLIST, if it is there."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")] = False,
) -> None:
    """Show the region that a watchlist means by a name, and the others of that name.

    Its kind and code, what it lies in, what lies in it, and the names that it is found under. Ends with 2 for a name
    that no region has.

    Example: tocsin regions show "Deir ez-Zor"
    """
    from tocsin.cli.region_cards import card_lines, card_of

    atlas = _atlas(watchlist)
    problem = None if atlas.resolve(name) else atlas.check(name)
    if problem:
        raise UnknownRegionError(problem)
    card = card_of(name, atlas)
    if as_json:
        print_json(card)
        return
    out = console()
    for line in card_lines(card):
        out.print(line, markup=False)


@regions_app.command()
def locate(
    text: Annotated[str | None, typer.Argument(help="A sentence or a whole article.", show_default=False)] = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help="A text file; its first line is the title. - is standard input.")
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help="JSON lines with id, title, text and, if known, lang and home, the region of the feed. "
            "- is standard input."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line an article, for programs.")] = False,
) -> None:
    """Say what texts are about: countries, provinces, cities and areas, with scores.

    Also which countries they name, and where page furniture stands, in which nothing counts. A bad line is told, and
    the rest goes on. Ends with 1 if there were bad lines, 2 for input that cannot be read.

    Example: tocsin regions locate "The army entered Deir el-Zour on Tuesday."
    """
    if len([source for source in (text, file, jsonl) if source is not None]) != 1:
        typer.echo("give one of: a text, --file FILE, --jsonl FILE", err=True)
        raise typer.Exit(_BAD_INPUT)
    from tocsin.regions import load_gazetteer

    try:
        if jsonl is not None:
            bad = _locate(samples_of_lines(jsonl, load_gazetteer().check), as_json=as_json, several=True)
        else:
            sample = sample_of_file(file) if file is not None else sample_of_text(_argument(text or ""))
            bad = _locate([sample], as_json=as_json, several=False)
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_BAD_INPUT) from error
    if bad:
        typer.echo(f"{bad:,} bad {'line' if bad == 1 else 'lines'} passed over", err=True)
        raise typer.Exit(_BAD_LINES)


def _argument(text: str) -> str:
    """Return the text itself, or what standard input has for ``-``."""
    return typer.get_text_stream("stdin").read() if text == "-" else text


def _atlas(path: Path | None) -> Atlas:
    """Return the gazetteer with the own regions of a watchlist: the one that is named, or the configured one.

    Raises `WatchlistError` for faults of one that is named; without the other one there are just no own regions.
    """
    from tocsin.config import load_settings, read_watchlist
    from tocsin.regions import Atlas, load_gazetteer

    gazetteer = load_gazetteer()
    configured = load_settings().watchlist
    if path is None and not configured.is_file():
        return Atlas(gazetteer)
    try:
        return Atlas(gazetteer, read_watchlist(path or configured, check_region=gazetteer.check).regions)
    except WatchlistError:
        if path is not None:
            raise
        typer.echo(f"{configured} is faulty, so its own regions are not known; run `tocsin check`", err=True)
        return Atlas(gazetteer)


def _locate(samples: Iterable[Sample | InputError], *, as_json: bool, several: bool) -> int:
    """Print what texts are about; return how many lines were bad."""
    from tocsin.cli.located import located, located_lines, located_record, short_line

    bad, out = 0, sys.stdout
    for sample in samples:
        if isinstance(sample, InputError):
            bad += 1
            typer.echo(str(sample), err=True)
            continue
        if sample.remark:
            typer.echo(sample.remark, err=True)
        found = located(sample.document)
        if as_json:
            out.write(json.dumps(located_record(sample, found)) + "\n")
        else:
            lines = [short_line(sample, found)] if several else located_lines(sample, found)
            out.write("".join(f"{line}\n" for line in lines))
    return bad
