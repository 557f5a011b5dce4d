"""What the forms of subscriptions offer to choose from, in the reader's language. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from babel import Locale as CldrLocale
from babel.dates import get_timezone_location

from tocsin.models.ids import WatchId
from tocsin.models.watchlist import LANGUAGES, About, QuietPolicy, Watch, Watchlist
from tocsin.rendering.clean import one_line, visible
from tocsin.rendering.locales import Locale, locale_of
from tocsin.rendering.schedule_words import EVERY_DAY
from tocsin_web.subscription_form import MOST_TIMES, FormFault, Typed

TERMS = 12
_TERM_LIMIT, _TITLE_LIMIT = 40, 80
_TIME_FIELDS = 3
_AREAS = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
)
"""Zones named by a place; the others are those of UTC, and relics."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: the value that the form sends, and how it is called."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A watch to choose, with what it asks for. ``names_places`` says that to name one of its regions is enough."""

    value: WatchId
    title: str
    is_chosen: bool
    terms: tuple[str, ...]
    more_terms: int
    regions: tuple[str, ...]
    more_regions: int
    names_places: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as it is shown: what was typed stands in it again. ``faults`` are in the order of its fields."""

    email: str
    all_topics: bool
    topics: tuple[TopicChoice, ...]
    zones: tuple[Choice, ...]
    times: tuple[str, ...]
    days: tuple[Choice, ...]
    quiet: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    faults: tuple[FormFault, ...] = ()

    def fault(self, field: str) -> str:
        """Give what is wrong with a field, "" for nothing."""
        return next((fault.words for fault in self.faults if fault.field == field), "")


def form_view(
    typed: Typed,
    watchlist: Watchlist,
    offered: tuple[WatchId, ...],
    locale: Locale,
    faults: tuple[FormFault, ...] = (),
) -> FormView:
    """Build the form; ``offered`` are the watches to choose from."""
    quiet = {
        QuietPolicy.SKIP: locale.text("no mail"),
        QuietPolicy.SHORT: locale.text("a short mail that says so"),
        QuietPolicy.WEEKLY: locale.text("a short mail after a week of silence, so that you know it still works"),
    }
    return FormView(
        email=one_line(typed.email),
        all_topics=typed.all_watches,
        topics=tuple(
            topic(watch, is_chosen=watch.id in typed.watches) for watch in watchlist.watches if watch.id in offered
        ),
        zones=_zones(typed.timezone, locale),
        times=_times(typed.times),
        days=tuple(Choice(str(day), locale.weekday(day, "wide"), str(day) in typed.days) for day in EVERY_DAY),
        quiet=tuple(Choice(policy.value, words, policy.value == typed.quiet) for policy, words in quiet.items()),
        languages=tuple(Choice(code, locale_of(code).name, code == typed.language) for code in LANGUAGES),
        faults=faults,
    )


def topic(watch: Watch, *, is_chosen: bool = False) -> TopicChoice:
    """Give a watch as readers choose it."""
    terms = (*watch.keywords, *watch.names, *filter(None, (watch.query,)))
    return TopicChoice(
        value=watch.id,
        title=one_line(watch.title, _TITLE_LIMIT) or watch.id,
        is_chosen=is_chosen,
        terms=tuple(one_line(term, _TERM_LIMIT) for term in terms[:TERMS]),
        more_terms=max(0, len(terms) - TERMS),
        regions=tuple(one_line(region, _TERM_LIMIT) for region in watch.regions[:TERMS]),
        more_regions=max(0, len(watch.regions) - TERMS),
        names_places=watch.about is About.MENTION,
    )


def zone_names() -> tuple[str, ...]:
    """List the zones that are offered."""
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in _AREAS or name == "UTC"))


def _zones(chosen: str, locale: Locale) -> tuple[Choice, ...]:
    """List the zones by the name of their place; one that is not offered stands first, so that it is not lost."""
    offered = _named_zones(locale.code)
    known = {name for name, _ in offered}
    typed = visible(chosen)
    others = () if chosen in known or not typed else (Choice(typed, typed, is_chosen=True),)
    return (*others, *(Choice(name, label, name == chosen) for name, label in offered))


@cache
def _named_zones(code: str) -> tuple[tuple[str, str], ...]:
    """Name the zones in a language, once: it takes a while."""
    cldr = CldrLocale.parse(code)
    named = [(name, f"{_place(name, cldr)} · {name}" if "/" in name else name) for name in zone_names()]
    return tuple(sorted(named, key=lambda zone: zone[1].casefold()))


def _place(name: str, cldr: CldrLocale) -> str:
    return str(get_timezone_location(name, locale=cldr, return_city=True)).rpartition("/")[2]


def _times(typed: tuple[str, ...]) -> tuple[str, ...]:
    """Give the times with empty fields behind them, for one more at least where there may be."""
    shown = tuple(visible(text) for text in typed[:MOST_TIMES])
    fields = min(MOST_TIMES, max(_TIME_FIELDS, len(shown) + 1))
    return (*shown, *[""] * (fields - len(shown)))
