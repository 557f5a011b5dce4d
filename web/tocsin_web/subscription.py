"""``/subscription/{token}``: where a reader sees and sets what they get, for those who hold the link in their mail.

GET shows, POST acts and may come twice; no address here does anything by being looked at. The token is a secret of
its reader: it is never logged, its pages are never stored, and they tell no other site where they were come from.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tocsin.delivery.subscription_links import LinkClaim, read_subscription_token, subscription_token
from tocsin.delivery.tokens import Invalid, Purpose
from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState
from tocsin.rendering.locales import Locale, locale_of
from tocsin.store.database import database_now
from tocsin.store.digests import latest_digests
from tocsin.store.overview import digest_figures
from tocsin.store.personal_data import personal_data
from tocsin.store.subscriber_changes import change_subscriber
from tocsin.store.subscriber_deletion import delete_subscriber
from tocsin.store.subscriber_states import pause, resume
from tocsin.store.subscribers import get_subscriber
from tocsin_web.forms import read_form
from tocsin_web.security import NEVER_STORED
from tocsin_web.subscriber_pages import SubscriberPages, Told, wished_locale
from tocsin_web.subscription_choices import form_view
from tocsin_web.subscription_form import FormFault, Typed, Wish, checked_change, offered, typed_as_stored, typed_in
from tocsin_web.subscription_mail import broken, mail_link
from tocsin_web.subscription_view import PAUSES, settings_view

LISTED = 10
"""Past digests on the page."""

Act = Callable[[sa.Connection, StoredSubscriber], object]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a link that is good: the subscription, the language of its pages, and the link's token."""

    stored: StoredSubscriber
    locale: Locale
    token: str


