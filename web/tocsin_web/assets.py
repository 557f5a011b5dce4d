"""The few files beside the pages: style sheets, one script and the icon, under names that change with their content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}

_SOURCES = {
    "site.css": ("web/site.css", "text/css"),
    "digest.css": ("web/digest.css", "text/css"),
    "digest.rtl.css": ("web/digest.css", "text/css"),
    "subscribe.js": ("web/subscribe.js", "text/javascript"),
    "favicon.svg": ("web/favicon.svg", "image/svg+xml"),
}
_RIGHT_TO_LEFT = {"start": "right", "end": "left"}
"""The sides of a line in a sheet for readers of Arabic; a mail has them from the environment of its language."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served; ``name`` holds a hash of ``body``, so that a browser may keep it for ever."""

    name: str
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All assets, by the name that templates use (``site.css``) and by the name they are served under."""

    by_source: Mapping[str, Asset]
    by_name: Mapping[str, Asset]

    def path(self, source: str) -> str:
        """Give the path of an asset below the site's root."""
        return f"/static/{self.by_source[source].name}"

    def serve(self, request: Request) -> Response:
        """Answer a request for an asset by its hashed name."""
        asset = self.by_name.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        return Response(asset.body, media_type=asset.media_type, headers=FOREVER)

    def serve_icon(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Answer the question for /favicon.ico that browsers ask where no page names an icon, as beside JSON."""
        icon = self.by_source["favicon.svg"]
        return Response(icon.body, media_type=icon.media_type, headers={"Cache-Control": "public, max-age=86400"})


def load_assets(environment: Environment) -> Assets:
    """Read the assets from the templates' folders."""
    by_source = {source: _asset(environment, source, *where) for source, where in _SOURCES.items()}
    return Assets(by_source, {asset.name: asset for asset in by_source.values()})


def _asset(environment: Environment, source: str, template: str, media_type: str) -> Asset:
    stem, _, ending = source.rpartition(".")
    sides = _RIGHT_TO_LEFT if stem.endswith(".rtl") else {}
    body = environment.get_template(template).render(sides).encode()
    return Asset(f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{ending}", body, media_type)
