"""What a delivery says: from a row of the ledger to a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import sqlalchemy as sa
from jinja2 import Environment

from tocsin.delivery import (
    BundleReport,
    Letterhead,
    Mail,
    Notice,
    build_alert,
    build_bundle,
    build_notice,
    bundle_notice,
    held_words,
    notice_of,
    notice_payload,
    payload_of,
    plain_notice,
    render_alert,
    render_bundle,
    render_notice,
)
from tocsin.delivery.confirmation import build_confirmation, render_confirmation
from tocsin.delivery.subscription_links import confirm_url, subscription_links
from tocsin.digests import DigestView, render_digest, stored_digest_view
from tocsin.digests.quiet_days import wants_quiet
from tocsin.models.deliveries import Delivery, DeliveryKind
from tocsin.models.digests import Digest
from tocsin.models.ids import WatchId
from tocsin.models.subscribers import StoredSubscriber, SubscriberState, SubscriptionLinks
from tocsin.models.watchlist import ChannelKind, Watch, Watchlist
from tocsin.rendering.locales import ENGLISH, Locale, locale_of
from tocsin.rendering.rendered import Rendered
from tocsin.rendering.templates import Templates
from tocsin.store.digests import get_digest
from tocsin.store.notices import get_notice
from tocsin.store.open_windows import last_mailed
from tocsin.store.signups import get_signup
from tocsin.store.subscribers import find_subscriber, get_subscriber
from tocsin.store.tellings import first_message_id
from tocsin_worker.reports import Links, report_of

Message = Mail | Notice | dict[str, object]
"""A mail, a notice for Apprise, or what a webhook is sent as JSON."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing left to send, and why; no failure."""

    reason: str


Compose = Callable[[sa.Connection, Delivery], Message | Gone]


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes messages as things stand when they are sent; ``watchlist`` gives the one in force at the moment.

    ``links`` gives those of alerts; ``secret`` signs those of subscriptions.
    """

    templates: Templates
    watchlist: Callable[[], Watchlist]
    letterhead: Letterhead
    contact: str | None
    base_url: str
    links: Links
    secret: bytes = field(repr=False)

    def compose(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        """Write the message of a delivery, or say why there is none any more."""
        match delivery.kind:
            case DeliveryKind.DIGEST:
                return self._digest(connection, delivery)
            case DeliveryKind.NOTICE:
                return self._notice(connection, delivery)
            case DeliveryKind.ALERT:
                return self._alerts(connection, delivery)
            case DeliveryKind.CONFIRMATION:
                return self._confirmation(connection, delivery)

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
        return self._mail(delivery, self._made(delivery, partial(render_alert, view)), thread=thread)

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
        return self._mail(delivery, self._made(delivery, partial(render_bundle, view)))

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
        return self._mail(delivery, self._made(delivery, partial(render_notice, view)))

    def _digest(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        digest = None if delivery.digest_id is None else get_digest(connection, delivery.digest_id)
        stored = None if digest is None else get_subscriber(connection, digest.subscriber_id)
        if digest is None or stored is None:
            return Gone("the digest or its subscriber is no longer in the database")
        if stored.state is not SubscriberState.ACTIVE:
            return Gone(f"the subscriber is {stored.state} by now")
        links = self._subscription_links(stored, delivery)
        view = self._view(connection, digest, links)
        if view is None:
            return Gone("the digest or its subscriber is no longer in the database")
        if not view.sections and _is_unwanted(connection, digest, stored):
            return Gone("its articles no longer meet the watches, and the subscriber wants no mail that says so")
        return self._mail(delivery, self._made(delivery, partial(render_digest, view), view.locale), links=links)

    def _view(self, connection: sa.Connection, digest: Digest, links: SubscriptionLinks) -> DigestView | None:
        watches = self.watchlist().watches
        return stored_digest_view(
            connection, digest, watches, base_url=self.base_url, contact=self.contact, links=links
        )

    def _confirmation(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        signup = None if delivery.signup_id is None else get_signup(connection, delivery.signup_id)
        if signup is None:
            return Gone("what was asked for is no longer in the database")
        stored = find_subscriber(connection, signup.wanted.email)
        locale = locale_of(signup.wanted.language)
        view = build_confirmation(
            signup,
            stored,
            self.watchlist().watches,
            confirm_url=confirm_url(signup.id, signup.requested_at, base_url=self.base_url, secret=self.secret),
            settings_url=self._subscription_links(stored, delivery).settings if stored else "",
            base_url=self.base_url,
            locale=locale,
            contact=self.contact,
        )
        return self._mail(delivery, self._made(delivery, partial(render_confirmation, view), locale))

    def _subscription_links(self, stored: StoredSubscriber, delivery: Delivery) -> SubscriptionLinks:
        """Give the links of a subscriber's mail, the same in every attempt."""
        mailto = self.letterhead.mailto(stored.id, stored.link_epoch)
        return subscription_links(
            stored, delivery.created_at, base_url=self.base_url, secret=self.secret, mailto=mailto
        )

    def _watches(self) -> dict[WatchId, Watch]:
        return {watch.id: watch for watch in self.watchlist().watches}

    def _timezone(self, delivery: Delivery) -> str | None:
        """Give the zone of a message's channel; None where that is no longer in the watchlist."""
        zones = (channel.timezone for channel in self.watchlist().channels if channel.name == delivery.name)
        return next(zones, None)

    def _made(
        self, delivery: Delivery, render: Callable[[Environment], Rendered], locale: Locale = ENGLISH
    ) -> Rendered:
        return self.templates.mail(delivery.kind.value, render, locale)

    def _mail(
        self,
        delivery: Delivery,
        rendered: Rendered,
        *,
        thread: str | None = None,
        links: SubscriptionLinks | None = None,
    ) -> Mail:
        return self.letterhead.mail(
            rendered,
            kind=delivery.kind,
            to=delivery.target,
            message_id=delivery.message_id,
            date=delivery.created_at,
            delivery_id=delivery.id,
            thread=thread,
            links=links,
        )


def _is_unwanted(connection: sa.Connection, digest: Digest, stored: StoredSubscriber) -> bool:
    """Tell whether a digest that has nothing to tell any more is none that its subscriber wants: as if its window had
    been closed with nothing. One that had nothing from the start was entered since it is wanted, or asked for by hand.
    """
    if not digest.closed_with:
        return False
    mailed = last_mailed(connection, [stored.id], digest.window.start_at)  # the digests before this one
    return not wants_quiet(stored, digest.window.local_date, mailed.get(stored.id))
