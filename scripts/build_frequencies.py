"""Builds src/tocsin/stories/data/frequencies.zip; the same package gives the same bytes.

Run it where `wordfreq` is installed::

    uv run --isolated --with wordfreq==3.1.1 --with-editable . python scripts/build_frequencies.py

Source: the word frequencies of wordfreq (Robyn Speer), CC BY-SA 4.0. What is written, how rare the commonest words of
each language are in a short article, is an adaptation of it and stands under the same licence.
"""

from __future__ import annotations

import argparse
import math
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import wordfreq  # type: ignore[import-not-found]  # only where this script runs, see above

from tocsin.stories.frequencies import STEPS
from tocsin.text.fold import fold_term
from tocsin.text.patterns import is_unspaced

_TARGET = Path(__file__).parent.parent / "src/tocsin/stories/data/frequencies.zip"

_MANY = 20_000
_FEW = 7_000
"""Words of a language; what is rarer hardly differs: nine words in ten of an article are among the first 7,000."""

_LARGE = frozenset(("ar", "de", "en", "es", "fa", "fr", "he", "it", "nl", "pl", "pt", "ru", "tr", "uk"))
_SIGNS = frozenset(("ja", "zh"))

_ARTICLE = 40
"""Words of a title and a summary."""

# The alphabets of Serbian correspond letter by letter; digraphs first (Vuk Karadžić's reform).
_DIGRAPHS = (("dž", "џ"), ("lj", "љ"), ("nj", "њ"))
_LETTERS = str.maketrans("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш")


def in_cyrillic(word: str) -> str:
    """Return a Serbian word of Latin letters in Cyrillic ones."""
    for latin, cyrillic in _DIGRAPHS:
        word = word.replace(latin, cyrillic)
    return word.translate(_LETTERS)


def spellings(language: str, words: Mapping[str, float]) -> dict[str, float]:
    """Return the words and their frequencies with those of a second alphabet."""
    both = dict(words)
    if language == "sh":
        both |= {in_cyrillic(word): share for word, share in words.items()}
    return both


def tokens(word: str, language: str) -> Iterable[str]:
    """Yield the words as stories have them: folded, of letters; in scripts without spaces, single and paired signs."""
    for token in fold_term(word).split():
        if not any(map(str.isalpha, token)) or any(map(str.isdigit, token)):
            continue
        if language in _SIGNS and all(map(is_unspaced, token)):
            yield from token
            yield from (token[at : at + 2] for at in range(len(token) - 1))
        else:
            yield token


def band_of(share: float) -> int:
    """Return the rarity, in steps, of a word that is such a share of all words."""
    return round(-math.log(-math.expm1(-_ARTICLE * share)) * STEPS)


def table_of(language: str) -> dict[str, int]:
    """Return the steps of rarity of the commonest words of a language."""
    shares: defaultdict[str, float] = defaultdict(float)
    for word, share in spellings(language, wordfreq.get_frequency_dict(language, "best")).items():
        for token in set(tokens(word, language)):
            shares[token] += share
    most = _MANY if language in _LARGE else _FEW
    ranked = sorted(shares.items(), key=lambda counted: (-counted[1], counted[0]))
    return {word: band_of(share) for word, share in ranked[:most]}


def written(table: Mapping[str, int]) -> bytes:
    """Return a table as text: a line for each step of rarity, its words in order behind it."""
    bands = defaultdict(list)
    for word, band in table.items():
        bands[band].append(word)
    return "\n".join(f"{band} {' '.join(sorted(words))}" for band, words in sorted(bands.items())).encode()


def main() -> None:
    """Build and write the tables."""
    parser = argparse.ArgumentParser(description="Build the tables of how rare words are.")
    parser.add_argument("--target", type=Path, default=_TARGET)
    target = parser.parse_args().target
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        for language in sorted(wordfreq.available_languages("best")):
            archive.writestr(zipfile.ZipInfo(language), written(table_of(language)), zipfile.ZIP_LZMA)
    print(f"{target}: {len(zipfile.ZipFile(target).namelist())} languages, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
