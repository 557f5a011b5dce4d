"""Placing a batch of articles inside the classifier's transaction: which story and development each one gets, and the
rows that say so.

What the articles say decides (see `tocsin.stories`); here it is kept that ids lead somewhere, that an article which is
changed a little stays where it is, and that nothing is rearranged that the operator arranged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Join, Placement
from tocsin.rendering.placement_words import merge_words
from tocsin.store import placements, story_changes
from tocsin.store.bulk import reserve_ids
from tocsin.store.placements import NewPlacement, Placed, Remembered, Standing
from tocsin.store.retention import close_developments
from tocsin.store.stories import developments_of, stories_of
from tocsin.store.tables import developments, stories
from tocsin.stories import Shelf, Signature
from tocsin_worker.newcomers import Newcomer
from tocsin_worker.shelf import StoryShelf, unpacked

COMPARED = 50
"""With so many articles of its story, the latest ones, an article is compared that was changed."""

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is to be entered of an article; ``new`` is None where nothing changes.

    ``stories`` and ``developments`` turn out to be one with its own; ``shown_by`` is where its changed text leads,
    where that shows it; ``left`` is the development that it was in before.
    """

    newcomer: Newcomer
    placed: Placed
    new: NewPlacement | None = None
    stories: tuple[StoryId, ...] = ()
    developments: tuple[DevelopmentId, ...] = ()
    shown_by: Placement | None = None
    left: DevelopmentId | None = None
    has_new_title: bool = False

    @property
    def merges(self) -> bool:
        return bool(self.stories or self.developments)

    @property
    def because(self) -> str:
        """Say in words why it makes stories one."""
        article, found = self.newcomer.article, self.shown_by or self.placed.placement
        return merge_words(article.id, article.title, found, changed=self.shown_by is not None)


def place_articles(
    connection: sa.Connection, shelf: StoryShelf, newcomers: Sequence[Newcomer], now: datetime
) -> dict[ArticleId, Placed]:
    """Place articles, those first that were published first, and enter where they are; gives this for each.

    The stories must be locked (`tocsin.store.placements.lock_stories`), and the shelf be on trial.
    """
    shelf.catch_up(connection, now)
    in_order = sorted(newcomers, key=lambda one: (one.article.published_at, one.article.id))
    decided = _decided(connection, shelf, in_order)
    shelf.passed(placements.enter_placements(connection, _numbered(connection, decided), now))
    placed = {one.newcomer.article.id: one.placed for one in decided}
    for one in decided:
        if one.has_new_title:
            placements.retitle(connection, one.newcomer.article.id, one.placed, one.newcomer.article.title)
    left = {one.left for one in decided if one.left is not None}
    if left:
        placements.mark_placed(connection, placed)
        close_developments(connection, left)
    merging = [one for one in decided if one.merges]
    return _merged(connection, shelf, merging, placed) if merging else placed


def _decided(connection: sa.Connection, shelf: StoryShelf, newcomers: Sequence[Newcomer]) -> list[_Decided]:
    """Decide for all; an article that is remembered and was pruned meanwhile is forgotten, and leads nobody astray."""
    known = placements.standing_placements(connection, [one.article.id for one in newcomers if one.article.story_id])
    ids = [reserve_ids(connection, table, len(newcomers)) for table in (stories, developments)]
    while True:
        batch = _Batch(connection, shelf, iter(ids[0]), iter(ids[1]))
        decided = [batch.decide(one, known.get(one.article.id)) for one in newcomers]
        gone = batch.gone()
        if not gone:
            return decided
        shelf.take_back()
        for nearest in gone:
            shelf.forget(nearest)


