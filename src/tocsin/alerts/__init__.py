"""What becomes of a match: told at once, bundled or not, and why. Pure: no store, no clock.

- `decide`: one new match on one channel; what it must know is a `Past`, which a `Book` gives for a batch;
- `release`: which of the alerts that wait for a channel leave now, as one message;
- `learn_rhythms`, `measure`, `step`: whether a watch comes thicker than usual;
- `judge`: whether a feed or a watch floods.
"""

from __future__ import annotations

from tocsin.alerts.book import Book
from tocsin.alerts.bundles import Bundle, Entry, Sent, Waiting, bundle, release
from tocsin.alerts.burst import LOOK_BACK, Rhythms, Sighting, learn_rhythms, measure, step
from tocsin.alerts.flood import Flow, judge
from tocsin.alerts.policy import decide
from tocsin.alerts.records import Burst, Candidate, Flood, Measure, Past, Pulse, Source, Told, Verdict
from tocsin.alerts.rhythm import HISTORY, WatchHour

__all__ = [
    "HISTORY",
    "LOOK_BACK",
    "Book",
    "Bundle",
    "Burst",
    "Candidate",
    "Entry",
    "Flood",
    "Flow",
    "Measure",
    "Past",
    "Pulse",
    "Rhythms",
    "Sent",
    "Sighting",
    "Source",
    "Told",
    "Verdict",
    "Waiting",
    "WatchHour",
    "bundle",
    "decide",
    "judge",
    "learn_rhythms",
    "measure",
    "release",
    "step",
]
