"""The shape of a feed in a watchlist file, as `shape` has the others."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from tocsin.config.kinds import Backlog, Every, FeedUrl, FileName, Home, Language, Listed, Retention, Words

EXAMPLE_FEED = "https://feeds.bbci.co.uk/news/world/rss.xml"


def _bare_address(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


class Shape(BaseModel):
    """What all parts share: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FeedShape(Shape):
    """A feed to poll, or all feeds of an OPML file."""

    url: FeedUrl = Field(
        default_factory=str,
        description="The address of an RSS, Atom or JSON feed, or of a news sitemap.",
        examples=[EXAMPLE_FEED],
    )
    opml: FileName = Field(
        default_factory=str,
        description="In place of 'url': an OPML file, relative to the watchlist's folder. Every feed in it is polled; "
        "its folders become tags, and the other keys here hold for all of its feeds.",
        examples=["feeds/middle-east.opml"],
    )
    title: Words = Field(
        default_factory=str,
        description="What the feed is called in mails and pages. Its own title if left out.",
        examples=["BBC World"],
    )
    language: Language = Field(
        default_factory=str,
        description="The language of its articles, where the feed does not say or says it wrongly.",
        examples=["ar"],
    )
    home: Home = Field(
        default_factory=str,
        description="The country, province or city where its stories happen when they do not say.",
        examples=["Syria"],
    )
    tags: Listed[Words] = Field(
        default_factory=tuple,
        description="Words of your own by which to group feeds.",
        examples=[["local"]],
    )
    every: Every = Field(
        default_factory=lambda: None,
        description="Poll it at this interval, 1m to 30d, rather than by its own rhythm; the publisher's wishes still "
        "hold. By the feed's rhythm if left out.",
        examples=["30m"],
    )
    full_text: StrictBool = Field(
        default_factory=lambda: False,
        description="Read the page of each article too, not only what the feed says of it.",
        examples=[True],
    )
    backlog: Backlog = Field(
        default_factory=lambda: None,
        description="How much older than the subscription an article may be and still be news, 0 to 365d. That of "
        "'defaults' if left out.",
        examples=["24h"],
    )
    retention: Retention = Field(
        default_factory=lambda: None,
        description="How long its articles are kept, 1d to 3650d. That of 'defaults' if left out.",
        examples=["30d"],
    )


FeedItem = Annotated[FeedShape, BeforeValidator(_bare_address, json_schema_input_type=FeedUrl | FeedShape)]
