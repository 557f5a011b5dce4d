"""Why some articles are one story, as a phrase. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from tocsin.models.stories import EvidenceKind, Join, Placement
from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import ENGLISH, Locale

WORDS_NAMED = 3
WORD_LIMIT = 40

_WEIGHED = 50
"""So many of the commonest words are compared with each other."""

_DIGITS = 3
"""A number of fewer digits tells a reader nothing by itself."""

_TELLING = (EvidenceKind.PLACES, EvidenceKind.NAMES, EvidenceKind.NUMBERS, EvidenceKind.WORDS)
"""In the order in which they tell most."""


def because(placements: Sequence[Placement], locale: Locale = ENGLISH) -> str:
    """Give "“Deir ez-Zor”, “Brigade 137” and “93,000” in common; 2 near copies"; "" where nothing is known.

    The words are those that most of the articles were joined by.
    """
    joins = Counter(placement.join for placement in placements)
    words = [locale.text("“%(word)s”", word=word) for word in _commonest(placements)]
    parts = [locale.text("%(words)s in common", words=locale.listed(words))] if words else []
    if copies := joins[Join.NEAR_COPY]:
        parts.append(locale.count("near copy", copies))
    if foreign := joins[Join.OTHER_LANGUAGE]:
        parts.append(locale.counted("%(num)s in another language", "%(num)s in other languages", foreign))
    if by_hand := joins[Join.BY_HAND]:
        parts.append(
            locale.counted(
                "%(num)s article put here by the operator", "%(num)s articles put here by the operator", by_hand
            )
        )
    return locale.clauses(parts)


def _commonest(placements: Iterable[Placement]) -> list[str]:
    """Give the words that speak most often for one story, each once, however it is capitalised, and none that is part
    of another one.
    """
    times: Counter[str] = Counter()
    first: dict[str, tuple[int, str]] = {}
    for kind, word in _words(placements):
        key = word.casefold()
        times[key] += 1
        first[key] = min(first.get(key, (kind, word)), (kind, word), key=lambda known: known[0])
    ranked = sorted(times, key=lambda key: (-times[key], first[key][0], key))[:_WEIGHED]
    whole = (key for key in ranked if not any(key in other for other in ranked if other != key))
    return [first[key][1] for key in islice(whole, WORDS_NAMED)]


def _words(placements: Iterable[Placement]) -> Iterator[tuple[int, str]]:
    """Give the words that speak for one story, each with the turn of its kind."""
    for placement in placements:
        for evidence in placement.evidence:
            if evidence.weight > 0 and evidence.kind in _TELLING:
                shown = (one_line(word, WORD_LIMIT) for word in evidence.words)
                yield from ((_TELLING.index(evidence.kind), word) for word in shown if _tells(word))


def _tells(word: str) -> bool:
    return len(word) >= _DIGITS if word.isnumeric() else bool(word)
