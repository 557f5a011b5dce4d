"""What a delivery says and how it leaves: from a row of the ledger to a message, and the way out for each kind of
channel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from email.message import EmailMessage

import sqlalchemy as sa
from jinja2 import Environment

from tocsin.delivery import (
    AppriseSender,
    MailSender,
    Notice,
    build_alert,
    mail_message,
    notice_of,
    render_alert,
)
from tocsin.digests import DigestView, render_digest, stored_digest_view
from tocsin.models.deliveries import Delivery, DeliveryKind, Outcome
from tocsin.models.digests import Digest
from tocsin.models.watchlist import ChannelKind, Watch, Watchlist
from tocsin.rendering.rendered import Rendered
from tocsin.store.alerts import alerts_of_delivery
from tocsin.store.digests import get_digest
from tocsin.store.matches import get_match

Message = EmailMessage | Notice


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing left to send, and why; no failure."""

    reason: str


Compose = Callable[[sa.Connection, Delivery], Message | Gone]
Post = Callable[[str, Message], Outcome]


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes messages as things stand when they are sent; ``watchlist`` gives the one in force at the moment."""

    environment: Environment
    watchlist: Callable[[], Watchlist]
    sender: str
    contact: str | None
    base_url: str

    def compose(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        """Write the message of a delivery, or say why there is none any more."""
        if delivery.kind is DeliveryKind.DIGEST:
            return self._digest(connection, delivery)
        return self._alert(connection, delivery)

    def _alert(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        told = alerts_of_delivery(connection, delivery.id)
        match = get_match(connection, told[0].match_id) if told else None
        if match is None or match.withdrawn_at is not None:
            return Gone("the article was changed and no longer meets the watch, so there is nothing to alert of")
        view = build_alert(match, self._watches().get(match.watch), base_url=self.base_url, contact=self.contact)
        if delivery.channel is ChannelKind.APPRISE:
            return notice_of(view)
        return self._mail(delivery, render_alert(view, self.environment))

    def _digest(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        digest = None if delivery.digest_id is None else get_digest(connection, delivery.digest_id)
        view = None if digest is None else self._view(connection, digest)
        if view is None:
            return Gone("the digest or its subscriber is no longer in the database")
        return self._mail(delivery, render_digest(view, self.environment))

    def _view(self, connection: sa.Connection, digest: Digest) -> DigestView | None:
        watches = self.watchlist().watches
        return stored_digest_view(connection, digest, watches, base_url=self.base_url, contact=self.contact)

    def _watches(self) -> dict[str, Watch]:
        return {watch.id: watch for watch in self.watchlist().watches}

    def _mail(self, delivery: Delivery, rendered: Rendered) -> EmailMessage:
        return mail_message(
            rendered,
            kind=delivery.kind,
            sender=self.sender,
            to=delivery.target,
            message_id=delivery.message_id,
            date=delivery.created_at,
            contact=self.contact,
        )


def post_offices(
    stack: ExitStack, mail: Callable[[], MailSender], variables: Mapping[str, str]
) -> Mapping[ChannelKind, Post]:
    """Open the way out for each kind of channel; ``stack`` closes them."""
    sender = stack.enter_context(closing(mail()))
    apprise = AppriseSender(variables)

    def by_mail(target: str, message: Message) -> Outcome:
        assert isinstance(message, EmailMessage), target  # noqa: S101 -- the composer chose by the same channel
        return sender.send(message)

    def by_apprise(target: str, message: Message) -> Outcome:
        assert isinstance(message, Notice), target  # noqa: S101 -- the composer chose by the same channel
        return apprise.send(target, message)

    return {ChannelKind.MAIL: by_mail, ChannelKind.APPRISE: by_apprise}
