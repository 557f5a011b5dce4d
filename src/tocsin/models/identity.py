"""What is kept of a feed's entries so that they are known again: of articles, and of those that were pruned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from tocsin.models.ids import ArticleId


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as its entry was last seen. ``published_raw`` is None where the entry bore no date."""

    id: ArticleId
    key: str
    url: str
    title: str
    content_hash: str
    published_at: datetime
    published_raw: str | None
    backlog: bool = False


@dataclass(frozen=True, slots=True)
class PrunedEntry:
    """What is left of a pruned article: 64 bits each of its key, its link and its words."""

    key_hash: int
    url_hash: int
    content_hash: int


def short_hash(text: str) -> int:
    """Hash a key or a link to 64 bits, signed: short enough to be kept for ever, and unique enough within one feed."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def short_content_hash(content_hash: str) -> int:
    """Take 64 bits, signed, of a content hash (64 hexadecimal digits).

    >>> short_content_hash("ffffffffffffffff" + 48 * "0")
    -1
    """
    return int.from_bytes(bytes.fromhex(content_hash[:16]), "big", signed=True)
