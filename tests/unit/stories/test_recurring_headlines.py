from __future__ import annotations

from datetime import timedelta

import pytest

from story_items import FERRY, NOON, an_item, shelved
from tocsin.models.stories import Item, Join
from tocsin.stories import signature_of

LISTS = {
    "en": ("Tonight in five minutes", "A strike in Lisbon, floods in Kenya, a verdict in Seoul and snow in Chile."),
    "de": ("Der Tag im Rückblick", "Streik in Lissabon, Hochwasser in Kenia, ein Urteil in Seoul und Schnee in Chile."),
    "fr": ("Ce soir en bref", "Une grève à Lisbonne, des crues au Kenya, un verdict à Séoul et de la neige au Chili."),
    "es": ("El día de un vistazo", "Huelga en Lisboa, crecidas en Kenia, un fallo en Seúl y nieve en Chile."),
    "ru": ("Главное за день", "Забастовка в Португалии, наводнение в Кении, приговор в Сеуле и снег в Чили."),
}


def issue(key: int, title: str, text: str, *, days: float, outlet: str = "gazette") -> Item:
    at = NOON + timedelta(days=days)
    return an_item(key, title, text, outlet=outlet, published_at=at, url=f"https://gazette.test/{key}")


def test_a_headline_that_recurs_but_for_its_date_stays_alone() -> None:
    _, placements = shelved(
        issue(1, "Tides for Monday", "High water at Dover at six, low water at noon. A swell from the west.", days=0),
        issue(2, "Tides for Tuesday", "High water at Dover at seven, low water at one. A swell from the west.", days=1),
    )
    assert [one.join for one in placements] == [Join.OPENED, Join.TEMPLATE]
    assert placements[1].nearest == 1


def test_a_headline_that_recurs_but_for_a_word_stays_alone() -> None:
    _, placements = shelved(
        issue(1, "Shares today: prices go up", "The index rose by half a point, led by banks and shops.", days=0),
        issue(2, "Shares today: prices go down", "The index fell by half a point, led by banks and shops.", days=1),
    )
    assert placements[1].join is Join.TEMPLATE


def test_another_outlet_may_have_the_same_headline() -> None:
    first, second = (an_item(key, *FERRY) for key in (1, 2))
    assert shelved(first, second)[1][1].join is Join.NEAR_COPY


def test_an_update_of_the_same_hours_is_no_issue_of_a_template() -> None:
    first = issue(1, *FERRY, days=0)
    second = issue(2, FERRY[0], f"{FERRY[1]} Divers found three bodies.", days=0.2)
    assert shelved(first, second)[1][1].join in {Join.SAME_ARTICLE, Join.NEAR_COPY}


def test_nothing_joins_what_turned_out_to_recur() -> None:
    text = "Queues at the harbour of Mombasa after a lorry lost its load of 40 mangoes near the ferry."
    shelf, _ = shelved(
        issue(1, "Traffic today: harbour delays", text, days=0),
        issue(2, "Traffic today: harbour delays", "No queues, and one lane is shut for works until noon.", days=1),
    )
    report = an_item(3, "Lorry loses 40 mangoes at Mombasa ferry", text, published_at=NOON + timedelta(days=1.1))
    assert shelf.place(signature_of(report)).join is Join.OPENED


@pytest.mark.parametrize("language", LISTS)
def test_a_list_of_the_day_is_a_round_up(language: str) -> None:
    title, text = LISTS[language]
    assert signature_of(an_item(1, title, text, language=language)).is_roundup


@pytest.mark.parametrize(
    ("title", "text"),
    [
        FERRY,
        ("Kenya and Uganda sign rail treaty", "Ministers met in Nairobi. Tanzania and Rwanda may follow, envoys said."),
        ("Where the swallows went", "Ringers in Denmark tracked them to Morocco. A book about it is out."),
    ],
    ids=["a report", "several countries in one matter", "a feature"],
)
def test_an_article_on_one_matter_is_no_round_up(title: str, text: str) -> None:
    assert not signature_of(an_item(1, title, text)).is_roundup


def test_a_round_up_joins_nothing_and_nothing_joins_it() -> None:
    title, text = LISTS["en"]
    ferry = an_item(1, *FERRY)
    roll = an_item(2, title, f"{text} And a ferry with 120 aboard sank off Zanzibar.")
    shelf, placements = shelved(roll)
    assert placements[0].join is Join.ROUND_UP
    assert shelf.place(signature_of(ferry)).join is Join.OPENED


@pytest.mark.parametrize("title", ["News", "Breaking news", "Explosion"])
def test_short_titles_of_many_outlets_do_not_become_a_story(title: str) -> None:
    items = [an_item(key, title, outlet=f"outlet {key % 20}") for key in range(1, 61)]
    _, placements = shelved(*items)
    assert all(placement.story is None for placement in placements)


def test_a_flood_of_one_title_without_text_stays_apart() -> None:
    items = [an_item(key, "Something has happened in our town today", outlet="one", url="") for key in range(1, 201)]
    _, placements = shelved(*items)
    assert [placement.join for placement in placements[1:]] == [Join.TEMPLATE] * 199


def test_the_name_of_a_column_is_no_evidence() -> None:
    _, placements = shelved(
        issue(1, "Notes of a lighthouse keeper: the winter birds", "Geese came over the bay in the fog.", days=0),
        issue(2, "Notes of a lighthouse keeper: paint and rust", "The railing wants a new coat each spring.", days=2),
        issue(
            3, "Notes of a lighthouse keeper: my old radio", "It still finds a waltz from somewhere at night.", days=4
        ),
    )
    assert [one.story for one in placements] == [None, None, None]


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        ("Storm watch live: Tuesday's blog", "What our reporters see along the coast, hour by hour.", "en"),
        ("Der Dienstag im Liveticker", "Was heute wichtig wird.", "de"),
        ("Europe en direct : le journal de mardi", "Toute la journée avec nous.", "fr"),
        ("Балканы: онлайн во вторник", "Следите за событиями вместе с нами.", "ru"),
    ],
    ids=["en", "de", "fr", "ru"],
)
def test_a_live_page_of_a_day_stays_alone_from_its_first_issue_on(title: str, text: str, language: str) -> None:
    assert signature_of(an_item(1, title, text, language=language)).is_roundup


def test_a_live_report_of_one_event_is_an_article_like_others() -> None:
    title = "Zanzibar ferry sinks: live updates from the harbour"
    assert not signature_of(an_item(1, title, FERRY[1])).is_roundup
