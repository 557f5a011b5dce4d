"""What a digest says beside its own matches: what is known of their stories, and what is usual. Records only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.models.dossiers import NOTHING_KNOWN, Dossier
from tocsin.models.ids import WatchId
from tocsin.models.volumes import WatchVolume


@dataclass(frozen=True, slots=True)
class Background:
    """What is known; each part may know less than all.

    ``dossier`` is on the stories, ``volumes`` on the watches; ``last_matched`` is when each quiet watch last brought
    anything (aware UTC). ``looked_through`` counts the articles that came in during the window, 0 for not counted.
    ``undelivered`` says that an earlier digest of the reader could not be delivered, so that this one has its matches.
    """

    dossier: Dossier = NOTHING_KNOWN
    volumes: Mapping[WatchId, WatchVolume] = field(default_factory=dict)
    last_matched: Mapping[WatchId, datetime] = field(default_factory=dict)
    looked_through: int = 0
    undelivered: bool = False


NO_BACKGROUND = Background()
