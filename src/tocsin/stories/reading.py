"""From an article to its signature: pure, bounded whatever the article is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from hashlib import blake2b

from tocsin.models.receipts import Mention, TextField
from tocsin.models.stories import Item
from tocsin.regions import load_gazetteer, locator_of
from tocsin.stories.addresses import canonical
from tocsin.stories.calendar_words import date_words, days_of, months, weekdays
from tocsin.stories.concepts import concepts_of, names
from tocsin.stories.frequencies import RAREST, rarities, rarity
from tocsin.stories.meanings import meaning
from tocsin.stories.numerals import Number, numbers_of
from tocsin.stories.roundups import Named, Title, is_roundup
from tocsin.stories.signature import Signature
from tocsin.stories.sketches import sketch_of
from tocsin.stories.tokens import Token, tokens_of
from tocsin.text.fold import fold
from tocsin.text.language import detect_language

TITLE, NAME, KICKER = 1, 2, 4
"""Marks of a word: it stands in the title; it is written as a name; it stands before the title's colon alone."""

_TITLE_LOOKED_AT = 300
_TEXT_LOOKED_AT = 450
"""Characters: news say what they are about at their beginning; what comes after is background, common to many."""

_TEXT_SKETCHED = 1_200
"""Characters by which near copies are known."""

_MOST_WORDS = 48
_MOST_NUMBERS = 12
_MOST_PLACES = 12
_MOST_CONCEPTS = 12
_COMMON = 3.5
"""Rarity, in nats, up to which a word says nothing of what an article is about."""

_NAME = 5.5
"""Rarity from which a word with a capital passes for a name."""

_REACH = 3
"""Words around a number in which stands what it counts."""

_COUNTED = frozenset(
    ("death", "injury", "missing", "rescue", "prisoners", "refugees", "arrest", "epidemic", "aircraft", "railway",
     "road-traffic", "cars", "sentence", "stock-market", "prices", "earthquake", "storm", "parliament")
)  # fmt: skip
"""Concepts that a number may be of: two tolls can agree or not."""

_EIGHTHS = 8
_COLON = re.compile(r":(?!\d)|：|\s[|–—]\s")  # noqa: RUF001 - what stands between a kicker and a title
_LONGEST_KICKER = 4
_WORD = re.compile(r"\w+")


def signature_of(item: Item) -> Signature:
    """Return the marks of an article; the same for the same article, whatever came before. Never raises."""
    title = item.title[:_TITLE_LOOKED_AT]
    text = item.text[:_TEXT_LOOKED_AT]
    language = item.language or detect_language(title, text) or ""
    titled, told = list(tokens_of(title)), list(tokens_of(text))
    kicker = _kicker(title, titled)
    tokens = [*titled, *told]
    numbers = list(numbers_of(tokens, language))
    dates = date_words(language)
    counted = {token.folded for _, start, end in numbers for token in tokens[start:end]}
    words = _words(titled, told, language, dates | counted)
    beyond = {token.folded for token in (*titled[len(kicker) :], *told)}
    alone = {token.folded for token in kicker} - beyond
    located = locator_of(load_gazetteer()).mentions(fold(title), fold(text), language=language or None)
    published = item.published_at.astimezone(UTC)
    return Signature(
        key=item.key,
        at=int(published.timestamp()),
        language=language,
        outlet=hashed(item.outlet),
        url=hashed(canonical(item.url)),
        title=hashed(" ".join(token.folded for token in titled)),
        frame=hashed(_frame(titled, language)),
        kicker=hashed(" ".join(token.folded for token in kicker)),
        words=tuple(word for word, _, _ in words),
        weights=bytes(round(rare * _EIGHTHS) for _, rare, _ in words),
        marks=bytes(mark | (KICKER if word in alone else 0) for word, _, mark in words),
        places=_places(located),
        numbers=_numbers(numbers, tokens, language, published),
        concepts=_concepts(titled, told, language),
        days=tuple(sorted(days_of(tokens, language, published.toordinal()))),
        sketch=sketch_of(_WORD.findall(item.text[:_TEXT_SKETCHED].casefold())),
        meaning=meaning(_said(titled, told), language or None),
        is_roundup=is_roundup(_title(titled, located, language), text, _named(located, TextField.TEXT)),
    )


def hashed(text: str) -> int:
    """Return 64 bits of a text, 0 for an empty one."""
    if not text:
        return 0
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _said(titled: Sequence[Token], told: Sequence[Token]) -> Iterator[str]:
    """Yield the words of an article, the title's twice."""
    for tokens in (titled, titled, told):
        yield from (token.folded for token in tokens if not token.is_number)


