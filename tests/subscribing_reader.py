"""Somebody who subscribes: fills in forms, reads the mails that come of it, and follows the links in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.types import ASGIApp

from records import subscriber
from tocsin.delivery import Letterhead, Mail
from tocsin.delivery.feedback import feedback_links
from tocsin.delivery.subscription_links import subscription_token
from tocsin.delivery.tokens import Purpose
from tocsin.models.deliveries import Delivery, DeliveryKind
from tocsin.models.subscribers import StoredSubscriber
from tocsin.models.watchlist import SelfService, Subscriber, Watchlist
from tocsin.rendering.templates import Templates
from tocsin.store.database import Database
from tocsin.store.deliveries import list_deliveries
from tocsin.store.subscriber_changes import add_subscriber, sync_subscribers
from tocsin.store.subscribers import find_subscriber
from tocsin.store.tables import metadata
from tocsin_web.app import build_app
from tocsin_worker.messages import Composer, Gone
from web_client import SECRET, Answer, ask, house_on
from web_samples import EURO, GROUP, SYRIA, sample_watchlist

ZOE = "zoe@example.org"
ROOT = "https://news.example.org"
OPEN = replace(
    sample_watchlist(),
    subscribers=(),
    self_service=SelfService(watches=(GROUP.id, SYRIA.id, EURO.id)),
    timezone="Europe/Berlin",
)
WISH = {
    "email": ZOE,
    "which": "some",
    "watch": [SYRIA.id, EURO.id],
    "timezone": "Asia/Beirut",
    "at": ["18:30", "07:00", ""],
    "day": ["1", "2", "5"],
    "quiet": "weekly",
    "language": "en",
}
"""A form that is right."""


@dataclass(slots=True)
class Visitor:
    """A reader with a browser and a mailbox. ``late`` is by how much their time is ahead of the house's."""

    database: Database
    watchlist: Watchlist = OPEN
    late: timedelta = timedelta()
    changes: dict[str, Any] = field(default_factory=dict)
    _app: ASGIApp | None = None

    @property
    def app(self) -> ASGIApp:
        """Give the site; it is built once, so that what it counts it counts on."""
        if self._app is None:
            fields = {"watchlist": lambda: self.watchlist, "now": self.now, "base_url": ROOT, **self.changes}
            self._app = build_app(house_on(self.database, **fields))
        return self._app

    def now(self) -> datetime:
        """Give the time; that of the database is the real one."""
        return datetime.now(UTC) + self.late

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Look at a page."""
        return ask(self.app, path.removeprefix(ROOT), method=method, headers=headers)

    def post(self, path: str, form: Any = (), **headers: str) -> Answer:
        """Send a form as browsers do."""
        return self.send(path, urlencode(dict(form), doseq=True).encode(), **headers)

    def send(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded", **headers: str) -> Answer:
        """Send whatever there is to send."""
        given = {"content-type": kind, "content-length": str(len(body)), **headers}
        return ask(self.app, path.removeprefix(ROOT), method="POST", headers=given, pieces=[body])

    def subscribe(self, **fields: object) -> Answer:
        """Send the form that is right but for these fields."""
        return self.post("/subscribe", WISH | fields)

    def confirmations(self) -> list[Delivery]:
        """Give the mails that were entered to ask somebody, the oldest first."""
        with self.database.read() as connection:
            found = list_deliveries(connection, limit=100)
        return sorted((one for one in found if one.kind is DeliveryKind.CONFIRMATION), key=lambda one: one.id)

    def mail(self) -> EmailMessage:
        """Read the mail that was entered last."""
        written = self.written()
        assert isinstance(written, Mail)
        return written.message

    def written(self, delivery: Delivery | None = None) -> object:
        """Give what the mailer makes of a mail, by default the one that was entered last."""
        links = partial(feedback_links, base_url=ROOT, secret=SECRET)
        letterhead = Letterhead("Tocsin <t@news.example.org>")
        composer = Composer(Templates(), lambda: self.watchlist, letterhead, None, ROOT, links, SECRET)
        with self.database.read() as connection:
            return composer.compose(connection, delivery or self.confirmations()[-1])

    def link(self) -> str:
        """Give the path of the one link to act on in the mail that was entered last; its parts have the same."""
        found: set[str] = {link for part in parts(self.mail()) for link in re.findall(rf"{ROOT}(/[\w./-]+)", part)}
        [only] = found
        return only

    def stored(self, email: str = ZOE) -> StoredSubscriber | None:
        """Give the subscriber at an address."""
        with self.database.read() as connection:
            return find_subscriber(connection, email)

    def joined(self, wanted: Subscriber | None = None, **options: Any) -> StoredSubscriber:
        """Let somebody be a subscriber of their own, Zoe by default."""
        wanted = wanted or replace(subscriber(ZOE, (SYRIA.id,)), language="en")
        with self.database.write() as connection:
            assert add_subscriber(connection, wanted, self.now(), secret=SECRET, **options) is not None
        found = self.stored(wanted.email)
        assert found is not None
        return found

    def named(self, wanted: Subscriber | None = None) -> StoredSubscriber:
        """Let the watchlist name somebody, Zoe by default."""
        wanted = wanted or subscriber(ZOE, (SYRIA.id,))
        self.watchlist = replace(self.watchlist, subscribers=(wanted,))
        with self.database.write() as connection:
            sync_subscribers(connection, [wanted], self.now(), self_service=self.watchlist.self_service, secret=SECRET)
        found = self.stored(wanted.email)
        assert found is not None
        return found

    def settings(self, purpose: Purpose = Purpose.SETTINGS) -> str:
        """Give the path of the link to Zoe's settings, or of the one that ends what she gets."""
        found = self.stored()
        assert found is not None
        token = subscription_token(found, purpose, self.now(), secret=SECRET)
        return f"/subscription/{token}" if purpose is Purpose.SETTINGS else f"/unsubscribe/{token}"

    def content(self) -> dict[str, list[tuple[object, ...]]]:
        """Give all that stands in the database."""
        with self.database.read() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(sa.select(table))]
                for table in metadata.sorted_tables
            }


def parts(message: EmailMessage) -> list[str]:
    """Give the texts of a mail: the plain one and the page."""
    return [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]


def is_gone(written: object) -> bool:
    """Tell whether the mailer has nothing to send."""
    return isinstance(written, Gone)


@contextmanager
def watched(database: Database) -> Iterator[list[str]]:
    """Collect the statements that a database is asked to carry out."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