@dataclass(slots=True)
class _Batch:
    """The decisions of one transaction. ``joins`` are the stories and developments that were there before it, with the
    article that led there; ``opened`` are the ids of new ones.
    """

    connection: sa.Connection
    shelf: StoryShelf
    story_ids: Iterator[int]
    development_ids: Iterator[int]
    joins: list[tuple[StoryId, DevelopmentId | None, ArticleId]] = field(default_factory=list)
    opened_stories: set[StoryId] = field(default_factory=set)
    opened_developments: set[DevelopmentId] = field(default_factory=set)

    def decide(self, one: Newcomer, standing: Standing | None) -> _Decided:
        """Decide for one article, and remember it."""
        if standing is None:
            return self._placed(one, self.shelf.place(one.signature))
        kept = Placed(standing.remembered.story_id, standing.remembered.development_id, standing.placement)
        if standing.remembered.signature == one.signature.pack():
            return _Decided(one, kept)
        return self._decide_again(one, standing.remembered, kept)

    def gone(self) -> list[ArticleId]:
        """Give the articles that led to stories or developments that are no longer there."""
        stories_there = placements.existing_stories(self.connection, {story for story, _, _ in self.joins})
        asked = {development for _, development, _ in self.joins if development is not None}
        there = placements.existing_developments(self.connection, asked)
        return [
            nearest
            for story, development, nearest in self.joins
            if story not in stories_there or (development is not None and development not in there)
        ]

    def _decide_again(self, one: Newcomer, remembered: Remembered, kept: Placed) -> _Decided:
        """Decide for an article that was changed: it stays in its story unless it plainly tells of something else."""
        before = self.shelf.take_out(remembered)
        stays = _Decided(one, kept, has_new_title=before is None or before.title != one.signature.title)
        found = self.shelf.place(one.signature)
        if kept.placement.join is Join.BY_HAND or found.story == kept.story_id:
            return self._entered(stays)
        others = placements.remembered_in(self.connection, kept.story_id, limit=COMPARED)
        others = [other for other in others if other.article_id != one.article.id]
        if others:
            tells_of_it = _tells_of(one.signature, before, others)
            return self._entered(stays) if tells_of_it else self._moved(one, found, kept)
        if found.story is None:
            return self._entered(stays)
        if not _tells_of(one.signature, before, ()) and placements.is_alerted(self.connection, kept.story_id):
            return self._moved(one, found, kept)  # what was told of the old text counts for its story alone
        # Its story is nobody else's, and the new text, such as that of its page, shows where it belongs.
        same = (found.development,) if found.development else ()
        return self._entered(replace(stays, stories=(found.story,), developments=same, shown_by=found))

    def _moved(self, one: Newcomer, found: Placement, kept: Placed) -> _Decided:
        return replace(self._placed(one, found), left=kept.development_id)

    def _placed(self, one: Newcomer, found: Placement) -> _Decided:
        """Enter an article where it was found to belong."""
        story_id = found.story or StoryId(next(self.story_ids))
        development_id = found.development or DevelopmentId(next(self.development_ids))
        if found.story is not None and found.nearest is not None and story_id not in self.opened_stories:
            is_new = found.development is None or development_id in self.opened_developments
            self.joins.append((story_id, None if is_new else development_id, found.nearest))
        if found.story is None:
            self.opened_stories.add(story_id)
        if found.development is None:
            self.opened_developments.add(development_id)
        return self._entered(_Decided(one, Placed(story_id, development_id, found), developments=found.merges))

    def _entered(self, decided: _Decided) -> _Decided:
        placed, signature = decided.placed, decided.newcomer.signature
        self.shelf.put(signature, placed.story_id, placed.development_id)
        article = decided.newcomer.article
        new = NewPlacement(
            article_id=article.id,
            title=article.title,
            published_at=article.published_at,
            signature=signature.pack(),
            placed=placed,
            opens_story=placed.story_id in self.opened_stories and placed.placement.story is None,
            opens_development=placed.development_id in self.opened_developments
            and placed.placement.development is None,
        )
        return replace(decided, new=new)


def _tells_of(signature: Signature, before: Signature | None, others: Sequence[Remembered]) -> bool:
    """Tell whether a changed text still fits the story: the text before, as if of another outlet, or other articles."""
    shelf = Shelf()
    if before is not None:
        there = replace(before, key=_NOBODY, url=0, outlet=before.outlet ^ 1)
        shelf.put(there, StoryId(1), DevelopmentId(1))
    for other in others:
        known = unpacked(other)
        if known is not None:
            shelf.put(known, StoryId(1), DevelopmentId(1))
    return shelf.place(signature).story is not None


def _numbered(connection: sa.Connection, decided: Sequence[_Decided]) -> list[NewPlacement]:
    """Give developments that are opened their numbers, behind those that their stories have."""
    new = [one.new for one in decided if one.new is not None]
    opening = [one.placed.story_id for one in new if one.opens_development and not one.opens_story]
    numbers = Counter(placements.last_numbers(connection, set(opening)))
    numbered = []
    for one in new:
        numbers[one.placed.story_id] += one.opens_development
        numbered.append(replace(one, number=numbers[one.placed.story_id]))
    return numbered


def _merged(
    connection: sa.Connection, shelf: StoryShelf, merging: Sequence[_Decided], placed: Mapping[ArticleId, Placed]
) -> dict[ArticleId, Placed]:
    """Make one what turned out to be one, and give where all the articles are then."""
    placements.mark_placed(connection, placed)  # so that they move along
    for one in merging:
        story_ids = {one.placed.story_id, *one.stories}
        development_ids = {one.placed.development_id, *one.developments} if one.developments else ()
        story_changes.merge_late(connection, story_ids, development_ids, one.because)
    shelf.learn_merges(connection)
    story_now = stories_of(connection, {one.story_id for one in placed.values()})
    development_now = developments_of(connection, {one.development_id for one in placed.values()})
    return {
        article_id: replace(one, story_id=story_now[one.story_id], development_id=development_now[one.development_id])
        for article_id, one in placed.items()
    }
