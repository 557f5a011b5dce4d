"""What an element of a feed is, by its namespace and name: the fast lane's table of what feedparser has in methods.

Names are told without regard to case, and namespaces without regard to a closing slash, since publishers have none.
"""

from __future__ import annotations

from typing import Final

_PLAIN: Final = {
    "item": "entry",
    "entry": "entry",
    "channel": "feed",
    "feed": "feed",
    "title": "title",
    "guid": "id",
    "id": "id",
    "link": "link",
    "description": "description",
    "abstract": "abstract",
    "summary": "summary",
    "content": "content",
    "body": "body",
    "fullitem": "encoded",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "created": "created",
    "author": "author",
    "managingeditor": "author",
    "language": "language",
    "ttl": "ttl",
    "skiphours": "skip hours",
    "skipdays": "skip days",
}
_PREFIXED: Final = {
    "content": {"encoded": "encoded"},
    "dc": {
        "title": "title",
        "description": "description",
        "date": "updated",
        "creator": "author",
        "author": "author",
        "language": "language",
    },
    "dcterms": {"issued": "published", "modified": "updated", "created": "created"},
    "itunes": {"author": "author", "summary": "summary"},
    "media": {"title": "media title", "description": "media description"},
    "sy": {"updateperiod": "update period", "updatefrequency": "update frequency"},
    "xhtml": {"body": "body"},
}
_NAMESPACES: Final = {
    "": "",
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://example.com/newformat#": "",
    "http://example.com/necho": "",
    "http://purl.org/echo": "",
    "uri/of/echo/namespace#": "",
    "http://purl.org/pie": "",
    "http://purl.org/atom/ns#": "",
    "http://www.w3.org/2005/atom": "",
    "https://www.w3.org/2005/atom": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
ATOM: Final = frozenset({"http://www.w3.org/2005/atom", "https://www.w3.org/2005/atom", "http://purl.org/atom/ns#"})


def namespace_key(uri: str) -> str:
    """Write a namespace as the tables here have it."""
    key = uri.lower().rstrip("/")
    return "http://backend.userland.com/rss" if "backend.userland.com/rss" in key else key


class FieldNames(dict[str, str]):
    """Maps an element's name, as expat writes it (``URI name prefix``, apart by blanks), to what it is, "" for nothing.

    One for each document: it grows by every name that it is asked for.
    """

    def __missing__(self, name: str) -> str:
        """Look a name up for the first time."""
        parts = name.split(" ")
        local = parts[-1] if len(parts) < 3 else parts[1]  # noqa: PLR2004 - a prefix makes the third
        found = self._field(parts, local.lower())
        self[name] = found
        return found

    @staticmethod
    def _field(parts: list[str], local: str) -> str:
        if len(parts) == 1:
            return _PLAIN.get(local, "")
        family = _NAMESPACES.get(namespace_key(parts[0]))
        if family:
            return _PREFIXED[family].get(local, "")
        # A default namespace that nobody knows means nothing by it; a prefix does.
        is_plain = family == "" or len(parts) == 2  # noqa: PLR2004 - as above
        return _PLAIN.get(local, "") if is_plain else ""


class AttributeNames(dict[str, str]):
    """Maps an attribute's name, as expat writes it, to the same without its prefix, in lower case if it has none."""

    def __missing__(self, name: str) -> str:
        """Look a name up for the first time."""
        found = " ".join(name.split(" ")[:2]) if " " in name else name.lower()
        self[name] = found
        return found
