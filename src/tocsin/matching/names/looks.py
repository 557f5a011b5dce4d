"""What a Latin name looks like, Arab or Slavic, which decides the rules that its family is made by.

The guess rests on three things: cues that hardly any other name has (the article al-, bin, -sky, -enko), how often its
groups of letters stand in Arab and in Slavic names of places, and the country of a place of that name. The weights are
made by scripts/build_name_looks.py.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources

from tocsin.matching.names.places import places_named
from tocsin.regions import PlaceKind

ARABIC = "arabic"
SLAVIC = "slavic"

COUNTRIES = {
    ARABIC: (
        "AE", "AF", "BH", "DJ", "DZ", "EG", "EH", "IQ", "IR", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PK",
        "PS", "QA", "SA", "SD", "SO", "SY", "TN", "YE",
    ),
    SLAVIC: ("BA", "BG", "BY", "CZ", "HR", "ME", "MK", "PL", "RS", "RU", "SI", "SK", "UA"),
}  # fmt: skip
"""ISO 3166-1 codes of the countries whose names are of that look; Persian and Urdu are transcribed much as Arabic."""

_ENOUGH, _SURE = 2.5, 6.0
_PLACE = 6.0
_STRANGE_PLACE = -6.0
_EIGHTH = 8
_ARTICLE_WEIGHT = 5.0
_LAST_WORD_ALONE = 1.5

# What no statistics of places can know, with its weight; looked for in the folded name between spaces.
_CUE_WEIGHTS = {
    ARABIC: {
        r" (?:bin|ibn|bint|abu|abou|abd|abd[aeu]l|umm) \w": 5.0,
        r"(?:allah|ullah|ollah|oullah?|eddin[e]?|uddin|iddin|addin) ": 4.0,
        r"q(?!u)": 2.0,
        r"ou(?:[bdfhklmnrstwz]|[dkst]h)[iy] ": 3.5,
        r"a[fw]i ": 1.5,
        r"aoui ": 3.5,
        r"[dgkt]hi ": 1.0,
        r" (?:al|el) \w": 1.0,
        r"kh": 1.5,
        # The diminutive: Hussein, Obaid, Suleiman.
        r" [^aeiou ]h?[uo]([^aeiou ])\1?(?:ay|ei|ai)[^aeiou ]": 3.5,
    },
    SLAVIC: {
        r"[^ ]{3}sk(?:y|yy|yi|iy|ii|ij|yj|aya|aia|aja) ": 3.5,
        r"[^ ]{2}(?:[oe]v|enko|chuk|tschuk|ovych|evych|ovi[ct]h?|evi[ct]h?|owicz|grad|gorod) ": 3.0,
        r"[^ ]{2}[oe]v(?:a|na|ich|itch|itsch) ": 2.0,
        r"shch|schtsch|chtch|szcz|yiv": 3.0,
        r"[^ ](?:di|[oe])m[iy]r |[^ ]sla[vw]a? ": 3.5,
        r"[oe]zh": 3.0,
        r"kh": 1.0,
    },
}
_CUES = {look: tuple((re.compile(cue), weight) for cue, weight in cues.items()) for look, cues in _CUE_WEIGHTS.items()}

_ARTICLE = re.compile(r"\b(?:[ae][lnrstdz]|[ae]sh|ul)-\w", re.IGNORECASE)
"""With its hyphen the article is Arabic; without one it may be Spanish (El Paso) or a man (Al Gore)."""


def groups_of(word: str) -> Iterator[str]:
    """Yield the groups of two and three letters of a word; its ends are letters too."""
    bounded = f"^{word}$"
    for length in (2, 3):
        for start in range(len(bounded) - length + 1):
            yield bounded[start : start + length]


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, int]]:
    packed = resources.files("tocsin.matching.names").joinpath("data/looks.json.gz").read_bytes()
    weights: dict[str, dict[str, int]] = json.loads(gzip.decompress(packed))
    return weights


def looks_of(written: str, words: Sequence[str]) -> dict[str, bool]:
    """Return the looks, none or more, of a Latin name as written and as its folded words, and whether each is sure.

    >>> looks_of("Bashar al-Assad", ["bashar", "al", "assad"]), looks_of("John Smith", ["john", "smith"])
    ({'arabic': True}, {})
    """
    scores = {look: _score(look, written, words) for look in (ARABIC, SLAVIC)}
    places = {look for look in scores if len(words) == 1 and is_place_of(look, words[0])}
    return {look: score >= _SURE for look, score in scores.items() if score >= _ENOUGH or look in places}


def is_place_of(look: str, folded: str) -> bool:
    """Whether the largest city of a name is in a country of a look.

    >>> is_place_of(SLAVIC, "kharkiv"), is_place_of(SLAVIC, "berlin")
    (True, False)
    """
    return _of_place(look, folded) > 0


def is_strange(folded: str) -> bool:
    """Whether a name is that of a well-known place whose country has neither look."""
    return _of_place(ARABIC, folded) < 0 and _of_place(SLAVIC, folded) < 0


def _score(look: str, written: str, words: Sequence[str]) -> float:
    """Return what speaks for a look in the name as a whole, or, a little less, in its last word alone."""
    whole = _score_of_words(look, words) + _of_place(look, " ".join(words))
    if look == ARABIC and _ARTICLE.search(written):
        whole += _ARTICLE_WEIGHT
    return max(whole, _score_of_words(look, words[-1:]) - _LAST_WORD_ALONE) if len(words) > 1 else whole


def _score_of_words(look: str, words: Sequence[str]) -> float:
    bounded = f" {' '.join(words)} "
    weights = _weights()[look]
    score = sum(weights.get(group, 0) for word in words if len(word) > 1 for group in groups_of(word)) / _EIGHTH
    return score + sum(weight for cue, weight in _CUES[look] if cue.search(bounded))


def _of_place(look: str, folded: str) -> float:
    """Return what the country of the largest city that bears the name says; a strange one says less of a weak name."""
    name = places_named(folded)
    if name is None or name.places[0].kind is PlaceKind.COUNTRY:
        # What English calls a country is mostly no transcript: Egypt, Jordan, Lebanon.
        return 0.0
    if name.places[0].country in COUNTRIES[look]:
        return _PLACE
    return 0.0 if name.weak else _STRANGE_PLACE
