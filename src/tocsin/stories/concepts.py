"""What an article tells of, as concepts that are the same in every language: death, flood, election, match.

The words for them stand in data/concepts.txt, whose head says where they are from.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from tocsin.text.fold import fold_term

_SHORTEST_TAIL = 4
"""Letters of the last part of a compound that is looked up: Erd-rutsch, not E-is."""

_COMPOUNDING = frozenset(("de", "nl", "sv", "da", "no", "nb", "fi"))
_LIKE = {"uk": "ru", "be": "ru", "bg": "ru", "ca": "es", "gl": "pt", "fa": "ar"}
"""Languages that share many of these words with one that has them."""


class _Lexicon(NamedTuple):
    whole: dict[str, tuple[int, ...]]
    beginnings: dict[str, tuple[int, ...]]
    shortest: int


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the names of the concepts; the index of each stands for it."""
    return tuple(_paragraphs())


@lru_cache(maxsize=1 << 15)
def concepts_of(word: str, language: str | None) -> tuple[int, ...]:
    """Return the concepts that a folded word of a language speaks of, mostly none.

    >>> [names()[at] for at in concepts_of("uberschwemmung", "de")]
    ['flood']
    """
    lexicon = _lexicons().get(_LIKE.get(language or "", language or ""))
    if lexicon is None:
        return ()
    found = _looked_up(word, lexicon)
    if language in _COMPOUNDING:
        tails = (_looked_up(word[at:], lexicon) for at in range(2, len(word) - _SHORTEST_TAIL + 1))
        found = tuple(dict.fromkeys((*found, *next(filter(None, tails), ()))))
    return found


def _looked_up(word: str, lexicon: _Lexicon) -> tuple[int, ...]:
    if word in lexicon.whole:
        return lexicon.whole[word]
    for length in range(len(word), lexicon.shortest - 1, -1):
        if word[:length] in lexicon.beginnings:
            return lexicon.beginnings[word[:length]]
    bare = (
        word.removeprefix("ال").removeprefix("وال").removeprefix("بال").removeprefix("لل") if word > "\u0600" else word
    )
    return _looked_up(bare, lexicon) if bare != word else ()


@lru_cache(maxsize=1)
def _lexicons() -> dict[str, _Lexicon]:
    whole: dict[str, dict[str, tuple[int, ...]]] = {}
    beginnings: dict[str, dict[str, tuple[int, ...]]] = {}
    for at, lines in enumerate(_paragraphs().values()):
        for language, *words in map(str.split, lines):
            for word in words:
                table = (beginnings if word.endswith("-") else whole).setdefault(language, {})
                key = fold_term(word.removesuffix("-")).replace(" ", "")
                if at not in table.get(key, ()):
                    table[key] = (*table.get(key, ()), at)
    return {
        language: _Lexicon(whole.get(language, {}), table, min(map(len, table)))
        for language, table in beginnings.items()
    }


@lru_cache(maxsize=1)
def _paragraphs() -> dict[str, list[str]]:
    """Return the lines of each concept, by its name."""
    text = resources.files("tocsin.stories").joinpath("data/concepts.txt").read_text("utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("#")]
    paragraphs = [paragraph.split("\n") for paragraph in "\n".join(lines).strip().split("\n\n")]
    return {name: words for name, *words in paragraphs}
