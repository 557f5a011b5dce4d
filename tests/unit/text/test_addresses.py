from __future__ import annotations

import pytest

from tocsin.text.addresses import without_addresses


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("see https://example.org/paris-2024/ now", "see now"),
        ("(https://example.org/paris). Rome", "( Rome"),
        ("at www.paris.example and WWW", "at and WWW"),
        ("on bbc.example/news/paris today", "on today"),
        ("mail paris@news.example or @paris", "mail or @paris"),
        ("https://ru.example/wiki/Париж и", "и"),
        ("記事https://a.example/xの東京", "記事の東京"),
        ("Amazon.com fell", "Amazon.com fell"),
        ("U.S./Russia talks, and/or more", "U.S./Russia talks, and/or more"),
        ("ftp://a.example magnet:?x", "magnet:?x"),
    ],
)
def test_an_address_is_no_text(text: str, kept: str) -> None:
    masked = without_addresses(text)
    assert len(masked) == len(text)
    assert masked.replace("\0", "").split() == kept.split()
