"""A sample alert, by which a channel is tried: an article of our own, with receipt and story. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tocsin.delivery.alert import Report
from tocsin.delivery.bundle import BundleReport
from tocsin.delivery.payload import payload_of
from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.articles import Article
from tocsin.models.deliveries import Delivery
from tocsin.models.ids import AlertId, ArticleId, DevelopmentId, FeedId, MatchId, StoryId, WatchId
from tocsin.models.matches import Match
from tocsin.models.receipts import Clause, Receipt, Span, TermHit, TextField
from tocsin.models.stories import Development, Story, StoryOutlet
from tocsin.models.watchlist import Watch

TITLE = "Test of a channel: convoy reaches Deir ez-Zor"
_TEXT = "A sample by which Tocsin tries this channel. The siege of Deir el-Zour ends here, in no other place."
_TERM = "siege"
_SAMPLE_ID = 0
"""No row has it, so that no link of a sample leads to anybody's story."""


def sample_report(watch: Watch, channel: str, now: datetime, *, link: str) -> Report:
    """Build the report of one alert that never rang; ``link`` is where its article leads."""
    article = _article(now, link)
    story = StoryId(_SAMPLE_ID)
    opened = Development(DevelopmentId(_SAMPLE_ID), story, 1, TITLE, now)
    alert = Alert(
        id=AlertId(_SAMPLE_ID),
        match_id=MatchId(_SAMPLE_ID),
        watch=watch.id,
        channel=channel,
        story_id=story,
        development_id=opened.id,
        decision=Decision.RING,
        rule=Rule.NEW_STORY,
        reason=f"sent by `tocsin channels test {channel}`; this story is a sample, and its links lead to no page",
        decided_at=now,
    )
    outlet = StoryOutlet("example.org", "Example Wire", article.id, TITLE, link, "en", now, opened.id, 1)
    return Report(
        alert=alert,
        match=Match(alert.match_id, watch.id, article, _receipt(watch), now),
        story=Story(story, TITLE, now, now, (opened,), articles=1, outlets=1),
        outlets=(outlet,),
    )


def sample_payload(
    delivery: Delivery, report: Report, watches: Mapping[WatchId, Watch], *, base_url: str
) -> dict[str, object]:
    """Give the record of a sample for a webhook: that of an alert, of the kind ``test``."""
    only = BundleReport((report,), more=0, alerts=1, rules=frozenset(), held_from=None, left_at=delivery.created_at)
    return payload_of(delivery, only, watches, base_url=base_url) | {"kind": "test"}


def _article(now: datetime, link: str) -> Article:
    return Article(
        id=ArticleId(_SAMPLE_ID),
        feed_id=FeedId(_SAMPLE_ID),
        feed_title="Example Wire",
        url=link,
        title=TITLE,
        text=_TEXT,
        author=None,
        language="en",
        home=None,
        published_at=now,
        first_seen_at=now,
        revision=1,
        backlog=False,
        story_id=StoryId(_SAMPLE_ID),
        classified_at=now,
        development_id=DevelopmentId(_SAMPLE_ID),
        outlet="example.org",
    )


def _receipt(watch: Watch) -> Receipt:
    start = _TEXT.index(_TERM)
    span = Span(TextField.TEXT, start, start + len(_TERM), _TERM)
    hit = TermHit(Clause.KEYWORDS, _TERM, span, variant=_TERM)
    return Receipt(watch.id, "sample", matched=True, reason=f"a sample: the keyword '{_TERM}' in its text", hits=(hit,))
