"""What all senders of mail have in common. A failure to send is a value, never an exception."""

from __future__ import annotations

from typing import Protocol

from tocsin.delivery.letterhead import Mail
from tocsin.models.deliveries import Outcome


class MailSender(Protocol):
    """Takes messages one by one; ``close`` lets go of what is kept between them, and sending again reopens it."""

    def send(self, mail: Mail) -> Outcome:
        """Hand one message over."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
