"""What a reader fills in about their digests: as it was typed, and as it holds once it is checked. Pure.

Addresses, zones and times are checked by the functions that check the watchlist's, so that the web takes what the file
takes and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.datastructures import FormData

from tocsin.config.addresses import mail_address
from tocsin.config.values import time_of_day, time_zone
from tocsin.models.ids import WatchId
from tocsin.models.subscribers import StoredSubscriber
from tocsin.models.watchlist import LANGUAGES, DigestSchedule, QuietPolicy, SelfService, Subscriber, Watchlist
from tocsin.rendering.locales import Locale
from tocsin.rendering.schedule_words import EVERY_DAY

MOST_TIMES = 6
_LONGEST = 400
"""Letters of a field that are looked at; no right value has more."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as somebody filled it in: nothing in it is checked. ``days`` are ISO weekdays as text."""

    email: str
    all_watches: bool
    watches: tuple[str, ...]
    timezone: str
    times: tuple[str, ...]
    days: tuple[str, ...]
    quiet: str
    language: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for, checked."""

    subscriber: Subscriber
    all_watches: bool


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong with a field, in the words of its reader; ``field`` is its name, and the id of its first part."""

    field: str
    words: str


def typed_in(form: FormData) -> Typed:
    """Take a form's fields; those that are missing are empty, those that came twice count once."""
    return Typed(
        email=_first(form, "email").strip(" "),
        all_watches=_first(form, "which") == "all",
        watches=tuple(_every(form, "watch")),
        timezone=_first(form, "timezone").strip(" "),
        times=tuple(filter(None, (text.strip(" ") for text in _every(form, "at")))),
        days=tuple(_every(form, "day")),
        quiet=_first(form, "quiet"),
        language=_first(form, "language"),
    )


def typed_before(watchlist: Watchlist, language: str, watch: str | None = None) -> Typed:
    """Give the form before anybody touched it: the watchlist's zone, each morning, all watches or the one named."""
    return Typed(
        email="",
        all_watches=watch is None,
        watches=() if watch is None else (watch,),
        timezone=watchlist.timezone,
        times=("07:30",),
        days=tuple(map(str, EVERY_DAY)),
        quiet=QuietPolicy.WEEKLY.value,
        language=language,
    )


def typed_as_stored(stored: StoredSubscriber) -> Typed:
    """Give the form as a subscription stands."""
    subscriber = stored.subscriber
    return Typed(
        email=subscriber.email,
        all_watches=stored.all_watches,
        watches=tuple(subscriber.watches),
        timezone=subscriber.timezone,
        times=subscriber.digest.at,
        days=tuple(map(str, subscriber.digest.days)),
        quiet=subscriber.digest.quiet.value,
        language=subscriber.language,
    )


def checked_signup(typed: Typed, watchlist: Watchlist, locale: Locale) -> Wish | tuple[FormFault, ...]:
    """Check the form of somebody who subscribes."""
    email = _address(typed.email)
    faults = [*_address_faults(email, watchlist.self_service, locale), *_faults(typed, watchlist.self_service, locale)]
    return tuple(faults) if faults else _wish(typed, email, watchlist.self_service)


def checked_change(
    typed: Typed, stored: StoredSubscriber, watchlist: Watchlist, locale: Locale
) -> Wish | tuple[FormFault, ...]:
    """Check the form of somebody who changes their subscription; the address stays, and so does a watch of theirs that
    is not open to others.
    """
    service = _opened(watchlist, stored)
    faults = tuple(_faults(typed, service, locale))
    return faults or _wish(typed, stored.subscriber.email, service)


def may_subscribe(email: str, service: SelfService) -> bool:
    """Tell whether addresses at this domain may subscribe on the web."""
    domain = email.rpartition("@")[2].lower()
    return not service.domains or domain in service.domains


def offered(watchlist: Watchlist, stored: StoredSubscriber | None = None) -> tuple[WatchId, ...]:
    """Give the watches that a reader may choose from: those open to readers, and those that they have."""
    return (_opened(watchlist, stored) if stored else watchlist.self_service).watches


def _opened(watchlist: Watchlist, stored: StoredSubscriber) -> SelfService:
    wanted = {*watchlist.self_service.watches, *stored.subscriber.watches}
    watches = tuple(watch.id for watch in watchlist.watches if watch.id in wanted)
    return SelfService(watchlist.self_service.is_open, watchlist.self_service.domains, watches)


def _wish(typed: Typed, email: str, service: SelfService) -> Wish:
    chosen = tuple(watch for watch in service.watches if typed.all_watches or watch in typed.watches)
    schedule = DigestSchedule(
        days=tuple(sorted({int(day) for day in typed.days})),
        at=tuple(sorted(set(typed.times))),
        quiet=QuietPolicy(typed.quiet),
    )
    return Wish(Subscriber(email, typed.timezone, chosen, schedule, typed.language), typed.all_watches)


def _address_faults(email: str, service: SelfService, locale: Locale) -> Iterator[FormFault]:
    if not email:
        yield FormFault("email", locale.text("This is not a mail address. Write one such as zoe@example.org."))
    elif not may_subscribe(email, service):
        domains = locale.listed(service.domains)
        yield FormFault("email", locale.text("Only addresses at %(domains)s can subscribe here.", domains=domains))


def _faults(typed: Typed, service: SelfService, locale: Locale) -> Iterator[FormFault]:
    """Find what is wrong with everything but the address, in the order of the form."""
    yield from _topic_faults(typed, service, locale)
    yield from _time_faults(typed.times, locale)
    if not _passes(time_zone, typed.timezone):
        yield FormFault("timezone", locale.text("There is no time zone of this name. Choose one from the list."))
    if not typed.days or not set(typed.days) <= set(map(str, EVERY_DAY)):
        yield FormFault("day", locale.text("Choose at least one day of the week."))
    if typed.quiet not in set(QuietPolicy):
        yield FormFault("quiet", locale.text("Choose what happens when there is no news."))
    if typed.language not in LANGUAGES:
        yield FormFault("language", locale.text("Choose one of the languages."))


def _topic_faults(typed: Typed, service: SelfService, locale: Locale) -> Iterator[FormFault]:
    if typed.all_watches:
        return
    if not typed.watches:
        yield FormFault("watch", locale.text("Choose at least one topic, or all of them."))
    elif not set(typed.watches) <= set(service.watches):
        yield FormFault("watch", locale.text("A topic that you chose is no longer offered. Look over your choice."))


def _time_faults(times: tuple[str, ...], locale: Locale) -> Iterator[FormFault]:
    if not times:
        yield FormFault("at", locale.text("Choose at least one time of day."))
    elif not all(_passes(time_of_day, text) for text in times):
        yield FormFault("at", locale.text("Write a time of day as hours and minutes, such as 07:30."))
    elif len(set(times)) > MOST_TIMES:
        yield FormFault("at", locale.text("No more than %(number)s times a day.", number=locale.number(MOST_TIMES)))


def _address(text: str) -> str:
    """Give a mail address as it is stored, "" where it is none."""
    try:
        return mail_address(text)
    except ValueError:
        return ""


def _passes(check: Callable[[str], str], text: str) -> bool:
    try:
        check(text)
    except ValueError:
        return False
    return True


def _first(form: FormData, name: str) -> str:
    return next(_every(form, name), "")


def _every(form: FormData, name: str) -> Iterator[str]:
    return (value[:_LONGEST] for value in form.getlist(name) if isinstance(value, str))
