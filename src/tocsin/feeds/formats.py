"""What a feed's format is called, by its first element."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_VERSION: Final = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,3}){0,2}")
_ATOM_10: Final = frozenset({"http://www.w3.org/2005/atom", "https://www.w3.org/2005/atom"})


def format_of(root: str, attributes: Mapping[str, str]) -> str:
    """Name a document's format by its root, as expat writes it (``URI name prefix``), and by its attributes."""
    parts = root.lower().split(" ")
    namespace, name = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
    if name == "rdf":
        return "RSS 1.0"
    version = _VERSION.match(attributes.get("version", "").strip())
    if name == "feed":
        stated = version[0] if version else "0.3"
        return "Atom 1.0" if namespace in _ATOM_10 else f"Atom {stated}"
    return f"RSS {version[0]}" if version else "RSS"


def judged_format(version: str) -> str:
    """Name a format by feedparser's abbreviation, such as ``rss20``."""
    digits = re.search(r"(\d)(\d+)", version)
    number = f" {digits[1]}.{digits[2]}" if digits else ""
    family = {"rss": "RSS", "ato": "Atom", "cdf": "CDF"}.get(version[:3], "")
    return f"{family}{number}"
