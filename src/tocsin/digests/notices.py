"""What a digest says where it is not as its reader expects: longer than planned, late, or not delivered. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.digests.windows import slots_between
from tocsin.models.digests import Absence, Digest
from tocsin.models.matches import Match
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import DigestSchedule
from tocsin.rendering.locales import Locale


def notices(
    digest: Digest, matches: Sequence[Match], schedule: DigestSchedule, *, undelivered: bool, locale: Locale
) -> tuple[str, ...]:
    """Say why a window is longer than planned, and what the digest has from before it.

    ``undelivered`` tells that an earlier digest of the reader could not be delivered.
    """
    return tuple(_notices(digest, matches, schedule, undelivered, locale))


def _notices(
    digest: Digest, matches: Sequence[Match], schedule: DigestSchedule, undelivered: bool, locale: Locale
) -> Iterator[str]:
    if digest.given_back:
        yield locale.text("This digest was not delivered: what it had came, or comes, with a later one.")
    if digest.absence is not None:
        yield _after(digest.absence, digest.timezone, locale)
    elif missed := slots_between(schedule, digest.timezone, digest.window.start_at, digest.window.end_at):
        yield _missed(missed, digest, locale)
    if undelivered and (earlier := _earlier(digest, matches)):
        yield locale.counted(
            "%(num)s article is from before: the digest that it was in could not be delivered.",
            "%(num)s articles are from before: the digest that they were in could not be delivered.",
            earlier,
        )


def _after(absence: Absence, timezone: str, locale: Locale) -> str:
    start, end = (locale.moment(at, timezone) for at in (absence.start_at, absence.end_at))
    if absence.state is SubscriberState.PAUSED:
        return locale.text(
            "You had paused your digests from %(start)s to %(end)s. This one covers that time, too.",
            start=start,
            end=end,
        )
    return locale.text(
        "From %(start)s to %(end)s nothing was sent to you, because your mail server had refused your address. "
        "This digest covers that time, too.",
        start=start,
        end=end,
    )


def _missed(missed: int, digest: Digest, locale: Locale) -> str:
    length = digest.window.end_at - digest.window.start_at
    return locale.counted(
        "This digest covers %(length)s: %(num)s more was due in that time and did not go out, because Tocsin was not "
        "running or the schedule was changed. What feeds dropped meanwhile may be missing.",
        "This digest covers %(length)s: %(num)s more were due in that time and did not go out, because Tocsin was not "
        "running or the schedule was changed. What feeds dropped meanwhile may be missing.",
        missed,
        length=locale.length(length),
    )


def _earlier(digest: Digest, matches: Sequence[Match]) -> int:
    """Count the articles that were found before the window began."""
    return len({match.article.id for match in matches if match.matched_at < digest.window.start_at})
