"""The mail that asks somebody whether they want the digests that were asked for on the web. Pure.

Whoever asked may be anybody, so nothing in it is theirs: its words are ours, its topics those of the watchlist, and
it is sent alike whether the address subscribes or not. Only its reader learns which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from jinja2 import Environment

from tocsin.delivery.tokens import VALID_FOR, Purpose
from tocsin.models.subscribers import Owner, Signup, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import Watch
from tocsin.models.zones import zone_of
from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import Locale
from tocsin.rendering.rendered import Rendered, inlined
from tocsin.rendering.schedule_words import schedule_words

TOPICS = 12
_TITLE_LIMIT = 80


@dataclass(frozen=True, slots=True)
class ConfirmationView:
    """What the mail says. ``confirm_url`` is "" where there is nothing to confirm, since the address gets digests
    already: then ``settings_url`` leads to them.

    ``topics`` are titles, none for all; ``more_topics`` counts those left out. ``link_until`` is when the link ends.
    ``is_set_elsewhere`` says that the watchlist says what they get. ``site`` is the host that readers know.
    """

    locale: Locale
    email: str
    site: str
    asked_at: datetime
    timezone: str
    link_until: datetime
    topics: tuple[str, ...]
    more_topics: int
    schedule: str
    confirm_url: str
    settings_url: str
    is_paused: bool
    is_set_elsewhere: bool
    contact: str


def build_confirmation(
    signup: Signup,
    stored: StoredSubscriber | None,
    watches: Sequence[Watch],
    *,
    confirm_url: str,
    settings_url: str,
    base_url: str,
    locale: Locale,
    contact: str | None = None,
) -> ConfirmationView:
    """Build what is shown; ``stored`` is whoever has the address now, ``watches`` those of the watchlist in its order.

    ``settings_url`` is used where they get digests, or do as soon as they end their pause; else ``confirm_url`` is.
    """
    gets_digests = stored is not None and stored.state in {SubscriberState.ACTIVE, SubscriberState.PAUSED}
    wanted = signup.wanted
    titles = [_title(watch) for watch in watches if watch.id in wanted.watches]
    topics = [] if signup.all_watches else titles
    return ConfirmationView(
        locale=locale,
        email=one_line(wanted.email),
        site=one_line(urlsplit(base_url).hostname or base_url),
        asked_at=signup.requested_at,
        timezone=zone_of(wanted.timezone).key,
        link_until=signup.requested_at + VALID_FOR[Purpose.CONFIRM],
        topics=tuple(topics[:TOPICS]),
        more_topics=max(0, len(topics) - TOPICS),
        schedule=schedule_words(wanted.digest, wanted.timezone, locale=locale),
        confirm_url="" if gets_digests else confirm_url,
        settings_url=settings_url if gets_digests else "",
        is_paused=stored is not None and stored.state is SubscriberState.PAUSED,
        is_set_elsewhere=stored is not None and stored.owner is Owner.WATCHLIST,
        contact=one_line(contact or ""),
    )


def render_confirmation(view: ConfirmationView, environment: Environment) -> Rendered:
    """Render the mail; ``environment`` is that of the view's language."""
    locale = view.locale
    if view.confirm_url:
        subject = locale.text("Please confirm: news digests from %(site)s", site=view.site)
        preheader = locale.text("One click, and they come. If it was not you, do nothing.")
    else:
        subject = locale.text("Your news digests from %(site)s", site=view.site)
        preheader = locale.text("You get them already. Here is the link to your settings.")
    html = environment.get_template("email/confirmation.html").render(view=view, subject=subject, preheader=preheader)
    text = environment.get_template("email/confirmation.txt").render(view=view)
    return Rendered(subject=subject, preheader=preheader, html=inlined(html), text=text)


def _title(watch: Watch) -> str:
    return one_line(watch.title, _TITLE_LIMIT) or watch.id
