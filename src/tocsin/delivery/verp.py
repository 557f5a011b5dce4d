"""Variable envelope return paths: an address for each message, so that what comes back says what became of which. Pure.

``bounces+d42-TAG@example.org`` is the envelope sender of delivery 42, ``bounces+u7-0-TAG@example.org`` ends the
subscription of subscriber 7 for those who do so by a mail. The tag is a keyed hash: nobody can make a report on a mail
that was not sent to them. Letters may come back in any case (RFC 5321 2.4 leaves that to our own server), so that all
of it is in lower case and read in any.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field

from tocsin.models.ids import DeliveryId, SubscriberId

TAG_LENGTH = 16
"""Characters of base32, so 80 bits."""

_LARGEST = 2**63 - 1
# No id with a leading zero: one id, one address.
_ID = "0|[1-9][0-9]{0,18}"


@dataclass(frozen=True, slots=True)
class OfDelivery:
    """An address that a message came from."""

    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class OfSubscription:
    """An address that ends a subscription. ``epoch`` is that of the links in the same mail."""

    subscriber: SubscriberId
    epoch: int


@dataclass(frozen=True, slots=True)
class Forged:
    """An address of our form with a tag that is not ours."""

    address: str


@dataclass(frozen=True, slots=True)
class Verp:
    """Makes and reads addresses. ``bounces`` is the one that they are made of, such as ``bounces@example.org``."""

    bounces: str
    secret: bytes = field(repr=False)

    def sender_of(self, delivery: DeliveryId) -> str:
        """Give the envelope sender of a delivery; the same in each attempt."""
        return self._address("d", str(delivery))

    def unsubscribe_of(self, subscriber: SubscriberId, epoch: int) -> str:
        """Give the address to which any mail ends the subscription."""
        return self._address("u", f"{subscriber}-{epoch}")

    def read(self, address: str) -> OfDelivery | OfSubscription | Forged | None:
        """Say what an address was made for; None for one of another form, such as the bare one."""
        local, _, domain = address.strip().lower().rpartition("@")
        ours, _, our_domain = self.bounces.lower().rpartition("@")
        found = re.fullmatch(
            rf"{re.escape(ours)}\+(?:d(?P<d>{_ID})|u(?P<u>{_ID})-(?P<e>{_ID}))-(?P<tag>[a-z0-9]{{1,64}})", local
        )
        if found is None or domain != our_domain:
            return None
        said = found["d"] or f"{found['u']}-{found['e']}"
        numbers = [int(number) for number in said.split("-")]
        genuine = hmac.compare_digest(found["tag"].encode(), self._tag("d" if found["d"] else "u", said).encode())
        if not genuine or max(numbers) > _LARGEST:
            return Forged(address)
        return (
            OfDelivery(DeliveryId(numbers[0])) if found["d"] else OfSubscription(SubscriberId(numbers[0]), numbers[1])
        )

    def _address(self, purpose: str, said: str) -> str:
        local, _, domain = self.bounces.rpartition("@")
        return f"{local}+{purpose}{said}-{self._tag(purpose, said)}@{domain}"

    def _tag(self, purpose: str, said: str) -> str:
        digest = hmac.digest(self.secret, f"tocsin.verp.{purpose}:{said}".encode(), hashlib.sha256)
        return base64.b32encode(digest).decode("ascii").lower()[:TAG_LENGTH]
