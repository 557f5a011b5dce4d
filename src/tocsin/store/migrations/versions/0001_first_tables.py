"""The tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tocsin.store.columns import JsonText, Seconds, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _feeds()
    _hosts()
    _pruned_entries()
    _hub_subscriptions()
    _pings()
    _processes()
    _stories()
    _developments()
    _subscribers()
    _subscriber_watches()
    _signups()
    _suppressions()
    _watchlists()
    _articles()
    _placements()
    _digests()
    _matches()
    _notices()
    _deliveries()
    _digest_items()
    _alerts()
    _watch_hours()
    _bursts()
    _mutes()
    _dismissals()


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_given", sa.Boolean(), nullable=False),
        sa.Column("own_title", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("home", sa.Text()),
        sa.Column("tags", JsonText(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("next_check_at", UtcDateTime(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("every", Seconds()),
        sa.Column("full_text", sa.Boolean(), nullable=False),
        sa.Column("backlog", Seconds(), nullable=False),
        sa.Column("retention", Seconds(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.String(length=64)),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("checked_at", UtcDateTime()),
        sa.Column("succeeded_at", UtcDateTime()),
        sa.Column("changed_at", UtcDateTime()),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("problem_kind", sa.Text()),
        sa.Column("interval", Seconds()),
        sa.Column("matches", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stopped_at", UtcDateTime()),
        sa.Column("silent_since", UtcDateTime()),
        sa.Column("pushed_until", UtcDateTime()),
        sa.Column("polling", JsonText(), nullable=False),
        sa.Column("lease", sa.String(length=32)),
        sa.Column("lease_until", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("url", name="uq_feeds_url"),
    )
    op.create_index("ix_feeds_active_next_check_at", "feeds", ["active", "next_check_at"])
    op.create_index("ix_feeds_host", "feeds", ["host"])


def _hosts() -> None:
    op.create_table(
        "hosts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=32)),
        sa.Column("owned_until", UtcDateTime()),
        sa.Column("wait_until", UtcDateTime()),
        sa.Column("reason", sa.Text()),
        sa.Column("free_at", UtcDateTime()),
        sa.Column("page_after", UtcDateTime()),
        sa.PrimaryKeyConstraint("key", name="pk_hosts"),
    )


def _pruned_entries() -> None:
    op.create_table(
        "pruned_entries",
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("key_hash", sa.BigInteger(), nullable=False),
        sa.Column("url_hash", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_pruned_entries_feed_id_feeds"),
        sa.PrimaryKeyConstraint("feed_id", "key_hash", name="pk_pruned_entries"),
    )
    op.create_index("ix_pruned_entries_feed_id_url_hash", "pruned_entries", ["feed_id", "url_hash"])
    op.create_index("ix_pruned_entries_feed_id_content_hash", "pruned_entries", ["feed_id", "content_hash"])


def _hub_subscriptions() -> None:
    op.create_table(
        "hub_subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("secret", sa.String(length=43), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("awaiting", sa.Boolean(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("leased_until", UtcDateTime()),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text()),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_hub_subscriptions_feed_id_feeds"),
        sa.PrimaryKeyConstraint("id", name="pk_hub_subscriptions"),
        sa.UniqueConstraint("token", name="uq_hub_subscriptions_token"),
    )
    op.create_index("ix_hub_subscriptions_due_at", "hub_subscriptions", ["due_at"])
    op.create_index("ix_hub_subscriptions_leased_until", "hub_subscriptions", ["leased_until"])
    where = sa.text("mode = 'subscribe'")
    op.create_index(
        "uq_hub_subscriptions_wanted",
        "hub_subscriptions",
        ["feed_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _pings() -> None:
    op.create_table(
        "pings",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("taken_until", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["hub_subscriptions.id"], name="fk_pings_subscription_id_hub_subscriptions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pings"),
    )
    op.create_index("ix_pings_subscription_id", "pings", ["subscription_id"])


def _processes() -> None:
    op.create_table(
        "processes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("watchlist_version", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("name", name="pk_processes"),
    )


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("latest_at", UtcDateTime(), nullable=False),
        sa.Column("merged_into", ID),
        sa.Column("merged_because", sa.Text()),
        sa.ForeignKeyConstraint(["merged_into"], ["stories.id"], name="fk_stories_merged_into_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stories_latest_at", "stories", ["latest_at"])
    op.create_index("ix_stories_merged_into", "stories", ["merged_into"])


def _developments() -> None:
    op.create_table(
        "developments",
        sa.Column("id", ID, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("news", JsonText(), nullable=False),
        sa.Column("merged_into", ID),
        sa.ForeignKeyConstraint(["merged_into"], ["developments.id"], name="fk_developments_merged_into_developments"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_developments_story_id_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_developments"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_developments_story_id", "developments", ["story_id"])
    op.create_index("ix_developments_merged_into", "developments", ["merged_into"])


def _subscribers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("watches", JsonText(), nullable=False),
        sa.Column("all_watches", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("days", JsonText(), nullable=False),
        sa.Column("at", JsonText(), nullable=False),
        sa.Column("cron", sa.Text(), server_default="", nullable=False),
        sa.Column("quiet", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("paused_until", UtcDateTime()),
        sa.Column("link_epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("closed_until", UtcDateTime(), nullable=False),
        sa.Column("slots_from", UtcDateTime(), nullable=False),
        sa.Column("away_state", sa.Text()),
        sa.Column("away_since", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.UniqueConstraint("email", name="uq_subscribers_email"),
        sqlite_autoincrement=True,
    )


def _subscriber_watches() -> None:
    op.create_table(
        "subscriber_watches",
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_subscriber_watches_subscriber_id_subscribers"
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "watch", name="pk_subscriber_watches"),
    )
    op.create_index("ix_subscriber_watches_watch_subscriber_id", "subscriber_watches", ["watch", "subscriber_id"])


def _signups() -> None:
    op.create_table(
        "signups",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("watches", JsonText(), nullable=False),
        sa.Column("all_watches", sa.Boolean(), nullable=False),
        sa.Column("days", JsonText(), nullable=False),
        sa.Column("at", JsonText(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=False, server_default=""),
        sa.Column("quiet", sa.Text(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_signups"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_signups_requested_at", "signups", ["requested_at"])
    op.create_index("ix_signups_email", "signups", ["email"])


def _suppressions() -> None:
    op.create_table(
        "suppressions",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name="pk_suppressions"),
    )


def _watchlists() -> None:
    op.create_table(
        "watchlists",
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("files", JsonText(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_watchlists"),
    )


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("entry_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_raw", sa.Text()),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.Column("quiet", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("story_id", ID),
        sa.Column("development_id", ID),
        sa.Column("outlet", sa.Text()),
        sa.Column("classified_at", UtcDateTime()),
        sa.Column("enqueued_at", UtcDateTime()),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("quarantined_at", UtcDateTime()),
        sa.Column("page_text", sa.Text()),
        sa.Column("page_state", sa.Text()),
        sa.Column("page_due_at", UtcDateTime()),
        sa.Column("page_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("page_problem", sa.Text()),
        sa.Column("page_host", sa.Text()),
        sa.Column("page_read_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["development_id"], ["developments.id"], name="fk_articles_development_id_developments"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_articles_feed_id_feeds"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_articles_story_id_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("feed_id", "entry_key", name="uq_articles_feed_id_entry_key"),
    )
    op.create_index("ix_articles_feed_id_url_hash", "articles", ["feed_id", "url_hash"])
    op.create_index("ix_articles_feed_id_content_hash", "articles", ["feed_id", "content_hash"])
    op.create_index("ix_articles_feed_id_first_seen_at", "articles", ["feed_id", "first_seen_at"])
    op.create_index("ix_articles_first_seen_at", "articles", ["first_seen_at"])
    op.create_index("ix_articles_story_id", "articles", ["story_id"])
    op.create_index("ix_articles_development_id", "articles", ["development_id"])
    where = sa.text("classified_at IS NULL AND quarantined_at IS NULL")
    op.create_index("ix_articles_unclassified", "articles", ["enqueued_at"], sqlite_where=where, postgresql_where=where)
    aside = sa.text("quarantined_at IS NOT NULL")
    op.create_index(
        "ix_articles_quarantined", "articles", ["quarantined_at"], sqlite_where=aside, postgresql_where=aside
    )
    wanted = sa.text("page_state = 'wanted'")
    op.create_index(
        "ix_articles_page_wanted", "articles", ["page_due_at"], sqlite_where=wanted, postgresql_where=wanted
    )


def _placements() -> None:
    op.create_table(
        "placements",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("join_kind", sa.Text(), nullable=False),
        sa.Column("nearest_id", ID),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", JsonText(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_placements_article_id_articles"),
        sa.PrimaryKeyConstraint("id", name="pk_placements"),
        sa.UniqueConstraint("article_id", name="uq_placements_article_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_placements_placed_at", "placements", ["placed_at"])


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=5), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("end_at", UtcDateTime(), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("coverage", JsonText(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("away_state", sa.Text()),
        sa.Column("away_from", UtcDateTime()),
        sa.Column("away_until", UtcDateTime()),
        sa.Column("closed_with", sa.Integer(), server_default="0", nullable=False),
        sa.Column("given_back", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_digests_subscriber_id_subscribers"),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("subscriber_id", "local_date", "slot", name="uq_digests_subscriber_id_local_date_slot"),
        sa.UniqueConstraint("token", name="uq_digests_token"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_digests_created_at", "digests", ["created_at"])


def _matches() -> None:
    op.create_table(
        "matches",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("receipt", JsonText(), nullable=False),
        sa.Column("matched_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.Column("withdrawn_because", sa.Text()),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_matches_article_id_articles"),
        sa.PrimaryKeyConstraint("id", name="pk_matches"),
        sa.UniqueConstraint("article_id", "watch", name="uq_matches_article_id_watch"),
    )
    op.create_index("ix_matches_watch_matched_at", "matches", ["watch", "matched_at"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    where = sa.text("closed_at IS NULL")
    op.create_index("uq_notices_open", "notices", ["key"], unique=True, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_notices_opened_at", "notices", ["opened_at"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("enqueued_at", UtcDateTime()),
        sa.Column("name", sa.Text()),
        sa.Column("digest_id", ID),
        sa.Column("notice_id", ID),
        sa.Column("signup_id", ID),
        sa.Column("lease", sa.String(length=32)),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("sent_at", UtcDateTime()),
        sa.Column("problem", sa.Text()),
        sa.CheckConstraint("(kind = 'digest') = (digest_id IS NOT NULL)", name="ck_deliveries_digest_has_digest"),
        sa.CheckConstraint("(kind = 'notice') = (notice_id IS NOT NULL)", name="ck_deliveries_notice_has_notice"),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_deliveries_digest_id_digests"),
        sa.CheckConstraint(
            "(kind = 'confirmation') = (signup_id IS NOT NULL)", name="ck_deliveries_confirmation_has_signup"
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_deliveries_notice_id_notices"),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name="fk_deliveries_signup_id_signups"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("key", name="uq_deliveries_key"),
        sa.UniqueConstraint("message_id", name="uq_deliveries_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_created_at", "deliveries", ["created_at"])
    op.create_index("ix_deliveries_name_created_at", "deliveries", ["name", "created_at"])
    op.create_index("ix_deliveries_digest_id", "deliveries", ["digest_id"])
    op.create_index("ix_deliveries_signup_id", "deliveries", ["signup_id"])
    where = sa.text("state = 'pending'")
    op.create_index(
        "ix_deliveries_pending", "deliveries", ["next_attempt_at"], sqlite_where=where, postgresql_where=where
    )


def _digest_items() -> None:
    op.create_table(
        "digest_items",
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("digest_id", ID),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_digest_items_digest_id_digests"),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_digest_items_match_id_matches"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_digest_items_subscriber_id_subscribers"
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "match_id", name="pk_digest_items"),
    )
    op.create_index("ix_digest_items_digest_id", "digest_items", ["digest_id"])
    op.create_index("ix_digest_items_match_id", "digest_items", ["match_id"])
    where = sa.text("digest_id IS NULL")
    op.create_index(
        "ix_digest_items_open", "digest_items", ["subscriber_id"], sqlite_where=where, postgresql_where=where
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("development_id", ID, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("delivery_id", ID),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_alerts_delivery_id_deliveries"),
        sa.ForeignKeyConstraint(["development_id"], ["developments.id"], name="fk_alerts_development_id_developments"),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_alerts_match_id_matches"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_alerts_story_id_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.UniqueConstraint("match_id", "channel", name="uq_alerts_match_id_channel"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alerts_decided_at", "alerts", ["decided_at"])
    op.create_index("ix_alerts_story_id_channel", "alerts", ["story_id", "channel"])
    op.create_index("ix_alerts_development_id", "alerts", ["development_id"])
    op.create_index("ix_alerts_watch_channel_decided_at", "alerts", ["watch", "channel", "decided_at"])
    op.create_index(
        "ix_alerts_told",
        "alerts",
        ["delivery_id"],
        sqlite_where=sa.text("delivery_id IS NOT NULL"),
        postgresql_where=sa.text("delivery_id IS NOT NULL"),
    )
    where = sa.text("decision = 'bundle' AND delivery_id IS NULL")
    op.create_index("ix_alerts_waiting", "alerts", ["due_at"], sqlite_where=where, postgresql_where=where)


def _watch_hours() -> None:
    op.create_table(
        "watch_hours",
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("hour_at", UtcDateTime(), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("watch", "hour_at", name="pk_watch_hours"),
    )


def _bursts() -> None:
    op.create_table(
        "bursts",
        sa.Column("id", ID, nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("span", Seconds(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bursts"),
    )
    op.create_index("ix_bursts_watch_began_at", "bursts", ["watch", "began_at"])


def _mutes() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", ID, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("muted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_mutes_story_id_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_mutes"),
        sa.UniqueConstraint("target", "story_id", name="uq_mutes_target_story_id"),
    )
    op.create_index("ix_mutes_story_id", "mutes", ["story_id"])


def _dismissals() -> None:
    op.create_table(
        "dismissals",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_dismissals_match_id_matches"),
        sa.PrimaryKeyConstraint("id", name="pk_dismissals"),
        sa.UniqueConstraint("match_id", "target", name="uq_dismissals_match_id_target"),
    )
