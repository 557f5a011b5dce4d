"""Pages for readers, not for the house: in their language, without the ways to what is not theirs, and never stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tocsin.errors import StoreError
from tocsin.models.watchlist import LANGUAGES
from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import Locale, locale_of
from tocsin_web.answers import Site
from tocsin_web.security import FORM_POLICY, NEVER_STORED

SCRIPT_POLICY = f"{FORM_POLICY}; script-src 'self'"
_TAG = re.compile(r"\s*([A-Za-z]{1,8})[A-Za-z0-9-]{0,32}\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?))?\s*", re.ASCII)
_TAGS = 50

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says that has nothing to fill in: why a link does nothing, or what was done.

    ``again`` is a path and its label, for whoever wants to go on; a form's button where ``posts`` says so.
    """

    status: int
    heading: str
    paragraphs: tuple[str, ...]
    again: tuple[str, str] | None = None
    posts: bool = False


@dataclass(frozen=True, slots=True)
class SubscriberPages:
    """Makes pages in a reader's language."""

    site: Site

    def page(
        self,
        template: str,
        locale: Locale,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: object,
    ) -> HTMLResponse:
        """Render a page; all may send their own form and run our own script."""
        house = self.site.house
        frame = {
            "root": house.root,
            "asset": self.site.assets.path,
            "contact": one_line(house.contact or ""),
            "languages": (),
        }
        html = house.environments(locale).get_template(template).render(frame | context)
        policy = {"Content-Security-Policy": SCRIPT_POLICY}
        return HTMLResponse(html, status_code=status, headers={**NEVER_STORED, **policy, **(headers or {})})

    def tell(self, told: Told, locale: Locale, headers: Mapping[str, str] | None = None) -> Response:
        """Render a page that only says something."""
        return self.page("web/subscription_told.html", locale, status=told.status, headers=headers, told=told)

    def store_failed(self, request: Request, error: Exception) -> Response:
        """Answer a reader when the database cannot be used; why is the operator's to know, and stands in the log."""
        if not isinstance(error, StoreError):
            raise error
        _log.error("a page of a reader could not be made", reason=str(error))
        locale = wished_locale(request)
        words = locale.text("Something is out of order here at the moment. Please try again in a few minutes.")
        return self.tell(Told(503, locale.text("Not now"), (words,)), locale, {"Retry-After": "30"})


def wished_locale(request: Request, usual: str = "en") -> Locale:
    """Give the language that a reader asks for: by ``?language=``, else by their browser, else the usual one."""
    asked = request.query_params.get("language", "")
    return locale_of(asked if asked in LANGUAGES else accepted(request.headers.get("Accept-Language", ""), usual))


def accepted(header: str, usual: str) -> str:
    """Give the first of our languages that a browser accepts most (RFC 9110 12.5.4).

    >>> accepted("da, fr-CH;q=0.8, ar;q=0.9", "en"), accepted("tlh", "de")
    ('ar', 'de')
    """
    best, found = 0.0, usual
    for tag in header.split(",")[:_TAGS]:
        read = _TAG.fullmatch(tag)
        if read is None:
            continue
        code, quality = read[1].lower(), float(read[2] or 1)
        if code in LANGUAGES and quality > best:
            best, found = quality, code
    return found
