"""The pages ``/digests`` (which there were) and ``/digests/{token}`` (one of them, for those who hold its address)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tocsin.digests import stored_digest_view
from tocsin.digests.render import subject
from tocsin.digests.view import DigestView
from tocsin.models.deliveries import DeliveryState
from tocsin.models.digests import Digest
from tocsin.rendering.clean import one_line
from tocsin.store.digests import find_digest, latest_digests
from tocsin.store.overview import DigestFigures, digest_figures
from tocsin_web.addresses import without_addresses
from tocsin_web.answers import Site
from tocsin_web.security import NEVER_STORED

LISTED = 50
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,43}", re.ASCII)
_UNKNOWN = "There is no digest at this address. Copy the whole address from the mail's “View in browser”."

_MAIL_STATES = {
    DeliveryState.PENDING: "waits to be mailed",
    DeliveryState.SENT: "mailed",
    DeliveryState.FAILED: "could not be mailed",
    DeliveryState.DROPPED: "no mail: withdrawn before it was sent",
    None: "no mail: nothing matched",
}


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A digest in the list: whose (shortened), which window, how much, and what became of its mail. No token."""

    to: str
    start_at: datetime
    end_at: datetime
    matches: int
    mail: str


@dataclass(frozen=True, slots=True)
class DigestPages:
    """The endpoints of both pages."""

    site: Site

    def digests(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """List the latest digests by date and size; what they say is for those who got them."""
        with self.site.house.database.read() as connection:
            found = latest_digests(connection, limit=LISTED)
            figures = digest_figures(connection, [digest.id for digest in found])
        rows = tuple(digest_row(digest, figures[digest.id]) for digest in found)
        return self.site.page("web/digests.html", headers=NEVER_STORED, rows=rows, limit=LISTED)

    def digest(self, request: Request) -> Response:
        """Show a digest as it was mailed, only with every story in full, and without the reader's own links: who is
        shown the page by the reader must not be able to end their subscription.
        """
        token = request.path_params["token"]
        view = self._view(token) if _TOKEN.fullmatch(token) else None
        if view is None:
            raise HTTPException(404, _UNKNOWN)
        house = self.site.house
        template = house.environments(view.locale).get_template("web/digest.html")
        html = template.render(view=view, subject=subject(view), root=house.root, asset=self.site.assets.path)
        return HTMLResponse(html, headers=NEVER_STORED)

    def _view(self, token: str) -> DigestView | None:
        house = self.site.house
        with house.database.read() as connection:
            digest = find_digest(connection, token)
            if digest is None:
                return None
            watchlist = house.watchlist()
            watches = watchlist.watches if watchlist else ()
            return stored_digest_view(connection, digest, watches, base_url=house.base_url, contact=house.contact)


def digest_row(digest: Digest, figures: DigestFigures) -> DigestRow:
    """Turn a digest into a row that tells nothing of its content."""
    return DigestRow(
        to=one_line(without_addresses(digest.email), 120),
        start_at=digest.window.start_at,
        end_at=digest.window.end_at,
        matches=figures.matches,
        mail=_MAIL_STATES[figures.state],
    )
