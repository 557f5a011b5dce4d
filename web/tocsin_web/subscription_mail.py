"""Mailing a subscriber the link to what is theirs, and what pages say of links that cannot be taken."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from tocsin.delivery.confirmation_request import ask_for_confirmation
from tocsin.delivery.subscription_links import LinkClaim
from tocsin.models.subscribers import StoredSubscriber
from tocsin.rendering.locales import Locale
from tocsin.store.database import database_now
from tocsin.store.signups import void_signups
from tocsin.store.subscriber_states import void_links
from tocsin_web.clients import client_of
from tocsin_web.house import WebHouse
from tocsin_web.limits import Refusal
from tocsin_web.subscriber_pages import SubscriberPages, Told


def mail_link(
    pages: SubscriberPages,
    request: Request,
    claim: LinkClaim,
    stored: StoredSubscriber | None,
    locale: Locale,
    *,
    voids: bool = False,
) -> Response:
    """Mail a subscriber the link to their settings, or the question whether they want to come back; the answer is the
    same where there is nobody any more.

    ``voids`` makes all older links void. It is for those whose own link is good, who are told when no mail can go now,
    and keep the link that they have.
    """
    house = pages.site.house
    whose = stored.subscriber.email if stored else f"subscriber {claim.subscriber}"
    refusal = house.signup_limits.ask(f"link:{whose}", client_of(request, house.trusted_proxies))
    if refusal is not None and (voids or not refusal.is_of_address):
        return say_too_many(pages, refusal, locale)
    if stored is not None and refusal is None:
        _mail(house, stored, voids=voids)
    return pages.tell(_mailed(locale, voids=voids), locale)


def say_too_many(pages: SubscriberPages, refusal: Refusal, locale: Locale) -> Response:
    """Say that too many mails were asked for, and when to try again."""
    wait = locale.length(refusal.wait)
    words = locale.text("Too many mails were asked for. Please try again in %(wait)s.", wait=wait)
    seconds = str(round(refusal.wait.total_seconds()) + 1)
    return pages.tell(Told(429, locale.text("Not now"), (words,)), locale, {"Retry-After": seconds})


def broken(locale: Locale) -> Told:
    """Say that a link is none of ours."""
    words = locale.text("Copy the whole address from the mail, to its last letter, or click it there.")
    return Told(404, locale.text("This link is not whole"), (words,))


def _mail(house: WebHouse, stored: StoredSubscriber, *, voids: bool) -> None:
    with house.database.write() as connection:
        if voids:
            void_signups(connection, stored.subscriber.email)
            void_links(connection, stored.id)
        mails = ask_for_confirmation(
            connection,
            stored.subscriber,
            database_now(connection),
            mail_domain=house.mail_domain,
            all_watches=stored.all_watches,
        )
    house.wake_mailer(mails)


def _mailed(locale: Locale, *, voids: bool) -> Told:
    words = [locale.text("A new link goes to the address, if it still has a subscription here.")]
    if voids:
        words.append(locale.text("All links in older mails are void from now on, those that end the digests too."))
    words.append(locale.text("At most one such mail a day goes to an address; look into the folder for spam, too."))
    return Told(200, locale.text("Look into your mailbox"), tuple(words))
