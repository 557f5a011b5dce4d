from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from match_records import DEIR_IN_FOCUS
from page_reader import every, links, rows, shown, texts
from records import NOW
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt
from tocsin.store import tables
from tocsin.store.database import Database
from tocsin.store.matches import save_matches
from tocsin.text.snippet import Piece
from tocsin_web.articles import paragraphs
from web_client import Answer
from web_filling import Filled
from web_samples import BIDI_TITLE, SCRIPT_TITLE

Get = Callable[..., Answer]
Article = Callable[[str], str]


@pytest.fixture
def article(filled: Filled, get: Get) -> Article:
    """Give the page of a sample by its key."""
    return lambda key: get(f"/articles/{filled.articles[key]}").text


def test_the_text_is_shown_whole_in_its_paragraphs_with_marks(article: Article) -> None:
    html = article("relief")
    reading = every(html, "article.reading")[0].html or ""
    assert texts(reading, "h1") == ["Relief column reaches Deir el-Zour"]
    assert [text[:20] for text in texts(reading, "p:not(.small)")] == [
        "The ring that Islami",
        "For three years the ",
        "In Idlib, two hundre",
    ]
    assert texts(reading, "mark") == ["Deir el-Zour", "Islamic State", "Deir el-Zour", "IS", "Idlib"]


def test_the_article_links_to_its_source_and_names_outlet_author_and_times(article: Article) -> None:
    html = article("relief")
    assert "https://wire.example/relief?from=feed&lang=en" in links(html)
    assert "Example Wire · A. Writer · Tue 10 Mar, 10:00" in shown(html)
    assert {node.attributes["datetime"] for node in every(html, ".reading time")} == {"2026-03-10T10:00:00Z"}


def test_each_match_has_its_receipt_in_words_and_in_full(article: Article) -> None:
    html = article("relief")
    assert texts(html, ".receipt h3") == ["Islamic State", "Syria"]
    assert texts(html, ".receipt li") == [
        'keyword "Islamic State": once in the text',
        'keyword "IS": once in the text',
        'not counted for "IS": "is opening", the verb: not in capitals',
        'region "Syria": Syria 6.0 of 6.0, title and lead; the strongest (named: Deir el-Zour, Idlib)',
    ]
    assert texts(html, "caption") == ["Terms found", "What did not count", "Places inside Syria"]
    assert rows(html) == [
        ["keywords", "Islamic State", "Islamic State", "text, 14 to 27"],
        ["keywords", "IS", "IS", "text, 154 to 156"],
        ["IS", "is opening", "text, 317 to 327", "the verb: not in capitals"],
        ["Deir ez-Zor", "SY", "Deir el-Zour", "title, 22 to 34"],
        ["Deir ez-Zor", "SY", "Deir el-Zour", "text, 45 to 57"],
        ["Idlib", "SY", "Idlib", "text, 347 to 352"],
    ]
    assert "score 6.00, 100 % of the strongest" in shown(html)
    assert "by version 0123456789ab of the watch" in shown(html)


def test_what_an_article_is_about_stands_under_its_headline_and_in_its_receipt_with_what_was_weighed(
    filled: Filled, article: Article, sqlite: Database
) -> None:
    receipt = Receipt(WatchId("syria"), "0123456789ab", matched=True, reason="It is about it.", focus=DEIR_IN_FOCUS)
    with sqlite.write() as connection:
        save_matches(connection, [(filled.articles["relief"], receipt)], NOW)
    html = article("relief")
    assert texts(html, ".reading .chip.about") == ["about Syria", "about Deir ez-Zor, SY"]
    assert (
        "the article is about: Syria 0.97, province Deir ez-Zor 1.00, city Deir ez-Zor 1.00; next would be Iraq 0.12"
        in (texts(html, ".receipt li"))
    )
    assert rows(html)[-4:] == [
        ["Syria", "country", "SY", "0.97", "100 %", "in focus"],
        ["Iraq", "country", "IQ", "0.12", "12 %", "weighed"],
        ["Deir ez-Zor", "province", "SY-DY", "1.00", "100 %", "in focus"],
        ["Deir ez-Zor", "city", "geonames:170794", "1.00", "100 %", "in focus"],
    ]


