"""Spellings of names of places that no source lists, by the rules that make the families of a watch's names.

Sources list "Deir ez-Zor" and "Al Hudaydah"; newspapers also write "Deir el-Zour" and "Hodeidah".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.matching.names import arabic, slavic
from tocsin.matching.names.spelling import Spelling, combine
from tocsin.text.fold import fold_term

ARAB = frozenset(
    ("AE", "BH", "DJ", "DZ", "EG", "EH", "IQ", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA", "SD",
     "SO", "SS", "SY", "TN", "YE", "TD", "ER")
)  # fmt: skip
SLAVIC = frozenset(("BA", "BG", "BY", "KG", "KZ", "ME", "MK", "RS", "RU", "TJ", "TM", "UA", "UZ"))
"""Countries whose names are transcribed from Cyrillic."""

_STEPS = ((200_000, 90), (50_000, 40), (0, 10))
"""Spellings of a place's name by its inhabitants: what is large is written about in more papers."""


def spellings(folded: str, country: str, population: int) -> Iterator[str]:
    """Yield the folded spellings of a folded Latin name, the likeliest first; none where there are no rules.

    >>> {"deir el zour", "deir ezzor"} <= set(spellings("deir ez zor", "SY", 270_000))
    True
    """
    most = next(count for least, count in _STEPS if population >= least)
    words = folded.split()
    if country in ARAB:
        # A word of the name may have an article that the source leaves out; "Hudaydah" alone is read as well.
        yield from _written(arabic.spellings(words, sure=True, is_place=True), most)
    elif country in SLAVIC:
        yield from _written(slavic.spellings(words), most)


def _written(parts: Sequence[Sequence[Spelling]], most: int) -> Iterator[str]:
    for one in combine(parts, ["", *[" "] * (len(parts) - 1)], most):
        yield fold_term(one.form)
