"""Stories: which articles tell of one event, and which events belong to one running story."""

from __future__ import annotations

from tocsin.stories.archive import Clustered, cluster
from tocsin.stories.explaining import explain
from tocsin.stories.holdings import MOST_ARTICLES, WINDOW
from tocsin.stories.reading import signature_of
from tocsin.stories.shelf import Shelf
from tocsin.stories.signature import Signature, UnknownSignatureError

__all__ = [
    "MOST_ARTICLES",
    "WINDOW",
    "Clustered",
    "Shelf",
    "Signature",
    "UnknownSignatureError",
    "cluster",
    "explain",
    "signature_of",
]
