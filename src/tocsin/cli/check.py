"""`tocsin check`: whether the watchlist is right, and its watches do what their tests say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.check_offers import Offer, ignore_offers, offer_lines, stored_dismissals
from tocsin.cli.output import fault_lines, print_json
from tocsin.config import LocatedWatchlist, load_settings, read_with_positions
from tocsin.config.spans import every
from tocsin.errors import Fault, WatchlistError
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt
from tocsin.models.watchlist import Watch, Watchlist

EAGER = timedelta(minutes=10)
"""A feed that is asked more often may cost its operator the publisher's patience."""

Explain = Callable[[Document, WatchId], Receipt]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: faults of the file or, where it has none, failed tests of watches, and warnings.

    ``offers`` are tests that readers' feedback suggests; they are no fault of anything.
    """

    path: str
    faults: tuple[Fault, ...] = ()
    failed_tests: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    offers: tuple[Offer, ...] = ()
    summary: str = ""

    @property
    def exit_code(self) -> int:
        """2 for a watchlist that cannot be used, 1 for one whose tests fail, else 0."""
        return 2 if self.faults else 1 if self.failed_tests else 0


def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="The watchlist. By default TOCSIN_WATCHLIST, or ./watchlist.yaml.", show_default=False),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")] = False,
) -> None:
    """Check a watchlist and run its watches' tests.

    Prints each fault as file:line:column and what to do. Ends with 2 for faults, 1 for failing tests, 0 if all is well.
    Articles that readers called not relevant are offered as tests.

    Example: tocsin check watchlist.yaml
    """
    verdict = _verdict(file or load_settings().watchlist)
    if as_json:
        print_json({"ok": verdict.exit_code == 0, **asdict(verdict)})
    else:
        _print(verdict)
    raise typer.Exit(verdict.exit_code)


def failed_tests(located: LocatedWatchlist, explain: Explain) -> tuple[Fault, ...]:
    """Run the tests of all watches; each that fails is told at the place of its sentence, in the order of the file."""
    return tuple(sorted(fault for watch in located.watchlist.watches for fault in _failures(watch, located, explain)))


def _failures(watch: Watch, located: LocatedWatchlist, explain: Explain) -> Iterator[Fault]:
    cases = (("match", watch.tests.match, True), ("ignore", watch.tests.ignore, False))
    for key, sentences, wanted in cases:
        for index, sentence in enumerate(sentences):
            receipt = explain(_document_of(sentence), watch.id)
            if receipt.matched is not wanted:
                place = located.position("watches", watch.id, "tests", key, index)
                told = "must match this sentence but does not" if wanted else "must ignore this sentence but matches"
                message = f"the watch '{watch.id}' {told}: {receipt.reason}"
                yield Fault(str(located.watchlist.path), place.line, place.column, message)


def _document_of(sentence: str) -> Document:
    """Return the text of a test; what stands before its first empty line is the title."""
    from tocsin.text.language import detect_language

    title, gap, text = sentence.partition("\n\n")
    if not gap:
        title, text = "", sentence
    return Document(title, text.strip(), detect_language(title, text))


def risky_names(located: LocatedWatchlist) -> tuple[Fault, ...]:
    """Return a warning for each name that may be taken for another, at its place, in the order of the file."""
    from tocsin.matching.names import risks_of

    return tuple(
        Fault(str(located.watchlist.path), place.line, place.column, risk)
        for watch in located.watchlist.watches
        for index, name in enumerate(watch.names)
        for place in (located.position("watches", watch.id, "names", index),)
        for risk in risks_of(name)
    )


def eager_feeds(located: LocatedWatchlist) -> tuple[Fault, ...]:
    """Return a warning for each feed that is asked more often than publishers put up with, at its place."""
    items = located.plain("feeds")
    return tuple(
        Fault(str(located.watchlist.path), place.line, place.column, words)
        for index, item in enumerate(items if isinstance(items, list) else ())
        if isinstance(item, dict) and "every" in item and every(item["every"]) < EAGER
        for place in (located.position("feeds", index, "every"),)
        for words in (f"every {item['every']}: many publishers block readers that ask this often; 10m is safe",)
    )


def _verdict(path: Path) -> Verdict:
    from tocsin.cli.breadth import broad_watches, stored_documents
    from tocsin.cli.doubtful_regions import doubtful_regions
    from tocsin.cli.parted_subscribers import parted_subscribers
    from tocsin.matching import compile_watchlist, query_check
    from tocsin.regions import load_gazetteer

    gazetteer = load_gazetteer()
    try:
        located = read_with_positions(path, check_region=gazetteer.check, check_queries=query_check(gazetteer.check))
    except WatchlistError as error:
        return Verdict(str(path), faults=error.faults)
    matcher = compile_watchlist(located.watchlist, gazetteer)
    failures = failed_tests(located, matcher.explain)
    dismissed, tags = stored_dismissals([watch.id for watch in located.watchlist.watches])
    return Verdict(
        str(path),
        failed_tests=failures,
        warnings=(
            *located.warnings,
            *eager_feeds(located),
            *risky_names(located),
            *doubtful_regions(located, gazetteer),
            *broad_watches(located, matcher, stored_documents()),
            *parted_subscribers(located),
        ),
        offers=ignore_offers(located, dismissed, matcher.explain, read=_document_of, tags=tags),
        summary=_summary(located.watchlist, len(failures)),
    )


def _print(verdict: Verdict) -> None:
    for fault in (*verdict.faults, *verdict.failed_tests):
        typer.echo(fault_lines(fault), err=True)
    for fault in verdict.warnings:
        typer.echo(fault_lines(replace(fault, message=f"warning: {fault.message}")), err=True)
    if verdict.summary:
        typer.echo(f"{verdict.path}: {verdict.summary}")
    for line in offer_lines(verdict.offers, verdict.path):
        typer.echo(line)


def _summary(watchlist: Watchlist, failed: int) -> str:
    tests = sum(len(watch.tests.match) + len(watch.tests.ignore) for watch in watchlist.watches)
    own = [_count(len(watchlist.regions), "own region")] if watchlist.regions else []
    parts = [
        _count(len(watchlist.feeds), "feed"),
        *own,
        _count(len(watchlist.watches), "watch", "watches"),
        _count(len(watchlist.subscribers), "subscriber"),
    ]
    if tests:
        parts.append(f"{tests - failed} of {_count(tests, 'test')} passed")
    return ", ".join(parts)


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
