"""Addresses that may stand in a message or a page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# White space, controls, backslashes, and halves of code points: browsers repair what parsers read differently.
_UNFIT = re.compile(r"[\s\x00-\x20\x7f-\x9f\\\ud800-\udfff]")
_LONGEST = 2000


def safe_link(url: str) -> str:
    r"""Give the address if it is plain http or https with a host, else "".

    >>> safe_link("https://example.org/a?b=c"), safe_link("java\tscript:alert(1)")
    ('https://example.org/a?b=c', '')
    """
    if len(url) > _LONGEST or _UNFIT.search(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:  # "http://[" and the like
        return ""
    return url if parts.scheme in {"http", "https"} and host else ""


def contact_link(contact: str) -> str:
    """Give the link for an operator's contact, which is a mail address or a page; "" where it is neither."""
    if safe_link(contact):
        return contact
    return f"mailto:{contact}" if "@" in contact and not _UNFIT.search(contact) else ""
