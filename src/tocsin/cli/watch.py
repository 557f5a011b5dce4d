"""`tocsin watch`: trying watches on texts, before they go to work."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tocsin.cli.output import complain
from tocsin.cli.samples import InputError, RegionCheck, Sample, sample_of_file, sample_of_text, samples_of_lines
from tocsin.cli.verdict_records import verdict_record
from tocsin.config import load_settings, read_watchlist
from tocsin.errors import WatchlistError
from tocsin.matching import Matcher, compile_watchlist, query_check, receipt_lines
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt, TextField
from tocsin.models.watchlist import Watchlist
from tocsin.text.snippet import Piece, snippet

watch_app = typer.Typer(no_args_is_help=True, help="Try watches on texts.")

_GAPS = re.compile(r"\s+")
_BAD_INPUT = 2
_NOTHING_MATCHED = 1


@watch_app.callback()
def _watch() -> None:
    """Try watches on texts."""


@watch_app.command("test")
def watch_test(
    text: Annotated[str | None, typer.Argument(help="A sentence or a whole article.", show_default=False)] = None,
    *,
    watchlist: Annotated[
        Path | None,
        typer.Option(help="The watchlist. By default TOCSIN_WATCHLIST, or ./watchlist.yaml.", show_default=False),
    ] = None,
    watch: Annotated[str | None, typer.Option(help="Try this watch alone.", show_default=False)] = None,
    file: Annotated[
        Path | None, typer.Option(help="A text file; its first line is the title. - is standard input.")
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help="An archive: JSON lines with id, title, text and, if known, lang, url, source, published, home, tags. "
            "- is standard input."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line a verdict, for programs.")] = False,
) -> None:
    """Try watches on a text, a file, or an archive of JSON lines.

    For a text or a file it prints a verdict for each watch, also why one did not match; for an archive only the
    matches, and counts on standard error. Ends with 0 if anything matched, 1 if nothing did, 2 for input that cannot
    be read; a bad line of an archive is told, and the rest goes on.

    Example: tocsin watch test --watch islamic-state "IS controls large parts of the province."
    """
    if len([source for source in (text, file, jsonl) if source is not None]) != 1:
        typer.echo("give one of: a text, --file FILE, --jsonl FILE", err=True)
        raise typer.Exit(_BAD_INPUT)
    try:
        chosen = read_chosen(watchlist or load_settings().watchlist, watch)
        if jsonl is not None:
            code = _try_archive(chosen, samples_of_lines(jsonl, chosen.check_region), as_json=as_json)
        else:
            sample = sample_of_file(file) if file is not None else sample_of_text(text or "")
            code = _try(chosen, sample, as_json=as_json)
    except WatchlistError as error:
        complain(error)
        raise typer.Exit(_BAD_INPUT) from error
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_BAD_INPUT) from error
    raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The watches to try, in the watchlist's order, and the matcher that knows them."""

    matcher: Matcher
    watches: tuple[WatchId, ...]
    check_region: RegionCheck


def read_chosen(path: Path, watch: str | None) -> Chosen:
    """Read a watchlist and choose one watch of it, or all; raises `WatchlistError` or `InputError`."""
    from tocsin.regions import load_gazetteer

    gazetteer = load_gazetteer()
    watchlist = read_watchlist(path, check_region=gazetteer.check, check_queries=query_check(gazetteer.check))
    return Chosen(compile_watchlist(watchlist, gazetteer), _chosen(watchlist, watch), gazetteer.check)


def _chosen(watchlist: Watchlist, watch: str | None) -> tuple[WatchId, ...]:
    known = tuple(one.id for one in watchlist.watches)
    if watch is None:
        return known
    if watch not in known:
        raise InputError(f"{watchlist.path}: there is no watch {watch!r}; it has {', '.join(known)}")
    return (WatchId(watch),)


