"""A dossier: what is known of the stories of some articles, beyond those articles themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Placement, Story


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known; each part may know less than all of the stories and articles.

    ``placements`` say how articles came into their stories, ``began_at`` when the first article of a story was
    published (aware UTC), ``told`` which of its developments earlier digests told
    the reader.
    """

    stories: Mapping[StoryId, Story] = field(default_factory=dict)
    placements: Mapping[ArticleId, Placement] = field(default_factory=dict)
    began_at: Mapping[StoryId, datetime] = field(default_factory=dict)
    told: Mapping[StoryId, frozenset[DevelopmentId]] = field(default_factory=dict)


NOTHING_KNOWN = Dossier()
