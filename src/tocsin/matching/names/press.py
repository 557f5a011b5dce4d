"""How German and French papers write a single foreign name whose look is not known: Shoigu, Schoigu, Choïgou.

One spelling a language, with all its sounds written in that manner. Works on folded words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.matching.names.spelling import Spelling

_SHORTEST = 5
_COST = 60

_WESTERN = re.compile("ck|ph|th|gh|qu|oo|ee|[wx]|ll|nn|tt")
"""Letters of names that French and German papers leave as they are."""

_LONE_U = r"(?<![aeiouq])u(?![aeiouy])"
_GERMAN = ((r"shch", "schtsch"), (r"(?<![cs])sh|zh", "sch"), (r"kh", "ch"), (r"(?<![aeiou])y(?=[aeou])", "j"))
_FRENCH = ((r"(?<!c)sh", "ch"), (_LONE_U, "ou"), (r"(?<=[^aeiou])in$", "ine"))

GERMAN = "sch, ch and j of German papers"
FRENCH = "ou, ch and -ine of French papers"


def spellings(word: str) -> Iterator[Spelling]:
    """Yield the spellings of a folded word, none of one that looks Western.

    French ones need a u that becomes ou, for Martin is not Martine.

    >>> [one.form for one in spellings("shoigu")], [one.form for one in spellings("martin")]
    (['schoigu', 'choigou'], [])
    """
    if len(word) < _SHORTEST or _WESTERN.search(word):
        return
    german = _written(word, _GERMAN)
    if german != word:
        yield Spelling(_COST, german, (GERMAN,))
    if re.search(_LONE_U, word):
        yield Spelling(_COST, _written(word, _FRENCH), (FRENCH,))


def _written(word: str, manner: tuple[tuple[str, str], ...]) -> str:
    for sound, letters in manner:
        word = re.sub(sound, letters, word)
    return word
