"""The words for each way in which a poll fails: what happened, where, and what can be done about it.

Every function gives a `Problem`; none decides when to ask again (that is `next_check`) and none does I/O.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from http.client import responses
from typing import Final

import pycurl
from yarl import URL

from tocsin.feeds.caching import LONGEST_WAIT, Wish
from tocsin.feeds.clean import one_line
from tocsin.feeds.curl_handle import Transfer
from tocsin.models.feeds import Problem, ProblemKind

_LONGEST_MESSAGE: Final = 2_000

_REMEDIES: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: "the server does not take this request; check the address in the watchlist",
    HTTPStatus.UNAUTHORIZED: "the feed wants a login; ask the publisher for a public address",
    HTTPStatus.FORBIDDEN: "the publisher does not let us read it; ask them, or take the feed off the watchlist",
    HTTPStatus.NOT_FOUND: "the feed has moved or is gone; check the address in the watchlist",
    HTTPStatus.NOT_ACCEPTABLE: "the server offers no RSS or Atom here; check the address in the watchlist",
}


# What libcurl says of TLS that cannot be set up or trusted (https://curl.se/libcurl/c/libcurl-errors.html).
_TLS: Final = frozenset(
    {
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_SSL_CIPHER,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_SSL_ISSUER_ERROR,
        pycurl.E_SSL_INVALIDCERTSTATUS,
    }
)
_TOO_LARGE: Final = 100  # CURLE_TOO_LARGE, for which pycurl has no name: a head of more than 300 kB
_NOT_HTTP: Final = frozenset(
    {
        pycurl.E_UNSUPPORTED_PROTOCOL,
        pycurl.E_FTP_WEIRD_SERVER_REPLY,
        pycurl.E_HTTP2,
        pycurl.E_BAD_CONTENT_ENCODING,
        _TOO_LARGE,
    }
)


def problem(kind: ProblemKind, words: str, retry_at: datetime | None = None, *, holds_host: bool = False) -> Problem:
    """Make a problem of words that may quote a server: one line, no controls, no halves of surrogate pairs."""
    return Problem(kind, one_line(words, _LONGEST_MESSAGE), retry_at, holds_host)


def shown(url: URL | str) -> str:
    """Write an address for people: without a password, and not endlessly long."""
    try:
        text = str(URL(url).with_user(None)) if isinstance(url, str) else str(url.with_user(None))
    except ValueError:
        text = str(url)
    return text if len(text) <= 300 else text[:300] + "…"  # noqa: PLR2004 - as much as a log line bears


def status(url: URL, code: int, reason: str) -> Problem:
    """Report a status other than 200 and 304 that says nothing on when to come back."""
    words = f"HTTP {code} {_reason(code, reason)} at {shown(url)}"
    if code == HTTPStatus.GONE:
        return problem(ProblemKind.GONE, f"{words}: the publisher ended this feed; take it off the watchlist")
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return problem(ProblemKind.HTTP, f"{words}: the publisher's server has a fault; Tocsin tries again by itself")
    remedy = _REMEDIES.get(code)
    return problem(ProblemKind.HTTP, f"{words}: {remedy or 'no feed was sent; check the address in the watchlist'}")


def rate_limited(url: URL, code: int, reason: str, wish: Wish | None, *, holds_host: bool) -> Problem:
    """Report that the server wants us to come back later; with ``holds_host``, that this goes for all its feeds."""
    when = f"not before {wish.at:%Y-%m-%d %H:%M} UTC" if wish else "more slowly"
    if wish and wish.is_cut:
        hours = int(LONGEST_WAIT.total_seconds() // 3600)
        when = f"much later than {wish.at:%Y-%m-%d %H:%M} UTC, but Tocsin heeds {hours} hours at most and asks then"
    words = f"HTTP {code} {_reason(code, reason)} at {shown(url)}: the server asks to be polled {when}; Tocsin waits"
    return problem(ProblemKind.RATE_LIMITED, words, wish.at if wish else None, holds_host=holds_host and bool(wish))


def blocked(url: URL, code: int, reason: str) -> Problem:
    """Report a challenge that only a browser with a person before it passes."""
    words = (
        f"HTTP {code} {_reason(code, reason)} at {shown(url)}: the publisher's protection takes Tocsin for a robot "
        "that is not welcome; ask them to let feed readers through, or take the feed off the watchlist"
    )
    return problem(ProblemKind.BLOCKED, words)


def _reason(code: int, reason: str) -> str:
    return responses.get(code) or reason[:60] or "(no reason given)"


def unasked_304(url: URL) -> Problem:
    """Report a 304 to a request without validators: there is nothing that it could refer to."""
    words = (
        f"{shown(url)} answered 304 Not Modified to an unconditional request; the publisher's cache is misconfigured"
    )
    return problem(ProblemKind.HTTP, words)


def timeout(url: URL, seconds: float) -> Problem:
    """Report that the whole poll took too long, whatever the server was doing."""
    words = f"{shown(url)} did not finish its answer within {seconds:g} s; Tocsin tries again by itself"
    return problem(ProblemKind.TIMEOUT, words)


def no_turn(url: URL, seconds: float) -> Problem:
    """Report that the host was busy with our other requests all the time."""
    words = f"{shown(url)} had no turn in {seconds:g} s: other feeds of {_host(url)} are slow; Tocsin tries again"
    return problem(ProblemKind.TIMEOUT, words)


def too_big(url: URL, cap: int, what: str) -> Problem:
    """Report a body over a cap, in bytes; ``what`` says which."""
    words = (
        f"{shown(url)} sent more than {cap / 1_000_000:g} MB {what}; ask the publisher for a feed with fewer entries"
    )
    return problem(ProblemKind.TOO_BIG, words)


def bad_coding(url: URL, why: str) -> Problem:
    """Report a content coding that cannot be undone."""
    return problem(ProblemKind.MALFORMED, f"{shown(url)}: {why}; the publisher's server is misconfigured")


def refused(url: URL, address: object) -> Problem:
    """Report a host that has no address that may be reached."""
    words = (
        f"{shown(url)} leads to {address}, which is not a public address; if this is meant, "
        "set TOCSIN_ALLOW_NETWORKS to a network that contains it"
    )
    return problem(ProblemKind.REFUSED, words)


def bad_address(text: str) -> Problem:
    """Report an address that is no http or https URL."""
    words = f"{shown(text)!r} is not an http or https address; check the address in the watchlist"
    return problem(ProblemKind.REFUSED, words)


def bad_redirect(url: URL, target: str) -> Problem:
    """Report a redirect without a target, or to another scheme than http and https."""
    words = (
        f"{shown(url)} redirects to {shown(target)!r}, which is not an http or https address; the feed may have moved"
    )
    return problem(ProblemKind.REFUSED, words)


def too_many_redirects(url: str, hops: int) -> Problem:
    """Report a chain of redirects that is too long, or a loop."""
    words = f"{shown(url)} redirects more than {hops} times; check the address in the watchlist"
    return problem(ProblemKind.HTTP, words)


def bad_host(url: URL) -> Problem:
    """Report a host that is no name at all, such as ``a..b``: it cannot even be asked for."""
    words = (
        f"{shown(url)} cannot be reached: {_host(url)} is not a host's name, with a part that is empty or too long, or "
        "letters that no name may have; check the spelling in the watchlist"
    )
    return problem(ProblemKind.UNREACHABLE, words)


def own_fault(url: str, error: Exception) -> Problem:
    """Report that this program failed over a feed in a way that nobody foresaw."""
    words = (
        f"{shown(url)} could not be read through a fault of Tocsin's own ({type(error).__name__}); please report it "
        "with the traceback in the scheduler's log; Tocsin tries again by itself"
    )
    return problem(ProblemKind.MALFORMED, words)


def bad_head(url: URL, why: str) -> Problem:
    """Report an answer whose head cannot be taken; ``why`` says what is wrong with it."""
    return problem(ProblemKind.HTTP, f"{shown(url)} does not answer in proper HTTP ({why}); tell the publisher")


def broken(url: URL, transfer: Transfer) -> Problem:
    """Name what a request met: a name that does not resolve, a closed port, a bad certificate, no proper HTTP."""
    if transfer.refused is not None:
        return refused(url, transfer.refused)
    if transfer.code == pycurl.E_URL_MALFORMAT:
        return bad_address(str(url))
    if transfer.code in _NOT_HTTP:
        return bad_head(url, _short(transfer))
    return problem(ProblemKind.UNREACHABLE, f"{shown(url)} cannot be reached: {_what_broke(url, transfer)}")


def _what_broke(url: URL, transfer: Transfer) -> str:
    code = transfer.code
    if code == pycurl.E_COULDNT_RESOLVE_HOST:
        return f"the name {_host(url)} does not resolve; check the spelling in the watchlist, or the name server"
    if code in _TLS:
        return f"its TLS certificate or handshake is not valid ({_short(transfer)}); tell the publisher"
    if code == pycurl.E_COULDNT_CONNECT:
        why = os.strerror(transfer.error_number) if transfer.error_number else _short(transfer)
        return f"no connection ({why}); Tocsin tries again by itself"
    if code == pycurl.E_PARTIAL_FILE or transfer.body:
        return "the connection broke off in the middle of the body; Tocsin tries again by itself"
    return f"the connection broke off ({_short(transfer)}); Tocsin tries again by itself"


def _host(url: URL) -> str:
    """Give the host as people write it, or as it stands where that is no proper IDNA, such as ``xn--a``."""
    try:
        return url.host or ""
    except UnicodeError:
        return url.raw_host or ""


def _short(transfer: Transfer) -> str:
    return (transfer.words or f"fault {transfer.code}")[:160]
