"""`tocsin watch`: trying watches on texts, before they go to work."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from tocsin.config import load_settings, read_watchlist
from tocsin.errors import WatchlistError
from tocsin.matching import Matcher, compile_watchlist, receipt_lines
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt, TextField
from tocsin.models.watchlist import Watchlist
from tocsin.text.language import detect_language
from tocsin.text.snippet import Piece, snippet

watch_app = typer.Typer(no_args_is_help=True, help="Try watches on texts.")

_GAPS = re.compile(r"\s+")
_BAD_INPUT = 2
_NOTHING_MATCHED = 1


class InputError(Exception):
    """Input that cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to try the watches on; ``id`` names it in the output."""

    id: str
    document: Document


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
        Path | None, typer.Option(help="JSON lines with id, title, text and, if known, lang. - is standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line a verdict, for programs.")] = False,
) -> None:
    """Try watches on a text, a file, or an archive of JSON lines.

    Prints a verdict for each watch and text, also why one did not match. Ends with 0 if anything matched, 1 if
    nothing did, 2 for input that cannot be read.

    Example: tocsin watch test --watch islamic-state "IS controls large parts of the province."
    """
    try:
        chosen = read_chosen(watchlist or load_settings().watchlist, watch)
        matched = _print_verdicts(chosen, samples(text, file, jsonl), as_json=as_json)
    except (InputError, WatchlistError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_BAD_INPUT) from error
    raise typer.Exit(0 if matched else _NOTHING_MATCHED)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The watches to try, in the watchlist's order, and the matcher that knows them."""

    matcher: Matcher
    watches: tuple[WatchId, ...]


def read_chosen(path: Path, watch: str | None) -> Chosen:
    """Read a watchlist and choose one watch of it, or all; raises `WatchlistError` or `InputError`."""
    from tocsin.regions import load_gazetteer

    gazetteer = load_gazetteer()
    watchlist = read_watchlist(path, check_region=gazetteer.check)
    return Chosen(compile_watchlist(watchlist, gazetteer), _chosen(watchlist, watch))


def _chosen(watchlist: Watchlist, watch: str | None) -> tuple[WatchId, ...]:
    known = tuple(one.id for one in watchlist.watches)
    if watch is None:
        return known
    if watch not in known:
        raise InputError(f"{watchlist.path}: there is no watch {watch!r}; it has {', '.join(known)}")
    return (WatchId(watch),)


def samples(text: str | None, file: Path | None, jsonl: Path | None) -> Iterator[Sample]:
    """Yield the texts of the one source that was given; raises `InputError` for none, several, or a faulty one."""
    given = [source for source in (text, file, jsonl) if source is not None]
    if len(given) != 1:
        raise InputError("give one of: a text, --file FILE, --jsonl FILE")
    if text is not None:
        return iter((Sample("text", Document("", text, detect_language("", text))),))
    if file is not None:
        return iter((_from_text(file),))
    return _from_json_lines(jsonl or Path("-"))


def _from_text(path: Path) -> Sample:
    title, _, body = _read(path).partition("\n")
    return Sample(path.name, Document(title.strip(), body.strip(), detect_language(title, body)))


def _from_json_lines(path: Path) -> Iterator[Sample]:
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if line.strip():
            yield _sample(line, f"{path}:{number}", number)


def _sample(line: str, place: str, number: int) -> Sample:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not a JSON object on one line ({error})") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise InputError(f'{place}: needs an object with a "text", such as {{"id": "1", "title": "", "text": ""}}')
    title, lang = record.get("title") or "", record.get("lang")
    if not isinstance(title, str) or not isinstance(lang, str | None):
        raise InputError(f'{place}: "title" and "lang" must be strings')
    language = lang or detect_language(title, record["text"])
    return Sample(str(record.get("id", number)), Document(title, record["text"], language))


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; check the name and the permissions") from error


def _print_verdicts(chosen: Chosen, given: Iterator[Sample], *, as_json: bool) -> bool:
    """Print a verdict a watch and sample; return whether any matched."""
    console = Console(highlight=False, soft_wrap=True)
    matched = False
    for sample in given:
        for watch in chosen.watches:
            receipt = chosen.matcher.explain(sample.document, watch)
            matched |= receipt.matched
            if as_json:
                # Escaped, so that a lone surrogate in the input can be printed.
                typer.echo(json.dumps(verdict(sample, receipt)))
            else:
                console.print(_in_words(sample, receipt))
    return matched


def verdict(sample: Sample, receipt: Receipt) -> dict[str, Any]:
    """Return a verdict as a record for programs: the id of the text and the whole receipt."""
    return {"id": sample.id, **asdict(receipt)}


def _in_words(sample: Sample, receipt: Receipt) -> Text:
    words = Text()
    style = "bold green" if receipt.matched else "yellow"
    words.append("matched " if receipt.matched else "missed  ", style)
    words.append(f"{receipt.watch}", "bold").append(f"  {_printable(sample.id)}\n")
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
