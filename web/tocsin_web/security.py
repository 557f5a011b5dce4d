"""The headers that every answer carries, so that a browser does nothing with our pages but show them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No script, frame or form, and nothing from elsewhere. The digest needs no exception: its body has no inline styles.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)

FORM_POLICY = POLICY.replace("form-action 'none'", "form-action 'self'")
"""That of the few pages with a button."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-cache",
}

NEVER_STORED = {"Cache-Control": "no-store"}


def harden(headers: MutableHeaders) -> None:
    """Add those of the headers that the answer does not set itself."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


@dataclass(frozen=True, slots=True)
class SecurityHeaders:
    """ASGI middleware that hardens every answer, errors included."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to the start of the answer."""

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                harden(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, hardened)
