"""The watchlist as the rest of the house sees it: complete, checked, with defaults filled in.

Only `tocsin.config` makes these records from a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from tocsin.models.ids import WatchId

LANGUAGES = ("en", "de", "fr", "ar")
"""Those that mails and the pages of subscribers come in."""

RETENTION = timedelta(days=90)
"""How long articles, matches and digests are kept where the watchlist says nothing else."""


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed that the watchlist names, itself or by an OPML file. ``home`` is a region's name as written, or None.

    ``every`` is the operator's own polling interval, None to follow the feed's rhythm; ``backlog`` is how much older
    than the subscription an article may be and still count as news; ``retention`` is how long articles are kept.
    """

    url: str
    title: str | None = None
    language: str | None = None
    home: str | None = None
    tags: tuple[str, ...] = ()
    every: timedelta | None = None
    full_text: bool = False
    backlog: timedelta = timedelta()
    retention: timedelta = RETENTION


@dataclass(frozen=True, slots=True)
class OwnRegion:
    """A region that the watchlist defines: a list of places as written, or a box.

    ``places`` are names, codes and ids of other own regions; ``box`` is west, south, east, north in degrees. West
    greater than east is a box across the antimeridian.
    """

    id: str
    places: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None


class About(StrEnum):
    """What an article must do with the regions of a watch: be about one of them, or merely name one."""

    FOCUS = "focus"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class WatchTests:
    """Sentences that a watch must match, and others it must ignore; `tocsin check` runs them."""

    match: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many in any stretch of that length."""

    number: int
    per: timedelta


class AlertWhen(StrEnum):
    """When a watch rings: for each story, or only when its stories come thicker than usual."""

    STORY = "story"
    BURST = "burst"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """How a watch rings. ``to`` names channels.

    ``at_most`` holds for each of them: what is beyond it comes bundled in one message. ``outlets`` is after how many
    further outlets a story rings once more though nothing new happened in it; None for never.
    """

    to: tuple[str, ...] = ()
    when: AlertWhen = AlertWhen.STORY
    at_most: Rate | None = None
    outlets: int | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """One standing interest. An article meets it by any keyword or name *and*, where regions are given, by any of the
    regions.

    A watch with regions alone is met by every article about them; ``about`` says whether to name them is enough.
    ``none`` wins over all. ``query`` stands in place of keywords and names; "" is none. ``alert`` with no channels
    is digests only.
    """

    id: WatchId
    title: str
    keywords: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    alert: AlertRule = AlertRule()
    tests: WatchTests = field(default_factory=WatchTests)
    query: str = ""
    about: About = About.FOCUS


class ChannelKind(StrEnum):
    """How a channel's messages leave the house."""

    MAIL = "mail"
    APPRISE = "apprise"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Wall times ``HH:MM`` from which and to which a channel is left in peace; ``end`` before ``start`` is past
    midnight.
    """

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Where alerts go. ``target`` is a mail address, or the name of the environment variable that holds the address of
    an Apprise service or of a webhook.

    ``secret`` names the environment variable with the key that a webhook's messages are signed with. ``timezone`` is an
    IANA name: that of the channel, else of the subscriber with the same mail address, else of the defaults. ``at_most``
    holds for all messages of the channel together.
    """

    name: str
    kind: ChannelKind
    target: str
    timezone: str = "UTC"
    quiet_hours: QuietHours | None = None
    at_most: Rate | None = None
    secret: str | None = None


class QuietPolicy(StrEnum):
    """What a subscriber gets when a window closes without a match: nothing; a short mail; or a short mail only after a
    week without any, so that silence is never failure.
    """

    SKIP = "skip"
    SHORT = "short"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """When a digest is due, in the subscriber's zone: ISO weekdays (1 = Monday) and wall times ``HH:MM``, sorted; or a
    cron expression of five fields in place of both ("" for none).
    """

    days: tuple[int, ...]
    at: tuple[str, ...]
    quiet: QuietPolicy
    cron: str = ""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Someone who gets digests. ``watches`` are in the order of the watchlist; ``timezone`` is an IANA name, and
    ``language`` one of `LANGUAGES`.
    """

    email: str
    timezone: str
    watches: tuple[WatchId, ...]
    digest: DigestSchedule
    language: str = "en"


@dataclass(frozen=True, slots=True)
class SelfService:
    """Who may subscribe on the web, and to what. ``domains`` are those of the addresses that may, none for any;
    ``watches`` are open to them, in the order of the watchlist.
    """

    is_open: bool = True
    domains: tuple[str, ...] = ()
    watches: tuple[WatchId, ...] = ()


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A checked watchlist. ``version`` is the first 12 hex digits of the SHA-256 of ``source``, the file's text, and of
    ``files``.

    ``regions`` are its own regions, in the order of the file. ``retention`` holds for digests, and for articles whose
    feed says nothing else. ``operator`` names the channels that are told what needs a hand. ``files`` are the lists of
    feeds that it names: name as written, and text. ``timezone`` and ``mail_language`` are those of subscribers who
    name none.
    """

    path: Path
    source: str
    version: str
    languages: tuple[str, ...]
    feeds: tuple[FeedSource, ...]
    watches: tuple[Watch, ...]
    channels: tuple[Channel, ...]
    subscribers: tuple[Subscriber, ...]
    regions: tuple[OwnRegion, ...] = ()
    retention: timedelta = RETENTION
    operator: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    self_service: SelfService = SelfService()
    timezone: str = "UTC"
    mail_language: str = "en"
