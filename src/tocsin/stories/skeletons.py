"""The skeleton of a name: its consonants in nine coarse classes, which are the same in Latin, Cyrillic and Arabic.

What transcription blurs (vowels, sh and ch, k and q, w and v) is left out or thrown together, after the manner of
Soundex, so that equal skeletons are a hint and no more: the longer the better.
"""

from __future__ import annotations

# ruff: noqa: RUF001 - Cyrillic and Arabic letters look like Latin ones
import re
from functools import lru_cache

_LATIN = (
    ("tsch", "S"), ("sch", "S"), ("tch", "S"), ("shch", "S"), ("sh", "S"), ("ch", "S"), ("zh", "S"), ("dj", "S"),
    ("dzh", "S"), ("kh", "K"), ("gh", "K"), ("ck", "K"), ("ph", "F"), ("th", "T"), ("ts", "S"), ("tz", "S"),
    ("cz", "S"), ("sz", "S"), ("qu", "K"), ("x", "KS"), ("ou", ""),
)  # fmt: skip
_GERMAN = (("tsch", "S"), ("sch", "S"), ("ch", "K"), ("ck", "K"), ("ph", "F"), ("th", "T"), ("w", "F"), ("x", "KS"),
           ("j", ""))  # fmt: skip
_SOFT = re.compile("c(?=[eiy])")
_LETTERS = str.maketrans(
    dict(zip("bpfvdtkcqgszjmnlr", "PPFFTTKKKKSSSMNLR", strict=True))
    | dict(zip("бпфвдткгхзсжшщцчмнлр", "PPFFTTKKKSSSSSSSMNLR", strict=True))
    | dict(zip("بپفتطدثذضظككقغخسصزشجمنلرگچژ", "PPFTTTTTTTKKKKKSSSSSMNLRKSS", strict=True))
)
_CONSONANT = frozenset("PFTKSMNLR")
_CYRILLIC_ENDINGS = re.compile("(?:ами|ого|ому|ом|ым|ем|ою|ой)$")
_SHORTEST = 3
"""Consonants without which there is no skeleton."""


@lru_cache(maxsize=1 << 15)
def skeleton(name: str, language: str | None = None) -> str:
    """Return the skeleton of a folded name, empty where too little is left.

    >>> skeleton("medvedev"), skeleton("медведевым", "ru"), skeleton("tchernenko"), skeleton("черненко")
    ('MTFTF', 'MTFTF', 'SRNK', 'SRNK')
    """
    if not name:
        return ""
    if name[0] >= "\u0600":
        name = name.removeprefix("ال")
    elif name[0] >= "\u0400":
        name = _CYRILLIC_ENDINGS.sub("", name)
        name = name.replace("дж", "ж")
    else:
        for letters, sign in _GERMAN if language == "de" else _LATIN:
            if letters in name:
                name = name.replace(letters, sign)
        name = _SOFT.sub("S", name)
    found: list[str] = []
    for sign in name.translate(_LETTERS):
        if sign in _CONSONANT and (not found or found[-1] != sign):
            found.append(sign)
    return "".join(found) if len(found) >= _SHORTEST else ""
