"""Damaged documents through the parser as a scheduler has it: no judge dies, and all that is read is sound."""

from __future__ import annotations

import time
from pathlib import Path

from feed_mutations import mutated
from tocsin.feeds.html_text import LONGEST_TITLE
from tocsin.feeds.parser import Parser
from tocsin.models.feeds import ParsedFeed

URL = "https://wire.example/rss"
SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parent / "hostile").glob("*.[xhj]*"))]
SMALL = [body for body in SEEDS if len(body) < 12_000]


def test_three_hundred_damaged_feeds_harm_nobody() -> None:
    read = 0
    with Parser() as parser:
        for number in range(300):
            start = time.process_time()
            found = parser.parse(mutated(SMALL, number), "", URL)
            assert time.process_time() - start < 5, number
            assert len(parser.judges) <= 1, number
            if not isinstance(found, ParsedFeed):
                assert "it took a feed parser more than" not in found.message, number
                continue
            read += 1
            assert len({entry.key for entry in found.entries}) == len(found.entries)
            for entry in found.entries:
                f"{entry}".encode()
                assert len(entry.title) <= LONGEST_TITLE
                assert entry.url == "" or entry.url.startswith(("http://", "https://"))
    assert read > 100
