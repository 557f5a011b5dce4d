"""Addresses on the way to a feed: which can be asked at all, and where a redirect leads. Pure."""

from __future__ import annotations

import re
from typing import Final

from yarl import URL

from tocsin.feeds import faults
from tocsin.feeds.addresses import literal_address
from tocsin.models.feeds import Problem

_SCHEMES: Final = frozenset({"http", "https"})
_LONGEST_NAME: Final = 253
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")


def first_address(text: str) -> URL | Problem:
    """Read the address that a poll begins with."""
    try:
        url = URL(text)
    except ValueError:
        return faults.bad_address(text)
    return _checked(url) if _is_web(url) else faults.bad_address(text)


def next_address(start: URL, url: URL, location: str) -> URL | Problem:
    """Say where a redirect from ``url`` leads, on a way that began at ``start``.

    What it carries along as user and password is not ours to send; the feed's own go to the feed's own origin.
    """
    location = _as_written(location)
    try:
        target = url.join(URL(location)) if location else None
    except ValueError:
        target = None
    if target is None or not _is_web(target):
        return faults.bad_redirect(url, location)
    target = target.with_user(None).with_fragment(None)
    if target.origin() == start.origin():
        target = target.with_user(start.user).with_password(start.password)
    return _checked(target)


def _as_written(location: str) -> str:
    """Read letters that a server sent as they are, in UTF-8 as browsers do, or else as they stand."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def _is_web(url: URL) -> bool:
    return url.scheme in _SCHEMES and bool(url.raw_host)


def _checked(url: URL) -> URL | Problem:
    host = url.raw_host or ""
    is_name = bool(_NAME.fullmatch(host)) and len(host) <= _LONGEST_NAME
    return url if is_name or literal_address(host) is not None else faults.bad_host(url)
