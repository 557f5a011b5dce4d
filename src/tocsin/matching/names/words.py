"""Common words of twenty languages, which a family of a name should not run into, and their usual accents.

The packaged lists are made by scripts/build_words.py from wordfreq (CC BY-SA 4.0).
"""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from importlib import resources


def languages_with(folded: str) -> tuple[str, ...]:
    """Return the languages (BCP 47 primary subtags) in which a folded word is a common one, mostly none."""
    return _languages_by_word("words").get(folded, ())


def languages_usual(accented: str) -> tuple[str, ...]:
    """Return the languages that write a common word mostly so, with accents: small letters, composed."""
    return _languages_by_word("accented").get(accented, ())


@lru_cache(maxsize=2)
def _languages_by_word(name: str) -> dict[str, tuple[str, ...]]:
    packed = resources.files("tocsin.matching.names").joinpath(f"data/{name}.json.gz").read_bytes()
    found: dict[str, tuple[str, ...]] = {}
    for language, words in json.loads(gzip.decompress(packed)).items():
        for word in words.split():
            found[word] = (*found.get(word, ()), language)
    return found
