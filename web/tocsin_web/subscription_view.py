"""What the page of a subscription shows: how it stands, what came last and what comes next, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.digests import next_slot
from tocsin.models.deliveries import DeliveryState
from tocsin.models.digests import Digest
from tocsin.models.ids import DigestId
from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import Watchlist
from tocsin.models.zones import is_known_zone
from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import Locale
from tocsin.rendering.messages import to_say
from tocsin.rendering.schedule_words import schedule_words
from tocsin.store.overview import DigestFigures
from tocsin_web.subscription_choices import topic

PAUSES: Mapping[str, tuple[timedelta | None, str]] = {
    "week": (timedelta(days=7), to_say("for a week")),
    "fortnight": (timedelta(days=14), to_say("for two weeks")),
    "month": (timedelta(days=30), to_say("for a month")),
    "open": (None, to_say("until I resume them")),
}
"""How long a pause may be, and how that is said."""

_MAIL_STATES = {
    DeliveryState.PENDING: to_say("waits to be mailed"),
    DeliveryState.SENT: to_say("mailed"),
    DeliveryState.FAILED: to_say("could not be mailed"),
    DeliveryState.DROPPED: to_say("not mailed"),
    None: to_say("no mail: there was no news"),
}
_REASON_LIMIT = 200


@dataclass(frozen=True, slots=True)
class PastDigest:
    """A digest that there was; ``path`` leads to it in the browser."""

    path: str
    end_at: datetime
    matches: int
    mail: str


@dataclass(frozen=True, slots=True)
class SettingsView:
    """A subscription as its reader sees it. ``state`` says how it stands, ``remarks`` what they should know besides.

    ``is_theirs`` says that they may change it; ``topics`` and ``schedule`` are shown where they may not.
    ``timezone`` is one that this machine knows.
    """

    email: str
    state: str
    remarks: tuple[str, ...]
    is_theirs: bool
    runs: bool
    is_paused: bool
    is_suppressed: bool
    is_over: bool
    cron: str
    timezone: str
    topics: tuple[str, ...]
    schedule: str
    pauses: tuple[tuple[str, str], ...]
    digests: tuple[PastDigest, ...]


def settings_view(
    stored: StoredSubscriber,
    watchlist: Watchlist | None,
    digests: Sequence[Digest],
    figures: Mapping[DigestId, DigestFigures],
    *,
    now: datetime,
    locale: Locale,
    root: str,
) -> SettingsView:
    """Build what is shown; ``digests`` are the latest, the newest first, ``root`` the path that links start with."""
    subscriber, state = stored.subscriber, stored.state
    watches = watchlist.watches if watchlist else ()
    chosen = [topic(watch).title for watch in watches if watch.id in subscriber.watches]
    return SettingsView(
        email=one_line(subscriber.email),
        state=next_digest_words(stored, now, locale),
        remarks=tuple(_remarks(stored, watchlist, locale)),
        is_theirs=stored.owner is Owner.READER and state.is_owed,
        runs=state is SubscriberState.ACTIVE,
        is_paused=state is SubscriberState.PAUSED,
        is_suppressed=state is SubscriberState.SUPPRESSED,
        is_over=not state.is_owed,
        cron=one_line(subscriber.digest.cron),
        timezone=zone_shown(stored),
        topics=tuple(chosen),
        schedule=schedule_words(subscriber.digest, subscriber.timezone, locale=locale),
        pauses=tuple((name, locale.text(words)) for name, (_, words) in PAUSES.items()),
        digests=tuple(_past(digest, figures[digest.id], locale, root) for digest in digests),
    )


def next_digest_words(stored: StoredSubscriber, now: datetime, locale: Locale) -> str:
    """Say how a subscription stands, and when the next digest is due."""
    zone, email = zone_shown(stored), one_line(stored.subscriber.email)
    match stored.state:
        case SubscriberState.ACTIVE:
            after = max(now, stored.closed_until, stored.slots_from)
            due = locale.moment(next_slot(stored.subscriber.digest, stored.subscriber.timezone, after), zone)
            return locale.text("Digests go to %(email)s. The next one is due on %(moment)s.", email=email, moment=due)
        case SubscriberState.PAUSED if stored.paused_until:
            until = locale.moment(stored.paused_until, zone)
            return locale.text("The digests to %(email)s are paused until %(moment)s.", email=email, moment=until)
        case SubscriberState.PAUSED:
            return locale.text("The digests to %(email)s are paused until you resume them.", email=email)
        case SubscriberState.SUPPRESSED:
            day = locale.day(stored.state_since, zone)
            return locale.text(
                "No digests go to %(email)s since %(day)s: its mail server said that there is no such address.",
                email=email,
                day=day,
            )
        case SubscriberState.UNSUBSCRIBED:
            return locale.text("You have unsubscribed: no digests go to %(email)s.", email=email)
        case SubscriberState.REMOVED:
            return locale.text("No digests go to %(email)s: whoever runs this site has ended them.", email=email)


def zone_shown(stored: StoredSubscriber) -> str:
    """Give the zone that times are told in: the reader's, as far as this machine knows it."""
    return stored.subscriber.timezone if is_known_zone(stored.subscriber.timezone) else "UTC"


def _remarks(stored: StoredSubscriber, watchlist: Watchlist | None, locale: Locale) -> list[str]:
    found = []
    if stored.state in {SubscriberState.PAUSED, SubscriberState.SUPPRESSED}:
        found.append(locale.text("News that comes meanwhile is kept: the first digest afterwards has it."))
    if stored.state is SubscriberState.SUPPRESSED and stored.because:
        reason = one_line(stored.because, _REASON_LIMIT)
        found.append(locale.text("What the mail server said: %(reason)s", reason=reason))
    if not is_known_zone(stored.subscriber.timezone):
        found.append(
            locale.text(
                "The time zone %(zone)s is no longer known; times are those of UTC until another one is chosen.",
                zone=one_line(stored.subscriber.timezone),
            )
        )
    if stored.owner is Owner.WATCHLIST and stored.state.is_owed:
        found.append(locale.text("Topics and times are set by whoever runs this site; you can pause and end them."))
    if stored.owner is Owner.READER and _is_named(stored, watchlist):
        found.append(locale.text("The operator's list names your address too; what you set here is what holds."))
    return found


def _is_named(stored: StoredSubscriber, watchlist: Watchlist | None) -> bool:
    """Tell whether the watchlist names the address, whose entry holds only for a subscription of its own."""
    named = watchlist.subscribers if watchlist else ()
    return stored.subscriber.email in {one.email.lower() for one in named}


def _past(digest: Digest, figures: DigestFigures, locale: Locale, root: str) -> PastDigest:
    mail = locale.text(_MAIL_STATES[figures.state])
    return PastDigest(f"{root}/digests/{digest.token}", digest.window.end_at, figures.matches, mail)
