"""What lies on the shelf: articles with their stories and developments, and the tables by which they are found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from tocsin.models.ids import DevelopmentId, StoryId
from tocsin.stories.commonness import Commonness
from tocsin.stories.index import Index
from tocsin.stories.marks import Kept, Marks, kept_of, marks_of
from tocsin.stories.postings import Postings
from tocsin.stories.signature import Signature
from tocsin.stories.templates import Templates

MOST_ARTICLES = 100_000
WINDOW = timedelta(days=10)

_FEWEST = 4
"""Words, numbers and places together of an article that may be compared: "Breaking news" is all sorts of things."""


@dataclass(slots=True)
class Entry:
    """An article on the shelf; ``keys`` are those of the index, none for one that is not to be compared with."""

    kept: Kept
    story: StoryId
    development: DevelopmentId
    is_first: bool
    keys: tuple[int, ...]


class Holdings:
    """Articles with their stories and developments, as many and as old as its bounds allow.

    At most ``most`` articles stay, and none that is older than the latest by more than ``window``.
    """

    def __init__(self, most: int = MOST_ARTICLES, window: timedelta = WINDOW) -> None:
        self._most, self._window = most, int(window.total_seconds())
        self._entries: dict[int, Entry] = {}
        self._by_age: list[tuple[int, int]] = []
        self._latest = 0
        self._members: Postings[DevelopmentId] = Postings()
        self._developments: Postings[StoryId] = Postings()
        self._by_url: Postings[int] = Postings(1)
        self._index = Index()
        self._templates = Templates(self._kept)
        self._commonness = Commonness()
        self._at_hand: tuple[Marks, Kept] | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: int) -> bool:
        return key in self._entries

    @property
    def seconds(self) -> int:
        """The time between the oldest article and the latest."""
        return self._latest - self._by_age[0][0] if self._by_age else 0

    def put(self, signature: Signature, story: StoryId, development: DevelopmentId) -> None:
        """Put an article where it was placed; one that is on the shelf already is moved. The oldest make room."""
        self.remove(signature.key)
        key = signature.key
        marks, kept = self._marks_of(signature)
        is_first = development not in self._members
        entry = self._entries[key] = Entry(kept, story, development, is_first, ())
        issues = self._templates.earlier(kept, key)
        if not issues and not signature.is_roundup and is_telling(signature):
            entry.keys = self._index.add(key, marks)
        if is_first:
            # One that joined others is no issue of a template, whatever its title.
            for issue in issues:
                self._set_alone(issue)
            self._commonness.count(kept)
        heappush(self._by_age, (signature.at, key))
        self._latest = max(self._latest, signature.at)
        self._enter(key, entry)
        self._templates.add(key, kept)
        if signature.url:
            self._by_url.add(signature.url, key)
        self._at_hand = None
        while len(self._entries) > self._most or self._by_age[0][0] < self._latest - self._window:
            self._forget_oldest()

    def remove(self, key: int) -> None:
        """Take an article off the shelf, if it is there."""
        entry = self._entries.get(key)
        if entry is None:
            return
        kept = entry.kept
        self._leave(key, entry)
        self._templates.remove(key, kept)
        self._index.remove(key, entry.keys)
        self._by_url.remove(kept.url, key)
        if entry.is_first:
            self._commonness.count(kept, -1)
        del self._entries[key]

    def move(self, key: int, story: StoryId, development: DevelopmentId) -> None:
        """Move an article to another story or development, if it is on the shelf."""
        entry = self._entries.get(key)
        if entry is not None:
            self._leave(key, entry)
            entry.story, entry.development = story, development
            self._enter(key, entry)

    def merge(self, development: DevelopmentId, into: DevelopmentId, story: StoryId) -> None:
        """Move all articles of a development into another one of a story."""
        for key in tuple(self._members_of(development)):
            self.move(key, story, into)

    def unite(self, story: StoryId, into: StoryId) -> None:
        """Move all developments of a story, as they are, to another one."""
        for development in tuple(self._developments.latest(story)):
            for key in self._members_of(DevelopmentId(development)):
                self.move(key, into, DevelopmentId(development))

    def forget_before(self, at: datetime) -> None:
        """Take all articles published before a time off the shelf."""
        before = at.astimezone(UTC).timestamp()
        while self._by_age and self._by_age[0][0] < before:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        at, key = heappop(self._by_age)
        entry = self._entries.get(key)
        if entry is not None and entry.kept.at == at:
            self.remove(key)

    def _kept(self, key: int) -> Kept | None:
        entry = self._entries.get(key)
        return None if entry is None else entry.kept

    def _marks_of(self, signature: Signature) -> tuple[Marks, Kept]:
        """Return the marks of a signature, and what is kept of them: made once for placing and putting."""
        if self._at_hand is None or self._at_hand[0].signature is not signature:
            marks = marks_of(signature)
            kept = kept_of(marks)
            if self._templates.is_column(kept, signature.key):
                marks = marks_of(signature, without_kicker=True)
            self._at_hand = marks, kept
        return self._at_hand

    def _members_of(self, development: DevelopmentId) -> tuple[int, ...]:
        return tuple(self._members.latest(development))

    def _enter(self, key: int, entry: Entry) -> None:
        if entry.development not in self._members:
            self._developments.add(entry.story, entry.development)
        self._members.add(entry.development, key)

    def _leave(self, key: int, entry: Entry) -> None:
        self._members.remove(entry.development, key)
        if entry.development not in self._members:
            self._developments.remove(entry.story, entry.development)

    def _set_alone(self, key: int) -> None:
        """Take an article out of what others are compared with: it turned out to be an issue of a template."""
        entry = self._entries[key]
        if len(self._members_of(entry.development)) == 1:
            self._index.remove(key, entry.keys)
            entry.keys = ()


def is_telling(signature: Signature) -> bool:
    """Whether an article says enough to be compared with others."""
    return len(signature.words) + len(signature.numbers) + len(signature.places) >= _FEWEST
