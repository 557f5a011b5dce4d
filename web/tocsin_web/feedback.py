"""``/alerts/mute/{token}`` and ``/alerts/dismiss/{token}``: where a reader of an alert answers it.

GET shows what it is about and one button; POST alone acts, and may come twice. Whoever holds the token may do this one
thing for the one address that it names, so that tokens are never logged, and the pages never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from tocsin.delivery.feedback import Claim, read_token, token_of
from tocsin.delivery.tokens import Invalid, Purpose
from tocsin.digests.sections import watch_title
from tocsin.models.alerts import Alert
from tocsin.models.ids import StoryId
from tocsin.models.matches import Match
from tocsin.models.stories import Story
from tocsin.models.watchlist import Watchlist
from tocsin.rendering.clean import one_line
from tocsin.rendering.story import OUTLET_LIMIT, TITLE_LIMIT, shown_title
from tocsin.store.alert_log import get_alert
from tocsin.store.alerts import standing_match
from tocsin.store.database import database_now
from tocsin.store.dismissals import dismiss_match, is_dismissed, restore_match
from tocsin.store.matches import get_match
from tocsin.store.mutes import is_muted, mute_story, unmute_story
from tocsin.store.stories import get_story, story_of
from tocsin.text.language import is_right_to_left
from tocsin_web.addresses import without_addresses
from tocsin_web.answers import Site
from tocsin_web.security import FORM_POLICY, NEVER_STORED
from tocsin_web.watches import find_watch

METHODS = ("GET", "POST")
HEADERS = {**NEVER_STORED, "Content-Security-Policy": FORM_POLICY}
_NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a link does nothing, in words for its reader."""

    status: int
    heading: str
    message: str


