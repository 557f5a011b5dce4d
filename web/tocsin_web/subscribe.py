"""``/subscribe``: where anybody asks for digests, and ``/subscribe/confirm/{token}``: where an address says yes.

Nothing holds before the second. Whether the address subscribes already is told to itself alone, by the mail: for any
address the page's answer, and what is done for it, is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tocsin.delivery.confirmation_request import ask_for_confirmation
from tocsin.delivery.subscription_links import ConfirmClaim, read_confirm_token, subscription_token
from tocsin.delivery.tokens import Invalid, Purpose
from tocsin.errors import StoreError
from tocsin.models.subscribers import Confirmed, Joined, Signup
from tocsin.models.watchlist import LANGUAGES, Watchlist
from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import Locale, locale_of
from tocsin.rendering.schedule_words import schedule_words
from tocsin.store.database import database_now
from tocsin.store.signups import confirm_signup, get_signup
from tocsin_web.clients import client_of
from tocsin_web.forms import read_form
from tocsin_web.subscriber_pages import SubscriberPages, Told, wished_locale
from tocsin_web.subscription_choices import FormView, form_view, topic
from tocsin_web.subscription_form import Typed, Wish, checked_signup, typed_before, typed_in
from tocsin_web.subscription_mail import broken, say_too_many
from tocsin_web.subscription_view import next_digest_words

METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language that a page can be read in, by its own name."""

    code: str
    name: str
    direction: str
    path: str


@dataclass(frozen=True, slots=True)
class WishView:
    """What is to be confirmed; no ``topics`` are all of them."""

    email: str
    topics: tuple[str, ...]
    schedule: str


