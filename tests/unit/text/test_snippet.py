from __future__ import annotations

from tocsin.models.receipts import Span, TextField
from tocsin.text.snippet import Piece, marked, snippet


def span_of(text: str, word: str, start: int = 0) -> Span:
    at = text.index(word, start)
    return Span(TextField.TEXT, at, at + len(word), word)


def test_the_whole_text_comes_in_pieces_with_the_spans_marked() -> None:
    text = "IS fighters left Homs"
    assert marked(text, [span_of(text, "Homs"), span_of(text, "IS")]) == (
        Piece("IS", marked=True),
        Piece(" fighters left "),
        Piece("Homs", marked=True),
    )


def test_overlapping_spans_are_one_mark() -> None:
    text = "the Islamic State group"
    pieces = marked(text, [span_of(text, "Islamic State"), span_of(text, "State group")])
    assert pieces == (Piece("the "), Piece("Islamic State group", marked=True))


def test_a_span_that_does_not_fit_the_text_is_not_marked() -> None:
    stale = (Span(TextField.TEXT, 0, 2, "US"), Span(TextField.TEXT, 90, 92, "IS"), Span(TextField.TEXT, 3, 3, ""))
    assert marked("IS fighters", stale) == (Piece("IS fighters"),)


LATER = (
    "Early on Homs was named. "
    + "Nothing happens here at all. " * 20
    + "Then Homs and Hama and Idlib fell, it was said. "
    + "x y " * 60
)


def later_spans(*names: str) -> list[Span]:
    return [span_of(LATER, "Homs"), *(span_of(LATER, name, LATER.index("Then")) for name in names)]


def test_a_snippet_shows_a_place_far_denser_than_the_first_between_whole_words() -> None:
    pieces = snippet(LATER, later_spans("Homs", "Hama", "Idlib"), 80)
    assert [piece.text for piece in pieces if piece.marked] == ["Homs", "Hama", "Idlib"]
    assert "".join(piece.text for piece in pieces) == (
        "…happens here at all. Then Homs and Hama and Idlib fell, it was said. x y x y x…"
    )


def test_a_snippet_prefers_the_first_place_to_one_a_little_denser() -> None:
    pieces = snippet(LATER, later_spans("Homs", "Hama"), 80)
    assert "".join(piece.text for piece in pieces) == (
        "Early on Homs was named. Nothing happens here at all. Nothing happens here at…"
    )


def test_a_snippet_without_spans_is_the_beginning() -> None:
    assert snippet("one two three four", [], 10) == (Piece("one two…"),)


def test_a_short_text_is_its_own_snippet() -> None:
    text = "IS left"
    assert snippet(text, [span_of(text, "IS")]) == (Piece("IS", marked=True), Piece(" left"))


def test_a_cut_never_parts_a_combined_character() -> None:
    text = "👩‍👩‍👧" * 30
    whole = "".join(piece.text for piece in snippet(text, [], 23)).removesuffix("…")
    assert whole == "👩‍👩‍👧" * (len(whole) // 5)


def test_what_stands_apart_is_not_shown_and_marks_move_up() -> None:
    text = "Advertisement\nThe ferry sank off Harlow.\nPhoto: Ann Smith\nAll were saved at Harlow."
    apart = [(0, 14), (text.index("Photo"), text.index("All"))]
    pieces = snippet(text, [span_of(text, "Smith"), span_of(text, "Harlow", 45)], apart=apart)
    assert pieces == (
        Piece("The ferry sank off Harlow.\nAll were saved at "),
        Piece("Harlow", marked=True),
        Piece("."),
    )
