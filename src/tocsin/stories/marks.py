"""A signature made ready to be compared: words as stems, names, places, numbers and concepts, each with its weight.

Words and names are hashes of 32 bits here, so that a hundred thousand articles fit in memory: a `Marks` is what a new
article is compared by, a `Kept` the little that is left of it on the shelf.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from tocsin.regions import PlaceKind, load_gazetteer
from tocsin.stories.reading import KICKER, NAME, TITLE
from tocsin.stories.signature import Signature
from tocsin.stories.skeletons import skeleton
from tocsin.stories.stems import stem

_EIGHTHS = 8
_USUAL = 3.0
"""Rarity, in nats, at which a word begins to weigh."""

_IN_TITLE = 1.4
_RARE = 8.0
"""Rarity from which a word passes for a name where nothing is written with capitals."""

_LONG_SKELETON = 4
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Marks:
    """What a new article is compared by. Weights of words and names are nats above the usual, by their hashes.

    ``length`` is the norm of the words' weights, ``title_weight`` the sum of the title's and ``title_square`` that of
    their squares. ``bones`` are skeletons of names. ``fine`` are cities and provinces,
    by their hashes; ``countries`` have weights up to 1. ``numbers`` are values with what they count, "" if unknown.
    """

    signature: Signature
    words: Mapping[int, float]
    titled: Mapping[int, float]
    length: float
    title_weight: float
    title_square: float
    names: Mapping[int, float]
    bones: Mapping[int, float]
    fine: frozenset[int]
    countries: Mapping[str, float]
    numbers: Mapping[str, str]
    concepts: Mapping[int, float]
    concept_length: float


@dataclass(slots=True)
class Kept:
    """What is left of an article on the shelf. ``words`` are the title's first, ``titled`` of them; ``weights`` are
    tenths of a nat.
    """

    at: int
    language: str
    outlet: int
    url: int
    title: int
    frame: int
    kicker: int
    words: array[int]
    weights: bytes
    titled: int
    length: float
    names: array[int]
    name_weights: bytes
    bones: array[int]
    fine: array[int]
    countries: tuple[str, ...]
    numbers: tuple[str, ...]
    concepts: bytes
    days: tuple[int, ...]
    sketch: bytes
    meaning: bytes


def marks_of(signature: Signature, *, without_kicker: bool = False) -> Marks:
    """Return the marks of a signature; the words of its kicker say nothing where the outlet has it day by day."""
    language = signature.language
    words: dict[int, float] = {}
    titled: dict[int, float] = {}
    names: dict[int, float] = {}
    bones: dict[int, float] = {}
    for word, eighths, mark in zip(signature.words, signature.weights, signature.marks, strict=True):
        if without_kicker and mark & KICKER:
            continue
        rare = eighths / _EIGHTHS
        weight = rare - _USUAL
        root, name, skeletal, firmness = _hashes(word, language)
        if mark & NAME or rare >= _RARE:
            names[name] = weight
            if skeletal:
                bones[skeletal] = weight * firmness
        if mark & TITLE:
            weight *= _IN_TITLE
            titled[root] = weight
        if weight > words.get(root, 0.0):
            words[root] = weight
    fine, countries = _placed(signature.places)
    numbers: dict[str, str] = {}
    for number in signature.numbers:
        value, _, unit = number.partition(" ")
        if unit or value not in numbers:
            numbers[value] = unit
    found = signature.concepts
    concepts = {found[at]: math.sqrt(found[at + 1]) for at in range(0, len(found), 2)}
    return Marks(
        signature, words, titled, norm(words), sum(titled.values()), square(titled), names, bones, fine, countries,
        numbers, concepts, norm(concepts),
    )  # fmt: skip


def norm(weights: Mapping[int, float]) -> float:
    """Return the Euclidean norm of weights."""
    return math.sqrt(square(weights))


def square(weights: Mapping[int, float]) -> float:
    """Return the sum of the squares of weights."""
    return sum([weight * weight for weight in weights.values()])


def kept_of(marks: Marks) -> Kept:
    """Return what is left of an article on the shelf."""
    signature = marks.signature
    words = [*marks.titled, *(word for word in marks.words if word not in marks.titled)]
    return Kept(
        at=signature.at,
        language=signature.language,
        outlet=signature.outlet,
        url=signature.url,
        title=signature.title,
        frame=signature.frame,
        kicker=signature.kicker,
        words=array("I", words),
        weights=bytes([min(255, round(_TENTHS * marks.words[word])) for word in words]),
        titled=len(marks.titled),
        length=marks.length,
        names=array("I", marks.names),
        name_weights=bytes([min(255, round(_TENTHS * weight)) for weight in marks.names.values()]),
        bones=array("I", marks.bones),
        fine=array("I", sorted(marks.fine)),
        countries=tuple(marks.countries),
        numbers=signature.numbers,
        concepts=signature.concepts,
        days=signature.days,
        sketch=signature.sketch,
        meaning=signature.meaning,
    )


@lru_cache(maxsize=1 << 16)
def _hashes(word: str, language: str) -> tuple[int, int, int, float]:
    """Return the hashes of a word's stem, of itself and of its skeleton, 0 without one, and how firm a hint that is."""
    bones = skeleton(word, language)
    long = len(bones) >= _LONG_SKELETON
    return hashed(stem(word, language)), hashed(word), hashed(bones) if long else 0, min(1.0, (len(bones) - 2) / 4)


def hashed(text: str) -> int:
    """Return 32 bits of a text: two of an article's few words hardly ever have the same."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def _placed(places: tuple[str, ...]) -> tuple[frozenset[int], dict[str, float]]:
    fine: set[int] = set()
    countries: dict[str, float] = {}
    for place in places:
        finer, country = _levels(place)
        fine |= finer
        if country:
            countries[country] = 1.0
    return frozenset(fine), countries


@lru_cache(maxsize=1 << 14)
def _levels(place_id: str) -> tuple[frozenset[int], str]:
    """Return a place's city and province, as far as it has them, and its country."""
    place = load_gazetteer().place(place_id)
    if place is None:
        return frozenset(), ""
    if place.kind is PlaceKind.COUNTRY:
        return frozenset(), place.id
    if place.kind is PlaceKind.AREA:
        return frozenset(), place.country
    return frozenset(hashed(one) for one in (place.id, place.province) if one), place.country
