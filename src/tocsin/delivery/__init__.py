"""Messages on their way out: alerts, envelopes, the senders of each channel, and when to try again.

The ledger of deliveries is in `tocsin.store`; who claims a row and settles it is the business of the processes.
"""

from __future__ import annotations

from tocsin.delivery.alert import AlertView, Notice, build_alert, notice_of, render_alert
from tocsin.delivery.apprise import AppriseSender
from tocsin.delivery.folder import FolderSender
from tocsin.delivery.message import mail_domain, mail_message, new_message_id
from tocsin.delivery.retry import MAX_ATTEMPTS, next_attempt
from tocsin.delivery.sender import MailSender
from tocsin.delivery.smtp import SEND_SECONDS, SmtpSender
from tocsin.delivery.smtp_address import SmtpAddress, TlsMode, parse_smtp_url
from tocsin.delivery.smtp_client import SMTP_FAULTS, TimeLimit, open_smtp

__all__ = [
    "MAX_ATTEMPTS",
    "SEND_SECONDS",
    "SMTP_FAULTS",
    "AlertView",
    "AppriseSender",
    "FolderSender",
    "MailSender",
    "Notice",
    "SmtpAddress",
    "SmtpSender",
    "TimeLimit",
    "TlsMode",
    "build_alert",
    "mail_domain",
    "mail_message",
    "new_message_id",
    "next_attempt",
    "notice_of",
    "open_smtp",
    "parse_smtp_url",
    "render_alert",
]
