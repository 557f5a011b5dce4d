"""What a mail that comes back to us says: of a message that we sent, or of what its reader wants."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.models.ids import DeliveryId, SubscriberId


@dataclass(frozen=True, slots=True)
class Bounced:
    """A message did not reach its reader (RFC 3464), and never will.

    ``words`` are those of the server that refused it. ``address_fault`` says that nothing will ever reach the address.
    """

    delivery: DeliveryId
    words: str
    address_fault: bool = False


@dataclass(frozen=True, slots=True)
class Delayed:
    """A server has a message and has not got rid of it yet; it goes on trying."""

    delivery: DeliveryId
    words: str


@dataclass(frozen=True, slots=True)
class Complained:
    """A reader called a message spam (RFC 5965); one of the two says which reader."""

    delivery: DeliveryId | None = None
    subscriber: SubscriberId | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A reader ends a subscription by a mail. ``epoch`` is that of the links in the mail that they answer."""

    subscriber: SubscriberId
    epoch: int


@dataclass(frozen=True, slots=True)
class Unused:
    """Nothing follows from it, and why.

    ``is_forged``: it bears an address of our form that is not ours. ``is_unclear``: a person should look at it.
    """

    reason: str
    is_forged: bool = False
    is_unclear: bool = False


MailReport = Bounced | Delayed | Complained | Left | Unused
