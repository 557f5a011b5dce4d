from __future__ import annotations

from datetime import timedelta

from story_items import FERRY, NOON, an_item, shelved
from tocsin.models.ids import DevelopmentId, StoryId
from tocsin.models.stories import EvidenceKind, Join
from tocsin.stories import Shelf, explain, signature_of

OTHER_WORDS = (
    "Zanzibar ferry disaster: engine failure blamed",
    (
        "The vessel that went down near Nungwi with 120 people had lost power, harbour master Juma Kombo said. "
        "Eighty-seven were rescued by fishermen."
    ),
)
GERMAN = (
    "Fähre mit 120 Menschen vor Sansibar gesunken",
    "Vor Sansibar ist am Montag eine Fähre mit 120 Passagieren gesunken. Fischer retteten 87 Menschen aus dem Wasser.",
)
ELSEWHERE = (
    "Ferry with 64 aboard sinks off Mindanao",
    (
        "A ferry carrying 64 passengers sank off Mindanao in the Philippines on Wednesday after a trawler hit it, "
        "the coastguard said. Nine people are missing."
    ),
)
BUDGET = ("Chile presents budget", "The finance minister of Chile wants to spend more on schools and roads next year.")


def joins(*items: object) -> list[Join]:
    return [placement.join for placement in shelved(*items)[1]]  # type: ignore[arg-type]


def test_the_first_article_opens_a_story() -> None:
    _, [placement] = shelved(an_item(1, *FERRY))
    assert (placement.join, placement.story, placement.development) == (Join.OPENED, None, None)


def test_the_same_event_in_other_words_joins_with_evidence() -> None:
    _, [_, placement] = shelved(an_item(1, *FERRY), an_item(2, *OTHER_WORDS))
    assert (placement.join, placement.story, placement.nearest) == (Join.SAME_EVENT, 1, 1)
    assert {EvidenceKind.NAMES, EvidenceKind.PLACES, EvidenceKind.NUMBERS} <= {one.kind for one in placement.evidence}
    assert 0.5 < placement.score <= 1


def test_the_same_event_in_another_language_joins() -> None:
    assert joins(an_item(1, *FERRY), an_item(2, *GERMAN, language="de"))[1] is Join.OTHER_LANGUAGE


def test_a_shortened_copy_of_another_outlet_joins_as_one() -> None:
    copy = an_item(2, "Zanzibar ferry goes down", FERRY[1].rpartition(". Fishermen")[0] + ".")
    assert joins(an_item(1, *FERRY), copy)[1] is Join.NEAR_COPY


def test_an_article_published_again_under_another_title_is_the_same() -> None:
    again = an_item(
        2, "Search after ferry sinks", "Boats are looking for survivors.", url="https://outlet-1.test/a/1?utm_x=1"
    )
    _, [_, placement] = shelved(an_item(1, *FERRY), again)
    assert (placement.join, placement.nearest) == (Join.SAME_ARTICLE, 1)


def test_an_address_that_is_used_for_another_article_days_later_does_not_make_them_one() -> None:
    later = an_item(2, *BUDGET, url="https://outlet-1.test/a/1", published_at=NOON + timedelta(days=4))
    assert joins(an_item(1, *FERRY), later)[1] is Join.OPENED


def test_a_twin_elsewhere_stays_apart() -> None:
    twin = an_item(2, *ELSEWHERE, published_at=NOON + timedelta(days=2))
    assert joins(an_item(1, *FERRY), twin)[1] is Join.OPENED


def test_unrelated_articles_stay_apart() -> None:
    assert joins(an_item(1, *FERRY), an_item(2, *BUDGET)) == [Join.OPENED, Join.OPENED]


