"""The first step of folding: what depends on neighbours is replaced, at the same length, by what does not.

Entities, tags, addresses, credits, paragraphs, mixed scripts, dashes, contractions, points that end no sentence.
"""

from __future__ import annotations

import re

from tocsin.text.addresses import without_addresses
from tocsin.text.contractions import without_contractions
from tocsin.text.controls import DECIMAL_COMMA, DECIMAL_POINT, NOTHING, STOP, without_stand_ins
from tocsin.text.credits import without_credits
from tocsin.text.lookalikes import unmixed
from tocsin.text.markup import without_entities, without_tags

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")

# Points that do not end a sentence: in a number, a dotted acronym (U.S., e.g.), after an initial or a short title.
_TITLES = ("Mr", "Ms", "Dr", "St", "Lt", "Sr", "Jr", "Mt", "Mrs", "Gen", "Sen", "Gov", "Rep", "Col", "Maj", "Sgt",
           "Rev", "Hon", "Prof", "Capt")  # fmt: skip
_INITIAL = "A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐΑ-Ω"
_AFTER_TITLE = "|".join(rf"(?<=\b{title}\.)" for title in _TITLES)
# The pattern begins with a literal, which sre skips to; the shapes of titles come before the titles themselves, because
# most points end a sentence and should be done with soon.
_POINT = re.compile(
    r"\.(?:"
    r"(?=\d)(?<=\d\.)"
    r"|(?<=\b[^\W\d_]\.)(?=[^\W\d_]\b)"
    r"|(?<=\b[^\W\d_]\.[^\W\d_]\.)"
    rf"|(?=[^\S\n])(?:(?<=\b[{_INITIAL}]\.)(?:\s(?=[{_INITIAL}]\.(?!\w))|(?<=[A-Z]\.)|(?<=\b[{_INITIAL}]\.\s[{_INITIAL}]\.))"
    rf"|(?:(?<=\b[A-Z][a-z]\.)|(?<=\b[A-Z][a-z]{{2}}\.)|(?<=\b[A-Z][a-z]{{3}}\.))(?:{_AFTER_TITLE}))"
    r")"
)
# A dash between white space parts sentences, as two hyphens do; the long dashes do so by themselves, in the table.
_DASHES = tuple(
    (dash, re.compile(rf"{dash}(?:{dash}+|(?=[\s{NOTHING}])(?<=[\s{NOTHING}]{dash})(?={NOTHING}*\s))"))
    for dash in "-\u2013\u2010\u2011\u2012\u2212"
)
_COMMA = re.compile(r",(?=\d)(?<=\d,)")


def in_context(text: str) -> str:
    """Return the text, at the same length, with stand-ins of `tocsin.text.controls` where neighbours decide."""
    text = without_stand_ins(text)
    if "&" in text:
        text = without_entities(text)
    if "<" in text:
        text = without_tags(text)
    text = without_addresses(text)
    if "/" in text:
        text = without_credits(text)
    if "\n" in text:
        text = _BLANK_LINE.sub(_stops, text)
    if not text.isascii():
        text = unmixed(text)
    text = without_contractions(_without_dashes(text))
    return _COMMA.sub(DECIMAL_COMMA, _POINT.sub(_point, text))


def _without_dashes(text: str) -> str:
    """Return the text with a stop for each dash that parts sentences."""
    for dash, pattern in _DASHES:
        if dash in text:
            text = pattern.sub(_stops, text)
    return text


def _stops(match: re.Match[str]) -> str:
    return STOP * len(match[0])


def _point(match: re.Match[str]) -> str:
    text, at = match.string, match.start()
    between_digits = text[at - 1].isdigit() and text[match.end() : match.end() + 1].isdigit()
    # An initial takes the gap before the next with it: "J. K. Rowling" is read as "J.K. Rowling".
    return DECIMAL_POINT if at and between_digits else NOTHING * len(match[0])
