"""Why an article is in its story, in English words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.models.ids import ArticleId
from tocsin.models.stories import Evidence, EvidenceKind, Join, Placement, StoryArticle
from tocsin.rendering.clean import one_line
from tocsin.rendering.words import listed

SHOWN_WORDS = 6
"""Of one kind of evidence; what is beyond them is left out."""

_WORD_LIMIT = 60
_TITLE_LIMIT = 80
_EVIDENCE_LIMIT = 400

_JOINS = {
    Join.OPENED: "opened the story",
    Join.SAME_ARTICLE: "the same article, published again",
    Join.NEAR_COPY: "nearly the same text",
    Join.SAME_EVENT: "tells of the same event",
    Join.OTHER_LANGUAGE: "tells of the same event in another language",
    Join.DEVELOPMENT: "brought a new development",
    Join.TEMPLATE: "stands alone, since its outlet uses this headline again and again",
    Join.ROUND_UP: "stands alone, since it tells of several events",
    Join.BY_HAND: "put here by hand",
}

_MERGED = "opened a story that was merged into this one"

_KINDS = {
    EvidenceKind.ADDRESS: "the same address",
    EvidenceKind.TITLE: "the same headline",
    EvidenceKind.TEXT: "{} of the text alike",
    EvidenceKind.WORDS: "words {}",
    EvidenceKind.NAMES: "names {}",
    EvidenceKind.PLACES: "places {}",
    EvidenceKind.NUMBERS: "numbers {}",
    EvidenceKind.TIME: "{} apart",
}
"""Each kind, with a place for its words."""


def join_words(join: Join, *, merged: bool = False) -> str:
    """Say how an article came to where it is, as what follows its name; ``merged`` tells that it opened another story.

    >>> join_words(Join.NEAR_COPY)
    'nearly the same text'
    """
    return _MERGED if join is Join.OPENED and merged else _JOINS[join]


def merged_openers(told: Iterable[StoryArticle]) -> set[ArticleId]:
    """Give the articles that opened stories that were merged into the one that has these articles.

    The oldest story survives (see `tocsin.store.story_changes`), so of all that opened one it is the first placed.
    """
    opened = [one for one in told if one.placement.join is Join.OPENED]
    opened.sort(key=lambda one: (one.article.first_seen_at, one.placed_at, one.article.published_at, one.article.id))
    return {one.article.id for one in opened[1:]}


def evidence_words(evidence: Sequence[Evidence]) -> str:
    """Say what spoke for it, and after it what spoke against it; "" for nothing.

    >>> found = (Evidence(EvidenceKind.PLACES, ("Homs",), 2.0), Evidence(EvidenceKind.NUMBERS, ("12", "9"), -0.5))
    >>> evidence_words(found)
    'places Homs; against it numbers 12 and 9'
    """
    told = "; ".join(_piece(one) for one in evidence if one.weight > 0)
    against = "; ".join(_piece(one) for one in evidence if one.weight < 0)
    return "; ".join(part for part in (told, f"against it {against}" if against else "") if part)


def placement_words(placement: Placement, *, merged: bool = False) -> str:
    """Say in one line how an article came to where it is and why.

    >>> placement_words(Placement(Join.SAME_EVENT, evidence=(Evidence(EvidenceKind.NAMES, ("Orontes",), 1.5),)))
    'tells of the same event: names Orontes'
    """
    parts = (join_words(placement.join, merged=merged), evidence_words(placement.evidence))
    return ": ".join(part for part in parts if part)


def merge_words(article_id: ArticleId, title: str, found: Placement, *, changed: bool = False) -> str:
    """Say why an article makes stories one; ``found`` is where its text leads, ``changed`` tells that it was another.

    >>> why = Placement(Join.SAME_EVENT, score=0.87, evidence=(Evidence(EvidenceKind.NAMES, ("Orontes",), 1.5),))
    >>> merge_words(ArticleId(57), "Dam on the Orontes breaks", why)
    'article 57, «Dam on the Orontes breaks», tells of both: names Orontes, 87%'
    """
    headline = one_line(title, _TITLE_LIMIT)
    article = f"article {article_id}, «{headline}»," if headline else f"article {article_id}"
    evidence = one_line(evidence_words(found.evidence), _EVIDENCE_LIMIT)
    why = ", ".join(part for part in (evidence, f"{found.score:.0%}") if part)
    return f"{article} {'was changed and ' if changed else ''}tells of both: {why}"


def _piece(evidence: Evidence) -> str:
    words = [one_line(word, _WORD_LIMIT) for word in evidence.words[:SHOWN_WORDS]]
    if evidence.kind is EvidenceKind.TIME and words == ["0 h"]:
        words = ["less than 1 h"]
    return _KINDS[evidence.kind].format(listed(words) or "some")
