"""Mails as they come back from servers of many makes, each to the address of one delivery or subscription."""

from __future__ import annotations

from tocsin.delivery.verp import Verp
from tocsin.models.ids import DeliveryId, SubscriberId

VERP = Verp("bounces@news.example.org", b"s" * 32)
DELIVERY = DeliveryId(42)
SUBSCRIBER = SubscriberId(7)
OUR_ADDRESS = VERP.sender_of(DELIVERY)
LEAVING = VERP.unsubscribe_of(SUBSCRIBER, 0)
FORGED = Verp(VERP.bounces, b"t" * 32).sender_of(DELIVERY)


def written(head: str, body: str = "") -> bytes:
    """Give a mail with the line ends that it has on its way."""
    return f"{head.strip()}\n\n{body.lstrip()}".replace("\n", "\r\n").encode()


def report(
    fields: str,
    *,
    to: str = OUR_ADDRESS,
    per_message: str = "Reporting-MTA: dns; mx.example.net",
    kind: str = "delivery-status",
    original: str = "",
) -> bytes:
    """Give a report for machines (RFC 3462) on one recipient, or of another kind."""
    head = f"""
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b1"
"""
    status = "\n\n".join(part for part in (per_message, fields.strip()) if part)
    body = f"""
--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered. 4.0.0 is no code of ours.

--b1
Content-Type: message/{kind}

{status}

--b1
Content-Type: message/rfc822

{original or "Subject: News"}

Action: failed
Status: 5.1.1

--b1--
"""
    return written(head, body)


def recipient(status: str, diagnostic: str = "", action: str = "failed") -> str:
    """Give the fields of one recipient (RFC 3464 2.3)."""
    told = f"\nDiagnostic-Code: smtp; {diagnostic}" if diagnostic else ""
    acted = f"\nAction: {action}" if action else ""
    return f"Final-Recipient: rfc822; zoe@example.net{acted}\nStatus: {status}{told}"


NO_SUCH_USER = report(recipient("5.1.1", "550 5.1.1 <zoe@example.net>: Recipient address rejected: User unknown"))

QMAIL = written(
    f"""
Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: {OUR_ADDRESS}
Subject: failure notice
""",
    """
Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<zoe@example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Subject: 5.7.1 in the news
""",
)

QMAIL_TOO_LONG = QMAIL.replace(
    b"Sorry, no mailbox here by that name. (#5.1.1)",
    b"I'm not going to try again; this message has been in the queue too long. (#4.4.1)",
)

EXIM = written(
    f"""
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: {OUR_ADDRESS}
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender
""",
    """
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  zoe@example.net
    host mx.example.net [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<zoe@example.net>:
    550 5.1.1 <zoe@example.net>: Recipient address rejected: User unknown

------ This is a copy of the message, including all the headers. ------

Subject: 5.7.1 in the news
""",
)

WARNING = written(
    f"""
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: {OUR_ADDRESS}
Subject: Warning: message 1abc delayed 24 hours
Auto-Submitted: auto-generated
""",
    """
This message was created automatically by mail delivery software. A message that you sent has not yet been delivered
to one or more of its recipients after more than 24 hours on the queue.

host mx.example.net [192.0.2.1]: 550-451 4.7.1 try later

No action is required on your part. Delivery attempts will continue.
""",
)

VACATION = written(
    f"""
From: Zoe <zoe@example.net>
To: {OUR_ADDRESS}
Subject: Out of office
Auto-Submitted: auto-replied (vacation)
""",
    "I am away until 5.1.1 or so. 550 regards.\n",
)

OUTLOOK_AWAY = written(
    f"""
From: Zoe <zoe@example.net>
To: {OUR_ADDRESS}
Subject: Automatic reply: News
X-Auto-Response-Suppress: All
Auto-Submitted: auto-generated
""",
    "550 5.1.1 is where my desk is.\n",
)

GOOD_BYE = written(f"From: zoe@example.net\nTo: <{LEAVING}>\nSubject: unsubscribe", "unsubscribe\n")


def complaint(kind: str = "abuse", fields: str = "", original: str = "") -> bytes:
    """Give a report of RFC 5965, to the address that feedback loops are told."""
    told = f"Feedback-Type: {kind}\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n{fields}"
    return report("", to=VERP.bounces, per_message=told, kind="feedback-report", original=original)
