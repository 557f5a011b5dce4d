"""What texts are about, as records for programs and as lines for people: what `tocsin regions locate` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tocsin.cli.samples import Sample
from tocsin.models.articles import Document
from tocsin.models.receipts import Mention, TextField
from tocsin.regions import Focus, Located, Scored, load_gazetteer, locator_of
from tocsin.rendering.clean import one_line
from tocsin.text.fold import fold

_LEVELS = (("countries", "country"), ("admin1", "province"), ("places", "city"), ("areas", "area"))
"""The keys of the record, with what a place of each is called."""

_NEXT = 5
"""Countries beside those in focus that are told to people."""

_FURNITURE = 60
"""Characters shown of a piece of page furniture."""


def located(document: Document) -> Located:
    """Return the places of a document, whose home is known."""
    locator = locator_of(load_gazetteer())
    return locator.locate(fold(document.title), fold(document.text), language=document.language, home=document.home)


def located_record(sample: Sample, found: Located) -> dict[str, Any]:
    """Return what a text is about: ``focus`` has what was decided, ``candidates`` all that was weighed."""
    levels = list(zip((key for key, _ in _LEVELS), _rankings(found.focus), strict=True))
    return {
        "id": sample.id,
        "language": sample.document.language,
        "focus": {key: [_scored(one, ranking) for one in ranking if one.met] for key, ranking in levels},
        "mentions": countries_named(found),
        "furniture": [list(part) for part in found.furniture],
        "candidates": {key: [_scored(one, ranking) for one in ranking] for key, ranking in levels},
    }


def countries_named(found: Located) -> list[str]:
    """Return the ISO codes of the countries that a text names outside page furniture, sorted."""
    return sorted(found.countries)


def short_line(sample: Sample, found: Located) -> str:
    """Return a line on one of many texts: its id and what it is about."""
    about = [one for ranking in _rankings(found.focus) for one in ranking if one.met]
    places = ", ".join(f"{_name(one)} {one.score:.2f}" for one in about) or "no place in particular"
    return f"{one_line(str(sample.id))}: {places}"


def located_lines(sample: Sample, found: Located) -> Iterator[str]:
    """Yield the lines on one text: its focus, what comes next, what it names, and what was left out."""
    rankings = _rankings(found.focus)
    about = [(level, one) for (_, level), ranking in zip(_LEVELS, rankings, strict=True) for one in ranking if one.met]
    yield "About" if about else "About no place in particular"
    yield from (_line(level, one, found.focus) for level, one in about)
    others = [one for one in rankings[0] if not one.met][:_NEXT]
    if others:
        yield "Also weighed"
        yield from (_line("country", one, found.focus) for one in others)
    named = countries_named(found)
    if named:
        yield f"Countries named: {', '.join(named)}"
    text = sample.document.text
    for start, end in found.furniture:
        yield f"Page furniture, left out: {one_line(text[start:end], _FURNITURE)}"


def _line(level: str, one: Scored, focus: Focus) -> str:
    code = f"{_name(one)} ({one.place})"
    implied = "by its feed's home" if focus.from_home else "not named; by its companies, money or home"
    return f"  {level:<8}  {code:<32}  {one.score:.2f}  {_where(one.mentions) if one.mentions else implied}"


def _where(mentions: Sequence[Mention]) -> str:
    """Return in words what names a place and where."""
    written = dict.fromkeys(one_line(mention.span.text) for mention in mentions)
    in_title = "title" if any(mention.span.field is TextField.TITLE for mention in mentions) else ""
    in_text = sum(mention.span.field is TextField.TEXT for mention in mentions)
    places = " and ".join(filter(None, (in_title, f"{in_text}x text" if in_text else "")))
    return f"{', '.join([*written][:3])}{' ...' if len(written) > 3 else ''}: {places}"  # noqa: PLR2004 - a few


def _rankings(focus: Focus) -> tuple[Sequence[Scored], ...]:
    return focus.countries, focus.provinces, focus.cities, focus.areas


def _scored(one: Scored, ranking: Sequence[Scored]) -> dict[str, Any]:
    strongest = max(ranking[0].score, one.score, 1e-9)
    return {
        "place": one.place,
        "name": _name(one),
        "score": round(one.score, 4),
        "share": round(one.score / strongest, 4),
    }


def _name(one: Scored) -> str:
    return one.known.name if one.known else one.place