_REFUSALS = {
    Invalid.FORGED: Refusal(
        404,
        "This link is not whole",
        "Copy the whole address from the alert, to its last letter, or click it there.",
    ),
    Invalid.EXPIRED: Refusal(
        410,
        "This link has run out",
        "Links in alerts work for 90 days. Those in newer alerts of the same story still do.",
    ),
}
_UNKNOWN = Refusal(
    410,
    "This alert is no longer kept",
    "What it told of has been removed since, so there is nothing to answer, and nothing more will come of it.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """The alert that a token names, with its match and its story as they stand now."""

    claim: Claim
    alert: Alert
    match: Match
    story: Story


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """What the page shows. ``is_done`` tells how things stand, ``was_undone`` that they were just taken back.

    ``to`` is a shortened address or the channel's name. ``token`` is the one of the link, ``mute_token`` one for muting
    the story from the page of "not relevant".
    """

    purpose: Purpose
    is_done: bool
    was_undone: bool
    token: str
    mute_token: str
    title: str
    direction: str
    language: str
    outlet: str
    published_at: datetime
    watch: str
    to: str
    story: StoryId
    articles: int
    outlets: int
    article_path: str


@dataclass(frozen=True, slots=True)
class FeedbackPages:
    """The endpoints: one a purpose, and one each to take it back."""

    site: Site

    def mute(self, request: Request) -> Response:
        """End a story's alerts for the reader."""
        return self._answer(request, Purpose.MUTE, _mute)

    def unmute(self, request: Request) -> Response:
        """Take back that they were ended."""
        return self._answer(request, Purpose.MUTE, _unmute, undoes=True)

    def dismiss(self, request: Request) -> Response:
        """Note that a match was not relevant to the reader."""
        return self._answer(request, Purpose.DISMISS, _dismiss)

    def restore(self, request: Request) -> Response:
        """Take back that it was not."""
        return self._answer(request, Purpose.DISMISS, _restore, undoes=True)

    def _answer(self, request: Request, purpose: Purpose, act: Act, *, undoes: bool = False) -> Response:
        house, token = self.site.house, request.path_params["token"]
        claim = read_token(token, purpose, house.now(), secret=house.secret)
        if isinstance(claim, Invalid):
            return self._refused(_REFUSALS[claim])
        acts = request.method == "POST"
        with house.database.write() if acts else house.database.read() as connection:
            told = _find(connection, claim)
            if told is None:
                return self._refused(_UNKNOWN)
            if acts:
                act(connection, told)
            is_done = _IS_DONE[purpose](connection, told)
        mute = token if purpose is Purpose.MUTE else self._mute_token(told)
        view = feedback_view(
            told,
            house.watchlist(),
            purpose=purpose,
            is_done=is_done,
            was_undone=undoes and acts,
            tokens=(token, mute),
        )
        return self.site.page("web/feedback.html", headers=HEADERS, view=view)

    def _mute_token(self, told: Told) -> str:
        return token_of(told.claim, Purpose.MUTE, told.alert.decided_at, secret=self.site.house.secret)

    def _refused(self, refusal: Refusal) -> Response:
        return self.site.page(
            "web/error.html",
            status=refusal.status,
            headers=NEVER_STORED,
            heading=refusal.heading,
            message=refusal.message,
        )


def feedback_view(
    told: Told,
    watchlist: Watchlist | None,
    *,
    purpose: Purpose,
    is_done: bool,
    was_undone: bool,
    tokens: tuple[str, str],
) -> FeedbackView:
    """Turn what was told into what is shown: the story for muting, the article for "not relevant"."""
    article, watch = told.match.article, find_watch(watchlist, told.match.watch)
    of_story = purpose is Purpose.MUTE
    title = one_line(told.story.title, TITLE_LIMIT) if of_story else ""
    same = not title or title == one_line(article.title, TITLE_LIMIT)
    title = title or shown_title(article)
    return FeedbackView(
        purpose=purpose,
        is_done=is_done,
        was_undone=was_undone,
        token=tokens[0],
        mute_token=tokens[1],
        title=title,
        direction="rtl" if is_right_to_left(title) else "ltr",
        language=(article.language or "") if same else "",
        outlet=one_line(article.feed_title, OUTLET_LIMIT),
        published_at=article.published_at,
        watch=watch_title(watch) if watch else one_line(told.match.watch, _NAME_LIMIT),
        to=_reader(told),
        story=told.story.id,
        articles=told.story.articles,
        outlets=told.story.outlets,
        article_path=f"/articles/{article.id}",
    )


def _reader(told: Told) -> str:
    target = told.claim.target
    return without_addresses(target) if "@" in target else f"the channel {one_line(told.alert.channel, _NAME_LIMIT)}"


def _find(connection: sa.Connection, claim: Claim) -> Told | None:
    alert = get_alert(connection, claim.alert)
    if alert is None:
        return None
    # Where the match was withdrawn, the message told another one in its stead.
    match = get_match(connection, standing_match(connection, alert) or alert.match_id)
    if match is None:
        return None
    now = story_of(connection, alert.story_id)
    story = get_story(connection, now) if now else None
    return Told(claim, alert, match, story) if story else None


Act = Callable[[sa.Connection, Told], object]


def _mute(connection: sa.Connection, told: Told) -> None:
    mute_story(connection, told.claim.target, told.story.id, database_now(connection))


def _unmute(connection: sa.Connection, told: Told) -> None:
    unmute_story(connection, told.claim.target, told.story.id)


def _dismiss(connection: sa.Connection, told: Told) -> None:
    dismiss_match(connection, told.match.id, told.claim.target, database_now(connection))


def _restore(connection: sa.Connection, told: Told) -> None:
    restore_match(connection, told.match.id, told.claim.target)


_IS_DONE: Mapping[Purpose, Callable[[sa.Connection, Told], bool]] = {
    Purpose.MUTE: lambda connection, told: is_muted(connection, told.claim.target, told.story.id),
    Purpose.DISMISS: lambda connection, told: is_dismissed(connection, told.match.id, told.claim.target),
}
