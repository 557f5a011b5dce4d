"""A publisher and its WebSub hub on loopback: it takes subscriptions, verifies them, and delivers what is signed."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode
from urllib.request import Request, urlopen


def rss(*titles: str, links: str = "") -> bytes:
    items = "".join(
        f"<item><guid>{title}</guid><title>{title}</title><description>It is.</description></item>" for title in titles
    )
    head = f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>The Wire</title>{links}"
    return f"{head}{items}</channel></rss>".encode()


@dataclass(slots=True)
class Hub:
    """``document`` is at /feed, the hub at /hub answers ``status``; its ``requests`` are the forms that it took."""

    address: str = ""
    lease_seconds: int = 864_000
    status: int = 202
    document: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"1"'})
    polls: int = 0
    requests: list[dict[str, str]] = field(default_factory=list)

    @property
    def topic(self) -> str:
        return f"{self.address}/feed"

    @property
    def hub(self) -> str:
        return f"{self.address}/hub"

    @property
    def links(self) -> str:
        return f"<atom:link rel='hub' href='{self.hub}'/><atom:link rel='self' href='{self.topic}'/>"

    def ask_back(self, **changes: str) -> tuple[int, str]:
        """Verify the last request, or say something else about it; gives the status and text of the answer."""
        form = self.requests[-1]
        query = {"mode": form["hub.mode"], "topic": form["hub.topic"], "challenge": "a challenge"}
        query |= {"lease_seconds": str(self.lease_seconds)} | changes
        named = urlencode({f"hub.{name}": value for name, value in query.items()})
        return _answered(Request(f"{form['hub.callback']}?{named}"))  # noqa: S310 -- loopback

    def deliver(self, body: bytes, method: str = "sha256", secret: str | None = None) -> int:
        """Deliver to the subscriber that asked last; gives the status of its answer."""
        form = next(one for one in reversed(self.requests) if one["hub.mode"] == "subscribe")
        signature = hmac.new((secret or form["hub.secret"]).encode(), body, method).hexdigest()
        headers = {
            "Content-Type": "application/rss+xml",
            "Link": f'<{self.hub}>; rel="hub", <{self.topic}>; rel="self"',
            "X-Hub-Signature": f"{method}={signature}",
        }
        return _answered(Request(form["hub.callback"], body, headers, method="POST"))[0]  # noqa: S310 -- loopback


def _answered(request: Request) -> tuple[int, str]:
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 -- loopback
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@contextmanager
def hub_running() -> Iterator[Hub]:
    """Run a hub with a feed that names it."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.polls += 1
            self._say(200, hub.document, hub.headers)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            hub.requests.append(dict(parse_qsl(body, strict_parsing=True)))
            self._say(hub.status, b"so be it" if hub.status == 202 else b"not today", {})

        def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body)), "Content-Type": "text/xml"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.address = f"http://127.0.0.1:{server.server_address[1]}"
        hub.document = rss("Siege begins", links=hub.links)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
