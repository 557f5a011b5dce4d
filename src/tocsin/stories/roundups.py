"""Whether an article tells of several events: a news roll, a morning briefing, a list of the day's stories.

Such articles would glue together all that they name. They are known by their make: clauses that each lead to another
country, under a title without a subject; a title that is a list of places; or by what the trade calls them.
"""

from __future__ import annotations

# ruff: noqa: RUF001 - Cyrillic and Arabic letters look like Latin ones
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

_CLAUSE = re.compile(r"[;.,:!?…\n،؛]|\s[–—]\s|\s(?:and|und|et|y|e|i|en|и|та|و)\s|\sو(?=\w)")
_LISTED, _LISTED_OF_A_DAY = 3, 2
"""Countries in clauses of their own from which on they are a list: in any article, and in one of a day or a week."""

_TRADE_WORDS = (
    # What papers call a list of news, in the languages of the concepts; folded, as words of a title.
    "briefing briefings roundup digest recap headlines newsletter bulletin "
    "presseschau newsticker kurznachrichten nachrichtenuberblick wochenruckblick tagesruckblick schlagzeilen "
    "breves actus titulares resumen boletin rassegna notiziario manchetes resumo boletim "
    "даиджест сводка обзор موجز نشره عناوين "
    # And what fills its place day by day.
    "liveblog liveticker newsblog horoscope horoscopes crossword sudoku quiz lottery horoskop kreuzwortratsel "
    "lottozahlen horoscopo crucigrama loteria oroscopo cruciverba гороскоп кроссворд الابراج"
)
_TRADE = frozenset(_TRADE_WORDS.split())
_TRADE_PAIRS = frozenset(
    ("live updates", "live blog", "in brief",
     "round up", "top stories", "en bref", "de presse", "en breve", "de prensa", "in breve",
     "em resumo", "коротко о", "главное за", "ابرز العناوين")
)  # fmt: skip
_LIVE_WORDS = (
    # Pages that are written on for hours: "live" and the like in the languages of the concepts.
    "live liveblog liveticker ticker newsblog rolling blog direct directo diretta vivo эфир эфире онлаин трансляция "
    "مباشر تغطيه"
)
_LIVE = frozenset(_LIVE_WORDS.split())
_AS_IT_HAPPENS = frozenset(("it happens", "it happened", "real time", "minuto a", "minute par", "temps reel"))
_OF_A_DAY_WORDS = (
    "today tonight day morning evening week weekend tag heute abend morgen woche jour soir matin semaine aujourd "
    "dia hoy noche manana semana tarde giorno oggi sera mattina settimana hoje noite manha день дня сегодня утро вечер "
    "неделя недели неделю اليوم يوم صباح مساء الاسبوع اسبوع"
)
_OF_A_DAY = frozenset(_OF_A_DAY_WORDS.split())


class Named(NamedTuple):
    """A place named in a field, by offset, with its country ("" for an area across countries)."""

    start: int
    country: str


class Title(NamedTuple):
    """What a title is judged by: its folded words, the places in it, whether it names a weekday or month, and whether
    it says what happened.
    """

    words: Sequence[str]
    places: Sequence[Named]
    is_dated: bool
    has_subject: bool


def is_roundup(title: Title, text: str, told: Iterable[Named]) -> bool:
    """Whether an article is of several events, by its title, its text and the places in the text.

    One that says in its title what happened is of that, whatever it names beside. One whose clauses each lead
    elsewhere, under a title that leads nowhere, is of them all. A live page that is of a day, or announces several
    matters, is of them too.
    """
    listed = _countries(title.places)
    if len(listed) >= _LISTED and not title.has_subject:
        return True
    apart = _apart(text, told)
    if _is_called_so(title.words):
        return apart >= _LISTED_OF_A_DAY or not title.places
    if _is_live(title.words) and (title.is_dated or apart >= _LISTED_OF_A_DAY):
        return True
    if title.places or title.has_subject:
        return False
    is_of_a_day = title.is_dated or not _OF_A_DAY.isdisjoint(title.words)
    return apart >= (_LISTED_OF_A_DAY if is_of_a_day else _LISTED)


def _countries(places: Iterable[Named]) -> set[str]:
    return {place.country for place in places if place.country}


def _apart(text: str, told: Iterable[Named]) -> int:
    """Return how many countries are named in clauses of their own: by each clause, one that none before it named."""
    ends = [found.end() for found in _CLAUSE.finditer(text)]
    by_clause: dict[int, set[str]] = {}
    for place in told:
        if place.country:
            by_clause.setdefault(sum([end <= place.start for end in ends]), set()).add(place.country)
    seen: set[str] = set()
    count = 0
    for _, countries in sorted(by_clause.items()):
        count += bool(countries - seen)
        seen |= countries
    return count


def _is_live(words: Sequence[str]) -> bool:
    return not _LIVE.isdisjoint(words) or not _AS_IT_HAPPENS.isdisjoint(" ".join(pair) for pair in pairwise(words))


def _is_called_so(words: Sequence[str]) -> bool:
    return not _TRADE.isdisjoint(words) or not _TRADE_PAIRS.isdisjoint(" ".join(pair) for pair in pairwise(words))
