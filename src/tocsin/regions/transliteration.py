"""The Latin spellings of Arab names that newspapers use, made from those a source knows.

Sources list "Deir ez-Zor" and "Dayr az-Zawr"; newspapers also write "Deir el-Zour", "Deir Ezzor", "Deir al-Sur".
Works on folded names; used when the gazetteer is built, not when a text is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

ARAB_WORLD = frozenset(
    ("AE", "BH", "DJ", "DZ", "EG", "EH", "IQ", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA", "SD",
     "SO", "SS", "SY", "TN", "YE")
)  # fmt: skip

_MAX_SPELLINGS = 120
"""Of one name; the rules multiply."""

_SUN_LETTERS = ("th", "dh", "sh", "t", "d", "r", "z", "s", "n", "l")
"""Consonants that the article takes on (al-Zor is spoken az-Zor), in Latin letters, longest first."""

_ARTICLES = frozenset(
    ("al", "el", "il", "ul", "ad", "ed", "ar", "er", "ur", "as", "es", "us", "ash", "esh", "ush", "at", "et", "ath",
     "eth", "adh", "edh", "az", "ez", "uz", "an", "en")
)  # fmt: skip

_VOWELS = (
    ("awr", ("awr", "our", "or", "ur")), ("our", ("our", "or", "ur")), ("ou", ("ou", "u", "o")),
    ("zor", ("zor", "zour", "zur", "zawr")), ("sor", ("sor", "sour", "sur")), ("zur", ("zur", "zour", "zor")),
    ("ayr", ("ayr", "eir")), ("eir", ("eir", "ayr", "er")), ("ay", ("ay", "ei")), ("oo", ("oo", "u", "ou")),
)  # fmt: skip


def spellings(name: str) -> Iterator[str]:
    """Yield the spellings of a folded name, itself among them; at most a hundred or so.

    >>> {"deir el zour", "deir ezzor", "deir al sur"} <= set(spellings("deir ez zor"))
    True
    """
    words = name.split()
    choices: list[tuple[str, ...]] = []
    after_article = False
    for word in words:
        if word in _ARTICLES and word is not words[-1]:
            after_article = True
            continue
        choices.append(tuple(_with_article(word) if after_article else _variants(word)))
        after_article = False
    for count, combination in enumerate(product(*choices)):
        if count >= _MAX_SPELLINGS:
            return
        yield " ".join(combination)


def _with_article(word: str) -> Iterator[str]:
    """Yield a word with each form of the article before it, apart and, where it is assimilated, grown together."""
    sun = next((letters for letters in _SUN_LETTERS if word.startswith(letters)), None)
    for variant in _variants(word):
        for vowel in "ae":
            yield f"{vowel}l {variant}"
            if sun:
                yield f"{vowel}{sun} {variant}"
        if sun and len(sun) == 1:
            yield f"e{sun}{variant}"
            yield f"a{sun}{variant}"
    # German papers write the voiced s as s: Deir al-Sur.
    if word.startswith("z"):
        for variant in _variants("s" + word[1:]):
            yield f"al {variant}"
            yield f"es {variant}"


def _variants(word: str) -> list[str]:
    forms = [word]
    for written, others in _VOWELS:
        if written in word:
            forms = [word.replace(written, other, 1) for other in others]
            break
    if "q" in word:
        forms += [form.replace("q", "k") for form in forms]
    if word.endswith("ah"):
        forms += [form[:-1] for form in forms]
    return list(dict.fromkeys(forms))
