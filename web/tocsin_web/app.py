"""The web application: which address is answered by what."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from tocsin.errors import StoreError
from tocsin_web.answers import Site
from tocsin_web.articles import ArticlePages
from tocsin_web.assets import load_assets
from tocsin_web.deliveries import DeliveryPages
from tocsin_web.digests import DigestPages
from tocsin_web.feed import FeedPage
from tocsin_web.feedback import METHODS as FEEDBACK_METHODS
from tocsin_web.feedback import FeedbackPages
from tocsin_web.feeds import FeedPages
from tocsin_web.health import HealthPages
from tocsin_web.house import WebHouse
from tocsin_web.matches import MatchPages
from tocsin_web.metrics import MetricsPage
from tocsin_web.security import SecurityHeaders
from tocsin_web.stories import StoryPages
from tocsin_web.websub import METHODS, HubPages


def build_app(house: WebHouse) -> Starlette:
    """Build the application on the parts that the pages need; it opens and starts nothing by itself."""
    site = Site(house, load_assets(house.environment))
    return Starlette(
        routes=_routes(site),
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: site.refused, StoreError: site.store_failed, Exception: site.broken},
    )


def _routes(site: Site) -> list[Route]:
    """Give the table of addresses; a route answers GET and HEAD, and everything else with 405, but for that of hubs and
    those at which readers answer alerts.
    """
    matches, digests, health = MatchPages(site), DigestPages(site), HealthPages(site.house)
    stories, feedback = StoryPages(site), FeedbackPages(site)
    return [
        Route("/", matches.latest),
        Route("/watches/{id}", matches.watch),
        Route("/stories", stories.stories),
        Route("/stories/{id}", stories.story),
        Route("/articles/{id}", ArticlePages(site).article),
        Route("/feeds", FeedPages(site).feeds),
        Route("/feeds/{id}", FeedPage(site).feed),
        Route("/digests", digests.digests),
        Route("/digests/{token}", digests.digest),
        Route("/deliveries", DeliveryPages(site).deliveries),
        Route("/alerts/mute/{token}", feedback.mute, methods=FEEDBACK_METHODS),
        Route("/alerts/mute/{token}/undo", feedback.unmute, methods=FEEDBACK_METHODS),
        Route("/alerts/dismiss/{token}", feedback.dismiss, methods=FEEDBACK_METHODS),
        Route("/alerts/dismiss/{token}/undo", feedback.restore, methods=FEEDBACK_METHODS),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", MetricsPage(site.house).metrics),
        Route("/websub/{token}", HubPages(site.house).callback, methods=METHODS),
        Route("/static/{name}", site.assets.serve),
        Route("/favicon.ico", site.assets.serve_icon),
    ]
