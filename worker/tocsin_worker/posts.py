"""How a message leaves the house: the way out for each kind of channel, opened when the first message needs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.delivery import AppriseSender, Mail, MailSender, Notice, WebhookSender
from tocsin.models.deliveries import Delivery, Outcome, Refused
from tocsin.models.watchlist import Channel, ChannelKind, Watchlist
from tocsin_worker.messages import Message

MAIL_CONNECTIONS = 3
"""To the mail server at a time: some large ones allow no more of one sender."""

KEPT_SECONDS = 10.0
"""So long a connection to the mail server is kept for the next job."""

Post = Callable[[Delivery, Message], Outcome]
"""Hands one message over."""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Opens ways out, each for one thread; connections for mail are kept for a while between jobs.

    ``variables`` have the addresses and secrets that the watchlist names; ``watchlist`` gives the one in force, and
    ``clock`` aware UTC.
    """

    mail: Callable[[], MailSender]
    variables: Mapping[str, str]
    watchlist: Callable[[], Watchlist]
    clock: Callable[[], datetime]
    contact: str | None = None
    _mail_slots: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(MAIL_CONNECTIONS))
    _kept: list[tuple[float, MailSender]] = field(default_factory=list)
    """Mail senders that nobody uses, with the time since when; the last one was used last."""
    _shut: threading.Event = field(default_factory=threading.Event)

    def open(self, stack: ExitStack, kind: ChannelKind) -> Post:
        """Open the way out for a kind of channel; ``stack`` closes it. For mail it waits until a connection is free."""
        match kind:
            case ChannelKind.MAIL:
                return self._by_mail(stack)
            case ChannelKind.APPRISE:
                return self._by_apprise(stack)
            case ChannelKind.WEBHOOK:
                return self._by_webhook(stack)

    def tidy(self, *, keep: float = KEPT_SECONDS) -> None:
        """Close the connections for mail that nobody used for so many seconds."""
        with suppress(IndexError):  # none left, or taken at this moment
            while time.monotonic() - self._kept[0][0] >= keep:
                self._kept.pop(0)[1].close()

    def close(self) -> None:
        """Keep no connection for mail any more."""
        self._shut.set()
        self.tidy(keep=0)

    def _by_mail(self, stack: ExitStack) -> Post:
        stack.enter_context(self._mail_slots)
        sender = self._kept_sender() or self.mail()
        stack.callback(self._keep, sender)

        def post(_: Delivery, message: Message) -> Outcome:
            assert isinstance(message, Mail)  # noqa: S101 -- the composer chose by the same kind
            return sender.send(message)

        return post

    def _keep(self, sender: MailSender) -> None:
        if self._shut.is_set():
            sender.close()
        else:
            self._kept.append((time.monotonic(), sender))

    def _kept_sender(self) -> MailSender | None:
        try:
            return self._kept.pop()[1]
        except IndexError:
            return None  # the others are in use

    def _by_apprise(self, stack: ExitStack) -> Post:
        sender = stack.enter_context(closing(AppriseSender(self.variables)))

        def post(delivery: Delivery, message: Message) -> Outcome:
            assert isinstance(message, Notice)  # noqa: S101 -- the composer chose by the same kind
            return sender.send(delivery.target, message)

        return post

    def _by_webhook(self, stack: ExitStack) -> Post:
        sender = stack.enter_context(closing(WebhookSender(self.variables, self.clock, contact=self.contact)))

        def post(delivery: Delivery, message: Message) -> Outcome:
            assert isinstance(message, dict)  # noqa: S101 -- the composer chose by the same kind
            channel = self._channel(delivery.name)
            if channel is None or channel.secret is None:
                return Refused(f"the channel {delivery.name} is no webhook of the watchlist any more")
            return sender.send(channel.target, channel.secret, delivery.key, message)

        return post

    def _channel(self, name: str | None) -> Channel | None:
        return next((channel for channel in self.watchlist().channels if channel.name == name), None)
