"""Addresses that attack whoever believes them: refused where they are typed, and harmless where they are mailed to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tocsin.config import parse_watchlist
from tocsin.delivery.letterhead import Letterhead
from tocsin.errors import MailSetupError, WatchlistError
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.subscribers import SubscriptionLinks
from tocsin.rendering.rendered import Rendered

HOSTILE = [
    "a@b.test\r",
    "a@b.test\r\nBcc: c@d.test",
    "Bcc: c@d.test",
    "a@b.test,c@d.test",
    '"a b"@c.test',
    "a@b.test%0d%0aRCPT TO:<x@y.test>",
    "a@[127.0.0.1]",
    "a@localhost",
    "@b.test",
    "a@",
    "a" * 300 + "@b.test",
    "a@b..test",
    "<script>@b.test",
    "a@b.test ",
    "p\u043estmaster@b.test",
    "root",
    "a@b.test;c@d.test",
    "a@-b.test",
    "a@b.test\x00",
    "\u202ea@b.test",
    "a@b.test>\r\nRCPT TO:<c@d.test",
]
LINKS = SubscriptionLinks("https://x.example/s", "https://x.example/u", "b@x.example")


@pytest.mark.parametrize("address", HOSTILE, ids=ascii)
def test_no_watchlist_takes_it(address: str, tmp_path: Path) -> None:
    text = f"""
version: 1
feeds: [https://wire.example/rss]
watches: {{siege: {{title: Siege, keywords: [siege]}}}}
subscribers: [{{email: {json.dumps(address)}, timezone: Europe/Berlin}}]
"""
    with pytest.raises(WatchlistError) as refused:
        parse_watchlist(text, tmp_path / "watchlist.yaml", check_region=lambda *_: None)
    assert "no mail address" in str(refused.value) or "control" in str(refused.value)


@pytest.mark.parametrize("address", HOSTILE, ids=ascii)
def test_no_header_and_no_envelope_carries_more_than_one_address(address: str) -> None:
    try:
        mail = Letterhead("tocsin@example.org").mail(
            Rendered("x", "", "x", "x"),
            kind=DeliveryKind.DIGEST,
            to=address,
            message_id="<1@example.org>",
            date=datetime(2026, 9, 6, tzinfo=UTC),
            links=LINKS,
        )
    except MailSetupError:
        return
    assert mail.recipient.count("@") == 1
    assert mail.recipient.isprintable()
    assert not set(' \r\n,;<>"') & set(mail.recipient)
    read = message_from_bytes(mail.content, policy=default)
    assert read["Bcc"] is None
    assert len(read["To"].addresses) == 1