def test_a_later_day_brings_a_development_of_the_story() -> None:
    arrest = an_item(
        3,
        "Captain of sunken Zanzibar ferry arrested",
        "Police in Zanzibar arrested the captain of the ferry that sank near Nungwi with 120 aboard. Harbour master "
        "Juma Kombo was questioned too.",
        published_at=NOON + timedelta(days=3),
    )
    _, placements = shelved(an_item(1, *FERRY), an_item(2, *OTHER_WORDS), arrest)
    assert (placements[2].join, placements[2].story, placements[2].development) == (Join.DEVELOPMENT, 1, None)


def test_placing_changes_nothing() -> None:
    shelf, _ = shelved(an_item(1, *FERRY))
    signature = signature_of(an_item(2, *OTHER_WORDS))
    assert shelf.place(signature) == shelf.place(signature)
    assert len(shelf) == 1


def test_an_article_on_the_shelf_is_not_compared_with_itself() -> None:
    shelf, _ = shelved(an_item(1, *FERRY))
    assert shelf.place(signature_of(an_item(1, *FERRY))).join is Join.OPENED


def test_what_was_removed_attracts_nothing() -> None:
    shelf, _ = shelved(an_item(1, *FERRY))
    shelf.remove(1)
    shelf.remove(1)
    assert (len(shelf), 1 in shelf) == (0, False)
    assert shelf.place(signature_of(an_item(2, *OTHER_WORDS))).join is Join.OPENED


def test_articles_follow_one_that_was_moved_by_hand() -> None:
    shelf, _ = shelved(an_item(1, *FERRY))
    shelf.move(1, StoryId(70), DevelopmentId(71))
    placement = shelf.place(signature_of(an_item(2, *OTHER_WORDS)))
    assert (placement.story, placement.development) == (70, 71)


def test_developments_and_stories_are_moved_whole() -> None:
    shelf, _ = shelved(an_item(1, *FERRY), an_item(2, *OTHER_WORDS), an_item(3, *BUDGET))
    shelf.merge(DevelopmentId(1), DevelopmentId(3), StoryId(3))
    shelf.unite(StoryId(3), StoryId(9))
    placement = shelf.place(signature_of(an_item(4, *OTHER_WORDS)))
    assert (placement.story, placement.development) == (9, 3)


def test_an_article_that_belongs_to_two_stories_names_the_other() -> None:
    shelf = Shelf()
    for key, words in ((1, FERRY), (2, OTHER_WORDS)):
        shelf.put(signature_of(an_item(key, *words)), StoryId(key), DevelopmentId(key))
    third = an_item(3, *FERRY)
    placement = shelf.place(signature_of(third))
    assert {placement.development, *placement.merges} == {1, 2}


def test_the_oldest_make_room_and_the_old_are_forgotten() -> None:
    shelf, _ = shelved(*(an_item(key, f"{BUDGET[0]} {key}", BUDGET[1]) for key in range(1, 6)), shelf=Shelf(most=3))
    assert [key in shelf for key in range(1, 6)] == [False, False, True, True, True]
    shelf.forget_before(NOON + timedelta(hours=5))
    assert [key in shelf for key in range(1, 6)] == [False, False, False, False, True]


def test_an_article_older_than_the_window_neither_joins_nor_stays() -> None:
    shelf, _ = shelved(an_item(1, *FERRY))
    old = signature_of(an_item(2, *OTHER_WORDS, published_at=NOON - timedelta(days=40)))
    assert shelf.place(old).join is Join.OPENED
    shelf.put(old, StoryId(2), DevelopmentId(2))
    assert (1 in shelf, 2 in shelf) == (True, False)


def test_two_signatures_explain_themselves() -> None:
    score, evidence = explain(signature_of(an_item(2, *OTHER_WORDS)), signature_of(an_item(1, *FERRY)))
    twin = an_item(3, *ELSEWHERE, published_at=NOON + timedelta(days=2))
    apart, against = explain(signature_of(twin), signature_of(an_item(1, *FERRY)))
    assert apart < 0.5 < score
    assert any(one.kind is EvidenceKind.PLACES and one.weight < 0 for one in against)
    assert all(one.weight > 0 for one in evidence)
