"""Who may speak to the pages: by which name they are reached, and from which site a button may be pressed.

The name is looked at for each request: a page elsewhere whose name leads to this machine (DNS rebinding) would else
read what only this network may. There are no cookies, so that a form sent from elsewhere has no more rights than its
sender; it is refused all the same, since it would come from the address of whoever was lured there.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

OPEN = ("/websub/", "/mail/reports", "/unsubscribe/")
"""Where programs of others send to, which proves itself by a token: hubs, mail servers, one-click of RFC 8058."""

_HERE = {"same-origin", "none"}
"""Of Sec-Fetch-Site (W3C Fetch Metadata): our own pages, and whoever acts in the browser itself."""


@dataclass(frozen=True, slots=True)
class Origins:
    """ASGI middleware that refuses foreign names, and what other sites send."""

    app: ASGIApp
    base_url: str
    _own: str = field(init=False)

    def __post_init__(self) -> None:
        """Take the base URL apart once."""
        object.__setattr__(self, "_own", (urlsplit(self.base_url).hostname or "").lower())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self.app(scope, receive, send)
            return
        await refusal(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        said = headers.get("Host")
        host = self._own if said is None else _name_of(said)
        if not self._is_ours(host):
            return PlainTextResponse(
                "These pages are reached by another name. Whoever runs them sets it as TOCSIN_BASE_URL.\n", 421
            )
        path = scope["path"].removeprefix(urlsplit(self.base_url).path.rstrip("/"))
        if scope["method"] not in SAFE and not path.startswith(OPEN) and self._is_from_elsewhere(headers, host):
            return PlainTextResponse("This was sent from another site. Open the page itself, and press there.\n", 403)
        return None

    def _is_ours(self, host: str | None) -> bool:
        """Tell whether a name is ours, or can be nobody's: an address, or a name without dots."""
        return host is not None and (host == self._own or "." not in host or _is_address(host))

    def _is_from_elsewhere(self, headers: Headers, host: str | None) -> bool:
        """Ask the browser where the form was: by Sec-Fetch-Site or, where there is none, by Origin.

        An Origin of "null" says nothing: our own pages have it too, since they send no referrer.
        """
        site = headers.get("Sec-Fetch-Site")
        if site is not None:
            return site not in _HERE
        origin = headers.get("Origin", "null")
        return origin != "null" and (urlsplit(origin).hostname or "").lower() not in {self._own, host}


def _name_of(host: str) -> str | None:
    """Give the name of a Host header without its port; None where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        named, _ = parts.hostname, parts.port
    except ValueError:
        return None
    return named.rstrip(".").lower() if named and parts.netloc == host and not parts.username else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
