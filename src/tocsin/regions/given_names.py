"""Given names of many languages, folded; scripts/build_given_names.py writes the file."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from tocsin.regions.word_sets import words

_ALSO_OTHER_WORDS = words(
    "north south east west saint king will may august the her his lord sir city dean san santa mount upper"
)


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return the names, read at the first call."""
    text = resources.files("tocsin.regions").joinpath("data/given_names.txt").read_text(encoding="utf-8")
    return frozenset(text.split()) - _ALSO_OTHER_WORDS
