"""The small commented watchlist that a new user begins with."""

from __future__ import annotations

from importlib import resources


def starter_watchlist() -> str:
    """Give the text of the watchlist that `tocsin init` writes."""
    return resources.files("tocsin.config").joinpath("starter.yaml").read_text(encoding="utf-8")