def _try(chosen: Chosen, sample: Sample, *, as_json: bool) -> int:
    """Print a verdict of each watch on one text; return the exit code."""
    receipts = [chosen.matcher.explain(sample.document, watch) for watch in chosen.watches]
    show = _shower(as_json=as_json)
    for receipt in receipts:
        show(sample, receipt)
    return 0 if any(receipt.matched for receipt in receipts) else _NOTHING_MATCHED


def _try_archive(chosen: Chosen, given: Iterable[Sample | InputError], *, as_json: bool) -> int:
    """Print the matches of an archive and, on standard error, bad lines and counts; return the exit code."""
    counts: Counter[str] = Counter()
    matches: Counter[WatchId] = Counter()
    show = _shower(as_json=as_json)
    for sample in given:
        if isinstance(sample, InputError):
            counts["bad"] += 1
            typer.echo(str(sample), err=True)
            continue
        if sample.remark:
            typer.echo(sample.remark, err=True)
        receipts = list(_matches(chosen, sample))
        counts["articles"] += 1
        counts["matched"] += bool(receipts)
        matches.update(receipt.watch for receipt in receipts)
        for receipt in receipts:
            show(sample, receipt)
    for line in _count_lines(counts, matches):
        typer.echo(line, err=True)
    return _BAD_INPUT if counts["bad"] else 0 if matches else _NOTHING_MATCHED


def _matches(chosen: Chosen, sample: Sample) -> Iterator[Receipt]:
    wanted = frozenset(chosen.watches)
    return (receipt for receipt in chosen.matcher.match(sample.document) if receipt.watch in wanted)


def _count_lines(counts: Counter[str], matches: Counter[WatchId]) -> Iterator[str]:
    bad = f", {counts['bad']:,} bad lines passed over" if counts["bad"] else ""
    yield f"{counts['articles']:,} articles, {counts['matched']:,} of them matched{bad}"
    yield from (f"  {watch}: {count:,}" for watch, count in matches.most_common())


def _shower(*, as_json: bool) -> Callable[[Sample, Receipt], None]:
    """Return what prints a verdict: as JSON, or in words."""
    if as_json:
        # Escaped, so that a lone surrogate in the input can be printed.
        return lambda sample, receipt: typer.echo(json.dumps(verdict_record(sample, receipt)))
    console = Console(highlight=False, soft_wrap=True)
    return lambda sample, receipt: console.print(_in_words(sample, receipt))


def _in_words(sample: Sample, receipt: Receipt) -> Text:
    words = Text()
    style = "bold green" if receipt.matched else "yellow"
    words.append("matched " if receipt.matched else "missed  ", style)
    words.append(f"{receipt.watch}", "bold").append(f"  {_printable(str(sample.id))}\n")
    for line in receipt_lines(receipt):
        words.append(f"  {_printable(line)}\n")
    for field, text in ((TextField.TITLE, sample.document.title), (TextField.TEXT, sample.document.text)):
        pieces = _sentence(field, text, receipt)
        if any(piece.marked for piece in pieces):
            words.append("  > ").append_text(_marked(pieces)).append("\n")
    return words


def _sentence(field: TextField, text: str, receipt: Receipt) -> tuple[Piece, ...]:
    mentions = [mention.span for evidence in receipt.regions for mention in evidence.mentions]
    spans = [hit.span for hit in receipt.hits] or mentions or [rejection.span for rejection in receipt.rejections]
    return snippet(text, [span for span in spans if span.field is field], 160)


def _marked(pieces: tuple[Piece, ...]) -> Text:
    words = Text()
    for piece in pieces:
        shown = _printable(piece.text)
        # In a pipe there is no colour, so the mark must also be a character.
        words.append(f"[{shown}]" if piece.marked else shown, "bold reverse" if piece.marked else "")
    return words


def _printable(text: str) -> str:
    """Return a text on one line, without controls and bidi overrides that would change the terminal."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return _GAPS.sub(" ", plain)
