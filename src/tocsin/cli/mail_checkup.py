"""The checks of `tocsin doctor` for what mail to readers needs: the server, what comes back, the signature, one's own
templates, and addresses that readers can reach.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from tocsin.bootstrap import bounce_box_of, letterhead_of
from tocsin.cli.finding import Finding, State
from tocsin.config import Settings
from tocsin.delivery import SMTP_FAULTS, TimeLimit, open_smtp, parse_smtp_url
from tocsin.models.watchlist import Watchlist
from tocsin.rendering.template_faults import faults_of

SMTP_SECONDS = 10.0


def mail_server(settings: Settings) -> Iterator[Finding]:
    """Connect to the mail server and log in; nothing is sent."""
    if settings.smtp_url is None:
        folder = settings.home / "mail"
        yield Finding("mail", State.LOOK, f"SMTP_URL is not set: mails are written to {folder} and reach nobody")
        return
    address = parse_smtp_url(settings.smtp_url.get_secret_value())
    limit = TimeLimit()
    try:
        context = ssl.create_default_context()
        with limit.of(SMTP_SECONDS), open_smtp(address, context=context, limit=limit, step_seconds=SMTP_SECONDS):
            pass  # an answer is all that is asked for
    except SMTP_FAULTS as error:
        yield Finding("mail", State.BROKEN, f"mail server {address}: {error}; check SMTP_URL and that the server runs")
        return
    yield Finding("mail", State.WELL, f"mail server {address} answers")


def bounces(settings: Settings) -> Iterator[Finding]:
    """Look into the mailbox that bounces come to; nothing in it is changed."""
    open_box = bounce_box_of(settings)
    if open_box is not None:
        with open_box() as box:
            next(iter(box.unread()), None)
        yield Finding("bounces", State.WELL, f"what comes to {settings.bounces} can be read")
    elif settings.bounce_token is not None:
        where = f"{settings.base_url}/mail/reports"
        yield Finding("bounces", State.WELL, f"what comes to {settings.bounces} is taken at {where}")
    elif settings.bounces is not None:
        words = f"nobody reads what comes to {settings.bounces}; set TOCSIN_BOUNCE_BOX or TOCSIN_BOUNCE_TOKEN"
        yield Finding("bounces", State.LOOK, words)


def signature(settings: Settings) -> Iterator[Finding]:
    """Read the key of DKIM, and tell what has to stand in DNS; it is not looked up."""
    if settings.dkim_key_file is None:
        return
    signer = letterhead_of(settings).signer
    if signer is not None:
        words = f"mails are signed; DNS must have at {signer.record_name} the TXT record: {signer.record}"
        yield Finding("dkim", State.WELL, words)


def own_templates(settings: Settings) -> Iterator[Finding]:
    """Look for faults in the operator's templates that show without a mail."""
    if settings.templates is None:
        return
    faults = faults_of(settings.templates)
    for fault in faults:
        yield Finding("templates", State.LOOK, f"{fault.words}; Tocsin's own stands in where it fails")
    if not faults:
        yield Finding("templates", State.WELL, f"those in {settings.templates} take the place of Tocsin's")


def addresses(settings: Settings, watchlist: Watchlist | None) -> Iterator[Finding]:
    """Look whether links in mails lead readers to the pages, and whether their forms are safe to be open."""
    base_url, parts = settings.base_url, urlsplit(settings.base_url)
    if _is_this_machine(parts.hostname or ""):
        if settings.smtp_url is not None:
            words = f"links in mails begin with {base_url}, which leads nowhere elsewhere; set TOCSIN_BASE_URL"
            yield Finding("links", State.LOOK, words)
        return
    is_open = watchlist is not None and watchlist.self_service.is_open
    if parts.scheme != "https":
        shut = "; or close the form for subscribing: `self_service: {open: false}`" if is_open else ""
        words = (
            f"{base_url} is not https: readers' addresses and links can be read on the way; put a proxy with TLS before"
        )
        yield Finding("links", State.LOOK, f"{words} the pages{shut}")
    elif is_open and not settings.trusted_proxies:
        words = (
            f"{base_url} is https, so a proxy stands before the pages: set TOCSIN_TRUSTED_PROXIES to its address, else "
            "all readers count as one at the limits of forms"
        )
        yield Finding("links", State.LOOK, words)
    else:
        yield Finding("links", State.WELL, f"links in mails begin with {base_url}")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