@dataclass(frozen=True, slots=True)
class SubscribePages:
    """The endpoints of both pages."""

    pages: SubscriberPages

    async def subscribe(self, request: Request) -> Response:
        """Show the form, or take it."""
        if request.method != "POST":
            return await run_in_threadpool(self._ask, request)
        return await run_in_threadpool(self._take, request, await read_form(request))

    def confirm(self, request: Request) -> Response:
        """Show what is to be confirmed, or let it hold."""
        house, token = self.pages.site.house, request.path_params["token"]
        claim = read_confirm_token(token, house.now(), secret=house.secret)
        if isinstance(claim, Invalid):
            locale = wished_locale(request)
            return self._refused(broken(locale), locale)
        with house.database.read() as connection:
            signup = get_signup(connection, claim.signup)
        locale = locale_of(signup.wanted.language) if signup else wished_locale(request)
        if signup is None or (claim.is_expired and signup.confirmed_at is None):
            return self._refused(_expired(locale), locale)
        return self._join(claim, locale) if request.method == "POST" else self._show(signup, locale, token)

    def _ask(self, request: Request) -> Response:
        watchlist = self.pages.site.house.watchlist()
        locale = wished_locale(request, watchlist.mail_language if watchlist else "en")
        if watchlist is None or not _is_open(watchlist):
            return self._closed(locale)
        named = request.query_params.get("watch")
        watch = named if named in watchlist.self_service.watches else None
        typed = typed_before(watchlist, locale.code, watch)
        return self._form(form_view(typed, watchlist, watchlist.self_service.watches, locale), watchlist, locale)

    def _take(self, request: Request, form: FormData) -> Response:
        house, typed = self.pages.site.house, typed_in(form)
        watchlist, locale = house.watchlist(), _locale_of(typed, request)
        if watchlist is None or not _is_open(watchlist):
            return self._closed(locale)
        wish = checked_signup(typed, watchlist, locale)
        if not isinstance(wish, Wish):
            view = form_view(typed, watchlist, watchlist.self_service.watches, locale, wish)
            return self._form(view, watchlist, locale, status=422)
        refusal = house.signup_limits.ask(wish.subscriber.email, client_of(request, house.trusted_proxies))
        if refusal is None:
            self._mail(wish)
        elif not refusal.is_of_address:
            return say_too_many(self.pages, refusal, locale)
        return self.pages.tell(_sent(wish.subscriber.email, locale), locale)

    def _mail(self, wish: Wish) -> None:
        house = self.pages.site.house
        try:
            with house.database.write() as connection:
                mails = ask_for_confirmation(
                    connection,
                    wish.subscriber,
                    database_now(connection),
                    mail_domain=house.mail_domain,
                    all_watches=wish.all_watches,
                )
        except StoreError:
            house.signup_limits.forget(wish.subscriber.email)  # else they are told for a day that a mail is on its way
            raise
        house.wake_mailer(mails)

    def _form(self, view: FormView, watchlist: Watchlist, locale: Locale, status: int = 200) -> Response:
        root = self.pages.site.house.root
        languages = tuple(
            LanguageLink(code, locale_of(code).name, locale_of(code).direction, f"{root}/subscribe?language={code}")
            for code in LANGUAGES
        )
        return self.pages.page(
            "web/subscribe.html",
            locale,
            status=status,
            form=view,
            domains=locale.listed(watchlist.self_service.domains),
            languages=languages,
            guess_zone=status == 200,  # noqa: PLR2004 -- what was typed stands
        )

    def _show(self, signup: Signup, locale: Locale, token: str) -> Response:
        house = self.pages.site.house
        watchlist = house.watchlist()
        watches = watchlist.watches if watchlist else ()
        wanted = signup.wanted
        topics = () if signup.all_watches else tuple(topic(one).title for one in watches if one.id in wanted.watches)
        wish = WishView(one_line(wanted.email), topics, schedule_words(wanted.digest, wanted.timezone, locale=locale))
        path = f"{house.root}/subscribe/confirm/{token}"
        return self.pages.page("web/subscribe_confirm.html", locale, wish=wish, path=path)

    def _join(self, claim: ConfirmClaim, locale: Locale) -> Response:
        house = self.pages.site.house
        watchlist = house.watchlist()
        if watchlist is None:
            return self._closed(locale)
        with house.database.write() as connection:
            now = database_now(connection)
            confirmed = confirm_signup(connection, claim.signup, now, watchlist=watchlist, secret=house.secret)
        if confirmed is None:
            return self._refused(_expired(locale), locale)
        return self.pages.tell(self._joined(confirmed, locale), locale)

    def _joined(self, confirmed: Confirmed, locale: Locale) -> Told:
        house, stored = self.pages.site.house, confirmed.stored
        if confirmed.what is Joined.NOTHING_OPEN:
            lost = locale.text("A topic that you chose is no longer offered. Look over your choice.")
            return Told(409, locale.text("Not open for subscriptions"), (lost,), self._back(locale))
        if stored is None:
            gone = locale.text("This was confirmed before, and the subscription was deleted since.")
            return Told(200, locale.text("There is no subscription"), (gone,), self._back(locale))
        heading = {
            Joined.NEW: locale.text("Your digests are on their way"),
            Joined.CAME_BACK: locale.text("Welcome back"),
            Joined.WAS_THERE: locale.text("Nothing was left to do"),
            Joined.BY_WATCHLIST: locale.text("You are on the list"),
        }[confirmed.what]
        words = [next_digest_words(stored, house.now(), locale)]
        if confirmed.what is Joined.BY_WATCHLIST:
            words.append(locale.text("Topics and times are set by whoever runs this site."))
        token = subscription_token(stored, Purpose.SETTINGS, house.now(), secret=house.secret)
        settings = f"{house.root}/subscription/{token}", locale.text("To my settings")
        return Told(200, heading, tuple(words), settings)

    def _closed(self, locale: Locale) -> Response:
        words = [locale.text("Here nobody can subscribe on the web.")]
        contact = self.pages.site.house.contact
        if contact:
            words.append(locale.text("Ask whoever runs this site: %(contact)s.", contact=one_line(contact)))
        else:
            words.append(locale.text("Ask whoever runs this site."))
        return self.pages.tell(Told(403, locale.text("Not open for subscriptions"), tuple(words)), locale)

    def _refused(self, told: Told, locale: Locale) -> Response:
        back = self._back(locale)
        return self.pages.tell(Told(told.status, told.heading, told.paragraphs, back), locale)

    def _back(self, locale: Locale) -> tuple[str, str]:
        path = f"{self.pages.site.house.root}/subscribe?language={locale.code}"
        return path, locale.text("Subscribe anew")


def _is_open(watchlist: Watchlist) -> bool:
    return watchlist.self_service.is_open and bool(watchlist.self_service.watches)


def _locale_of(typed: Typed, request: Request) -> Locale:
    return locale_of(typed.language) if typed.language in LANGUAGES else wished_locale(request)


def _sent(email: str, locale: Locale) -> Told:
    return Told(
        200,
        locale.text("Look into your mailbox"),
        (
            locale.text("A mail goes to %(email)s. Click the link in it, and the digests come.", email=email),
            locale.text(
                "Nothing there after a few minutes? Look into the folder for spam, and whether the address is right. "
                "At most one such mail a day goes to an address."
            ),
        ),
    )


def _expired(locale: Locale) -> Told:
    words = locale.text("Links that confirm a subscription work for three days. Nothing was started.")
    return Told(410, locale.text("This link has run out"), (words,))
