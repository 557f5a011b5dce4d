"""Why what the scan found is not the term after all, decided on the stored text: case, language, script, place."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from tocsin.matching.accents import is_another_word
from tocsin.matching.acronyms import is_defined, shows
from tocsin.matching.names import objection_to
from tocsin.matching.terms import Way
from tocsin.matching.unspaced import is_cut_out
from tocsin.matching.words import is_word
from tocsin.text.capitals import SHOUTED, is_shouted
from tocsin.text.fold import Folded, fold_term
from tocsin.text.lookalikes import in_latin, is_among_latin

CUT_OUT = "only a part of a longer word or name"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of an article: its language (None: unknown), the languages it may then be in, its texts."""

    language: str | None
    assumed: frozenset[str]
    texts: tuple[str, ...]
    explained: dict[str, bool] = field(default_factory=dict, compare=False)

    def explain(self, letters: str) -> bool:
        """Return whether the article says what an acronym stands for; looked up once an acronym."""
        if letters not in self.explained:
            self.explained[letters] = any(is_defined(letters, text) for text in self.texts)
        return self.explained[letters]

    def may_be_in(self, languages: frozenset[str]) -> bool:
        """Whether the article may be in one of some languages; where that is not known, it may always be English."""
        if self.language is None:
            return "en" in languages or not languages.isdisjoint(self.assumed)
        return self.language in languages


def objection(way: Way, passage: Folded, start: int, circumstances: Circumstances) -> str | None:
    """Return why the pattern of ``way``, found at ``start`` of the passage's scan text, is not the term; None if it is.

    ``passage`` is the folded title or text of the article.
    """
    first, last = start + way.start, start + way.end
    return (
        _wrong_letters(way, passage, start)
        or _wrong_accents(way, passage, first, last, circumstances)
        or _wrong_language(way, passage, first, last, circumstances)
        or _wrong_script(way, passage, first, last)
        or _wrong_place(way, passage, first, last)
        or _wrong_spelling(way, passage, first, last)
        or _shouted(way, passage, first, last, circumstances)
    )


def _stored(passage: Folded, first: int, last: int) -> str:
    start, end = passage.span(first, last)
    return passage.text[start:end]


def _wrong_letters(way: Way, passage: Folded, start: int) -> str | None:
    """Say so where an acronym does not stand in capitals, or a numeral has points."""
    for word in way.acronyms:
        written = _stored(passage, start + word.start, start + word.end)
        if not shows(written, word.letters + word.ending):
            return f"written {written!r}, and {word.letters} counts in capitals only"
        if word.is_numeral and "." in written:
            return f"written {written!r}, and {word.letters} is a numeral, which has no points"
    return None


def _wrong_accents(way: Way, passage: Folded, first: int, last: int, circumstances: Circumstances) -> str | None:
    """Without its accents, or with others, the term must not be a common word."""
    if not way.accents:
        return None
    written = _stored(passage, first, last)
    begins = first <= len(" ") or passage.scan.endswith(" . ", 0, first)
    if is_another_word(way.accents, written, circumstances.language, begins=begins):
        return f"written {written!r}, which is another word"
    return None


def _wrong_language(way: Way, passage: Folded, first: int, last: int, circumstances: Circumstances) -> str | None:
    """Say so where a grown form stands in an article of another language, or a German noun without its capital."""
    if way.languages and not circumstances.may_be_in(way.languages):
        languages = " or ".join(sorted(way.languages))
        language = circumstances.language or "not known"
        return f"a form of the word in {languages} only, and the language of the article is {language}"
    if way.is_noun and circumstances.language in {None, "de"}:
        word = _stored(passage, passage.scan.rfind(" ", first, last) + 1 or first, last)
        if not word[:1].isupper():
            return f"written {word!r}, and a German noun begins with a capital"
    return None


def _wrong_script(way: Way, passage: Folded, first: int, last: int) -> str | None:
    """Look-alikes of another script count among Latin words, in shapes that do look alike."""
    if not way.disguised:
        return None
    start, end = passage.span(first, last)
    if fold_term(in_latin(passage.text[start:end])) == way.disguised and is_among_latin(passage.text, start, end):
        return None
    return "letters of another script, which stand for themselves"


def _wrong_place(way: Way, passage: Folded, first: int, last: int) -> str | None:
    """Say so where a term is only a part of a hashtag's word, or of a longer word of a script without spaces."""
    if way.is_tag:
        return None if _is_in_tag(passage, first, last) else CUT_OUT
    return CUT_OUT if way.is_unspaced and is_cut_out(passage.scan, first, last) else None


def _wrong_spelling(way: Way, passage: Folded, first: int, last: int) -> str | None:
    """Say so where a spelling that rules made does not stand as names do."""
    return objection_to(way.variant, _stored(passage, first, last)) if way.variant else None


def _is_in_tag(passage: Folded, first: int, last: int) -> bool:
    """Whether a range is a hashtag, or stands in one between small letters and capitals: #IslamicStateInSyria."""
    scan = passage.scan
    word = scan.rfind(" ", 0, first) + 1
    if not scan.endswith("# ", 0, word):
        return False
    start, end = passage.span(first, last)
    text = passage.text
    begins = first == word or (text[start].isupper() and not text[start - 1].isupper())
    return begins and (scan[last] == " " or text[end : end + 1].isupper())


def _shouted(way: Way, passage: Folded, first: int, last: int, circumstances: Circumstances) -> str | None:
    """Among words in capitals an acronym that is also a word says nothing, unless the article says what it means.

    With points it is no word: "U.S. TROOPS LEAVE".
    """
    start = first - way.start
    doubtful = [
        word.letters
        for word in way.acronyms
        if is_word(word.letters.lower(), circumstances.language)
        and "." not in _stored(passage, start + word.start, start + word.end)
    ]
    if not doubtful:
        return None
    is_common = partial(is_word, language=circumstances.language)
    if not is_shouted(passage.context, *passage.span(first, last), is_common):
        return None
    return None if all(map(circumstances.explain, doubtful)) else SHOUTED
