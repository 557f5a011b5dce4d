"""What the pages need of the rest of the house, handed in as one record; nothing here opens or starts anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from jinja2 import Environment

from tocsin.config.setting_values import Network
from tocsin.delivery.verp import Verp
from tocsin.errors import Fault
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import Watchlist
from tocsin.rendering.locales import Locale
from tocsin.store.database import Database
from tocsin_web.limits import SignupLimits


@dataclass(frozen=True, slots=True)
class WebHouse:
    """The parts that pages are made from.

    ``watchlist`` gives the one in force (None before there was any), ``faults`` those of its file as it is now.
    ``base_url`` is where readers reach the pages, from the settings and never from a request. ``now`` gives an aware
    UTC time. ``queue_probe`` raises `tocsin.errors.QueueError` when Redis does not answer; so does ``queue_lengths``,
    which counts the jobs that wait by queue. ``environments`` gives that of a reader's language. ``secret`` is what the
    links in mails are signed with. ``contact`` is the operator's mail address or page. ``signup_limits`` count who asks
    for mails, by the address of the client behind ``trusted_proxies``. ``mail_domain`` is what Message-IDs are made
    under; ``wake_mailer`` hands messages to the queue, and never fails: what is not handed over is found by the
    scheduler. ``verp`` reads the addresses that mail comes back to, and ``bounce_token`` is shown by the service that
    hands it over; None where none does.
    """

    database: Database
    watchlist: Callable[[], Watchlist | None]
    faults: Callable[[], tuple[Fault, ...]]
    environment: Environment
    environments: Callable[[Locale], Environment]
    base_url: str
    now: Callable[[], datetime]
    queue_probe: Callable[[], None]
    queue_lengths: Callable[[], Mapping[str, int]]
    secret: bytes = field(repr=False)
    signup_limits: SignupLimits
    mail_domain: str
    wake_mailer: Callable[[Sequence[DeliveryId]], None]
    contact: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    verp: Verp | None = None
    bounce_token: str | None = field(default=None, repr=False)

    @property
    def root(self) -> str:
        """Give the path that links inside the site start with: "" or "/tocsin", where a proxy serves it under a path.

        A path alone works through every name that the site is reached by, and takes nothing from the Host header.
        """
        return urlsplit(self.base_url).path.rstrip("/")