def _words(
    titled: Sequence[Token], told: Sequence[Token], language: str, without: AbstractSet[str]
) -> list[tuple[str, float, int]]:
    """Return the rarest words with their rarity and marks, those of the title first; dates and numbers left out."""
    table = rarities(language)
    found: dict[str, list[float]] = {}
    for tokens, where in ((titled, TITLE), (told, 0)):
        for token in tokens:
            word = token.folded
            if token.is_number or len(word) <= 1 or word in without:
                continue
            rare = table.get(word, RAREST) if table else rarity(word, language)
            if rare < _COMMON:
                continue
            named = NAME if rare >= _NAME and token.written[0].isupper() and not token.starts else 0
            known = found.get(word)
            if known is None:
                found[word] = [rare, where | named]
            else:
                known[1] = int(known[1]) | named
    ranked = sorted(found.items(), key=lambda entry: (-entry[1][0] - 2 * (int(entry[1][1]) & TITLE), entry[0]))
    kept = {word for word, _ in ranked[:_MOST_WORDS]}
    return [(word, rare, int(mark)) for word, (rare, mark) in found.items() if word in kept]


def _kicker(title: str, titled: Sequence[Token]) -> Sequence[Token]:
    """Return the words before a title's colon, few ones with more behind them: the name of a column, or a topic."""
    colon = next((found.start() for found in _COLON.finditer(title)), None)
    if colon is None:
        return ()
    before = [token for token in titled if token.end <= colon]
    return before if len(before) <= _LONGEST_KICKER and len(titled) - len(before) > 1 else ()


def _frame(titled: Sequence[Token], language: str) -> str:
    """Return a title without its date: what recurring headlines have in common."""
    months_named = months(language).keys()
    dates = date_words(language)
    has_month = any(token.folded in months_named for token in titled)
    return " ".join(
        token.folded for token in titled if token.folded not in dates and not (has_month and token.is_number)
    )


def _places(located: Sequence[Mention]) -> tuple[str, ...]:
    """Return the ids of the places that an article names, those of its title first."""
    found = dict.fromkeys(mention.place for mention in located)
    return tuple(place.replace(" ", "-") for place in found)[:_MOST_PLACES]


def _title(titled: Sequence[Token], located: Sequence[Mention], language: str) -> Title:
    words = [token.folded for token in titled]
    dates = date_words(language)
    return Title(
        words,
        _named(located, TextField.TITLE),
        is_dated=not dates.isdisjoint(words),
        has_subject=any(concepts_of(word, language) for word in words) or _has_name(titled, language),
    )


def _has_name(titled: Sequence[Token], language: str) -> bool:
    """Whether a word within a title is written as a name, where capitals tell: not in German nor Titles Like This."""
    inner = [token for token in titled[1:] if not token.is_number]
    capitals = [token for token in inner if token.written[0].isupper() and token.folded not in weekdays(language)]
    return language != "de" and 0 < len(capitals) <= len(inner) / 2


def _named(located: Sequence[Mention], field: TextField) -> list[Named]:
    return [Named(one.span.start, one.country) for one in located if one.span.field is field]


def _numbers(numbers: Sequence[Number], tokens: Sequence[Token], language: str, published: datetime) -> tuple[str, ...]:
    """Return each number with what it counts; the year it is, which says nothing, left out."""
    months_named = months(language)
    found: dict[str, None] = {}
    for value, start, end in numbers:
        if value in {str(published.year), "0"}:
            continue
        around = [token.folded for token in (*tokens[end : end + _REACH], *reversed(tokens[max(0, start - 2) : start]))]
        month = next((months_named[word] for word in around[:2] + around[-2:] if word in months_named), None)
        found[f"{value} {_unit(around, language, month)}".strip()] = None
    return tuple(found)[:_MOST_NUMBERS]


def _unit(around: Sequence[str], language: str, month: int | None) -> str:
    if month is not None:
        return f"month-{month + 1}"
    counted = (names()[concept] for word in around for concept in concepts_of(word, language))
    return next((name for name in counted if name in _COUNTED), "")


def _concepts(titled: Sequence[Token], told: Sequence[Token], language: str) -> bytes:
    """Return the concepts of an article as pairs of bytes: an index, and how often it is spoken of; titles twice."""
    found: Counter[int] = Counter()
    for tokens, times in ((titled, 2), (told, 1)):
        for token in tokens:
            for concept in concepts_of(token.folded, language):
                found[concept] += times
    most = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))[:_MOST_CONCEPTS]
    return bytes(number for concept, times in most for number in (concept, min(times, 255)))
