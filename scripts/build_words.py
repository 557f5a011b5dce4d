"""Builds words.json.gz and accented.json.gz in src/tocsin/matching/names/data; the same packages give the same bytes.

Run it where `wordfreq` is installed::

    uv run --isolated --with wordfreq==3.1.1 --with-editable . python scripts/build_words.py

Source: the word frequencies of wordfreq (Robyn Speer), CC BY-SA 4.0. What is written, the commonest words of each
language without proper names, and the accents that they are mostly written with, is an adaptation of it and stands
under the same licence.
"""

# ruff: noqa: RUF001 - Cyrillic letters look like Latin ones

from __future__ import annotations

import argparse
import gzip
import json
import unicodedata
from collections import Counter
from pathlib import Path

import wordfreq  # type: ignore[import-not-found]  # only where this script runs, see above

from tocsin.matching.accents import spelled
from tocsin.matching.names.places import places_named
from tocsin.text.fold import fold_term

_TARGET = Path(__file__).parent.parent / "src/tocsin/matching/names/data"

_LATIN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "tr", "sv", "fi", "hu", "ro", "id")
_OTHERS = ("ru", "uk", "ar", "fa", "he")

_INFLECTING = frozenset(("pl", "cs", "ru", "uk"))
_SHORTEST_STEM = 4
# Rough, and enough to find the names that Cyrillic lists share with Latin ones.
_TO_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіє", "abvgdeziiklmnoprstufyeie", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ь": "", "ъ": ""}
)

_WORDS = 4_000
"""Of each language; rarer words are hardly met with a capital where a name could stand."""

_LOOKED_AT = 20_000
_ALWAYS = 1_500
_EVERYWHERE = 8
"""A word that so many languages share is a name (Hussein, Obama) or harmless (hotel), unless it is very common."""


_CLEARLY = 0.5
"""Orders of magnitude by which an accented spelling must be the commoner one: María and Maria in Spanish."""

_ACCENTED_LOOKED_AT = 60_000


def accented_of(language: str, common: set[str]) -> list[str]:
    """Return the accented spellings, in small letters and composed, that are clearly commoner than without accents."""
    found = set()
    for word in wordfreq.top_n_list(language, _ACCENTED_LOOKED_AT):
        folded = fold_term(word)
        spelling = unicodedata.normalize("NFC", spelled(word).casefold())
        if folded in common and not spelling.isascii() and spelling.isalpha():
            more = wordfreq.zipf_frequency(word, language) - wordfreq.zipf_frequency(folded, language)
            found |= {spelling} if more >= _CLEARLY else set()
    return sorted(found)


def words_of(language: str, most: int) -> list[str]:
    """Return the commonest words of a language, folded, each once: one word each, of letters alone."""
    folded = (fold_term(word) for word in wordfreq.top_n_list(language, most))
    return [word for word in dict.fromkeys(folded) if len(word) > 1 and word.isalpha()]


def stems(word: str, language: str) -> list[str]:
    """Return a word in Latin letters and, where names take case endings, without what may be one."""
    latin = word.translate(_TO_LATIN)
    if language not in _INFLECTING:
        return [latin]
    return [latin, *(latin[:-cut] for cut in (1, 2, 3) if len(latin) - cut >= _SHORTEST_STEM)]


def is_name(word: str, rank: int, language: str, shared: Counter[str]) -> bool:
    """Whether a word of a frequency list is rather a proper name than a word."""
    place = places_named(word)
    if place is not None and not place.weak and rank >= _ALWAYS // 5:
        return True
    always = _ALWAYS if language in _LATIN else _ALWAYS // 5
    return rank >= always and any(shared[stem] >= _EVERYWHERE for stem in stems(word, language))


def build() -> dict[str, str]:
    """Return the words of each language, sorted, parted by spaces."""
    shared = Counter(word for language in _LATIN for word in words_of(language, _LOOKED_AT))
    return {
        language: " ".join(
            sorted(
                word
                for rank, word in enumerate(words_of(language, _WORDS))
                if not is_name(word, rank, language, shared)
            )
        )
        for language in (*_LATIN, *_OTHERS)
    }


def write(target: Path, document: dict[str, str]) -> None:
    """Write a list of words of each language."""
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)
    count = sum(len(words.split()) for words in document.values())
    print(f"{target}: {count} words in {len(document)} languages, {target.stat().st_size} bytes")


def main() -> None:
    """Build and write the lists."""
    parser = argparse.ArgumentParser(description="Build the lists of common words and of their accents.")
    parser.add_argument("--target", type=Path, default=_TARGET, help="the folder of both")
    target = parser.parse_args().target
    words = build()
    write(target / "words.json.gz", words)
    accented = {language: " ".join(accented_of(language, set(words[language].split()))) for language in _LATIN}
    write(target / "accented.json.gz", accented)


if __name__ == "__main__":
    main()
