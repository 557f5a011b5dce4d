"""Why two articles are one, in words: the evidence that a placement carries."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.models.stories import Evidence, EvidenceKind
from tocsin.regions import load_gazetteer
from tocsin.stories.features import features
from tocsin.stories.marks import Kept, Marks, hashed, kept_of, marks_of
from tocsin.stories.reading import NAME
from tocsin.stories.signature import Signature
from tocsin.stories.sketches import resemblance
from tocsin.stories.stems import stem
from tocsin.stories.verdicts import certainty
from tocsin.stories.weights import judgement

_MOST = 6
_COPY = 0.4
_DAY = 24 * 3600
_COUNTED = {
    "death": "dead",
    "injury": "injured",
    "missing": "missing",
    "rescue": "rescued",
    "arrest": "arrested",
    "refugees": "displaced",
    "prisoners": "prisoners",
    "aircraft": "aircraft",
    "epidemic": "cases",
}
"""What the commonest counts count, as a reader of news would say it."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def explain(one: Signature, other: Signature) -> tuple[float, tuple[Evidence, ...]]:
    """Return how likely two articles tell of one event (0..1, by themselves), and what speaks for and against it."""
    marks, kept = marks_of(one), kept_of(marks_of(other))
    event = judgement().event
    return certainty(event.logit(features(marks, kept)) - event.least), evidence_of(marks, kept)


def evidence_of(one: Marks, other: Kept) -> tuple[Evidence, ...]:
    """Return what speaks for and against an article being on the event of another; the strongest comes first."""
    found = [*_same(one, other), *_shared(one, other), *_places(one, other), _time(one, other)]
    return tuple(sorted(found, key=lambda evidence: -abs(evidence.weight)))


def _same(one: Marks, other: Kept) -> list[Evidence]:
    signature = one.signature
    near = resemblance(signature.sketch, other.sketch)
    found = []
    if signature.url and signature.url == other.url:
        found.append(Evidence(EvidenceKind.ADDRESS, (), 1.0))
    if signature.title and signature.title == other.title:
        found.append(Evidence(EvidenceKind.TITLE, (), 0.9))
    if near >= _COPY:
        found.append(Evidence(EvidenceKind.TEXT, (f"{near:.0%}",), near))
    return found


def _shared(one: Marks, other: Kept) -> list[Evidence]:
    words, names = _shared_words(one, other)
    theirs = {number.partition(" ")[0] for number in other.numbers}
    numbers = [value for value in one.numbers if value in theirs]
    kinds = ((EvidenceKind.NAMES, names), (EvidenceKind.WORDS, words), (EvidenceKind.NUMBERS, numbers))
    return [Evidence(kind, tuple(found[:_MOST]), min(0.8, 0.2 * len(found))) for kind, found in kinds if found]


def _shared_words(one: Marks, other: Kept) -> tuple[list[str], list[str]]:
    """Return the words and the names that two articles share, the rarest first."""
    signature = one.signature
    ranked = sorted(zip(signature.words, signature.weights, signature.marks, strict=True), key=lambda word: -word[1])
    stems, written = set(other.words), set(other.names)
    words, names = [], []
    for word, _, mark in ranked:
        is_there = hashed(stem(word, signature.language)) in stems
        if mark & NAME and (is_there or hashed(word) in written):
            names.append(word.title())
        elif is_there:
            words.append(word)
    return words, names


def _places(one: Marks, other: Kept) -> list[Evidence]:
    mine = one.signature.places
    shared = [place for place in mine if place in other.countries or hashed(place) in other.fine]
    if shared:
        return [Evidence(EvidenceKind.PLACES, _names_of(shared), 0.3)]
    if mine and (other.countries or other.fine):
        return [Evidence(EvidenceKind.PLACES, _names_of(mine), -0.4)]
    return []


def _time(one: Marks, other: Kept) -> Evidence:
    apart = abs(one.signature.at - other.at)
    words = f"{apart / 3600:.0f} h" if apart < 2 * _DAY else f"{apart / _DAY:.0f} days"
    return Evidence(EvidenceKind.TIME, (words,), 0.1 if apart <= _DAY else -min(0.6, 0.1 * apart / _DAY))


def news_of(marks: Marks, members: Sequence[Kept]) -> tuple[str, ...]:
    """Return in words what an article brings that the others of its story do not have: places, numbers."""
    countries = {country for member in members for country in member.countries}
    fine = {place for member in members for place in member.fine}
    places = [place for place in marks.signature.places if place not in countries and hashed(place) not in fine]
    known = {number.partition(" ")[0] for member in members for number in member.numbers}
    numbers = [_number_in_words(value, unit) for value, unit in marks.numbers.items() if value not in known]
    return (*(f"new place: {name}" for name in _names_of(places)[:2]), *(f"new number: {one}" for one in numbers[:2]))


def _number_in_words(value: str, unit: str) -> str:
    """Return a number with what it counts, where that can be said in a word: "19 dead", "80,000", "12 November".

    >>> _number_in_words("19", "death"), _number_in_words("80000", "road-traffic"), _number_in_words("12", "month-11")
    ('19 dead', '80,000', '12 November')
    """
    whole = f"{int(value):,}" if value.isdecimal() else value
    kind, _, month = unit.partition("-")
    if kind == "month" and month.isdecimal():
        return f"{whole} {_MONTHS[int(month) - 1]}"
    return f"{whole} {_COUNTED[unit]}" if unit in _COUNTED else whole


def _names_of(places: Sequence[str]) -> tuple[str, ...]:
    gazetteer = load_gazetteer()
    return tuple(place.name for one in places[:_MOST] if (place := gazetteer.place(one)))
