from __future__ import annotations

from dataclasses import replace

from match_records import BASE_URL, DEIR_IN_FOCUS, ISLAMIC_STATE, SYRIA, a_match, about_deir, an_article
from tocsin.models.ids import PlaceId
from tocsin.models.receipts import Span, TextField
from tocsin.rendering.story import Chip, ChipKind, StoryView, story_view
from tocsin.text.snippet import Piece


def test_a_match_is_shown_with_marks_chips_and_the_way_to_its_receipt() -> None:
    article = an_article(7)
    shown = story_view(a_match(article, ISLAMIC_STATE, "Names “Islamic State” once."), base_url=BASE_URL)
    assert shown == StoryView(
        title="Relief column reaches Deir el-Zour",
        url="https://wire.example/7",
        outlet="Example Wire",
        published_at=article.published_at,
        language="en",
        direction="ltr",
        pieces=(
            Piece("The ring that "),
            Piece("Islamic State", marked=True),
            Piece(" held around Deir el-Zour has opened, residents said."),
        ),
        chips=(Chip(ChipKind.TERM, "Islamic State", 1),),
        more_chips=0,
        reason="Names “Islamic State” once.",
        receipt_url="http://127.0.0.1:8080/articles/7",
    )


def test_what_further_watches_found_is_marked_too() -> None:
    article = an_article(7)
    other = a_match(article, SYRIA)
    shown = story_view(a_match(article, ISLAMIC_STATE), base_url=BASE_URL, others=[other], also=["Syria"])
    assert [piece.text for piece in shown.pieces if piece.marked] == ["Islamic State", "Deir el-Zour"]
    assert shown.chips == (Chip(ChipKind.PLACE, "Deir ez-Zor, SY"), Chip(ChipKind.TERM, "Islamic State", 1))
    assert shown.also == ("Syria",)


def test_what_an_article_is_about_comes_first_each_name_once_and_not_what_was_only_weighed() -> None:
    match = a_match(an_article(7, text="Deir el-Zour and Idlib"), SYRIA)
    shown = story_view(about_deir(match), base_url=BASE_URL)
    assert shown.chips == (
        Chip(ChipKind.ABOUT, "Syria"),
        Chip(ChipKind.ABOUT, "Deir ez-Zor, SY"),
        Chip(ChipKind.PLACE, "Idlib, SY"),
    )
    assert shown.more_chips == 0


def test_what_an_article_is_about_is_told_by_any_of_its_receipts() -> None:
    article = an_article(7)
    other = about_deir(a_match(article, SYRIA))
    shown = story_view(a_match(article, ISLAMIC_STATE), base_url=BASE_URL, others=[other])
    assert [chip.text for chip in shown.chips] == ["Syria", "Deir ez-Zor, SY", "Islamic State"]


def test_of_a_round_up_three_places_are_told_and_the_others_counted() -> None:
    match = a_match(an_article(7), ISLAMIC_STATE)
    focus = tuple(replace(DEIR_IN_FOCUS[0], place=PlaceId(code), name=code, country=code) for code in "ABCDE")
    shown = story_view(replace(match, receipt=replace(match.receipt, focus=focus)), base_url=BASE_URL)
    assert [chip.text for chip in shown.chips] == ["A", "B", "C", "Islamic State"]
    assert shown.more_chips == 2


def test_a_country_is_named_without_its_code() -> None:
    shown = story_view(a_match(an_article(7, "Calm in Syria", "Quiet."), SYRIA), base_url=BASE_URL)
    assert shown.chips == (Chip(ChipKind.PLACE, "Syria"),)


def test_terms_are_counted_and_the_rarest_left_out() -> None:
    watch = replace(ISLAMIC_STATE, keywords=tuple("abcdef"), names=())
    shown = story_view(a_match(an_article(7, "", "b b b a c d e f c"), watch), base_url=BASE_URL)
    assert [(chip.text, chip.times) for chip in shown.chips] == [("b", 3), ("c", 2), ("a", 1), ("d", 1)]
    assert shown.more_chips == 2


def test_an_article_without_a_headline_is_called_by_its_outlet_and_without_an_address_has_no_link() -> None:
    shown = story_view(a_match(an_article(7, "", url=""), ISLAMIC_STATE), base_url=BASE_URL)
    assert (shown.title, shown.url) == ("Untitled, from Example Wire", "")


def test_a_hostile_article_is_made_harmless_but_keeps_its_words() -> None:
    article = an_article(7, "A\u202eB\r\nBcc: x", "An ISIS\x00 spokesman\ud800 spoke", url="javascript:alert(1)")
    shown = story_view(a_match(article, ISLAMIC_STATE), base_url=BASE_URL)
    assert (shown.title, shown.url) == ("AB Bcc: x", "")
    assert shown.pieces == (Piece("An "), Piece("ISIS", marked=True), Piece(" spokesman spoke"))


def test_a_right_to_left_headline_sets_the_direction() -> None:
    shown = story_view(
        a_match(an_article(7, "كسر حصار دير الزور", "داعش", language="ar"), ISLAMIC_STATE), base_url=BASE_URL
    )
    assert (shown.direction, shown.language) == ("rtl", "ar")


def test_a_span_that_no_longer_fits_the_text_is_not_marked() -> None:
    match = a_match(an_article(7), ISLAMIC_STATE)
    hits = tuple(replace(hit, span=Span(TextField.TEXT, 0, 5, "other")) for hit in match.receipt.hits)
    stale = replace(match, receipt=replace(match.receipt, hits=hits))
    assert not any(piece.marked for piece in story_view(stale, base_url=BASE_URL).pieces)
