"""What a digest says: records of the store turned into a `DigestView`."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.digests import sections
from tocsin.digests.background import NO_BACKGROUND, Background
from tocsin.digests.coverage import Coverage
from tocsin.digests.coverage_words import unseen_lines
from tocsin.digests.notices import notices
from tocsin.digests.stories import DigestStory, digest_stories
from tocsin.digests.view import Box, DigestView, QuietWatch
from tocsin.models.digests import Digest
from tocsin.models.matches import Match
from tocsin.models.subscribers import Owner, SubscriptionLinks
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, Watch
from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import ENGLISH, Locale
from tocsin.rendering.schedule_words import schedule_words
from tocsin.rendering.story import mentions


def build_digest(
    digest: Digest,
    matches: Sequence[Match],
    watches: Sequence[Watch],
    seen: Coverage,
    *,
    schedule: DigestSchedule,
    base_url: str,
    contact: str | None = None,
    owner: Owner = Owner.WATCHLIST,
    links: SubscriptionLinks | None = None,
    background: Background = NO_BACKGROUND,
    locale: Locale = ENGLISH,
) -> DigestView:
    """Build the whole digest, every story in full; `fold` makes it fit a mail.

    ``matches`` are those of the digest that were not withdrawn; ``watches`` those of the subscriber, in the order of
    the watchlist; ``seen`` says how the feeds stood when it was closed. ``links`` are left out where others than the
    subscriber may read it.
    """
    base_url = base_url.rstrip("/")
    order = sections.watch_order(matches, watches)
    stories = digest_stories(matches, list(order), background.dossier)
    groups = sections.by_watch(stories, order)
    titles = {watch.id: sections.watch_title(watch) for watch in order.values()}
    met = {group.watch.id for group in groups}
    return DigestView(
        locale=locale,
        heading=_heading(digest, stories, len(groups), locale),
        stamp=_stamp(digest, schedule, locale),
        timezone=digest.timezone,
        start_at=digest.window.start_at,
        end_at=digest.window.end_at,
        notices=notices(digest, matches, schedule, undelivered=background.undelivered, locale=locale),
        boxes=_boxes(stories, seen, locale),
        lines=tuple(sections.line(group, locale) for group in groups),
        hidden_lines=0,
        sections=tuple(sections.section(group, titles, background, base_url, locale=locale) for group in groups),
        hidden=0,
        quiet_words="" if stories or digest.given_back else _quiet_words(schedule, background, seen, locale),
        quiet=tuple(_quiet(watch, digest, background, locale) for watch in watches if watch.id not in met),
        more_quiet=0,
        checked=seen.checked,
        total=seen.total,
        unseen=unseen_lines(seen, digest.timezone, locale),
        more_unseen=seen.more_unseen,
        email=one_line(digest.email),
        owner=owner,
        schedule=schedule_words(schedule, digest.timezone, locale=locale),
        contact=one_line(contact or ""),
        web_url=f"{base_url}/digests/{digest.token}",
        links=links,
    )


def _heading(digest: Digest, stories: Sequence[DigestStory], watches: int, locale: Locale) -> str:
    """Give "5 stories, 12 articles on 2 watches"."""
    if not stories:
        return locale.text("Not delivered") if digest.given_back else locale.text("Nothing matched")
    told = sections.stories_and_articles(stories, locale)
    return locale.text("%(stories)s on %(watches)s", stories=told, watches=locale.count("watch", watches))


def _stamp(digest: Digest, schedule: DigestSchedule, locale: Locale) -> str:
    """Give what no other digest of the subscriber has: its day, and the time where a day may have several."""
    at = digest.window.end_at
    several = schedule.at != (digest.window.slot,)
    return locale.moment(at, digest.timezone) if several else locale.day(at, digest.timezone)


def _boxes(stories: Sequence[DigestStory], seen: Coverage, locale: Locale) -> tuple[Box, ...]:
    """Give the numbers at the top, none on a quiet day; places only where a watch looks for any."""
    if not stories:
        return ()
    articles = sum(len(story.articles) for story in stories)
    receipts = [match.receipt for story in stories for match in story.matches]
    places = len({mention.place for mention in mentions(*receipts)})
    return (
        Box(len(stories), locale.counted("story", "stories", len(stories))),
        Box(articles, locale.counted("article", "articles", articles)),
        *([Box(places, locale.counted("place", "places", places))] if places else []),
        Box(seen.checked, locale.counted("feed checked", "feeds checked", seen.checked)),
    )


def _quiet_words(schedule: DigestSchedule, background: Background, seen: Coverage, locale: Locale) -> str:
    """Say what was looked through in vain, and, where such mails come once a week, why this one does."""
    looked = _looked_through(background, seen, locale) if seen.checked else ""
    if schedule.quiet is not QuietPolicy.WEEKLY:
        return looked
    beat = locale.text("While nothing matches, you get this mail once a week, so that you know that Tocsin is at work.")
    return f"{looked} {beat}".strip()


def _looked_through(background: Background, seen: Coverage, locale: Locale) -> str:
    feeds = locale.count("feed", seen.checked)
    if not background.looked_through:
        return locale.text("Tocsin looked through %(feeds)s.", feeds=feeds)
    articles = locale.count("article", background.looked_through)
    return locale.text("Tocsin looked through %(articles)s from %(feeds)s.", articles=articles, feeds=feeds)


def _quiet(watch: Watch, digest: Digest, background: Background, locale: Locale) -> QuietWatch:
    """Name a watch that nothing matched, with how long ago something did."""
    last = background.last_matched.get(watch.id)
    ago = "" if last is None else locale.length(digest.window.end_at - last)
    return QuietWatch(sections.watch_title(watch), locale.text("last match %(length)s ago", length=ago) if ago else "")
