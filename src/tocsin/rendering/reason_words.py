"""Why an article met a watch, in the reader's language: rows keep the sentence in English, and what it is made of."""

from __future__ import annotations

from collections import Counter

from tocsin.models.receipts import MAX_HITS, Clause, Receipt, RegionEvidence
from tocsin.rendering.clean import one_line, shortened
from tocsin.rendering.locales import ENGLISH, Locale

REASON_LIMIT = 300
_TERM_LIMIT = 60
_NAMED_TERMS = 4
"""Terms named in one sentence; the rest are counted. So it is in `tocsin.matching.wording`."""


def reason_words(receipt: Receipt, *, locale: Locale = ENGLISH) -> str:
    """Say in a sentence why an article met a watch; in English, as the row has it.

    A value that a query asks for, such as a language, stands in the English sentence alone.
    """
    if locale.code == "en":
        return one_line(receipt.reason, REASON_LIMIT)
    return shortened(_sentence(receipt, locale), REASON_LIMIT)


def _sentence(receipt: Receipt, locale: Locale) -> str:
    terms = _terms(receipt, locale)
    regions = locale.listed([_region(one, locale) for one in receipt.regions])
    if not regions:
        return locale.text("It has %(terms)s.", terms=terms) if terms else locale.text("It meets what the watch asks.")
    if all(map(_is_mentioned, receipt.regions)):
        if not terms:
            return locale.text("It mentions %(regions)s.", regions=regions)
        return locale.text("It has %(terms)s and mentions %(regions)s.", terms=terms, regions=regions)
    if not terms:
        return locale.text("It is about %(regions)s.", regions=regions)
    return locale.text("It has %(terms)s and is about %(regions)s.", terms=terms, regions=regions)


def _region(region: RegionEvidence, locale: Locale) -> str:
    return one_line(locale.place_name(region.place, region.region), _TERM_LIMIT)


def _is_mentioned(region: RegionEvidence) -> bool:
    """Tell whether the watch asked no more of a region than to be named; see `tocsin.matching.surroundings`."""
    return region.reason.endswith(" is mentioned")


def _terms(receipt: Receipt, locale: Locale) -> str:
    times = Counter(hit.term for hit in receipt.hits if hit.clause is not Clause.NONE)
    words = [_term(term, number, locale) for term, number in times.items()]
    if len(words) > _NAMED_TERMS:
        more = len(words) - _NAMED_TERMS + 1
        words = [*words[: _NAMED_TERMS - 1], locale.counted("%(num)s more term", "%(num)s more terms", more)]
    return locale.listed(words)


def _term(term: str, number: int, locale: Locale) -> str:
    said = locale.quoted(one_line(term, _TERM_LIMIT))
    if number == 1:
        return said
    if number >= MAX_HITS:
        return locale.text("%(term)s (at least %(num)s times)", term=said, num=locale.number(MAX_HITS))
    return locale.counted("%(term)s (%(num)s time)", "%(term)s (%(num)s times)", number, term=said)
