"""Items for tests of stories, and a labelled set read from its file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tocsin.models.ids import DevelopmentId, StoryId
from tocsin.models.stories import Item, Placement
from tocsin.stories import Shelf, signature_of

CORPUS = Path(__file__).parent / "corpus" / "stories"
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
"""A Monday."""

FERRY = (
    "Ferry with 120 aboard sinks off Zanzibar",
    (
        "A ferry carrying 120 passengers sank off Zanzibar on Monday after its engine failed in high waves, harbour "
        "master Juma Kombo said. Fishermen pulled 87 people out of the water near Nungwi."
    ),
)


def an_item(key: int, title: str, text: str = "", **changes: object) -> Item:
    """Give an item of an outlet of its own, an hour later for each key."""
    item = Item(
        key, f"outlet {key}", "en", NOON + timedelta(hours=key), title, text, f"https://outlet-{key}.test/a/{key}"
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def shelved(*items: Item, shelf: Shelf | None = None) -> tuple[Shelf, list[Placement]]:
    """Place items one after the other; ids of new stories and developments are the keys of the items."""
    shelf = Shelf() if shelf is None else shelf
    placements = []
    for item in items:
        signature = signature_of(item)
        placement = shelf.place(signature)
        story = StoryId(item.key) if placement.story is None else placement.story
        development = DevelopmentId(item.key) if placement.development is None else placement.development
        shelf.put(signature, story, development)
        placements.append(placement)
    return shelf, placements


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item with what it is: its event and story ("" for none), its role and family."""

    item: Item
    name: str
    event: str
    story: str
    role: str
    family: str


def labelled(path: Path) -> list[Labelled]:
    """Read a labelled set: JSON lines as in tests/corpus/stories/README.md."""
    found = []
    for key, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        row = json.loads(line)
        published = datetime.fromisoformat(row["published"])
        item = Item(key, row["outlet"], row["lang"], published, row["title"], row["summary"], row["link"])
        names = (row["event"] or "", row["story"] or "", row["role"], row["family"] or "")
        found.append(Labelled(item, row["id"], *names))
    return found


def b_cubed(gold: Iterable[object], found: Iterable[object]) -> tuple[float, float]:
    """Give precision and recall of a clustering, both as means over items (Bagga and Baldwin 1998)."""
    pairs = list(zip(gold, found, strict=True))
    together = {pair: pairs.count(pair) for pair in set(pairs)}
    true = {one: sum(other == one for other, _ in pairs) for one in {one for one, _ in pairs}}
    predicted = {one: sum(other == one for _, other in pairs) for one in {one for _, one in pairs}}
    precision = sum(together[pair] / predicted[pair[1]] for pair in pairs) / len(pairs)
    return precision, sum(together[pair] / true[pair[0]] for pair in pairs) / len(pairs)


def f1(precision: float, recall: float) -> float:
    """Give the harmonic mean."""
    return 2 * precision * recall / (precision + recall)
