"""The demo's watchlist as text, filled in with what is known only when the demo starts."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

_ZONES = {"{time_in_berlin}": "Europe/Berlin", "{time_in_beirut}": "Asia/Beirut"}


def demo_watchlist(base_url: str, *, digest_at: datetime) -> str:
    """Return the watchlist's YAML for feeds served under ``base_url`` (no slash at its end).

    All subscribers' digests are due at the aware time ``digest_at``, each written as ``HH:MM`` in the subscriber's own
    zone; seconds are dropped.
    """
    text = (resources.files("tocsin.demo") / "data" / "watchlist.yaml").read_text(encoding="utf-8")
    text = text.replace("{base}", base_url)
    for placeholder, zone in _ZONES.items():
        text = text.replace(placeholder, f"{digest_at.astimezone(ZoneInfo(zone)):%H:%M}")
    return text
