from __future__ import annotations

from datetime import UTC, datetime

import pytest

from returned_mails import VERP
from tocsin.delivery.letterhead import Letterhead, Mail
from tocsin.delivery.verp import OfSubscription
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import DeliveryId, SubscriberId
from tocsin.rendering.rendered import Rendered

SENDER = "Tocsin <tocsin@news.example.org>"


def a_mail(letterhead: Letterhead, to: str = "zoe@example.org", delivery_id: DeliveryId | None = None) -> Mail:
    return letterhead.mail(
        Rendered("x", "", "<p>x</p>", "x"),
        kind=DeliveryKind.DIGEST,
        to=to,
        message_id="<1@news.example.org>",
        date=datetime(2026, 9, 6, tzinfo=UTC),
        delivery_id=delivery_id,
    )


def test_the_envelope_is_that_of_the_headers_where_bounces_have_no_address_of_their_own() -> None:
    mail = a_mail(Letterhead(SENDER), delivery_id=DeliveryId(42))
    assert (mail.sender, mail.recipient) == ("tocsin@news.example.org", "zoe@example.org")
    assert mail.content == mail.message.as_bytes()


def test_each_delivery_leaves_from_an_address_of_its_own_and_readers_see_the_same_sender() -> None:
    mail = a_mail(Letterhead(SENDER, verp=VERP), delivery_id=DeliveryId(42))
    assert mail.sender == VERP.sender_of(DeliveryId(42))
    assert mail.message["From"] == SENDER
    assert mail.sender.encode() not in mail.content


def test_a_mail_that_is_in_no_ledger_has_no_address_to_come_back_to() -> None:
    assert a_mail(Letterhead(SENDER, verp=VERP)).sender == "tocsin@news.example.org"


@pytest.mark.parametrize(
    ("to", "recipient", "needs_utf8"),
    [
        ("zoe@example.org", "zoe@example.org", False),
        ("zoe@bücher.example", "zoe@xn--bcher-kva.example", False),
        ("zoë@example.org", "zoë@example.org", True),
        ("zoë@bücher.example", "zoë@xn--bcher-kva.example", True),
    ],
)
def test_only_a_local_part_beyond_ascii_asks_more_of_a_server(to: str, recipient: str, needs_utf8: bool) -> None:
    mail = a_mail(Letterhead("Glöckchen <tocsin@bücher.example>"), to)
    assert (mail.recipient, mail.needs_utf8) == (recipient, needs_utf8)
    assert mail.content.isascii() != needs_utf8


@pytest.mark.parametrize(("reads", "offered"), [(True, True), (False, False)])
def test_an_address_for_leaving_is_offered_only_where_somebody_reads_it(reads: bool, offered: bool) -> None:
    mailto = Letterhead(SENDER, verp=VERP, reads_replies=reads).mailto(SubscriberId(7), 3)
    assert bool(mailto) is offered
    assert not offered or VERP.read(mailto) == OfSubscription(SubscriberId(7), 3)
    assert Letterhead(SENDER, reads_replies=True).mailto(SubscriberId(7), 3) == ""
