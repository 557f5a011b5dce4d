"""The shape of a watchlist file as pydantic models: which keys there are, and what they mean.

The one place that says so, with `feed_shape` and `subscriber_shape`: reading checks against it, and the JSON Schema
with its descriptions is made from it. What concerns several places of a file at once (unknown ids, duplicates) is in
`references`; the frozen records that the rest of the house sees are made in `records`. An absent text is "" and an
absent list is empty.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag

from tocsin.config.feed_shape import EXAMPLE_FEED, FeedItem, Shape
from tocsin.config.kinds import (
    AboutChoice,
    AtMost,
    Backlog,
    Box,
    Email,
    EnvironmentName,
    FormVersion,
    Language,
    Listed,
    MailLanguage,
    Outlets,
    Query,
    QuietTimes,
    Region,
    Retention,
    SecretName,
    Sentence,
    Slug,
    Term,
    TimeZone,
    When,
    Words,
)
from tocsin.config.subscriber_shape import SelfServiceShape, SubscriberShape


def _or_empty_list(value: Any) -> Any:
    """Let a key stay whose entries are all commented out."""
    return [] if value is None else value


def _or_empty_mapping(value: Any) -> Any:
    """Let a key stay whose entries are all commented out."""
    return {} if value is None else value


class DefaultsShape(Shape):
    """What feeds and subscribers share, where they say nothing else."""

    timezone: TimeZone = Field(
        default_factory=lambda: "UTC",
        description="The time zone of subscribers who name none: an IANA name. UTC if left out.",
        examples=["Europe/Berlin"],
    )
    mail_language: MailLanguage = Field(
        default_factory=lambda: "en",
        description="The language of mails to subscribers who name none: en, de, fr or ar. en if left out.",
        examples=["de"],
    )
    languages: Listed[Language] = Field(
        default_factory=tuple,
        description="Which articles are considered, by language code. Leave it out for all languages.",
        examples=[["en", "de", "fr", "ar"]],
    )
    backlog: Backlog = Field(
        default_factory=lambda: None,
        description="How much older than the subscription to its feed an article may be and still be news: 24h, 7d. "
        "What is older is kept for search and neither alerted nor digested. Nothing (0) if left out.",
        examples=["24h"],
    )
    retention: Retention = Field(
        default_factory=lambda: None,
        description="How long articles, matches and digests are kept: 1d to 3650d. 90d if left out.",
        examples=["90d"],
    )


class BoxShape(Shape):
    """A region of your own by its borders on the map: the cities inside them."""

    box: Box = Field(
        description="west, south, east, north, in degrees. West greater than east is a box across the antimeridian.",
        examples=[[42.5, 10.0, 51.5, 15.5]],
    )


def _form_of(value: Any) -> str:
    return "box" if isinstance(value, dict) else "places"


OwnRegionShape = Annotated[
    Annotated[Listed[Region], Tag("places")] | Annotated[BoxShape, Tag("box")], Discriminator(_form_of)
]


class AlertShape(Shape):
    """Ring at once, beside the digest: how often, and where."""

    to: Listed[Words] = Field(
        description="The channels that get the alert, by their names under 'channels'.",
        examples=[["desk"]],
    )
    when: When = Field(
        default_factory=lambda: "story",
        description="'story' (the default): once for each story, again for what is new in it. 'burst': only while the "
        "watch comes thicker than usual.",
        examples=["burst"],
    )
    at_most: AtMost = Field(
        default_factory=lambda: None,
        description="How many messages each channel gets from this watch: N/minute, N/hour or N/day. What is beyond "
        "it comes bundled in one message; nothing is dropped. Unbounded if left out.",
        examples=["3/hour"],
    )
    outlets: Outlets = Field(
        default_factory=lambda: None,
        description="Ring once more for a story that so many further outlets carry, though nothing new happened. Never "
        "if left out.",
        examples=[5],
    )


class TestsShape(Shape):
    """Sentences to try a watch on."""

    match: Listed[Sentence] = Field(
        default_factory=tuple,
        description="Each of these sentences must match.",
        examples=[["IS continues to control large parts of the province."]],
    )
    ignore: Listed[Sentence] = Field(
        default_factory=tuple,
        description="None of these sentences may match.",
        examples=[["The ceasefire is holding."]],
    )


class WatchShape(Shape):
    """One standing interest: any keyword or name, or a query, and, where regions are given, being about any of them."""

    title: Words = Field(
        default_factory=str,
        description="What the watch is called in mails and pages. Made from its id if left out.",
        examples=["Islamic State"],
    )
    keywords: Listed[Term] = Field(
        default_factory=tuple,
        description="Words and phrases: any case, accents, quotes, plurals. A word in CAPITALS is an acronym.",
        examples=[["Islamic State", "ISIS"]],
    )
    names: Listed[Term] = Field(
        default_factory=tuple,
        description="People, places and groups, found as they are spelt: no plurals.",
        examples=[["Daesh"]],
    )
    query: Query = Field(
        default_factory=str,
        description='A query with AND, OR, NOT, NEAR/5, "phrases", fields and stars, in place of keywords and names.',
        examples=['("Islamic State" OR ISIL) AND about:Syria AND NOT football'],
    )
    regions: Listed[Region] = Field(
        default_factory=tuple,
        description="The article must be about one of these countries, provinces, cities or areas, not merely name "
        "it: names in any language, ISO codes, or regions of your own. With regions alone, every article about them "
        "matches.",
        examples=[["Syria", "SY-DY", "sahel"]],
    )
    about: AboutChoice = Field(
        default_factory=lambda: "focus",
        description="What an article must do with the regions: 'focus' (the default), be about one of them; 'mention', "
        "name one anywhere in its text.",
        examples=["mention"],
    )
    none: Listed[Term] = Field(
        default_factory=tuple,
        description="An article with any of these words never matches, whatever else it says.",
        examples=[["Isis Pharmaceuticals"]],
    )
    alert: AlertShape = Field(
        default_factory=lambda: AlertShape.model_construct(to=()),
        description="Ring at once: each story is told to these channels when it is met. Left out: digests only.",
        examples=[{"to": ["desk"], "at_most": "3/hour"}],
    )
    tests: TestsShape = Field(
        default_factory=TestsShape,
        description="Sentences that the watch must match or ignore; `tocsin check` runs them.",
        examples=[{"match": ["IS holds the town."], "ignore": ["The ceasefire is holding."]}],
    )


class ChannelShape(Shape):
    """Where alerts go: a mail address, a service reached through Apprise, or a program of yours that takes JSON."""

    mail: Email = Field(
        default_factory=str,
        description="A mail address.",
        examples=["desk@example.org"],
    )
    apprise: EnvironmentName = Field(
        default_factory=str,
        description="env:NAME, where the environment variable NAME holds an Apprise address (Slack, Matrix, ntfy ...).",
        examples=["env:DESK_URL"],
    )
    webhook: EnvironmentName = Field(
        default_factory=str,
        description="env:NAME, where the environment variable NAME holds the web address that signed JSON is sent to.",
        examples=["env:NEWSROOM_HOOK"],
    )
    secret: SecretName = Field(
        default_factory=str,
        description="env:NAME, where the environment variable NAME holds the key that a webhook's messages are signed "
        "with.",
        examples=["env:NEWSROOM_SECRET"],
    )
    timezone: TimeZone = Field(
        default_factory=str,
        description="The channel's time zone, an IANA name. That of the subscriber with the same mail address if left "
        "out, else that of 'defaults'.",
        examples=["Europe/Berlin"],
    )
    quiet_hours: QuietTimes = Field(
        default_factory=lambda: None,
        description="From when to when nothing is sent, in the channel's time zone. What comes then is told in one "
        "message when they end.",
        examples=["22:00-07:00"],
    )
    at_most: AtMost = Field(
        default_factory=lambda: None,
        description="How many alert messages the channel gets from all watches together: N/minute, N/hour or N/day. "
        "What is beyond it comes bundled. Unbounded if left out.",
        examples=["20/hour"],
    )


class FileShape(Shape):
    """A watchlist: what to read, what to look for, and whom to tell. Only 'feeds' and one watch are required."""

    version: FormVersion = Field(
        default_factory=lambda: "1",
        description="The version of this form.",
        examples=[1],
    )
    defaults: Annotated[DefaultsShape, BeforeValidator(_or_empty_mapping)] = Field(
        default_factory=DefaultsShape,
        description="What holds where a feed or a subscriber says nothing else.",
        examples=[{"timezone": "Europe/Berlin", "languages": ["en", "ar"]}],
    )
    feeds: Annotated[list[FeedItem], Field(min_length=1)] = Field(
        description="The feeds to poll: addresses, or mappings with 'url' or 'opml' and more.",
        examples=[[EXAMPLE_FEED]],
    )
    regions: Annotated[dict[Slug, OwnRegionShape], BeforeValidator(_or_empty_mapping)] = Field(
        default_factory=dict,
        description="Regions of your own, each under an id: a list of places, or a box on the map.",
        examples=[{"euphrates-valley": ["Deir ez-Zor", "Raqqa"], "gulf-of-aden": {"box": [42.5, 10.0, 51.5, 15.5]}}],
        json_schema_extra={"additionalProperties": False},
    )
    watches: Annotated[dict[Slug, WatchShape], Field(min_length=1)] = Field(
        description="What to look for. Each watch stands under an id of lower-case letters, digits and hyphens.",
        examples=[{"islamic-state": {"keywords": ["Islamic State", "ISIS"]}}],
        json_schema_extra={"additionalProperties": False},
    )
    channels: Annotated[dict[Slug, ChannelShape], BeforeValidator(_or_empty_mapping)] = Field(
        default_factory=dict,
        description="Where alerts go. Each channel stands under a name of your own.",
        examples=[{"desk": {"mail": "desk@example.org"}}],
        json_schema_extra={"additionalProperties": False},
    )
    subscribers: Annotated[list[SubscriberShape], BeforeValidator(_or_empty_list)] = Field(
        default_factory=list,
        description="Who gets digests, when, and of which watches.",
        examples=[[{"email": "zoe@example.org", "watches": "all"}]],
    )
    self_service: Annotated[SelfServiceShape, BeforeValidator(_or_empty_mapping)] = Field(
        default_factory=SelfServiceShape,
        description="Whether readers may subscribe on the web, who, and to what. Anybody to anything if left out.",
        examples=[{"domains": ["example.org"], "watches": ["syria"]}],
    )
    operator: Listed[Words] = Field(
        default_factory=tuple,
        description="The channels that are told what needs a hand: a channel that fails, a feed gone mad.",
        examples=["desk"],
    )
