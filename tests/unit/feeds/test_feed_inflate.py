from __future__ import annotations

import gzip
import resource
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest

from tocsin.feeds.inflate import BadCodingError, TooBigError, decoded

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CONTENT = b"<rss/>" * 1000
WHOLE = {
    "gzip": gzip.compress(CONTENT, mtime=0),
    "x-gzip": gzip.compress(CONTENT[:300], mtime=0) + gzip.compress(CONTENT[300:], mtime=0),
    "deflate": zlib.compress(CONTENT),
    "br": brotli.compress(CONTENT),
    "zstd": zstd.compress(CONTENT),
    "identity": CONTENT,
    "": CONTENT,
    "gzip, br": brotli.compress(gzip.compress(CONTENT, mtime=0)),
    " GZIP , identity": gzip.compress(CONTENT, mtime=0),
}


@pytest.mark.parametrize("coding", WHOLE)
def test_every_coding_that_is_asked_for_is_undone(coding: str) -> None:
    assert decoded(WHOLE[coding], coding, 10_000) == CONTENT


def test_raw_deflate_is_understood_too() -> None:
    assert decoded(zlib.compress(CONTENT)[2:-4], "deflate", 10_000) == CONTENT


def test_frames_of_zstd_may_follow_each_other() -> None:
    assert decoded(zstd.compress(CONTENT[:300]) + zstd.compress(CONTENT[300:]), "zstd", 10_000) == CONTENT


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_what_follows_the_last_part_is_dropped(coding: str) -> None:
    assert decoded(WHOLE[coding] + b"trailing junk", coding, 10_000) == CONTENT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("kept", [0, 1, 8, -3])
def test_a_body_that_is_cut_off_is_no_content(coding: str, kept: int) -> None:
    with pytest.raises(BadCodingError, match=r"cut off|damaged"):
        decoded(WHOLE[coding][:kept], coding, 10_000)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_damaged_body_is_no_content(coding: str) -> None:
    with pytest.raises(BadCodingError):
        decoded(b"\xff" + WHOLE[coding][1:] + b"\xff", coding, 10_000)


@pytest.mark.parametrize(
    ("coding", "words"),
    [
        ("compress", "'compress'; only gzip, br, zstd, deflate"),
        ("gzip, gzip, gzip, gzip", "4 times over"),
        ("", "gzip file"),
    ],
)
def test_other_codings_are_told(coding: str, words: str) -> None:
    with pytest.raises(BadCodingError, match=words):
        decoded(WHOLE["gzip"], coding, 10_000)


def packed(coding: str, size: int) -> bytes:
    pack: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": lambda body: brotli.compress(body, quality=4),
        "zstd": zstd.compress,
    }
    return pack[coding](bytes(size))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_noticed_before_it_is_in_memory(coding: str) -> None:
    bomb = packed(coding, 50_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    try:
        with pytest.raises(TooBigError):
            decoded(bomb, coding, 100_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_content_of_just_the_cap_is_taken_and_one_byte_more_is_not(coding: str) -> None:
    body = WHOLE[coding]
    assert decoded(body, coding, len(CONTENT)) == CONTENT
    with pytest.raises(TooBigError):
        decoded(body, coding, len(CONTENT) - 1)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_of_many_tiny_parts_costs_no_time(coding: str) -> None:
    part = gzip.compress(b"", mtime=0) if coding == "gzip" else zstd.compress(b"")
    with pytest.raises(BadCodingError, match="more than 100 parts"):
        decoded(part * 100_000, coding, 10_000)


def test_a_frame_that_wants_a_window_of_gigabytes_is_refused() -> None:
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    squeezer = zstd.ZstdCompressor(options=options)
    frame = squeezer.compress(bytes(1000)) + squeezer.flush()
    with pytest.raises(BadCodingError, match="damaged"):
        decoded(frame, "zstd", 10_000)
