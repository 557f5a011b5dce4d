"""Marks for messages that stand in tables and are said later, by a `Locale`: the catalogs must have them too."""

from __future__ import annotations


def to_say(message: str) -> str:
    """Mark a message that `Locale.text` says."""
    return message


def to_count(one: str, many: str) -> tuple[str, str]:
    """Mark a message with a number in it, ``%(num)s``, that `Locale.counted` says."""
    return one, many
