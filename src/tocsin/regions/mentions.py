"""Which of the gazetteer's names found in a text stand for places: judged by capitals, by neighbours, by language.

Takes sightings (name and range) of one article; returns those that are written as names, each with what stands
around it. Which place a name means is `tocsin.regions.resolution`'s business.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from tocsin.models.receipts import Span
from tocsin.regions.cues import GENERIC, Cue, belongs_to_a_place, cue_of, is_language
from tocsin.regions.given_names import given_names
from tocsin.regions.passage import Passage, Style
from tocsin.regions.places import Bearer, Name, PlaceKind, Role
from tocsin.regions.sight import Candidate, Sight, Sighting
from tocsin.regions.things import is_thing
from tocsin.regions.weights import RESOLUTION
from tocsin.text.capitals import is_acronym, is_shouted
from tocsin.text.fold import fold_term
from tocsin.text.spans import lead_back

_SHORT = 3
"""Letters up to which a Latin name is an abbreviation (US, UAE) and must stand in capitals."""

_REACH = 48
"""Characters of the scan text on each side that neighbours are looked for in."""

_KNOWN_CITY, _KNOWN_PROVINCE = 2_000_000, 5_000_000
"""Inhabitants of a city or province that is meant rather than whoever bears it as a given name: Berlin, Sydney."""

_LARGE = 300_000
"""Inhabitants of a city that needs no support in a text without capitals."""

_ARTICLE = re.compile(r"(?:[Aae][ltdnrszh]|[ae]sh|[Tt]he|[Ll]a|[Ll]e|[Ll]es|[Ee]l)[-\s’']")  # noqa: RUF001 - an apostrophe
_APOSTROPHES = ("'", "’")  # noqa: RUF001 - an apostrophe
_ARTICLE_WITH_GAP = re.compile(r"(?:al|el|ad|as|ash|at|az|the|la|le|les) ")
_NAME_AND_COMMA = re.compile(r"[^\W\d_a-zà-ÿ][\w'’.-]*, \Z")  # noqa: RUF001 - an apostrophe
_NO_WORDS, _NO_ENGLISH_WORDS = frozenset(("uk", "uae")), frozenset(("eu", "usa", "drc"))
_COMPANY_BEFORE = re.compile(r"\b(?:(?:uk|uae|eu)(?: and |, | & |/|-)|the )\Z")
_COMPANY_AFTER = re.compile(r"(?: and |, | & |/)(?:the )?(?:uk|uae|eu)\b|-[a-z]")
"""What stands beside "US" where capitals tell no country from a pronoun."""


Candidates = dict[int, Candidate | None]
"""What names are in one language, by the identity of the name; to be kept as long as their gazetteer."""


def recognise(
    sightings: Sequence[Sighting], passage: Passage, language: str | None, candidates: Candidates | None = None
) -> list[Sight]:
    """Return those sightings that are written as names, in reading order; of overlapping names the longest.

    The sightings come by their start, the longest first. Those in page furniture are left out. ``candidates`` remembers
    names from text to text.
    """
    candidates = {} if candidates is None else candidates
    found: list[Sight] = []
    folded = passage.folded
    start_of, text = folded.start_of, folded.text
    capitals = passage.style is Style.MIXED
    done = 0
    for name, start, end in sightings:
        if start < done:
            continue
        known = id(name)
        if known in candidates:
            candidate = candidates[known]
        else:
            candidate = candidates[known] = candidate_of(name, language)
        if candidate is None:
            continue
        first = start_of(start)
        if capitals and candidate.capital and text[first].islower():
            continue
        sight = _sight((start, end, first), candidate, passage, language)
        if sight:
            found.append(sight)
            done = end
    return found


def candidate_of(name: Name, language: str | None) -> Candidate | None:
    """Return a name as it counts in a language, None where it does not."""
    bearers = name.bearers
    if any(one.languages for one in bearers):
        bearers = tuple(one for one in bearers if not one.languages or language in one.languages)
    if len(name.folded) <= _SHORT:
        # Man is a city and the short form of Manitoba, which is written "Man." and met behind a comma only.
        bearers = tuple(one for one in bearers if fold_term(one.place.name) == name.folded) or bearers
    if not bearers or not any(map(str.isalpha, name.folded)):
        return None
    capital = bearers[0].role is not Role.DEMONYM and not _ARTICLE_WITH_GAP.match(name.folded)
    priors = tuple(map(_prior, bearers))
    by_country: dict[str, float] = {}
    for bearer, prior in zip(bearers, priors, strict=True):
        by_country[bearer.place.country] = max(by_country.get(bearer.place.country, 0.0), prior)
    abbreviated = len(name.folded) <= _SHORT and fold_term(bearers[0].place.name) != name.folded
    weak, word = _is_weak(name, bearers, language), language in name.weak_in
    return Candidate(name, bearers, weak, word, capital, abbreviated, priors, by_country)


def _prior(bearer: Bearer) -> float:
    """Return how often a name means this bearer, as a weight: the population, a country's far above a city's."""
    return float(10 ** (RESOLUTION.population * _size(bearer)))


def _size(bearer: Bearer) -> float:
    place = bearer.place
    logarithm = math.log10(max(place.population, 1_000))
    if bearer.role is not Role.NAME or place.kind is PlaceKind.COUNTRY:
        return max(logarithm, RESOLUTION.smallest_country)
    if place.kind is PlaceKind.CITY:
        return logarithm
    return max(logarithm, RESOLUTION.smallest_province)


def _sight(at: tuple[int, int, int], candidate: Candidate, passage: Passage, language: str | None) -> Sight | None:
    """Return a name at a range of the scan text that begins at an offset of the text, if it is written as one."""
    start, end, first = at
    scan, text = passage.folded.scan, passage.folded.text
    last = first + end - start
    written = text[first:last]
    if written.lower() == scan[start:end] and text[last : last + 1] <= "~":
        # As mostly: the name stands in the text as it is, and no accent may follow it.
        span = Span(passage.field, first, last, written)
    else:
        span = lead_back(passage.field, passage.folded, start, end)
    if not _is_written_as_a_name(candidate, span, passage, language) or passage.is_furniture(span.start):
        return None
    before = scan[max(0, start - _REACH) : start].split()
    after = scan[end : end + _REACH].split()
    cue = cue_of(before, after, text[span.end : span.end + 3], language)
    bearers = candidate.bearers
    weak = candidate.weak or (passage.style is Style.LOWER and not _is_well_known(bearers[0]))
    if bearers[0].role is Role.DEMONYM and is_language(before, after):
        return None
    if passage.style is not Style.UPPER and is_thing(candidate.name.folded, before, after, language):
        return None
    if weak and bearers[0].place.kind is PlaceKind.PROVINCE and _follows_a_name(span, text):
        weak, cue = False, Cue.LOCATIVE
    if weak and cue is Cue.LOCATIVE and after[:1] == ["s"] and text[span.end : span.end + 1] in _APOSTROPHES:
        # "in Obama's speech" is no place of this name.
        cue = Cue.POSSESSIVE
    if weak and bearers[0].place.population >= RESOLUTION.compound and belongs_to_a_place(before, after):
        weak = False
    return Sight(candidate, span, before, after, cue, passage.paragraph(span.start), weak)


def _is_weak(name: Name, bearers: Sequence[Bearer], language: str | None) -> bool:
    """Whether a name needs support: also where it is a given name or a mere direction."""
    first = bearers[0].place
    if name.is_weak(language) or (
        name.folded in GENERIC and not (first.kind is PlaceKind.COUNTRY and bearers[0].languages)
    ):
        return True
    if first.kind is PlaceKind.COUNTRY:
        return False
    known = _KNOWN_CITY if first.kind is PlaceKind.CITY else _KNOWN_PROVINCE
    return first.population < known and name.folded in given_names()


def _is_written_as_a_name(candidate: Candidate, span: Span, passage: Passage, language: str | None) -> bool:
    written, style, first = span.text, passage.style, candidate.bearers[0]
    initial = written[:1]
    if initial.lower() == initial.upper():
        return True
    if candidate.abbreviated:
        return _is_abbreviation(span, passage, language)
    if style is Style.LOWER:
        return not candidate.weak
    if style is Style.UPPER or (written.isupper() and is_shouted(passage.folded.text, span.start, span.end)):
        return not candidate.weak
    if first.role is Role.DEMONYM and not _has_capital_demonyms(first):
        return True
    return _has_capitals(written) or (initial.isupper() and _ends_in_a_common_noun(written, first))


def _ends_in_a_common_noun(written: str, bearer: Bearer) -> bool:
    """Whether only the first word of a name need have a capital, as most languages write: "Spojené státy"."""
    if " " not in written or bearer.place.kind not in {PlaceKind.COUNTRY, PlaceKind.AREA}:
        return False
    return bearer.role is Role.NAME or (bool(bearer.languages) and "en" not in bearer.languages)


def _is_abbreviation(span: Span, passage: Passage, language: str | None) -> bool:
    if passage.folded.text[span.end : span.end + 1] == "." and span.text[:1].isupper():
        return _follows_a_name(span, passage.folded.text)
    if passage.style is Style.LOWER:
        return _is_no_word(span, passage.folded.text, language)
    if not is_acronym(span.text):
        return False
    if "." in span.text or not is_shouted(passage.folded.text, span.start, span.end):
        return True
    return _is_no_word(span, passage.folded.text, language)


def _is_no_word(span: Span, text: str, language: str | None) -> bool:
    """Whether an abbreviation can be no word where capitals say nothing: "UK", and "US" in its company."""
    written = span.text.lower()
    if written == "us":
        around = text[max(0, span.start - 12) : span.start].lower(), text[span.end : span.end + 12].lower()
        return language in {"en", None} and bool(_COMPANY_BEFORE.search(around[0]) or _COMPANY_AFTER.match(around[1]))
    return written in _NO_WORDS or (language == "en" and written in _NO_ENGLISH_WORDS)


def _follows_a_name(span: Span, text: str) -> bool:
    """Whether a name with a comma stands before a range: "Scottdale, Pa."."""
    return _NAME_AND_COMMA.search(text, max(0, span.start - 30), span.start) is not None


def _is_well_known(bearer: Bearer) -> bool:
    """Whether a name is believed in a text without capitals: a country, a people, a large city."""
    return bearer.place.kind is not PlaceKind.CITY or bearer.place.population >= _LARGE


def _has_capital_demonyms(bearer: Bearer) -> bool:
    return bool(bearer.languages) and bearer.languages <= {"en"}


def _has_capitals(written: str) -> bool:
    """Whether the first word, an article aside, and the last begin with a capital."""
    if written[:1].isupper() and " " not in written and "-" not in written:
        return True
    bare = _ARTICLE.sub("", written, count=1) or written
    last = re.split(r"[\s\-’']+", written)[-1]  # noqa: RUF001 - an apostrophe
    return bare[:1].isupper() and (last[:1].isupper() or last[:1].lower() == last[:1].upper())
