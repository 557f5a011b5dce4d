"""The shape of subscribers in a watchlist file, and of what readers may set themselves, as `shape` has the others."""

from __future__ import annotations

from pydantic import Field

from tocsin.config.feed_shape import Shape
from tocsin.config.kinds import (
    Cron,
    Day,
    Domain,
    Email,
    Listed,
    MailLanguage,
    Quiet,
    Switch,
    Time,
    TimeZone,
    Words,
)

USUAL_DAYS = ("daily",)
USUAL_TIMES = ("07:30",)


class DigestShape(Shape):
    """When a subscriber's digest is sent, in the subscriber's time zone."""

    days: Listed[Day] = Field(
        default_factory=lambda: USUAL_DAYS,
        description="daily, weekdays, weekends, or a list of mon, tue, wed, thu, fri, sat, sun. Daily if left out.",
        examples=["weekdays", ["mon", "thu"]],
    )
    at: Listed[Time] = Field(
        default_factory=lambda: USUAL_TIMES,
        description="The times of day, HH:MM. 07:30 if left out.",
        examples=[["07:30"], ["06:00", "18:00"]],
    )
    cron: Cron = Field(
        default_factory=str,
        description="In place of 'days' and 'at': a cron expression, minute hour day month weekday, at most once an "
        "hour.",
        examples=["0 7 1 * *", "30 6-18/4 * * mon-fri"],
    )
    quiet: Quiet = Field(
        default_factory=lambda: "short",
        description="What is sent when nothing matched: 'skip' sends nothing, 'short' (the default) a short mail, "
        "'weekly' a short mail once nothing was sent for a week.",
        examples=["skip"],
    )


class SubscriberShape(Shape):
    """Someone who gets digests."""

    email: Email = Field(description="Where the digest is sent.", examples=["zoe@example.org"])
    timezone: TimeZone = Field(
        default_factory=str,
        description="The subscriber's time zone, an IANA name. That of 'defaults' if left out.",
        examples=["Europe/Berlin"],
    )
    language: MailLanguage = Field(
        default_factory=str,
        description="The language of the subscriber's mails and pages: en, de, fr or ar. 'mail_language' of 'defaults' "
        "if left out.",
        examples=["de"],
    )
    watches: Listed[Words] = Field(
        description="The ids of the watches in the digest, or 'all'.",
        examples=["all", ["islamic-state", "syria"]],
    )
    digest: DigestShape = Field(
        default_factory=DigestShape,
        description="When the digest is sent, and what on quiet days. Daily at 07:30 if left out.",
        examples=[{"days": "weekdays", "at": ["07:30"], "quiet": "skip"}],
    )


class SelfServiceShape(Shape):
    """Whether readers may subscribe on the web, who, and to what."""

    open: Switch = Field(
        default_factory=lambda: True,
        description="Whether the page for subscribing is open. Those who are subscribed keep their own page either "
        "way. true if left out.",
        examples=[False],
    )
    domains: Listed[Domain] = Field(
        default_factory=tuple,
        description="The domains of the mail addresses that may subscribe. Any if left out.",
        examples=[["example.org", "newsroom.example.org"]],
    )
    watches: Listed[Words] = Field(
        default_factory=lambda: ("all",),
        description="The ids of the watches that readers may choose, or 'all'. All if left out.",
        examples=[["islamic-state", "syria"]],
    )
