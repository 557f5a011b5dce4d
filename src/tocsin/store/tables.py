"""The tables. Alembic's migrations make them; a contract test holds that both say the same.

What must never happen twice is a unique constraint here, not a habit elsewhere.
"""

from __future__ import annotations

import sqlalchemy as sa

from tocsin.store.columns import JsonText, Seconds, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING)

# SQLite counts rows up only in a column of the type INTEGER.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

watchlists = sa.Table(
    "watchlists",
    metadata,
    sa.Column("version", sa.String(12), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("files", JsonText, nullable=False),
    sa.Column("accepted_at", UtcDateTime, nullable=False),
)
"""Each watchlist that was ever in force: what to fall back to when the file is faulty. ``files`` are the texts of the
lists of feeds that it names, by name.
"""

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_given", sa.Boolean, nullable=False),
    sa.Column("own_title", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("home", sa.Text),
    sa.Column("tags", JsonText, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("next_check_at", UtcDateTime, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("every", Seconds),
    sa.Column("full_text", sa.Boolean, nullable=False),
    sa.Column("backlog", Seconds, nullable=False),
    sa.Column("retention", Seconds, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("body_hash", sa.String(64)),
    sa.Column("asked_at", UtcDateTime),
    sa.Column("checked_at", UtcDateTime),
    sa.Column("succeeded_at", UtcDateTime),
    sa.Column("changed_at", UtcDateTime),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", sa.Text),
    sa.Column("problem_kind", sa.Text),
    sa.Column("interval", Seconds),
    sa.Column("matches", sa.Integer, nullable=False, server_default="0"),
    sa.Column("stopped_at", UtcDateTime),
    sa.Column("silent_since", UtcDateTime),
    sa.Column("pushed_until", UtcDateTime),
    sa.Column("polling", JsonText, nullable=False),
    sa.Column("lease", sa.String(32)),
    sa.Column("lease_until", UtcDateTime),
    sa.Index(None, "active", "next_check_at"),
    sa.Index(None, "host"),
)

hosts = sa.Table(
    "hosts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("owner", sa.String(32)),
    sa.Column("owned_until", UtcDateTime),
    sa.Column("wait_until", UtcDateTime),
    sa.Column("reason", sa.Text),
    sa.Column("free_at", UtcDateTime),
    sa.Column("page_after", UtcDateTime),
)
"""Hosts as publishers count them (see `tocsin.feeds.hosts`): which scheduler may ask one now, and until when the host
wants to be left alone. ``free_at`` is when the next of its feeds may be asked for, ``page_after`` the next article's
page.
"""

stories = sa.Table(
    "stories",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("latest_at", UtcDateTime, nullable=False),
    sa.Column("merged_into", Id, sa.ForeignKey("stories.id")),
    sa.Column("merged_because", sa.Text),
    sa.Index(None, "latest_at"),
    sa.Index(None, "merged_into"),
    sqlite_autoincrement=True,
)
"""``latest_at`` is when its latest article was published. A story that turned out to be part of another one stays as
the row that leads there (``merged_into``), without articles; ``merged_because`` says why in words. An id is never given
twice: links to it are out in the world.
"""

developments = sa.Table(
    "developments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("news", JsonText, nullable=False),
    sa.Column("merged_into", Id, sa.ForeignKey("developments.id")),
    sa.Index(None, "story_id"),
    sa.Index(None, "merged_into"),
    sqlite_autoincrement=True,
)
"""The happenings of a story, numbered from 1."""

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("feed_id", Id, sa.ForeignKey("feeds.id"), nullable=False),
    sa.Column("entry_key", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("url_hash", sa.BigInteger, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("published_at", UtcDateTime, nullable=False),
    sa.Column("published_raw", sa.Text),
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("backlog", sa.Boolean, nullable=False),
    sa.Column("quiet", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id")),
    sa.Column("development_id", Id, sa.ForeignKey("developments.id")),
    sa.Column("outlet", sa.Text),
    sa.Column("classified_at", UtcDateTime),
    sa.Column("enqueued_at", UtcDateTime),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("quarantined_at", UtcDateTime),
    sa.Column("page_text", sa.Text),
    sa.Column("page_state", sa.Text),
    sa.Column("page_due_at", UtcDateTime),
    sa.Column("page_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("page_problem", sa.Text),
    sa.Column("page_host", sa.Text),
    sa.Column("page_read_at", UtcDateTime),
    sa.UniqueConstraint("feed_id", "entry_key"),
    sa.Index(None, "feed_id", "url_hash"),
    sa.Index(None, "feed_id", "content_hash"),
    sa.Index(None, "feed_id", "first_seen_at"),
    sa.Index(None, "first_seen_at"),
    sa.Index(None, "story_id"),
    sa.Index(None, "development_id"),
    sa.Index(
        "ix_articles_quarantined",
        "quarantined_at",
        sqlite_where=sa.text("quarantined_at IS NOT NULL"),
        postgresql_where=sa.text("quarantined_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_articles_unclassified",
        "enqueued_at",
        sqlite_where=sa.text("classified_at IS NULL AND quarantined_at IS NULL"),
        postgresql_where=sa.text("classified_at IS NULL AND quarantined_at IS NULL"),
    ),
    sa.Index(
        "ix_articles_page_wanted",
        "page_due_at",
        sqlite_where=sa.text("page_state = 'wanted'"),
        postgresql_where=sa.text("page_state = 'wanted'"),
    ),
)
"""``text`` is what the feed gives, ``page_text`` what the article's own page adds where ``full_text`` is asked for.
``page_state`` is NULL where it is not, else 'wanted', 'read' or 'failed'; ``page_due_at`` is when a wanted page may be
asked for (again), ``page_host`` the key of its host. ``outlet`` names who published the article, the same for all feeds
of one house (see `tocsin.feeds.outlets`); NULL until it is classified.
"""

placements = sa.Table(
    "placements",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), nullable=False, unique=True),
    sa.Column("join_kind", sa.Text, nullable=False),
    sa.Column("nearest_id", Id),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("evidence", JsonText, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("placed_at", UtcDateTime, nullable=False),
    sa.Index(None, "placed_at"),
    sqlite_autoincrement=True,
)
"""How each article came into its story, and what classifiers remember of it (see `tocsin.stories.Signature`).

A row that changes is written anew under the next id, so that each classifier finds by ids what the others did; ids are
never given twice, and are committed in their order, since one classifier at a time places.
"""

pruned_entries = sa.Table(
    "pruned_entries",
    metadata,
    sa.Column("feed_id", Id, sa.ForeignKey("feeds.id"), primary_key=True),
    sa.Column("key_hash", sa.BigInteger, primary_key=True),
    sa.Column("url_hash", sa.BigInteger, nullable=False),
    sa.Column("content_hash", sa.BigInteger, nullable=False),
    sa.Index(None, "feed_id", "url_hash"),
    sa.Index(None, "feed_id", "content_hash"),
)
"""What is left of articles whose time is over: enough to know an entry again when a feed shows it once more. The hashes
have 64 bits: they are kept for ever, and are compared within one feed only.
"""

hub_subscriptions = sa.Table(
    "hub_subscriptions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("feed_id", Id, sa.ForeignKey("feeds.id"), nullable=False),
    sa.Column("hub", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("token", sa.String(43), nullable=False, unique=True),
    sa.Column("secret", sa.String(43), nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("awaiting", sa.Boolean, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("asked_at", UtcDateTime),
    sa.Column("leased_until", UtcDateTime),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", sa.Text),
    sa.Index(None, "due_at"),
    sa.Index(None, "leased_until"),
    sa.Index(
        "uq_hub_subscriptions_wanted",
        "feed_id",
        unique=True,
        sqlite_where=sa.text("mode = 'subscribe'"),
        postgresql_where=sa.text("mode = 'subscribe'"),
    ),
)
"""WebSub subscriptions (see `tocsin.models.websub`): one at most that is wanted a feed, beside older ones that end."""

pings = sa.Table(
    "pings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("subscription_id", Id, sa.ForeignKey("hub_subscriptions.id"), nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("taken_until", UtcDateTime),
    sa.Index(None, "subscription_id"),
)
"""What hubs sent and the scheduler has not taken in yet; signed, so nobody else's."""

matches = sa.Table(
    "matches",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), nullable=False),
    sa.Column("watch", sa.Text, nullable=False),
    sa.Column("receipt", JsonText, nullable=False),
    sa.Column("matched_at", UtcDateTime, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Column("withdrawn_because", sa.Text),
    sa.UniqueConstraint("article_id", "watch"),
    sa.Index(None, "watch", "matched_at"),
)

subscribers = sa.Table(
    "subscribers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("watches", JsonText, nullable=False),
    sa.Column("all_watches", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("days", JsonText, nullable=False),
    sa.Column("at", JsonText, nullable=False),
    sa.Column("cron", sa.Text, nullable=False, server_default=""),
    sa.Column("quiet", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_since", UtcDateTime, nullable=False),
    sa.Column("because", sa.Text, nullable=False, server_default=""),
    sa.Column("paused_until", UtcDateTime),
    sa.Column("link_epoch", sa.Integer, nullable=False, server_default="0"),
    sa.Column("joined_at", UtcDateTime, nullable=False),
    sa.Column("closed_until", UtcDateTime, nullable=False),
    sa.Column("slots_from", UtcDateTime, nullable=False),
    sa.Column("away_state", sa.Text),
    sa.Column("away_since", UtcDateTime),
    sqlite_autoincrement=True,
)
"""``closed_until`` is the end of the last closed window: all before it has been decided, the open window starts
there. ``state`` and the rest: see `tocsin.models.subscribers`. An id is never given twice: links in mails name it.
"""

subscriber_watches = sa.Table(
    "subscriber_watches",
    metadata,
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), primary_key=True),
    sa.Column("watch", sa.Text, primary_key=True),
    sa.Index(None, "watch", "subscriber_id"),
)
"""The watches of `subscribers` once more, to be found by watch: classifiers enter what is owed to ten thousand people
in one statement. Written with the column, by `tocsin.store.subscriber_rows` alone.
"""

signups = sa.Table(
    "signups",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("watches", JsonText, nullable=False),
    sa.Column("all_watches", sa.Boolean, nullable=False),
    sa.Column("days", JsonText, nullable=False),
    sa.Column("at", JsonText, nullable=False),
    sa.Column("cron", sa.Text, nullable=False, server_default=""),
    sa.Column("quiet", sa.Text, nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    sa.Column("confirmed_at", UtcDateTime),
    sa.Index(None, "requested_at"),
    sa.Index(None, "email"),
    sqlite_autoincrement=True,
)
"""What somebody asked for on the web, until it is confirmed. An id is never given twice: links in mails name it."""

suppressions = sa.Table(
    "suppressions",
    metadata,
    sa.Column("address_hash", sa.String(64), primary_key=True),
    sa.Column("because", sa.Text, nullable=False),
    sa.Column("since_at", UtcDateTime, nullable=False),
)
"""Addresses of those who had themselves deleted, as keyed hashes (HMAC-SHA256 under the house's secret): no watchlist
and no import brings them back, only they themselves.
"""

digests = sa.Table(
    "digests",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), nullable=False),
    sa.Column("local_date", sa.Date, nullable=False),
    sa.Column("slot", sa.String(5), nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("start_at", UtcDateTime, nullable=False),
    sa.Column("end_at", UtcDateTime, nullable=False),
    sa.Column("token", sa.String(43), nullable=False, unique=True),
    sa.Column("coverage", JsonText, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("away_state", sa.Text),
    sa.Column("away_from", UtcDateTime),
    sa.Column("away_until", UtcDateTime),
    sa.Column("closed_with", sa.Integer, nullable=False, server_default="0"),
    sa.Column("given_back", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("subscriber_id", "local_date", "slot"),
    sa.Index(None, "created_at"),
    sqlite_autoincrement=True,
)
"""``away_state`` and the times are how the subscriber was away in the window, NULL for not at all. ``closed_with`` is
how many items it had when it was closed, ``given_back`` how many of them went back to what is owed, since it did not
arrive.
"""

digest_items = sa.Table(
    "digest_items",
    metadata,
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), primary_key=True),
    sa.Column("match_id", Id, sa.ForeignKey("matches.id"), primary_key=True),
    sa.Column("digest_id", Id, sa.ForeignKey("digests.id")),
    sa.Index(
        "ix_digest_items_open",
        "subscriber_id",
        sqlite_where=sa.text("digest_id IS NULL"),
        postgresql_where=sa.text("digest_id IS NULL"),
    ),
    sa.Index(None, "digest_id"),
    sa.Index(None, "match_id"),
)
"""What each subscriber is owed: entered with the match, in its transaction, and given to exactly one digest when a
window closes.

A match that is committed late is still in here, so no window can miss it: membership is a row, not a comparison of
times.
"""

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("next_attempt_at", UtcDateTime, nullable=False),
    sa.Column("enqueued_at", UtcDateTime),
    sa.Column("name", sa.Text),
    sa.Column("digest_id", Id, sa.ForeignKey("digests.id")),
    sa.Column("notice_id", Id, sa.ForeignKey("notices.id")),
    sa.Column("signup_id", Id, sa.ForeignKey("signups.id")),
    sa.Column("lease", sa.String(32)),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("problem", sa.Text),
    sa.CheckConstraint("(kind = 'digest') = (digest_id IS NOT NULL)", name="digest_has_digest"),
    sa.CheckConstraint("(kind = 'notice') = (notice_id IS NOT NULL)", name="notice_has_notice"),
    sa.CheckConstraint("(kind = 'confirmation') = (signup_id IS NOT NULL)", name="confirmation_has_signup"),
    sa.Index(
        "ix_deliveries_pending",
        "next_attempt_at",
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    ),
    sa.Index(None, "created_at"),
    sa.Index(None, "name", "created_at"),
    sa.Index(None, "digest_id"),
    sa.Index(None, "signup_id"),
    sqlite_autoincrement=True,
)
"""``name`` is the channel's in the watchlist, NULL for mail to subscribers. The alerts of a message are those rows of
`alerts` that name it. An id is never given twice: mails that come back name it.
"""

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("match_id", Id, sa.ForeignKey("matches.id"), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("watch", sa.Text, nullable=False),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("development_id", Id, sa.ForeignKey("developments.id"), nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime),
    sa.Column("delivery_id", Id, sa.ForeignKey("deliveries.id")),
    sa.UniqueConstraint("match_id", "channel"),
    sa.Index(None, "story_id", "channel"),
    sa.Index(None, "development_id"),
    sa.Index(None, "watch", "channel", "decided_at"),
    sa.Index(None, "decided_at"),
    # Not of those without: most are suppressed, and SQLite would look through them all for those that wait.
    sa.Index(
        "ix_alerts_told",
        "delivery_id",
        sqlite_where=sa.text("delivery_id IS NOT NULL"),
        postgresql_where=sa.text("delivery_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_alerts_waiting",
        "due_at",
        sqlite_where=sa.text("decision = 'bundle' AND delivery_id IS NULL"),
        postgresql_where=sa.text("decision = 'bundle' AND delivery_id IS NULL"),
    ),
    sqlite_autoincrement=True,
)
"""What was decided of each match and each channel of its watch, and why; see `tocsin.models.alerts`. An id is never
given twice: links in messages name it.
"""

watch_hours = sa.Table(
    "watch_hours",
    metadata,
    sa.Column("watch", sa.Text, primary_key=True),
    sa.Column("hour_at", UtcDateTime, primary_key=True),
    sa.Column("stories", sa.Integer, nullable=False),
    sa.Column("articles", sa.Integer, nullable=False),
)
"""How thick each watch comes: its new matches by the hour (aware UTC, on the hour) in which they were found, and the
stories among them that were new to it.
"""

bursts = sa.Table(
    "bursts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("watch", sa.Text, nullable=False),
    sa.Column("began_at", UtcDateTime, nullable=False),
    sa.Column("called_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("span", Seconds, nullable=False),
    sa.Column("found", sa.Integer, nullable=False),
    sa.Column("usual", sa.Float, nullable=False),
    sa.Column("outlets", sa.Integer, nullable=False),
    sa.Index(None, "watch", "began_at"),
)
"""Times in which a watch came thicker than its own rhythm; ``called_at`` is when it last asked to be told, the figures
are those of then (see `tocsin.alerts.Burst`).
"""

mutes = sa.Table(
    "mutes",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("muted_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("target", "story_id"),
    sa.Index(None, "story_id"),
)
"""Stories whose alerts a reader has ended. ``target`` is that of the channel: a mail address in lower case, or the
name of an environment variable.
"""

dismissals = sa.Table(
    "dismissals",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("match_id", Id, sa.ForeignKey("matches.id"), nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("dismissed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("match_id", "target"),
)
"""Matches that a reader called not relevant."""

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Index(
        "uq_notices_open",
        "key",
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
    sa.Index(None, "opened_at"),
)
"""What the operator is told of; one at a time is open for what it is about."""

processes = sa.Table(
    "processes",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("watchlist_version", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
)
"""A heartbeat a process, so that `doctor` and the pages can say which ones are alive."""
