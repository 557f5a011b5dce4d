"""Messages as records for machines: what a webhook is sent as JSON. docs/channels.md tells every field. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from tocsin.delivery.alert import Report, development_of, watch_title
from tocsin.delivery.bundle import BundleReport
from tocsin.delivery.burst import BurstReport
from tocsin.models import alerts
from tocsin.models.deliveries import Delivery
from tocsin.models.ids import WatchId
from tocsin.models.stories import StoryOutlet
from tocsin.models.watchlist import Watch
from tocsin.rendering.links import safe_link
from tocsin.store.matches import receipt_json

VERSION = 1
"""Of the form of the records; a field that is added does not change it."""

OUTLETS_TOLD, STORIES_TOLD = 20, 10
"""So many outlets, and stories of a burst, a record has at most: a story that runs for days has hundreds."""

Record = dict[str, object]


def payload_of(delivery: Delivery, report: BundleReport, watches: Mapping[WatchId, Watch], *, base_url: str) -> Record:
    """Give the record of a message with alerts, of one story or a bundle."""
    root = base_url.rstrip("/")
    return _frame(delivery, "alert" if report.is_single else "bundle") | {
        "held_from": _iso(report.held_from),
        "held_by": sorted(rule.value for rule in report.rules),
        "alerts": [_alert(one, watches, root) for one in report.reports],
        "more": report.more,
    }


def notice_payload(delivery: Delivery, notice: alerts.Notice) -> Record:
    """Give the record of a notice to the operator."""
    said = {"about": notice.key, "what": notice.kind.value, "text": notice.text, "since": _iso(notice.opened_at)}
    return _frame(delivery, "notice") | {"notice": said}


def _frame(delivery: Delivery, kind: str) -> Record:
    entered = _iso(delivery.created_at)
    return {"id": delivery.key, "version": VERSION, "kind": kind, "channel": delivery.name, "created_at": entered}


def _alert(report: Report, watches: Mapping[WatchId, Watch], root: str) -> Record:
    alert, article = report.alert, report.match.article
    return {
        "watch": _watch(report.match.watch, watches),
        "also": [_watch(watch, watches) for watch in report.also],
        "decision": alert.decision.value,
        "rule": alert.rule.value,
        "reason": alert.reason,
        "decided_at": _iso(alert.decided_at),
        "told_before_at": _iso(report.told_at),
        "story": _story(report, root),
        "development": _development(report),
        "article": {
            "id": article.id,
            "title": article.title,
            "url": safe_link(article.url) or None,
            "outlet": article.outlet,
            "feed": article.feed_title,
            "language": article.language,
            "published_at": _iso(article.published_at),
            "first_seen_at": _iso(article.first_seen_at),
        },
        "outlets": _outlets(report.outlets[:OUTLETS_TOLD]),
        "more_outlets": max(0, len(report.outlets) - OUTLETS_TOLD),
        "burst": _burst(report.burst) if report.burst else None,
        "receipt": receipt_json(report.match.receipt),
        "links": _links(report, root),
    }


def _watch(watch_id: WatchId, watches: Mapping[WatchId, Watch]) -> Record:
    return {"id": watch_id, "title": watch_title(watches.get(watch_id), watch_id)}


def _story(report: Report, root: str) -> Record:
    story = report.story
    return {
        "id": story.id,
        "title": story.title,
        "url": f"{root}/stories/{story.id}",
        "first_seen_at": _iso(story.opened_at),
        "latest_at": _iso(story.latest_at),
        "articles": story.articles,
        "outlets": story.outlets,
    }


def _development(report: Report) -> Record | None:
    found = development_of(report)
    if found is None:
        return None
    told: Record = {"id": found.id, "number": found.number, "title": found.title}
    return told | {"opened_at": _iso(found.opened_at), "news": list(found.news)}


def _outlets(outlets: Iterable[StoryOutlet]) -> list[Record]:
    """Give each outlet's first article of the story."""
    return [
        {
            "outlet": one.outlet,
            "feed": one.title,
            "title": one.headline,
            "url": safe_link(one.url) or None,
            "language": one.language,
            "published_at": _iso(one.published_at),
        }
        for one in outlets
    ]


def _burst(burst: BurstReport) -> Record:
    return {
        "began_at": _iso(burst.began_at),
        "counted": burst.counted,
        "found": burst.found,
        "usual": round(burst.usual, 2),
        "seconds": int(burst.span.total_seconds()),
        "outlets": list(burst.outlets[:OUTLETS_TOLD]),
        "more_outlets": max(0, len(burst.outlets) - OUTLETS_TOLD),
        "stories": [{"id": story.id, "title": story.title} for story in burst.stories[:STORIES_TOLD]],
        "more_stories": max(0, len(burst.stories) - STORIES_TOLD),
    }


def _links(report: Report, root: str) -> Record:
    answers = report.links
    return {
        "story": f"{root}/stories/{report.story.id}",
        "receipt": f"{root}/articles/{report.match.article.id}",
        "mute": answers.mute_url if answers else None,
        "dismiss": answers.dismiss_url if answers else None,
    }


def _iso(at: datetime | None) -> str | None:
    """Write an aware time in UTC as RFC 3339 does, "2017-09-05T14:42:00Z"; parts of a second are left out."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
