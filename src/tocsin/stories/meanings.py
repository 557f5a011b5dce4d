"""What an article is about, as a short vector in one space for several languages.

The vector of an article is the mean of those of its words, rare words counting most: articles on the same subject lie
close to each other whatever their words and their language. The vectors of words come with the package, made by
scripts/build_meanings.py; nothing is ever downloaded here.

All dimensions are added at once, in integers: the 4 bits of each stand in lanes of 16 (SIMD within a register, Lamport
1975, "Multiple byte processing with full-word instructions").
"""

from __future__ import annotations

import math
import struct
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from operator import mul
from typing import NamedTuple

DIMENSIONS = 64
LEVELS = 16
"""Values of a dimension of a word; nought lies in the middle, between two of them."""

_BYTES = DIMENSIONS // 2
_LANES = DIMENSIONS // 4
_MASK = int.from_bytes(b"\x0f\x00" * _LANES, "little")
_MOST = 0xFFFF // (LEVELS - 1)
"""Sum of weights for which a lane has room."""

_LENGTH = 254
"""Length of an article's vector; a dimension, 8 bits with a sign, hardly ever has half of it."""

_FARTHEST = 127

_SHORTEST = 6
_ENDINGS = (1, 2, 3)
"""Letters that are left off a word of six or more that is not known as it stands: an ending."""


class _Words(NamedTuple):
    """The words of a language: place and weight of each, and 4 bits for each dimension of each."""

    places: Mapping[str, tuple[int, int]]
    vectors: bytes


def meaning(words: Iterable[str], language: str | None) -> bytes:
    """Return the vector of an article with these folded words: a signed byte for each dimension.

    Words that stand twice count twice. Empty where the language has no vectors or none of the words is known.
    """
    known = _words(language) if language else None
    if known is None:
        return b""
    first = second = third = fourth = weights = 0
    for word in words:
        place, weight = _place(word, known.places)
        if weight and weights + weight <= _MOST:
            packed = int.from_bytes(known.vectors[place : place + _BYTES], "little")
            first += weight * (packed & _MASK)
            second += weight * (packed >> 4 & _MASK)
            third += weight * (packed >> 8 & _MASK)
            fourth += weight * (packed >> 12 & _MASK)
            weights += weight
    return _normed((first, second, third, fourth), weights) if weights else b""


def likeness(first: bytes, second: bytes) -> float:
    """Return the cosine of two articles' vectors, -1..1; 0 where one is empty.

    >>> likeness(b"", meaning(["storm"], "en"))
    0.0
    """
    if not first or not second:
        return 0.0
    product: int = sum(map(mul, memoryview(first).cast("b"), memoryview(second).cast("b")))
    # The length is rounded with the dimensions: a vector may be a little longer than 1.
    return max(-1.0, min(1.0, product / _LENGTH**2))


def _place(word: str, places: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    found = places.get(word)
    if found is None and len(word) >= _SHORTEST:
        found = next((places[word[:-cut]] for cut in _ENDINGS if word[:-cut] in places), None)
    return found or (0, 0)


def _normed(sums: tuple[int, ...], weights: int) -> bytes:
    """Return the vector of a sum, its middle moved to nought and its length to `_LENGTH`."""
    lanes = [struct.unpack(f"<{_LANES}H", total.to_bytes(2 * _LANES, "little")) for total in sums]
    middle = (LEVELS - 1) / 2 * weights
    values = [lane[at] - middle for at in range(_LANES) for lane in lanes]
    length = math.sqrt(sum(map(mul, values, values))) or 1.0
    rounded = (round(value / length * _LENGTH) for value in values)
    return bytes(max(-_FARTHEST, min(_FARTHEST, value)) & 0xFF for value in rounded)


@lru_cache(maxsize=32)
def _words(language: str) -> _Words | None:
    source = resources.files("tocsin.stories").joinpath("data/meanings.zip")
    with source.open("rb") as file, zipfile.ZipFile(file) as archive:
        if f"{language}.txt" not in archive.namelist():
            return None
        lines = archive.read(f"{language}.txt").decode().split("\n")
        vectors = archive.read(f"{language}.bin")
    weighted = [(word, int(weight)) for weight, *words in map(str.split, lines) for word in words]
    return _Words({word: (at * _BYTES, weight) for at, (word, weight) in enumerate(weighted)}, vectors)
