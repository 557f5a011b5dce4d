"""How rare a word is in the news of its language, by tables that come with the package.

The stream's own counts say little while an archive is small; these hold from the first article on. The tables are made
by scripts/build_frequencies.py from wordfreq (CC BY-SA 4.0).
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

STEPS = 4
"""Steps to a nat in which rarity is kept."""

RAREST = 11.0
"""Rarity, in nats, of the words that a table does not have: their mean, by occurrence, in ten languages."""

_STEEPNESS, _OFFSET, _LEAST = 3.0, -1.8, 1.0
"""Rarity by length where the language has no table, fitted to 22 languages that have: within 0.4 nats from 2 to 16."""

_SHARED = {"no": "nb", "nn": "nb", "hr": "sh", "bs": "sh", "sr": "sh", "tl": "fil"}
"""Languages whose table stands under another subtag: wordfreq's own."""


def rarity(word: str, language: str | None) -> float:
    """Return how surprising a folded word is in a title and summary: -ln of the share of articles that have it.

    About 0 for "the", 3 for "people", 8 for "siege"; never above `RAREST`. Without a table of the language, a BCP 47
    primary subtag, long words pass for rarer ones.

    >>> rarity("the", "en") < rarity("people", "en") < rarity("siege", "en") < rarity("qamishli", "en")
    True
    """
    table = rarities(language)
    return table.get(word, RAREST) if table else by_length(word)


def by_length(word: str) -> float:
    """Return the rarity of a word that nothing but its length is known of."""
    return min(RAREST, max(_LEAST, _STEEPNESS * math.log2(max(len(word), 1)) + _OFFSET))


def rarities(language: str | None) -> Mapping[str, float]:
    """Return the table of a language, rarity in nats by folded word, loaded at the first call; empty if there is none.

    Scripts without spaces have single signs and pairs of them.
    """
    return _table(_SHARED.get(language, language)) if language else {}


@lru_cache(maxsize=64)
def _table(language: str) -> dict[str, float]:
    source = resources.files("tocsin.stories").joinpath("data/frequencies.zip")
    with source.open("rb") as file, zipfile.ZipFile(file) as archive:
        if language not in archive.namelist():
            return {}
        lines = archive.read(language).decode().split("\n")
    found: dict[str, float] = {}
    for line in lines:
        band, *words = line.split(" ")
        found |= dict.fromkeys(words, int(band) / STEPS)
    return found
