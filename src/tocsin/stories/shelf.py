"""The live window of stories, in memory: where a new article goes, decided from what was put on the shelf before.

Pure but for the shelf itself: no clock, no chance, no I/O. `Shelf.place` decides and changes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Join, Placement
from tocsin.stories.explaining import evidence_of, news_of
from tocsin.stories.features import features
from tocsin.stories.holdings import Holdings, is_telling
from tocsin.stories.marks import Marks
from tocsin.stories.signature import Signature
from tocsin.stories.sketches import resemblance
from tocsin.stories.verdicts import Compared, Groups, certainty, crowding
from tocsin.stories.weights import judgement

_STORIES_LOOKED_AT = 5
_MEMBERS_LOOKED_AT = 7
"""Articles of a story that a new one is compared with: those most like it, its first and its latest."""

_CANDIDATES = 40
_EDITIONS_LOOKED_AT = 6
_MEMBERS_OF_NEWS = 20

_SAME_TEXT = 0.8
_COPY = 0.4
"""Resemblance of texts from which one is the other's copy: shortened, mostly."""

_EVIDENT = 2.5
"""Logits above the least by which another development must be the same happening for the two to be merged."""

_SAME_ARTICLE_WITHIN = 36 * 3600


class Shelf(Holdings):
    """Holdings that decide where a new article goes."""

    def place(self, signature: Signature) -> Placement:
        """Return where an article goes, by those on the shelf; one that is on it itself is left out of account."""
        marks, kept = self._marks_of(signature)
        likest = self._likest(marks)
        known = self._same_article(signature, likest)
        if known is not None:
            return self._joined(marks, known, Join.SAME_ARTICLE, 1.0)
        if signature.is_roundup:
            return Placement(Join.ROUND_UP)
        issues = self._templates.earlier(kept, signature.key)
        if issues:
            return Placement(Join.TEMPLATE, nearest=ArticleId(issues[-1]))
        return self._judged(marks, likest) if is_telling(signature) else Placement(Join.OPENED)

    def compared(self, signature: Signature) -> list[tuple[int, tuple[float, ...]]]:
        """Return the articles that one is judged by, with the features of each pair (`features.NAMES`)."""
        marks, _ = self._marks_of(signature)
        return self._features(marks, self._likest(marks))

    def _likest(self, marks: Marks) -> list[int]:
        """Return the articles most like one, the likest first; none for one that is older than the shelf goes back."""
        signature = marks.signature
        if signature.at < self._latest - self._window:
            return []
        return self._index.alike(marks, _CANDIDATES, signature.key)

    def _same_article(self, signature: Signature, likest: list[int]) -> int | None:
        """Return the article of which one is a new edition: of one address, or of one outlet and nearly the text."""
        for key in self._by_url.latest(signature.url) if signature.url else ():
            other = self._entries[key].kept
            if key != signature.key and (
                abs(signature.at - other.at) <= _SAME_ARTICLE_WITHIN
                or resemblance(signature.sketch, other.sketch) >= _COPY
            ):
                return key
        for key in likest[:_EDITIONS_LOOKED_AT]:
            other = self._entries[key].kept
            if (
                signature.outlet == other.outlet
                and signature.numbers == other.numbers
                and resemblance(signature.sketch, other.sketch) >= _SAME_TEXT
            ):
                return key
        return None

    def _judged(self, marks: Marks, likest: list[int]) -> Placement:
        weights, crowd = judgement(), crowding(len(self._entries), self.seconds)
        groups = Groups()
        for key, found in self._features(marks, likest):
            entry = self._entries[key]
            groups.add(key, entry.story, entry.development, weights.event.logit(found) - crowd,
                       weights.story.logit(found) - crowd)  # fmt: skip
        event = groups.best_event(marks.signature.at, self._latest_of)
        if event is not None and event.verdict > weights.event.least:
            joined = self._joined(marks, event.nearest, None, certainty(event.verdict - weights.event.least))
            return replace(joined, merges=self._merges(groups, event, weights.event.least + _EVIDENT))
        story = groups.best_story()
        if story is not None and story.verdict > weights.story.least:
            return self._developed(marks, story, certainty(story.verdict - weights.story.least))
        return Placement(Join.OPENED)

    def _merges(self, groups: Groups, joined: Compared, least: float) -> tuple[DevelopmentId, ...]:
        """Return developments of other stories that are the same happening as the one joined."""
        story = self._entries[joined.nearest].story
        return tuple(
            development
            for development in groups.evident(least, joined)
            if self._entries[groups.events[development].nearest].story != story
        )

    def _features(self, marks: Marks, likest: list[int]) -> list[tuple[int, tuple[float, ...]]]:
        weighed = self._commonness.weighed(marks)
        chosen = self._compared_with(likest, marks.signature.key)
        return [(key, features(weighed, self._entries[key].kept)) for key in chosen]

    def _latest_of(self, development: DevelopmentId) -> int:
        return max(self._entries[key].kept.at for key in self._members_of(development)[-5:])

    def _compared_with(self, likest: list[int], without: int) -> list[int]:
        """Return the articles that one is compared with: of the likeliest stories, the likest, first and latest."""
        by_story: dict[StoryId, list[int]] = {}
        for key in likest:
            by_story.setdefault(self._entries[key].story, []).append(key)
        return [
            key
            for story in list(by_story)[:_STORIES_LOOKED_AT]
            for key in self._representatives(by_story[story])
            if key != without
        ]

    def _representatives(self, alike: list[int]) -> list[int]:
        chosen = alike[: _MEMBERS_LOOKED_AT - 3]
        developments = dict.fromkeys(self._entries[key].development for key in chosen)
        for development in developments:
            members = self._members_of(development)
            chosen += [key for key in (members[0], *members[-2:]) if self._entries[key].keys]
        return list(dict.fromkeys(chosen))[:_MEMBERS_LOOKED_AT]

    def _joined(self, marks: Marks, nearest: int, join: Join | None, score: float) -> Placement:
        entry = self._entries[nearest]
        signature, kept = marks.signature, entry.kept
        if join is None:
            if resemblance(signature.sketch, kept.sketch) >= _COPY:
                join = Join.NEAR_COPY
            else:
                join = Join.SAME_EVENT if signature.language == kept.language else Join.OTHER_LANGUAGE
        return Placement(join, entry.story, entry.development, ArticleId(nearest), score, evidence_of(marks, kept))

    def _developed(self, marks: Marks, story: Compared, score: float) -> Placement:
        entry = self._entries[story.nearest]
        members = [
            key for one in self._developments.latest(entry.story) for key in self._members_of(DevelopmentId(one))
        ]
        known = [self._entries[key].kept for key in members[-_MEMBERS_OF_NEWS:]]
        return Placement(
            Join.DEVELOPMENT, entry.story, None, ArticleId(story.nearest), score,
            evidence_of(marks, entry.kept), news=news_of(marks, known),
        )  # fmt: skip
