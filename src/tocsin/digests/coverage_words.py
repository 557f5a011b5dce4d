"""What is said of feeds that were not seen, in the reader's language. Pure."""

from __future__ import annotations

from tocsin.digests.coverage import Coverage, UnseenFeed
from tocsin.digests.view import UnseenLine
from tocsin.models.feeds import ProblemKind
from tocsin.models.health import HealthState
from tocsin.rendering.locales import Locale
from tocsin.rendering.messages import to_count, to_say

_PROBLEMS = {
    ProblemKind.UNREACHABLE: to_say("its server cannot be reached"),
    ProblemKind.REFUSED: to_say("Tocsin may not ask at its address"),
    ProblemKind.TIMEOUT: to_say("its server takes too long to answer"),
    ProblemKind.TOO_BIG: to_say("it is too large"),
    ProblemKind.HTTP: to_say("its server reports an error"),
    ProblemKind.BLOCKED: to_say("its publisher does not let Tocsin in"),
    ProblemKind.RATE_LIMITED: to_say("its server asks for a pause"),
    ProblemKind.GONE: to_say("its publisher ended it"),
    ProblemKind.NOT_A_FEED: to_say("something else is at its address"),
    ProblemKind.MALFORMED: to_say("it cannot be understood"),
}

_USUAL = (
    (1, to_count("usually about %(num)s article a day", "usually about %(num)s articles a day")),
    (7, to_count("usually about %(num)s article a week", "usually about %(num)s articles a week")),
    (30, to_count("usually about %(num)s article a month", "usually about %(num)s articles a month")),
)
"""A rate in words, by the number of days in which it is at least one."""


def unseen_lines(seen: Coverage, timezone: str, locale: Locale) -> tuple[UnseenLine, ...]:
    """Name the feeds whose news may be missing, each with since when and why."""
    return tuple(UnseenLine(feed.title, feed.url, _words(feed, timezone, locale)) for feed in seen.unseen)


def _words(feed: UnseenFeed, timezone: str, locale: Locale) -> str:
    """Give "has not answered since Tue 5 Sep, 04:10 (its server reports an error)"."""
    since = locale.text(_since(feed), time=locale.moment(feed.since_at, timezone)) if feed.since_at else ""
    words = since or locale.text(_never(feed))
    why = _usual(feed.per_day, locale) if feed.per_day else _problem(feed, locale)
    return locale.text("%(words)s (%(why)s)", words=words, why=why) if why else words


def _since(feed: UnseenFeed) -> str:
    match feed.state:
        case HealthState.SILENT:
            return to_say("answers, but has had nothing new since %(time)s")
        case HealthState.STOPPED:
            return to_say("was ended by its publisher and last read %(time)s")
        case HealthState.WAITING:
            return to_say("was asked by its host to wait and has not been read since %(time)s")
        case _ if feed.failing:
            return to_say("has not answered since %(time)s")
        case _:
            return to_say("was last read %(time)s")


def _never(feed: UnseenFeed) -> str:
    match feed.state:
        case HealthState.SILENT:
            return to_say("answers, but has had nothing new")
        case HealthState.STOPPED:
            return to_say("was ended by its publisher")
        case HealthState.WAITING:
            return to_say("was asked by its host to wait and has not been read yet")
        case _ if feed.failing:
            return to_say("has never answered")
        case _:
            return to_say("has not been read yet")


def _problem(feed: UnseenFeed, locale: Locale) -> str:
    if feed.problem is None or feed.state in {HealthState.STOPPED, HealthState.WAITING}:
        return ""
    return locale.text(_PROBLEMS[feed.problem])


def _usual(per_day: float, locale: Locale) -> str:
    for days, forms in _USUAL:
        if (number := round(per_day * days)) >= 1:
            return locale.counted(*forms, number)
    return ""
