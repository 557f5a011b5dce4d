"""What a delivery says: from a row of the ledger to a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

import sqlalchemy as sa
from jinja2 import Environment

from tocsin.delivery import (
    BundleReport,
    Notice,
    build_alert,
    build_bundle,
    build_notice,
    bundle_notice,
    held_words,
    mail_message,
    notice_of,
    notice_payload,
    payload_of,
    plain_notice,
    render_alert,
    render_bundle,
    render_notice,
)
from tocsin.digests import DigestView, render_digest, stored_digest_view
from tocsin.models.deliveries import Delivery, DeliveryKind
from tocsin.models.digests import Digest
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import ChannelKind, Watch, Watchlist
from tocsin.rendering.rendered import Rendered
from tocsin.store.digests import get_digest
from tocsin.store.notices import get_notice
from tocsin.store.tellings import first_message_id
from tocsin_worker.reports import Links, report_of

Message = EmailMessage | Notice | dict[str, object]
"""A mail, a notice for Apprise, or what a webhook is sent as JSON."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing left to send, and why; no failure."""

    reason: str


Compose = Callable[[sa.Connection, Delivery], Message | Gone]


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes messages as things stand when they are sent; ``watchlist`` gives the one in force at the moment."""

    environment: Environment
    watchlist: Callable[[], Watchlist]
    sender: str
    contact: str | None
    base_url: str
    links: Links

    def compose(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        """Write the message of a delivery, or say why there is none any more."""
        match delivery.kind:
            case DeliveryKind.DIGEST:
                return self._digest(connection, delivery)
            case DeliveryKind.NOTICE:
                return self._notice(connection, delivery)
            case DeliveryKind.ALERT:
                return self._alerts(connection, delivery)

    def _alerts(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        watches = self._watches()
        report = report_of(connection, delivery, watches, self.links)
        if report is None:
            return Gone("the article was changed and no longer meets the watch, so there is nothing to alert of")
        if delivery.channel is ChannelKind.WEBHOOK:
            return payload_of(delivery, report, watches, base_url=self.base_url)
        return self._single(connection, delivery, report) if report.is_single else self._bundle(delivery, report)

    def _single(self, connection: sa.Connection, delivery: Delivery, report: BundleReport) -> Message:
        [only] = report.reports
        zone = self._timezone(delivery)
        view = build_alert(
            only,
            self._watches(),
            base_url=self.base_url,
            timezone=zone,
            contact=self.contact,
            held=held_words(report, zone),
        )
        if delivery.channel is ChannelKind.APPRISE:
            return notice_of(view)
        thread = first_message_id(connection, delivery, only.story.id)
        return self._mail(delivery, render_alert(view, self.environment), thread)

    def _bundle(self, delivery: Delivery, report: BundleReport) -> Message:
        view = build_bundle(
            report,
            self._watches(),
            base_url=self.base_url,
            timezone=self._timezone(delivery),
            contact=self.contact,
        )
        if delivery.channel is ChannelKind.APPRISE:
            return bundle_notice(view)
        return self._mail(delivery, render_bundle(view, self.environment))

    def _notice(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        notice = None if delivery.notice_id is None else get_notice(connection, delivery.notice_id)
        if notice is None:
            return Gone("the notice is no longer in the database")
        if notice.closed_at is not None:
            return Gone("what it was to tell the operator was over before it could be sent")
        if delivery.channel is ChannelKind.WEBHOOK:
            return notice_payload(delivery, notice)
        view = build_notice(notice, base_url=self.base_url, timezone=self._timezone(delivery))
        if delivery.channel is ChannelKind.APPRISE:
            return plain_notice(view)
        return self._mail(delivery, render_notice(view, self.environment))

    def _digest(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        digest = None if delivery.digest_id is None else get_digest(connection, delivery.digest_id)
        view = None if digest is None else self._view(connection, digest)
        if view is None:
            return Gone("the digest or its subscriber is no longer in the database")
        return self._mail(delivery, render_digest(view, self.environment))

    def _view(self, connection: sa.Connection, digest: Digest) -> DigestView | None:
        watches = self.watchlist().watches
        return stored_digest_view(connection, digest, watches, base_url=self.base_url, contact=self.contact)

    def _watches(self) -> dict[WatchId, Watch]:
        return {watch.id: watch for watch in self.watchlist().watches}

    def _timezone(self, delivery: Delivery) -> str | None:
        """Give the zone of a message's channel; None where that is no longer in the watchlist."""
        zones = (channel.timezone for channel in self.watchlist().channels if channel.name == delivery.name)
        return next(zones, None)

    def _mail(self, delivery: Delivery, rendered: Rendered, thread: str | None = None) -> EmailMessage:
        return mail_message(
            rendered,
            kind=delivery.kind,
            sender=self.sender,
            to=delivery.target,
            message_id=delivery.message_id,
            date=delivery.created_at,
            contact=self.contact,
            thread=thread,
        )
