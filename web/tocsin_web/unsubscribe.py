"""``/unsubscribe/{token}``: where digests are ended, by a button or by a mail program (RFC 8058, one-click).

POST acts at once, without a question, a redirect or a cookie, whatever its body says or does not say; again is the
same. GET only shows the button, since programs that look for dangerous links open all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tocsin.delivery.subscription_links import LinkClaim, read_subscription_token
from tocsin.delivery.tokens import Invalid, Purpose
from tocsin.models.subscribers import StoredSubscriber, SubscriberState
from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import Locale, locale_of
from tocsin.store.database import database_now
from tocsin.store.subscriber_states import unsubscribe
from tocsin.store.subscribers import get_subscriber
from tocsin_web.subscriber_pages import SubscriberPages, Told, wished_locale
from tocsin_web.subscription_mail import broken, mail_link

BECAUSE = "by the link in a mail"


@dataclass(frozen=True, slots=True)
class UnsubscribePages:
    """The endpoints."""

    pages: SubscriberPages

    def unsubscribe(self, request: Request) -> Response:
        """Show the button, or end the digests."""
        found = self._found(request)
        if isinstance(found, Response):
            return found
        claim, stored = found
        if stored is None:
            locale = wished_locale(request)
            return self.pages.tell(_nobody(locale), locale)
        locale = locale_of(stored.subscriber.language)
        if claim.is_expired or claim.epoch != stored.link_epoch:
            return self.pages.tell(_stale(locale, self._path(request, "/return")), locale)
        if request.method == "POST":
            with self.pages.site.house.database.write() as connection:
                unsubscribe(connection, stored.id, database_now(connection), because=BECAUSE)
            return self._ended(request, stored, locale)
        if stored.state is SubscriberState.UNSUBSCRIBED:
            return self._ended(request, stored, locale)
        return self.pages.tell(_asked(stored, locale, self._path(request)), locale)

    def come_back(self, request: Request) -> Response:
        """Mail the question whether the reader wants the digests again, or the link to those they have."""
        if request.method != "POST":
            return self.unsubscribe(request)
        found = self._found(request)
        if isinstance(found, Response):
            return found
        claim, stored = found
        locale = locale_of(stored.subscriber.language) if stored else wished_locale(request)
        return mail_link(self.pages, request, claim, stored, locale)

    def _found(self, request: Request) -> tuple[LinkClaim, StoredSubscriber | None] | Response:
        house = self.pages.site.house
        token = request.path_params["token"]
        claim = read_subscription_token(token, Purpose.UNSUBSCRIBE, house.now(), secret=house.secret)
        if isinstance(claim, Invalid):
            locale = wished_locale(request)
            return self.pages.tell(broken(locale), locale)
        with house.database.read() as connection:
            return claim, get_subscriber(connection, claim.subscriber)

    def _ended(self, request: Request, stored: StoredSubscriber, locale: Locale) -> Response:
        email = one_line(stored.subscriber.email)
        words = (
            locale.text("No more digests go to %(email)s.", email=email),
            locale.text("Was it a mistake? A mail with a link brings them back, as they were."),
        )
        again = self._path(request, "/return"), locale.text("Mail me the link")
        return self.pages.tell(Told(200, locale.text("You have unsubscribed"), words, again, posts=True), locale)

    def _path(self, request: Request, ending: str = "") -> str:
        return f"{self.pages.site.house.root}/unsubscribe/{request.path_params['token']}{ending}"


def _asked(stored: StoredSubscriber, locale: Locale, path: str) -> Told:
    words = locale.text("No more digests will go to %(email)s.", email=one_line(stored.subscriber.email))
    return Told(200, locale.text("End the digests?"), (words,), (path, locale.text("Unsubscribe")), posts=True)


def _stale(locale: Locale, path: str) -> Told:
    words = locale.text("A newer link has made this one void, or it is too old. The digests go on as before.")
    again = path, locale.text("Mail me a new link")
    return Told(410, locale.text("This link has run out"), (words,), again, posts=True)


def _nobody(locale: Locale) -> Told:
    words = locale.text("The subscription was deleted before: no digests come.")
    return Told(200, locale.text("There is no subscription"), (words,))
