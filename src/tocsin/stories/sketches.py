"""A sketch of a text by which near copies are known: the least hashes of its shingles of three words.

Bottom-k sketches (Cohen and Kaplan 2007), after Broder's resemblance (1997): of two texts the least hashes of both
together are a fair sample of all their shingles.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from zlib import crc32

_FEWEST = 8
"""Shingles below which a text has no sketch: short ones are alike by chance."""

_SIZE = 16
_MOST = 250
_LEAST = struct.Struct(f"<{_SIZE}I")
_NOTHING = 0xFFFFFFFF


def sketch_of(words: Sequence[str]) -> bytes:
    """Return the sketch of a text's words, 16 numbers of 32 bits, ascending; none if they are too few."""
    shingles = {
        crc32(" ".join(shingle).encode("utf-8", "surrogatepass"))
        for shingle in zip(words[:_MOST], words[1:_MOST], words[2:_MOST], strict=False)
    }
    if len(shingles) < _FEWEST:
        return b""
    least = sorted(shingles)[:_SIZE]
    return _LEAST.pack(*least, *[_NOTHING] * (_SIZE - len(least)))


def resemblance(one: bytes, other: bytes) -> float:
    """Return the estimated share (0..1) of shingles that two texts have in common; 0 where one has no sketch."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    a, b = set(_LEAST.unpack(one)), set(_LEAST.unpack(other))
    if a.isdisjoint(b):
        return 0.0
    sample = sorted(a | b)[:_SIZE]
    return sum(shingle in a and shingle in b for shingle in sample) / _SIZE
