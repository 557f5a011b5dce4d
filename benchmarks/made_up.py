"""Made-up news and made-up boolean watches for benchmarks: the sizes and frequencies of real ones, the words of none.

Words follow Zipf's law, the commoner the shorter; one word in eight is a name. Watches have the shapes that media
monitors use, six terms each, a quarter of them names that the news do hold.
"""

from __future__ import annotations

# ruff: noqa: PLR2004 - the shares of a made-up world
import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch, Watchlist

_ONSETS = ("b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pr", "r", "s", "st",
           "t", "tr", "v", "w", "z")  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "ea", "ou", "ai")
_CODAS = ("", "", "", "n", "r", "s", "l", "t", "nd", "rk", "m")
_QUOTES = (("“", "”"), ("'", "'"))
_WORDS, _NAMES, _PEOPLE = 40_000, 60_000, 8_000
_MEDIAN_LENGTH = 450


@dataclass(frozen=True, slots=True)
class Rule:
    """A watch as its clauses: each a tuple of terms any of which must be there; ``unwanted`` must not."""

    clauses: tuple[tuple[str, ...], ...]
    unwanted: tuple[str, ...]
    query: str


class MadeUp:
    """A world of words and names from one seed."""

    def __init__(self, seed: int = 7) -> None:
        self.rng = random.Random(seed)
        self.words = sorted({self._word() for _ in range(2 * _WORDS)}, key=lambda word: (len(word), word))[:_WORDS]
        # Commoner words are shorter, but not strictly so.
        self.words.sort(key=lambda word: len(word) + self.rng.random() * 4)
        self.people = [(self._word(2).title(), self._word(2 + self.rng.randrange(2)).title()) for _ in range(_PEOPLE)]
        self.names = [self._name() for _ in range(_NAMES)]
        self._word_weights = _zipf(len(self.words))
        self._name_weights = _zipf(len(self.names), 0.6)

    def _word(self, syllables: int = 0) -> str:
        rng = self.rng
        count = syllables or rng.choices((1, 2, 3, 4), (3, 8, 6, 2))[0]
        return "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(count))

    def _name(self) -> str:
        rng = self.rng
        kind = rng.random()
        if kind < 0.4:
            return self._word(2 + rng.randrange(2)).title()
        if kind < 0.8:
            return " ".join(rng.choice(self.people))
        return f"{self._word(2).title()} {self._word(2).title()} {self._word(2).title()}"

    def _drawn(self, what: list[str], weights: list[float]) -> str:
        return what[bisect(weights, self.rng.random() * weights[-1])]

    def article(self) -> Document:
        """Return an article of 450 words (median), with a title."""
        rng = self.rng
        length = max(300, min(936, int(rng.lognormvariate(0, 0.25) * _MEDIAN_LENGTH)))
        opening, closing = rng.choice(_QUOTES)
        pieces: list[str] = []
        words = 0
        while words < length:
            sentence = self._sentence(8 + rng.randrange(18))
            if rng.random() < 0.15:
                sentence = f"{opening}{sentence}{closing}"
            words += sentence.count(" ") + 1
            pieces.append(sentence + rng.choice((" ", " ", " ", "\n\n")))
        return Document(self._sentence(8)[:-1], "".join(pieces), "en")

    def _sentence(self, length: int) -> str:
        rng = self.rng
        words = [
            self._drawn(self.names, self._name_weights)
            if rng.random() < 0.12
            else self._drawn(self.words, self._word_weights) + ("," if rng.random() < 0.06 else "")
            for _ in range(length)
        ]
        return f"{words[0][:1].upper()}{' '.join(words)[1:]}."

    def term(self) -> str:
        """Return a term: a quarter are names from the news, the rest places, people and firms that may be there."""
        kind = self.rng.random()
        if kind < 0.25:
            return self._drawn(self.names, self._name_weights)
        if kind < 0.55:
            return self._word(2 + self.rng.randrange(2)).title()
        if kind < 0.85:
            return f"{self.rng.choice(self.people)[0]} {self._word(2).title()}"
        return f"{self._word(2).title()} {self._word(2).title()}"

    def pool(self, rules: int) -> list[str]:
        """Return the terms that so many watches are made of, each used by five or so: desks watch the same things."""
        wanted = rules
        found: dict[str, None] = {}
        while len(found) < wanted:
            found[self.term()] = None
        return list(found)

    def rules(self, count: int) -> list[Rule]:
        """Return watches over a pool of terms."""
        pool = self.pool(count)
        return [self._rule(pool) for _ in range(count)]

    def _rule(self, pool: list[str]) -> Rule:
        """Return a watch of one of the six shapes."""
        kind = self.rng.random()
        any_of = [self._terms(pool), self._terms(pool), self._terms(pool)]
        if kind < 0.15:
            return _rule([any_of[0] + any_of[1]])
        if kind < 0.50:
            return _rule(any_of[:2])
        if kind < 0.80:
            return _rule(any_of[:2], any_of[2])
        if kind < 0.90:
            return _rule(any_of[:2], before="title:")
        if kind < 0.96:
            return self._sloppy(pool)
        prefix = self.rng.choice(self.words[2000:])[:5].ljust(5, "a")
        return Rule(((prefix,), any_of[0]), (), f"{prefix}* AND ({_ored(any_of[0])})")

    def _sloppy(self, pool: list[str]) -> Rule:
        one, other = (self.rng.choice(pool).split()[-1] for _ in range(2))
        return Rule(((one,), (other,)), (), f'"{one} {other}"~5')

    def _terms(self, pool: list[str]) -> tuple[str, ...]:
        return tuple(self.rng.choice(pool) for _ in range(self.rng.choice((2, 3, 3, 4))))

    def watchlist(self, rules: list[Rule]) -> Watchlist:
        """Return rules as a watchlist in English."""
        watches = tuple(Watch(WatchId(f"w{at}"), "", query=rule.query) for at, rule in enumerate(rules))
        return Watchlist(Path("bench"), "", "bench", ("en",), (), watches, (), ())


def _rule(clauses: list[tuple[str, ...]], unwanted: tuple[str, ...] = (), before: str = "") -> Rule:
    query = before + " AND ".join(f"({_ored(clause)})" for clause in clauses)
    if unwanted:
        query += f" AND NOT ({_ored(unwanted)})"
    return Rule(tuple(clauses), unwanted, query)


def _ored(terms: tuple[str, ...]) -> str:
    return " OR ".join(f'"{term}"' if " " in term else term for term in terms)


def _zipf(count: int, exponent: float = 1.0) -> list[float]:
    return [*accumulate((rank + 2.7) ** -exponent for rank in range(count))]