def test_a_withdrawn_match_says_so_and_leaves_no_marks(article: Article) -> None:
    html = article("arabic")
    assert texts(html, ".withdrawn h3") == ["Syria"]
    because = "no longer meets this watch (the watch is no longer in the watchlist)."
    assert f"Withdrawn Tue 10 Mar, 11:00 : a later revision of the article {because}" in shown(html)
    assert texts(html, ".reading mark") == ["داعش", "داعش"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"page_state": "wanted"}, "Its own page waits to be read."),
        (
            {"page_state": "wanted", "page_problem": "the site answers with HTTP 502 Bad Gateway"},
            "Its own page waits to be read: the site answers with HTTP 502 Bad Gateway.",
        ),
        (
            {"page_state": "failed", "page_problem": "it leads to <script>alert(1)</script>\n"},
            "Its own page was not read: it leads to <script>alert(1)</script>.",
        ),
        (
            {"page_state": "read", "page_text": "Lorries came in at noon.", "page_read_at": NOW},
            "Full text read at its own page, Tue 10 Mar, 12:00 .",
        ),
    ],
    ids=["wanted", "put off", "failed", "read"],
)
def test_an_article_says_what_became_of_its_own_page(
    filled: Filled, article: Article, sqlite: Database, values: dict[str, object], words: str
) -> None:
    ours = sa.update(tables.articles).where(tables.articles.c.id == filled.articles["relief"])
    with sqlite.write() as connection:
        connection.execute(ours.values(values))
    html = article("relief")
    assert words in shown(html)
    assert ("Lorries came in at noon." in texts(html, "article.reading p")) == (values["page_state"] == "read")
    assert every(html, "script") == []


def test_an_article_whose_page_is_not_asked_for_does_not_speak_of_it(article: Article) -> None:
    assert "own page" not in shown(article("relief"))


def test_a_match_of_a_removed_watch_goes_by_its_id(article: Article) -> None:
    html = article("flood")
    assert texts(html, ".receipt h3") == ["floods"]
    assert "/watches/floods" not in links(html)


def test_an_article_that_met_no_watch_says_so_and_names_the_command_that_says_why(
    filled: Filled, article: Article
) -> None:
    text = shown(article("missed"))
    assert "It met no watch." in text
    assert f"tocsin why {filled.articles['missed']}" in text


def test_an_article_that_was_not_classified_yet_says_so(article: Article, sqlite: Database) -> None:
    with sqlite.write() as connection:
        connection.exec_driver_sql("UPDATE articles SET classified_at = NULL WHERE entry_key = 'missed'")
    assert "It has not been classified yet; load this page again in a moment." in shown(article("missed"))


def test_markup_in_a_feed_is_shown_as_the_text_it_is(article: Article) -> None:
    html = article("script")
    assert texts(html, "h1") == [SCRIPT_TITLE]
    assert "<img src=x onerror= alert ('text')> The harbour is <b>closed</b>. <!-- --> {{ 7 * 7 }}" in shown(html)
    assert "Its feed gave no address that can be followed." in shown(html)


def test_controls_and_overrides_are_dropped_from_a_headline(article: Article) -> None:
    assert "\u202e" in BIDI_TITLE
    assert texts(article("bidi"), "h1") == ["Harbour exe.gnp opens again"]


def test_an_endless_headline_is_cut_and_a_missing_one_replaced(article: Article) -> None:
    assert len(texts(article("long"), "h1")[0]) == 200
    assert texts(article("bare"), "h1") == ["Untitled, from <script>alert('feed')</script> & Co"]
    assert "The feed gave no text, only the headline." in shown(article("bare"))


def test_an_old_article_says_why_nobody_was_told(article: Article) -> None:
    assert "backlog, older than what Tocsin saw of its feed: shown, but neither alerted nor mailed" in shown(
        article("rates")
    )


@pytest.mark.parametrize("name", ["0", "-1", "01", "x", "99999", "9" * 30, "%D9%A1", "1%00"])
def test_an_id_of_no_article_is_not_found(get: Get, name: str) -> None:
    answer = get(f"/articles/{name}")
    assert answer.status == 404
    assert texts(answer.text, "h1") == ["Not Found"]


@given(st.lists(st.builds(Piece, st.text(alphabet="ab \n"), st.booleans())))
def test_paragraphs_keep_every_letter_and_its_mark(pieces: list[Piece]) -> None:
    kept = [(char, piece.marked) for line in paragraphs(pieces) for piece in line for char in piece.text]
    given = [(char, piece.marked) for piece in pieces for char in piece.text]
    assert [pair for pair in kept if pair[0] != " "] == [pair for pair in given if pair[0] not in " \n"]
