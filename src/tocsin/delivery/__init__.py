"""Messages on their way out: alerts, envelopes, the senders of each channel, and when to try again.

The ledger of deliveries is in `tocsin.store`; who claims a row and settles it is the business of the processes.
"""

from __future__ import annotations

from tocsin.delivery.alert import AlertView, Notice, Report, build_alert, notice_of, render_alert
from tocsin.delivery.apprise import APPRISE_SECONDS, AppriseSender
from tocsin.delivery.bundle import (
    BundleReport,
    BundleView,
    build_bundle,
    bundle_notice,
    held_words,
    render_bundle,
)
from tocsin.delivery.burst import BurstReport, BurstStory, BurstView
from tocsin.delivery.dkim_signing import DkimSigner, load_signer
from tocsin.delivery.folder import FolderSender
from tocsin.delivery.letterhead import Letterhead, Mail
from tocsin.delivery.message import mail_domain, mail_message, new_message_id
from tocsin.delivery.notices import NoticeView, build_notice, plain_notice, render_notice
from tocsin.delivery.payload import notice_payload, payload_of
from tocsin.delivery.retry import MAX_ATTEMPTS, next_attempt, rest
from tocsin.delivery.sample import sample_payload, sample_report
from tocsin.delivery.sender import MailSender
from tocsin.delivery.smtp import SEND_SECONDS, SmtpSender
from tocsin.delivery.smtp_address import SmtpAddress, TlsMode, parse_smtp_url
from tocsin.delivery.smtp_client import SMTP_FAULTS, TimeLimit, open_smtp
from tocsin.delivery.verp import Verp
from tocsin.delivery.webhook import WEBHOOK_SECONDS, WebhookSender, webhook_fault

__all__ = [
    "APPRISE_SECONDS",
    "MAX_ATTEMPTS",
    "SEND_SECONDS",
    "SMTP_FAULTS",
    "WEBHOOK_SECONDS",
    "AlertView",
    "AppriseSender",
    "BundleReport",
    "BundleView",
    "BurstReport",
    "BurstStory",
    "BurstView",
    "DkimSigner",
    "FolderSender",
    "Letterhead",
    "Mail",
    "MailSender",
    "Notice",
    "NoticeView",
    "Report",
    "SmtpAddress",
    "SmtpSender",
    "TimeLimit",
    "TlsMode",
    "Verp",
    "WebhookSender",
    "build_alert",
    "build_bundle",
    "build_notice",
    "bundle_notice",
    "held_words",
    "load_signer",
    "mail_domain",
    "mail_message",
    "new_message_id",
    "next_attempt",
    "notice_of",
    "notice_payload",
    "open_smtp",
    "parse_smtp_url",
    "payload_of",
    "plain_notice",
    "render_alert",
    "render_bundle",
    "render_notice",
    "rest",
    "sample_payload",
    "sample_report",
    "webhook_fault",
]
