"""The lines of a page and what shows in their shape: paragraph or title, counter, menu, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from tocsin.text.controls import NOTHING
from tocsin.text.furniture_cues import is_navigation

_WIDE: Final = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff]")
_SAMPLE: Final = 2000
_WIDE_SHARE: Final = 0.3
_WEIGHT_OF_WIDE: Final = 2.5
"""A Chinese, Japanese or Korean character says about as much as this many letters."""

_CLOSERS: Final = "\"'”’»›)]」』】）〉》“‘*_ \t\xa0"
_STOPS: Final = frozenset(".…。．｡؟۔।॥?!？！؛;։።៕")
_QUESTIONS: Final = frozenset("?!؟？！")
_ANNOUNCING: Final = frozenset(":,：，、-–—")

_COLONS: Final = frozenset(":：")
_LONGEST_NOTE: Final = 60
_NOTE: Final = re.compile(r"([.…。؟۔।!?])[”’»\"]? ?[(\[（][^()\[\]（）]*[)\]）]\Z")

_WEIGHT_OF_WORD: Final = 12
_PARAGRAPH: Final = 50
_LONG: Final = 170
_TITLE: Final = 140


class Line(NamedTuple):
    """A line that is not blank: its half-open range, its text, and its weight in letters.

    ``is_sentence``: it ends as sentences do. ``is_paragraph``: it is running text, a sentence of some length or too
    long for a title. ``is_title``: it may be a title, no longer than one, without a full stop; a question may be one.
    ``announces``: it ends in a colon. ``linked``: all of it is a link (HTML only).
    """

    start: int
    end: int
    text: str
    weight: int
    is_sentence: bool
    is_paragraph: bool
    is_title: bool
    announces: bool = False
    linked: bool = False

    @property
    def words(self) -> int:
        """The number of words; in scripts without spaces, of what would be about a word."""
        words = self.text.count(" ") + 1
        return words if self.text.isascii() else max(words, self.weight // _WEIGHT_OF_WORD)


def lines_of(text: str, links: list[tuple[int, int]] | None = None) -> list[Line]:
    """Return the lines of a text that are not blank; ``links``: the ranges of links, sorted (HTML only)."""
    scale = _scale(text)
    is_spread = "  " in text or NOTHING in text
    lines: list[Line] = []
    start = 0
    for written in text.split("\n"):
        stripped = written.strip()
        read = _tidy(stripped) if is_spread else stripped
        if read:
            first = start + (0 if written[0] == stripped[0] else written.index(stripped[0]))
            lines.append(_line(first, first + len(stripped), read, scale))
        start += len(written) + 1
    return list(_with_links(lines, links)) if links else lines


def _tidy(text: str) -> str:
    """Return a line without runs of blanks and without what entities leave, as it is read."""
    return " ".join(text.replace(NOTHING, "").split())


def _line(start: int, end: int, text: str, scale: float) -> Line:
    weight = len(text) if scale == 1 else int(len(text) * scale)
    last = text[-1]
    if last in _CLOSERS:
        last = _last_before_closers(text)
    is_sentence = last in _STOPS
    is_paragraph = weight >= _LONG or (weight >= _PARAGRAPH and is_sentence)
    is_title = weight <= _TITLE and last not in _ANNOUNCING and (not is_sentence or last in _QUESTIONS)
    return Line(start, end, text, weight, is_sentence, is_paragraph, is_title, last in _COLONS)


def _last_before_closers(text: str) -> str:
    """Return the last character but quotes and brackets; a short note in brackets after a stop counts as nothing."""
    noted = _NOTE.search(text, max(0, len(text) - _LONGEST_NOTE))
    return noted[1] if noted else text.rstrip(_CLOSERS)[-1:]


_LINKED_SHARE: Final = 0.8


def _with_links(lines: list[Line], links: list[tuple[int, int]]) -> Iterator[Line]:
    """Yield the lines, those marked that are links and little else."""
    at = 0
    for line in lines:
        while at < len(links) and links[at][1] <= line.start:
            at += 1
        linked = next_at = 0
        for next_at in range(at, len(links)):
            start, end = links[next_at]
            if start >= line.end:
                break
            linked += min(end, line.end) - max(start, line.start)
        at = max(at, next_at - 1)
        yield line._replace(linked=linked >= _LINKED_SHARE * (line.end - line.start))


def _scale(text: str) -> float:
    sample = text[:_SAMPLE]
    if sample.isascii():
        return 1.0
    return _WEIGHT_OF_WIDE if len(_WIDE.findall(sample)) > _WIDE_SHARE * len(sample) else 1.0


_LEAST_CONTINUED: Final = 3
_CONTINUED_SHARE: Final = 0.3


def is_wrapped(lines: list[Line]) -> bool:
    """Whether the lines were broken at a width: many go on in small letters where the one before has not ended."""
    continued = 0
    for before, after in pairwise(lines):
        if not before.is_sentence and after.text[0].islower():
            continued += 1
    return continued >= _LEAST_CONTINUED and continued >= _CONTINUED_SHARE * len(lines)


_DURATION: Final = re.compile(r"\(?\d{1,3}:[0-5]\d(?::[0-5]\d)?\)?(?: ?(?:min|mins|minutes|Min\.|Minuten|мин|dk))?")
_LONGEST_DURATION: Final = 16
_LONGEST_NUMBER: Final = 8
_NUMBER: Final = re.compile(r"\(?\d{1,6}\)?")
_OF: Final = "[|/]|of|von|sur|de|di|van|z|ze|из|з|із|od|din|av|af|dari|من|از|מתוך|中|／"
_COUNTED: Final = (
    "images?|photos?|pictures?|slides?|videos?|Bilder|Bild|Fotos?|Foto's|imágenes|imagen|fotos|fotografías|immagini|"
    "immagine|imagens|afbeeldingen|zdjęć|zdjęcia|zdjęcie|obrázků|fotografií|фото|фотографий|фотографии|изображений|"
    "изображения|зображень|görsel|fotoğraf|resim|صور|صورة|تصویر|عکس|תמונות|तस्वीरें|तस्वीर|फ़ोटो|张图片|張圖片|张|枚|枚目|장|gambar|"
    "bilder|bild|bilde|billeder|kuvaa|kuva"
)
_COUNTER: Final = re.compile(
    rf"(?:(?:(?:{_COUNTED})[ :]{{0,2}})?\d{{1,3}} ?(?:{_OF}) ?\d{{1,3}}(?: ?(?:{_COUNTED}))?"
    rf"|(?P<all>\d{{1,3}}) ?(?:{_COUNTED})(?:[ |·,–-]{{0,3}}(?:{_COUNTED})?[ ]?\d{{1,3}} ?(?:{_OF}) ?\d{{1,3}})?)",
    re.IGNORECASE,
)
_LONGEST_COUNTER: Final = 40
_COUNT_OF_COMMENTS: Final = re.compile(
    r"[(]?\d{1,6}[)]? (?:comments?|Kommentare?|commentaires?|comentarios?|commenti|comentários?|reacties?|komentarz\w*|"
    r"komentář\w*|комментари\w+|коментар\w+|yorum|تعليق\w*|دیدگاه|نظر|תגובות|टिप्पणियाँ|条评论|件のコメント|komentar|shares?|"
    r"likes?|views?|min read|minute read|minutes? read|Min\. Lesezeit|min de lecture|min de lectura)\b",
    re.IGNORECASE,
)


def is_duration(line: Line) -> bool:
    """Whether the line is a duration and nothing else: 04:12."""
    return len(line.text) <= _LONGEST_DURATION and ":" in line.text and _DURATION.fullmatch(line.text) is not None


def is_number(line: Line) -> bool:
    """Whether the line is a number and nothing else, as of comments."""
    return len(line.text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(line.text) is not None


def counter(line: Line) -> int | None:
    """Return how many pictures a gallery's counter says there are, 0 if it is a counter without saying so.

    "7 images1 | 7" and "5 images | 1 of 5" are counters, "1 of 5" is one that does not say of what.
    """
    text = line.text
    if len(text) > _LONGEST_COUNTER or not (text[0].isdigit() or text[-1].isdigit()):
        return None
    found = _COUNTER.fullmatch(text)
    return int(found["all"] or 0) if found else None


def is_count(line: Line) -> bool:
    """Whether the line counts comments, shares or minutes."""
    return (
        len(line.text) <= _LONGEST_COUNTER
        and line.text[0] in "(0123456789"
        and _COUNT_OF_COMMENTS.match(line.text) is not None
    )


# ruff: noqa: RUF001 - signs that look alike
_SEPARATOR: Final = re.compile(r"(?: ?\| ?| [•·›»>/‹–—-] |\t+)")
_HAS_SEPARATOR: Final = re.compile(r"[|•·›»>/‹\t]| [–—-] ")
_LONGEST_MENU: Final = 600
_LONGEST_PART: Final = 34
_LEAST_PARTS: Final = 3
_MOST_WORDS_OF_PART: Final = 4


def _spaces(part: str) -> int:
    return part.count(" ")


def is_menu(line: Line) -> bool:
    """Whether the line is a row of short parts with bars or arrows between: "Home | World | Sport", "News > Asia".

    Two parts are enough where one is a word of every menu. A row of a table, half of it numbers, is none.
    """
    text = line.text
    if line.weight > _LONGEST_MENU or line.is_sentence or not _HAS_SEPARATOR.search(text):
        return False
    parts = [part for part in _SEPARATOR.split(text) if part]
    if len(parts) <= 1 or max(map(len, parts)) > _LONGEST_PART or max(map(_spaces, parts)) >= _MOST_WORDS_OF_PART:
        return False
    if sum(any(map(str.isdigit, part)) for part in parts) * 2 >= len(parts):
        return False
    return len(parts) >= _LEAST_PARTS or any(map(is_navigation, parts))
