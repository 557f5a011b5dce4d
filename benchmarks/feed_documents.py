"""Finds the documents of a corpus of feeds, for the benchmarks of the parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

_SUFFIXES = frozenset({"", ".xml", ".rss", ".atom", ".rdf"})


def documents(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    """Read all files under ``paths`` that may be feeds by their suffix (or have none), in the order of their names."""
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.suffix in _SUFFIXES:
                yield file, file.read_bytes()


def made_up(count: int) -> list[bytes]:
    """Write RSS of 30 entries with three paragraphs of HTML each."""
    paragraph = (
        "&lt;p&gt;Rain &amp;amp; wind over &lt;b&gt;Zürich&lt;/b&gt;, said the &lt;a href='/x'&gt;office&lt;/a&gt;. "
    )
    items = "".join(
        f"<item><title>Story {number}</title><link>https://site.example/{number}</link>"
        f"<pubDate>Tue, 05 Sep 2017 14:00:00 +0200</pubDate><description>{paragraph * 12}</description></item>"
        for number in range(30)
    )
    titles = (f"<title>Feed {number}</title>" for number in range(count))
    return [f"<rss version='2.0'><channel>{title}{items}</channel></rss>".encode() for title in titles]
