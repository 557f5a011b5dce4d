"""The JSON Schema that an editor reads."""

# ruff: noqa: E501 - a watchlist is easier to read in one line

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from tocsin.config.json_schema import watchlist_schema
from tocsin.config.starter import starter_watchlist

EXAMPLE = Path(__file__).parents[3] / "examples" / "watchlist.yaml"
FEEDS = "feeds: [https://example.org/feed]\n"
RIGHT = FEEDS + "watches: {siege: {keywords: siege}}\n"


def complaints(source: str) -> list[str]:
    validator = Draft202012Validator(watchlist_schema())
    return [error.message for error in validator.iter_errors(YAML(typ="safe", pure=True).load(source))]


def keys() -> Iterator[tuple[str, dict[str, Any]]]:
    schema = watchlist_schema()
    for part in (schema, *schema["$defs"].values()):
        yield from part["properties"].items()


def test_the_schema_is_a_right_one_of_its_draft() -> None:
    schema = watchlist_schema()

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(EXAMPLE.read_text(encoding="utf-8"), id="full"),
        pytest.param(starter_watchlist(), id="starter"),
        pytest.param(RIGHT, id="least"),
    ],
)
def test_right_watchlists_are_valid(source: str) -> None:
    assert complaints(source) == []


@pytest.mark.parametrize(
    "keys",
    [
        "watches: {siege: {keywords: [2024, siege]}}",
        "watches: {siege: {keywords: siege}}\ndefaults: {backlog: 0, retention: 26w}",
        "watches: {siege: {names: Daesh}}",
        "watches: {siege: {keywords: siege, alert: {to: d, when: burst, outlets: 5, at_most: 3/hour}}}\nchannels: {d: {mail: a@b.org}}",
        RIGHT.removeprefix(FEEDS)
        + "channels: {d: {webhook: env:X, secret: env:Y, at_most: 1000/day, quiet_hours: 22:00-07:00}}\noperator: d",
        RIGHT.removeprefix(FEEDS) + "channels: {d: {mail: a@b.org, timezone: Asia/Beirut}}\noperator: [d]",
        "watches: {siege: {regions: valley, about: mention}}\nregions: {valley: Raqqa}",
        "watches: {siege: {regions: gulf}}\nregions: {gulf: {box: [42.5, 10, 51.5, 15.5]}, more: [gulf, Oman]}",
        "watches: {siege: {regions: [NO]}}\nsubscribers: [{email: a@b.org, watches: all, digest: {at: 07:30, days: mon}}]",
        RIGHT.removeprefix(FEEDS)
        + "subscribers: [{email: a@b.org, watches: all, language: ar, digest: {cron: '0 7 1 * *', quiet: weekly}}]",
        RIGHT.removeprefix(FEEDS)
        + "defaults: {mail_language: de}\nself_service: {open: false, domains: example.org, watches: [siege]}",
    ],
)
def test_what_reading_accepts_the_editor_does_not_mark(keys: str) -> None:
    assert complaints(FEEDS + keys) == []


@pytest.mark.parametrize(
    "source",
    [
        FEEDS,
        "watches: {siege: {keywords: siege}}",
        "feeds: []\nwatches: {siege: {keywords: siege}}",
        "feeds: [ftp://example.org]\nwatches: {siege: {keywords: siege}}",
        FEEDS + "watches: {}",
        FEEDS + "watches: {siege: {title: Nothing to look for}}",
        FEEDS + "watches: {siege: {keyword: siege}}",
        FEEDS + "watches: {Not A Slug: {keywords: siege}}",
        FEEDS + "watches: {siege: {query: [a AND b]}}",
        FEEDS + "watches: {siege: {keywords: siege, alert: {to: desk, at_most: 3/week}}}",
        FEEDS + "watches: {siege: {keywords: siege, alert: {to: desk, when: daily}}}",
        FEEDS + "watches: {siege: {keywords: siege, alert: {to: desk, outlets: 0}}}",
        FEEDS + "watches: {siege: {keywords: siege, alert: {at_most: 3/hour}}}",
        FEEDS + "watches: {siege: {regions: Syria, about: all}}",
        RIGHT.replace("[https", "[{opml: a.opml, url: https").replace("/feed]", "/feed}]"),
        RIGHT.replace("[https://example.org/feed]", "[{opml: a.opml, title: A}]"),
        RIGHT.replace("[https://example.org/feed]", "[{title: Without an address}]"),
        RIGHT.replace("[https://example.org/feed]", "[{opml: a.opml, every: 30}]"),
        RIGHT.replace("[https://example.org/feed]", "[{opml: a.opml, full_text: maybe}]"),
        RIGHT + "defaults: {retention: 0}",
        RIGHT + "regions: {Not A Slug: [Raqqa]}",
        RIGHT + "regions: {valley: []}",
        RIGHT + "regions: {gulf: {box: [1, 2, 3]}}",
        RIGHT + "regions: {gulf: {box: [1, 2, 3, 91]}}",
        RIGHT + "version: 2",
        RIGHT + "channels: {desk: {mail: a@b.org, apprise: env:X}}",
        RIGHT + "channels: {desk: {apprise: json://a}}",
        RIGHT + "channels: {desk: {webhook: env:X}}",
        RIGHT + "channels: {desk: {mail: a@b.org, secret: env:X}}",
        RIGHT + "channels: {desk: {webhook: https://a.org, secret: env:X}}",
        RIGHT + "channels: {desk: {mail: a@b.org, quiet_hours: 22-7}}",
        RIGHT + "channels: {desk: {mail: a@b.org, at_most: many}}",
        RIGHT + "subscribers: [{email: nobody, watches: all}]",
        RIGHT + "subscribers: [{email: a@b.org, watches: all, digest: {days: funday}}]",
        RIGHT + "subscribers: [{email: a@b.org, watches: all, digest: {at: 25:00}}]",
        RIGHT + "subscribers: [{email: a@b.org, watches: all, digest: {quiet: loud}}]",
        RIGHT + "subscribers: [{email: a@b.org, watches: all, digest: {cron: '0 7 * * *', days: daily}}]",
        RIGHT + "subscribers: [{email: a@b.org, watches: all, digest: {cron: '0 7 * *'}}]",
        RIGHT + "subscribers: [{email: a@b.org, watches: all, language: es}]",
        RIGHT + "self_service: {open: 'no'}",
        RIGHT + "self_service: {domains: ['@example.org']}",
    ],
)
def test_wrong_watchlists_are_marked(source: str) -> None:
    assert complaints(source) != []


def test_every_key_has_a_description_and_an_example() -> None:
    assert [name for name, key in keys() if not key.get("description") or not key.get("examples")] == []
