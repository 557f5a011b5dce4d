"""What all mails of the house have in common: who they are from, where what comes back goes, and the signature.

Here a message gets its envelope (RFC 5321), which is another thing than its headers: the server goes by the envelope
alone, and readers see the headers alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from tocsin.delivery.dkim_signing import DkimSigner
from tocsin.delivery.message import bare_address, mail_message
from tocsin.delivery.verp import Verp
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import DeliveryId, SubscriberId
from tocsin.models.subscribers import SubscriptionLinks
from tocsin.rendering.rendered import Rendered


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in its envelope. ``content`` is what goes out, byte for byte, since the signature holds for that
    alone; ``message`` is the same without the signature, for those who look at headers.
    """

    message: EmailMessage
    sender: str
    recipient: str
    content: bytes

    @property
    def needs_utf8(self) -> bool:
        """Whether only a server with SMTPUTF8 (RFC 6531) can take it: an address beyond ASCII is in it."""
        return not (self.sender + self.recipient).isascii() or bool(getattr(self.message.policy, "utf8", False))


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Turns what was rendered into mails. ``sender`` is a mailbox such as ``Tocsin <tocsin@example.org>``.

    ``reads_replies`` says that somebody reads what comes to the addresses that ``verp`` makes.
    """

    sender: str
    contact: str | None = None
    verp: Verp | None = None
    signer: DkimSigner | None = None
    reads_replies: bool = False

    def mail(
        self,
        rendered: Rendered,
        *,
        kind: DeliveryKind,
        to: str,
        message_id: str,
        date: datetime,
        delivery_id: DeliveryId | None = None,
        thread: str | None = None,
        links: SubscriptionLinks | None = None,
    ) -> Mail:
        """Make the mail of a delivery; without ``delivery_id`` it comes from the sender's own address.

        The rest is as in `mail_message`. Raises MailSetupError for an address that cannot stand in a header.
        """
        message = mail_message(
            rendered,
            kind=kind,
            sender=self.sender,
            to=to,
            message_id=message_id,
            date=date,
            contact=self.contact,
            thread=thread,
            links=links,
        )
        content = message.as_bytes()
        if self.signer is not None:
            content = self.signer.sign(content) + content
        return Mail(message, self._envelope_sender(delivery_id), bare_address(to), content)

    def mailto(self, subscriber: SubscriberId, epoch: int) -> str:
        """Give the address to which any mail ends a subscription; "" where nobody reads what comes there."""
        return self.verp.unsubscribe_of(subscriber, epoch) if self.verp and self.reads_replies else ""

    def _envelope_sender(self, delivery_id: DeliveryId | None) -> str:
        if self.verp is None or delivery_id is None:
            return bare_address(self.sender)
        return self.verp.sender_of(delivery_id)
