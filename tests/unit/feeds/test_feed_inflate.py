from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from tocsin.feeds.inflate import TooBigError, decoder

CONTENT = b"<rss/>" * 1000


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(CONTENT[:300], mtime=0) + gzip.compress(CONTENT[300:], mtime=0)),
        ("deflate", zlib.compress(CONTENT)),
        ("deflate", zlib.compress(CONTENT)[2:-4]),
        ("", CONTENT),
    ],
)
def test_a_body_may_come_byte_by_byte(coding: str, body: bytes) -> None:
    content = decoder(coding, 10_000)
    for at in range(len(body)):
        content.feed(body[at : at + 1])
    assert content.finish() == CONTENT


def test_a_bomb_is_noticed_before_it_is_in_memory() -> None:
    bomb = gzip.compress(bytes(50_000_000), mtime=0)
    tracemalloc.start()
    try:
        with pytest.raises(TooBigError):
            decoder("gzip", 100_000).feed(bomb)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
