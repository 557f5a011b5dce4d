from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.models.receipts import Span, TextField
from tocsin.text.snippet import ELLIPSIS, marked, snippet

# Speed is the business of the benchmarks; the first example also builds tables and automata.
patient = settings(deadline=None)

spans = st.builds(
    Span,
    field=st.just(TextField.TEXT),
    start=st.integers(-3, 60),
    end=st.integers(-3, 60),
    text=st.text("ab ", max_size=3),
)


@patient
@given(st.text("ab \n\u0301👍🏽", max_size=60), st.lists(spans, max_size=8))
def test_the_pieces_are_the_text(text: str, found: list[Span]) -> None:
    assert "".join(piece.text for piece in marked(text, found)) == text


@patient
@given(st.text("ab \n\u0301👍🏽", max_size=60), st.lists(spans, max_size=8), st.integers(1, 50))
def test_a_snippet_is_a_part_of_the_text_no_longer_than_asked(text: str, found: list[Span], width: int) -> None:
    shown = "".join(piece.text for piece in snippet(text, found, width))
    assert shown.strip(ELLIPSIS) in text
    assert len(shown.strip(ELLIPSIS)) <= width
