"""The web application: which address is answered by what."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
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
from tocsin_web.origins import Origins
from tocsin_web.reports import METHODS as REPORT_METHODS
from tocsin_web.reports import ReportPages
from tocsin_web.security import SecurityHeaders
from tocsin_web.stories import StoryPages
from tocsin_web.subscribe import METHODS as FORM_METHODS
from tocsin_web.subscribe import SubscribePages
from tocsin_web.subscriber_pages import SubscriberPages
from tocsin_web.subscription import SubscriptionPages
from tocsin_web.unsubscribe import UnsubscribePages
from tocsin_web.websub import METHODS, HubPages


def build_app(house: WebHouse) -> Starlette:
    """Build the application on the parts that the pages need; it opens and starts nothing by itself."""
    site = Site(house, load_assets(house.environment))
    app = Starlette(
        routes=_routes(site),
        middleware=[Middleware(SecurityHeaders), Middleware(Origins, base_url=house.base_url)],
        exception_handlers={HTTPException: site.refused, StoreError: _store_failed(site), Exception: site.broken},
    )
    # A slash too many would be sent on to what the Host header says, without TLS, and with the token of the link.
    app.router.redirect_slashes = False
    return app


def _store_failed(site: Site) -> Callable[[Request, Exception], Response]:
    """Give what answers when the database fails: readers are not told which one it is."""
    readers = SubscriberPages(site)

    def answer(request: Request, error: Exception) -> Response:
        is_readers = request.url.path.startswith(("/subscribe", "/subscription/", "/unsubscribe/"))
        return readers.store_failed(request, error) if is_readers else site.store_failed(request, error)

    return answer


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
        *_routes_of_readers(SubscriberPages(site)),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", MetricsPage(site.house).metrics),
        Route("/websub/{token}", HubPages(site.house).callback, methods=METHODS),
        Route("/mail/reports", ReportPages(site.house).take, methods=REPORT_METHODS),
        Route("/static/{name}", site.assets.serve),
        Route("/favicon.ico", site.assets.serve_icon),
    ]


def _routes_of_readers(pages: SubscriberPages) -> list[Route]:
    """Give the addresses at which readers start, change and end what they get."""
    subscribe, settings, ends = SubscribePages(pages), SubscriptionPages(pages), UnsubscribePages(pages)
    return [
        Route("/subscribe", subscribe.subscribe, methods=FORM_METHODS),
        Route("/subscribe/confirm/{token}", subscribe.confirm, methods=FORM_METHODS),
        Route("/subscription/{token}", settings.settings, methods=FORM_METHODS),
        Route("/subscription/{token}/pause", settings.pause, methods=FORM_METHODS),
        Route("/subscription/{token}/resume", settings.resume, methods=FORM_METHODS),
        Route("/subscription/{token}/delete", settings.delete, methods=FORM_METHODS),
        Route("/subscription/{token}/renew", settings.renew, methods=FORM_METHODS),
        Route("/subscription/{token}/export", settings.export),
        Route("/unsubscribe/{token}", ends.unsubscribe, methods=FORM_METHODS),
        Route("/unsubscribe/{token}/return", ends.come_back, methods=FORM_METHODS),
    ]
