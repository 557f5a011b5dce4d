"""What all senders of mail have in common. A failure to send is a value, never an exception."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol

from tocsin.models.deliveries import Outcome


class MailSender(Protocol):
    """Takes messages one by one; ``close`` lets go of what is kept between them, and sending again reopens it."""

    def send(self, message: EmailMessage) -> Outcome:
        """Hand one message over."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