@dataclass(frozen=True, slots=True)
class SubscriptionPages:
    """The endpoints of a subscription."""

    pages: SubscriberPages

    async def settings(self, request: Request) -> Response:
        """Show the subscription, or change it."""
        if request.method != "POST":
            return await run_in_threadpool(self._shown, request)
        return await run_in_threadpool(self._change, request, await read_form(request))

    async def pause(self, request: Request) -> Response:
        """Pause the digests."""
        if request.method != "POST":
            return await run_in_threadpool(self._shown, request)
        return await run_in_threadpool(self._pause, request, await read_form(request))

    def resume(self, request: Request) -> Response:
        """End a pause, or say that the address lives."""

        def act(connection: sa.Connection, stored: StoredSubscriber) -> None:
            # Who unsubscribed comes back by a mail, not by a link of a mail that was perhaps passed on.
            if stored.state in {SubscriberState.PAUSED, SubscriberState.SUPPRESSED}:
                resume(connection, stored.id, database_now(connection))

        return self._do(request, act, SubscriberState.ACTIVE, lambda locale: locale.text("The digests go on."))

    async def delete(self, request: Request) -> Response:
        """Ask once more, or delete everything about the reader."""
        if request.method != "POST":
            return await run_in_threadpool(self._shown, request)
        return await run_in_threadpool(self._delete, request, await read_form(request))

    def renew(self, request: Request) -> Response:
        """Mail a fresh link and, where the one that was shown is good, make all older ones void."""
        if request.method != "POST":
            return self._shown(request)
        house = self.pages.site.house
        token = request.path_params["token"]
        claim = read_subscription_token(token, Purpose.SETTINGS, house.now(), secret=house.secret)
        if isinstance(claim, Invalid):
            return self._no_link(request)
        stored = self._find(claim)
        is_good = _is_good(claim, stored)
        # As with the page of a link that ran out: the language, too, would tell whether there is somebody.
        locale = locale_of(stored.subscriber.language) if stored and is_good else wished_locale(request)
        return mail_link(self.pages, request, claim, stored, locale, voids=is_good)

    def export(self, request: Request) -> Response:
        """Give everything that is kept about the reader, as a file."""
        holder = self._holder(request)
        if isinstance(holder, Response):
            return holder
        with self.pages.site.house.database.read() as connection:
            data = personal_data(connection, holder.stored.id)
        body = json.dumps(data, ensure_ascii=False, indent=2)
        headers = {**NEVER_STORED, "Content-Disposition": 'attachment; filename="tocsin-my-data.json"'}
        return Response(body + "\n", media_type="application/json", headers=headers)

    def _shown(self, request: Request) -> Response:
        holder = self._holder(request)
        return holder if isinstance(holder, Response) else self._page(holder)

    def _change(self, request: Request, form: FormData) -> Response:
        holder, watchlist = self._holder(request), self.pages.site.house.watchlist()
        if isinstance(holder, Response):
            return holder
        stored, typed = holder.stored, typed_in(form)
        if watchlist is None or stored.owner is not Owner.READER or not stored.state.is_owed:
            return self._page(holder)
        wish = checked_change(typed, stored, watchlist, holder.locale)
        if not isinstance(wish, Wish):
            return self._page(holder, typed=typed, faults=wish, status=422)
        with self.pages.site.house.database.write() as connection:
            now = database_now(connection)
            change_subscriber(connection, stored.id, wish.subscriber, now, all_watches=wish.all_watches)
        return self._again(holder, lambda locale: locale.text("Saved."))

    def _pause(self, request: Request, form: FormData) -> Response:
        named = form.get("for")
        length = PAUSES.get(named) if isinstance(named, str) else None
        if length is None:
            return self._shown(request)

        def act(connection: sa.Connection, stored: StoredSubscriber) -> None:
            now = database_now(connection)
            pause(connection, stored.id, now, None if length[0] is None else now + length[0])

        return self._do(request, act, SubscriberState.PAUSED, lambda locale: locale.text("The digests are paused."))

    def _delete(self, request: Request, form: FormData) -> Response:
        holder, house = self._holder(request), self.pages.site.house
        if isinstance(holder, Response):
            return holder
        if form.get("sure") != "yes":
            path = f"{house.root}/subscription/{holder.token}"
            email = holder.stored.subscriber.email
            return self.pages.page("web/subscription_delete.html", holder.locale, path=path, email=email)
        watchlist = house.watchlist()
        channels = watchlist.channels if watchlist else ()
        with house.database.write() as connection:
            now = database_now(connection)
            delete_subscriber(connection, holder.stored.id, now, secret=house.secret, channels=channels)
        return self.pages.tell(_deleted(holder.locale), holder.locale)

    def _do(self, request: Request, act: Act, state: SubscriberState, said: Callable[[Locale], str]) -> Response:
        """Act on a subscription, and show how it stands now; only POST acts. What is ``said`` is true in that state."""
        holder = self._holder(request)
        if isinstance(holder, Response) or request.method != "POST":
            return holder if isinstance(holder, Response) else self._page(holder)
        with self.pages.site.house.database.write() as connection:
            act(connection, holder.stored)
        return self._again(holder, said, state)

    def _again(self, holder: Holder, said: Callable[[Locale], str], state: SubscriberState | None = None) -> Response:
        """Show the page anew after an act, in the language that holds now."""
        with self.pages.site.house.database.read() as connection:
            stored = get_subscriber(connection, holder.stored.id)
        if stored is None:
            return self.pages.tell(_gone(holder.locale), holder.locale)
        locale = locale_of(stored.subscriber.language)
        done = said(locale) if state in {None, stored.state} else ""
        return self._page(Holder(stored, locale, holder.token), done=done)

    def _page(
        self,
        holder: Holder,
        *,
        typed: Typed | None = None,
        faults: tuple[FormFault, ...] = (),
        done: str = "",
        status: int = 200,
    ) -> Response:
        house, stored, locale = self.pages.site.house, holder.stored, holder.locale
        watchlist = house.watchlist()
        with house.database.read() as connection:
            digests = latest_digests(connection, limit=LISTED, subscriber_id=stored.id)
            figures = digest_figures(connection, [digest.id for digest in digests])
        view = settings_view(stored, watchlist, digests, figures, now=house.now(), locale=locale, root=house.root)
        form = None
        if watchlist is not None and view.is_theirs:
            typed = typed or typed_as_stored(stored)
            form = form_view(typed, watchlist, offered(watchlist, stored), locale, faults)
        ends = subscription_token(stored, Purpose.UNSUBSCRIBE, house.now(), secret=house.secret)
        return self.pages.page(
            "web/subscription.html",
            locale,
            status=status,
            view=view,
            form=form,
            done=done,
            path=f"{house.root}/subscription/{holder.token}",
            ends=f"{house.root}/unsubscribe/{ends}",
        )

    def _holder(self, request: Request) -> Holder | Response:
        """Give who holds the link, or the page that says why it is not taken."""
        house, token = self.pages.site.house, request.path_params["token"]
        claim = read_subscription_token(token, Purpose.SETTINGS, house.now(), secret=house.secret)
        if isinstance(claim, Invalid):
            return self._no_link(request)
        stored = self._find(claim)
        if stored is not None and _is_good(claim, stored):
            return Holder(stored, locale_of(stored.subscriber.language), token)
        # One page for all that ran out, so that an old link does not tell whether its address still subscribes.
        locale = wished_locale(request)
        if stored is None and not claim.is_expired:
            return self.pages.tell(_gone(locale), locale)
        return self.pages.tell(_stale(locale, f"{house.root}/subscription/{token}/renew"), locale)

    def _no_link(self, request: Request) -> Response:
        locale = wished_locale(request)
        return self.pages.tell(broken(locale), locale)

    def _find(self, claim: LinkClaim) -> StoredSubscriber | None:
        with self.pages.site.house.database.read() as connection:
            return get_subscriber(connection, claim.subscriber)


def _is_good(claim: LinkClaim, stored: StoredSubscriber | None) -> bool:
    return stored is not None and not claim.is_expired and claim.epoch == stored.link_epoch


def _stale(locale: Locale, path: str) -> Told:
    words = locale.text("Links to a subscription work for 90 days, or until a newer one makes them void.")
    again = path, locale.text("Mail me a new link")
    return Told(410, locale.text("This link has run out"), (words,), again, posts=True)


def _gone(locale: Locale) -> Told:
    words = locale.text("It was deleted, and nothing more comes of it.")
    return Told(410, locale.text("There is no subscription"), (words,))


def _deleted(locale: Locale) -> Told:
    words = (
        locale.text("Your address, your settings and the list of your digests are gone. No mail comes any more."),
        locale.text(
            "Kept is a mark made from the address, from which it cannot be read: it keeps others from "
            "adding you again. You yourself can subscribe again at any time."
        ),
    )
    return Told(200, locale.text("Everything is deleted"), words)
