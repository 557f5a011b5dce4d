from __future__ import annotations

import pytest

from tocsin.models.stories import Evidence, EvidenceKind, Join, Placement
from tocsin.rendering.placement_words import SHOWN_WORDS, evidence_words, join_words, placement_words


def test_every_way_into_a_story_has_words_of_its_own() -> None:
    assert len({join_words(join) for join in Join}) == len(Join)


@pytest.mark.parametrize(
    ("kind", "words", "told"),
    [
        (EvidenceKind.ADDRESS, (), "the same address"),
        (EvidenceKind.TITLE, (), "the same headline"),
        (EvidenceKind.TEXT, ("87%",), "87% of the text alike"),
        (EvidenceKind.WORDS, ("levee", "breach"), "words levee and breach"),
        (EvidenceKind.NAMES, ("Okoye",), "names Okoye"),
        (EvidenceKind.PLACES, ("Enugu", "Nigeria"), "places Enugu and Nigeria"),
        (EvidenceKind.NUMBERS, ("12", "40", "7"), "numbers 12, 40 and 7"),
        (EvidenceKind.TIME, ("3 h",), "3 h apart"),
        (EvidenceKind.TIME, ("0 h",), "less than 1 h apart"),
    ],
)
def test_each_kind_of_evidence_is_said_in_words(kind: EvidenceKind, words: tuple[str, ...], told: str) -> None:
    assert evidence_words((Evidence(kind, words, 0.5),)) == told


def test_what_speaks_against_it_comes_last_and_what_weighs_nothing_not_at_all() -> None:
    evidence = (
        Evidence(EvidenceKind.PLACES, ("Lyon",), -0.4),
        Evidence(EvidenceKind.NAMES, ("Faure",), 0.5),
        Evidence(EvidenceKind.TIME, ("30 h",), -0.1),
        Evidence(EvidenceKind.NUMBERS, ("3",), 0.0),
    )
    assert evidence_words(evidence) == "names Faure; against it places Lyon; 30 h apart"


def test_only_the_first_words_are_shown_each_on_one_line() -> None:
    words = tuple(f"word\n\u202e{number}" for number in range(20))
    assert evidence_words((Evidence(EvidenceKind.WORDS, words, 1.0),)) == (
        f"words {', '.join(f'word {number}' for number in range(SHOWN_WORDS - 1))} and word {SHOWN_WORDS - 1}"
    )


def test_a_placement_without_evidence_says_how_the_article_came_there_alone() -> None:
    assert placement_words(Placement(Join.OPENED)) == "opened the story"


def test_what_opened_a_story_that_was_merged_says_so() -> None:
    assert placement_words(Placement(Join.OPENED), merged=True) == "opened a story that was merged into this one"
