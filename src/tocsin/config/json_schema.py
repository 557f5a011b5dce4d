"""The JSON Schema of a watchlist, for editors: the same shape that reading checks against.

An editor that knows the schema completes keys, shows what they mean and marks what is wrong while one types. What it
cannot know (regions, time zones, ids that must exist) is left to `tocsin check`.
"""

from __future__ import annotations

from typing import Any

from tocsin.config.shape import FileShape

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def watchlist_schema() -> dict[str, Any]:
    """Build the schema (JSON Schema 2020-12)."""
    schema = FileShape.model_json_schema()
    parts: dict[str, dict[str, Any]] = schema["$defs"]
    for part in (schema, *parts.values()):
        _drop_titles(part)
    parts["WatchShape"]["anyOf"] = [{"required": [key]} for key in ("keywords", "names", "query", "regions")]
    parts["FeedShape"]["oneOf"] = [{"required": ["url"]}, {"required": ["opml"], "properties": {"title": False}}]
    parts["ChannelShape"]["oneOf"] = [{"required": [key]} for key in ("mail", "apprise", "webhook")]
    parts["ChannelShape"]["dependentRequired"] = {"webhook": ["secret"], "secret": ["webhook"]}
    parts["DigestShape"]["not"] = {"anyOf": [{"required": ["cron", key]} for key in ("days", "at")]}
    return {"$schema": DIALECT, "title": "Tocsin watchlist", **schema}


def _drop_titles(part: dict[str, Any]) -> None:
    """Drop the titles that pydantic makes of the keys: an editor would show each key twice."""
    part.pop("title", None)
    for key in part["properties"].values():
        key.pop("title", None)
