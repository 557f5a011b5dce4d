"""`tocsin feeds test`: what Tocsin sees of a feed, and how it would poll it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.config import load_settings
from tocsin.models.feeds import Entry, Fetched, NotModified

if TYPE_CHECKING:
    from tocsin.feeds.probe import Probe

BROKEN = 1
SHOWN = 3
"""Entries that are shown, the newest first."""


def try_feed(
    url: Annotated[str, typer.Argument(help="The address of a feed.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Read a feed once and say what Tocsin sees: format, entries, rhythm, caching manners and what is odd.

    Asks twice, a second apart, to see whether the server says "not modified". Nothing is stored. Ends with 1 if the
    feed cannot be read.

    Example: tocsin feeds test https://feeds.bbci.co.uk/news/world/rss.xml
    """
    from tocsin.cli.asking import address, ask, complain_of
    from tocsin.cli.output import print_json
    from tocsin.feeds.probe import probe, remarks
    from tocsin.models.feeds import Problem

    feed, settings, now = address(url), load_settings(), datetime.now(UTC)
    shortest = timedelta(minutes=settings.poll_minutes)
    seen = ask(settings, lambda fetcher, parse: probe(fetcher, feed, now, shortest=shortest, parse=parse))
    if isinstance(seen, Problem):
        if as_json:
            print_json({"url": feed, "problem": seen.message, "kind": seen.kind})
        else:
            complain_of(seen, url)
        raise typer.Exit(BROKEN)
    odd = remarks(seen, now)
    if as_json:
        print_json(seen_record(seen, odd))
    else:
        for line in seen_lines(seen, odd):
            typer.echo(line)


def seen_record(probe: Probe, odd: tuple[str, ...]) -> dict[str, Any]:
    """Give what was seen, for programs; spans of time in seconds."""
    fetched, parsed, dates = probe.fetched, probe.parsed, probe.dates
    polling, hints = probe.feed.polling, parsed.hints
    return {
        "url": probe.feed.url,
        "served_from": fetched.url,
        "moved_to": fetched.moved_to,
        "format": parsed.format,
        "title": parsed.title,
        "language": parsed.language,
        "bytes": len(fetched.body),
        "entries": len(parsed.entries),
        "oldest_at": dates[0] if dates else None,
        "newest_at": dates[1] if dates else None,
        "per_day": round(polling.rhythm.per_day, 2) if polling.rhythm and dates else None,
        "interval": _seconds(probe.feed.interval),
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "answers_304": isinstance(probe.again, NotModified) if probe.again else None,
        "max_age": fetched.max_age,
        "ttl": _seconds(hints.ttl),
        "update_every": _seconds(hints.update_every),
        "skip_hours": list(hints.skip_hours),
        "skip_days": list(hints.skip_days),
        "hub": polling.hub.hub if polling.hub else None,
        "remarks": list(odd),
        "newest": [
            {"title": entry.title, "url": entry.url, "published_at": entry.published_at, "characters": len(entry.text)}
            for entry in _newest(probe)
        ],
    }


def seen_lines(probe: Probe, odd: tuple[str, ...]) -> Iterator[str]:
    """Yield what was seen, for people."""
    from tocsin.rendering.clean import one_line

    for name, words in _facts(probe):
        if words:
            yield f"{name:<12}{one_line(words)}"
    for remark in odd:
        yield f"{'look':<12}{one_line(remark)}"
    for entry in _newest(probe):
        yield f"{'entry':<12}{_entry_line(entry)}"


def _facts(probe: Probe) -> Iterator[tuple[str, str]]:
    from tocsin.cli.output import short_time

    fetched, parsed = probe.fetched, probe.parsed
    yield "address", probe.feed.url
    yield "served from", fetched.url if fetched.url != probe.feed.url else ""
    yield "format", f"{parsed.format or 'unknown'}, {len(fetched.body):,} bytes"
    yield "title", parsed.title
    yield "language", parsed.language or "not said"
    span = f", {short_time(probe.dates[0])} to {short_time(probe.dates[1])}" if probe.dates else ", without dates"
    yield "entries", f"{len(parsed.entries)}{span}"
    yield "rhythm", _rhythm(probe)
    yield "caching", _caching(probe)
    yield "wishes", _wishes(probe)
    hub = probe.feed.polling.hub
    yield "hub", hub.hub if hub else ""


def _rhythm(probe: Probe) -> str:
    from tocsin.rendering.times import rough_length

    rhythm = probe.feed.polling.rhythm
    # Without a date there is nothing to tell a rate by: a feed is asked by what is usual.
    rate = f"about {_rate(rhythm.per_day)} entries a day; " if rhythm and probe.dates else ""
    return f"{rate}would be asked every {rough_length(probe.feed.interval)}" if probe.feed.interval else rate


def _rate(per_day: float) -> str:
    """Write a rate: 1,440 and 25, but 0.14.

    >>> [_rate(number) for number in (1440.2, 25.2, 3.14, 0.143)]
    ['1,440', '25', '3.1', '0.14']
    """
    return f"{per_day:,.0f}" if per_day >= 10 else f"{per_day:.2g}"  # noqa: PLR2004 - two digits


def _caching(probe: Probe) -> str:
    fetched = probe.fetched
    sent = [name for name, value in (("ETag", fetched.etag), ("Last-Modified", fetched.last_modified)) if value]
    match probe.again:
        case NotModified():
            manner = "an unchanged feed costs a 304"
        case Fetched(body=body) if body != fetched.body:
            manner = "it changed between two requests"
        case Fetched():
            manner = "no 304"
        case _:
            manner = ""
    return "; ".join(part for part in (" and ".join(sent) or "no validators", manner) if part)


def _wishes(probe: Probe) -> str:
    """Say how slow the publisher wants readers to be."""
    from tocsin.rendering.times import rough_length

    hints, max_age = probe.parsed.hints, probe.fetched.max_age
    spans = {
        "max-age": timedelta(seconds=max_age) if max_age else None,
        "ttl": hints.ttl,
        "sy:updatePeriod": hints.update_every,
    }
    said = [f"{name} {rough_length(span)}" for name, span in spans.items() if span]
    said += [f"skips {len(hints.skip_hours)} hours of the day"] if hints.skip_hours else []
    said += [f"skips {len(hints.skip_days)} days of the week"] if hints.skip_days else []
    return ", ".join(said)


def _newest(probe: Probe) -> list[Entry]:
    begin = datetime.min.replace(tzinfo=UTC)
    return sorted(probe.parsed.entries, key=lambda entry: entry.published_at or begin, reverse=True)[:SHOWN]


def _entry_line(entry: Entry) -> str:
    from tocsin.cli.output import short_time
    from tocsin.rendering.clean import one_line

    return f"{short_time(entry.published_at)}  {one_line(entry.title) or one_line(entry.url)}"


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())
