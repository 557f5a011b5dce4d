"""Answers as pages in the site's look: every HTML answer but the digest is made here, error pages too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tocsin.errors import StoreError
from tocsin.rendering.words import listed
from tocsin_web.assets import Assets
from tocsin_web.banners import Banner, watchlist_banner
from tocsin_web.commands import coded
from tocsin_web.house import WebHouse
from tocsin_web.security import harden
from tocsin_web.times import Clock


@dataclass(frozen=True, slots=True)
class Site:
    """The house and the assets: what an answer is made from."""

    house: WebHouse
    assets: Assets

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        **context: object,
    ) -> HTMLResponse:
        """Render a page; ``clock`` is the one that its records were made by."""
        banner = watchlist_banner(self.house.watchlist(), self.house.faults())
        html = self._render(template, banner, clock or Clock(self.house.now()), context)
        return HTMLResponse(html, status_code=status, headers=headers)

    def _render(self, template: str, banner: Banner | None, clock: Clock, context: Mapping[str, object]) -> str:
        frame = {
            "root": self.house.root,
            "asset": self.assets.path,
            "coded": coded,
            "clock": clock,
            "watchlist_banner": banner,
        }
        return self.house.environment.get_template(template).render(**frame, **context)

    def error_page(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        """Render the page that says what is wrong and what to do about it."""
        heading = HTTPStatus(status).phrase
        return self.page("web/error.html", status=status, headers=headers, heading=heading, message=message)

    def refused(self, request: Request, error: Exception) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Answer an `HTTPException`: a path that is not there, a method that is not allowed, a faulty parameter."""
        if not isinstance(error, HTTPException):
            raise error
        return self.error_page(error.status_code, _words(error), error.headers)

    def store_failed(self, request: Request, error: Exception) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Answer when the database cannot be read: the remedy is in the error, and is worth a retry."""
        if not isinstance(error, StoreError):
            raise error
        return self.error_page(503, f"{error}.", {"Retry-After": "30"})

    def broken(self, request: Request, error: Exception) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Answer when a page failed by a fault of ours; what happened is logged by the server, not told to readers."""
        message = "This page could not be made. The cause is in the log of the process `tocsin web`."
        context = {"heading": HTTPStatus.INTERNAL_SERVER_ERROR.phrase, "message": message}
        # No banner: what it asks may be the very thing that failed.
        html = self._render("web/error.html", None, Clock(self.house.now()), context)
        answer = HTMLResponse(html, status_code=500)
        harden(answer.headers)  # Starlette makes this answer outside all middleware
        return answer


_WORDS = {
    404: "There is nothing at this address. It may have been mistyped, or what it named is no longer kept.",
}


def _words(error: HTTPException) -> str:
    if error.detail != HTTPStatus(error.status_code).phrase:
        return error.detail
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and error.headers:
        return f"This address answers {listed(sorted(error.headers['Allow'].split(', ')))} alone."
    return _WORDS.get(error.status_code, error.detail)
