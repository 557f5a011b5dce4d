"""Citation forms of declined names: "Пакистане" -> "пакистан", "Bruselem" -> "brusel", by the endings of a language.

Works on folded words when an article is read: the forms of a hundred thousand names in thirty languages are too many to
be made beforehand. A form found may be no word at all: what the gazetteer does not have is no name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tocsin.regions.declension_tables import SPOKEN_IN, TABLES

_SHORTEST_STEM = 2
_SHORTEST_WORD = 4
"""Letters of a declined word in scripts of letters; three in scripts of syllables."""
_SHORTEST_OF_SYLLABLES = 3
_SYLLABLES = frozenset(("ko", "bn"))


@dataclass(frozen=True, slots=True)
class Rules:
    """How a language declines: the citation endings of each ending, in how many letters, in words how long.

    ``home`` are the ISO 3166-1 codes of the countries whose small towns are named in it as well. ``cased`` tells that
    its names begin with capitals.
    """

    citations: Mapping[str, tuple[str, ...]]
    longest: int
    shortest: int
    home: frozenset[str]
    cased: bool


@lru_cache(maxsize=len(TABLES))
def _rules(language: str) -> Rules:
    found: dict[str, dict[str, None]] = {}
    for line in filter(None, TABLES[language].splitlines()):
        citation, _, declined = line.replace("_", "").partition(": ") if line[0] != "_" else ("", "", line[2:])
        for ending in declined.split(" "):
            found.setdefault(ending, {})[citation] = None
    citations = {ending: tuple(others) for ending, others in found.items()}
    of_syllables = language in _SYLLABLES
    shortest = _SHORTEST_OF_SYLLABLES if of_syllables else _SHORTEST_WORD
    home = frozenset(SPOKEN_IN[language].split())
    return Rules(citations, max(map(len, citations)), shortest, home, cased=not of_syllables)


def rules_of(language: str | None) -> Rules | None:
    """Return the rules of a language (BCP 47 primary subtag), None for one that puts no endings to names."""
    return _rules(language) if language in TABLES else None


def citation_forms(word: str, rules: Rules) -> Iterator[str]:
    """Yield what a folded word may be the declined form of, by the longest ending first; not the word itself.

    >>> "brusel" in citation_forms("bruselem", rules_of("cs")), "варшава" in citation_forms("варшаву", rules_of("ru"))
    (True, True)
    """
    if len(word) < rules.shortest:
        return
    for length in range(min(rules.longest, len(word) - _SHORTEST_STEM), -1, -1):
        stem = word[: len(word) - length]
        for citation in rules.citations.get(word[len(stem) :], ()):
            if stem + citation != word:
                yield stem + citation
