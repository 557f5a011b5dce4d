"""Which lines of a page are furniture by where they stand: under a heading of links, over a credit, below the story.

What only the place says is believed less than words: it needs running text around it, never takes a paragraph but in a
picture gallery, and nothing that stands before the first one except menus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tocsin.text.furniture_cues import Cue, closing
from tocsin.text.furniture_galleries import galleries
from tocsin.text.furniture_lines import Line, counter, is_duration, is_number
from tocsin.text.furniture_signatures import is_signed
from tocsin.text.furniture_words import Furniture

_LONGEST: Final = 320
"""Weight of the longest line on an author."""


@dataclass(slots=True)
class Judgement:
    """The lines of a page, what each is (None: content, as far as is known), and where its running text stands."""

    lines: list[Line]
    kinds: list[Furniture | None]

    def paragraphs(self) -> list[int]:
        """Return which lines are paragraphs of the story."""
        return [at for at, line in enumerate(self.lines) if self.kinds[at] is None and line.is_paragraph]

    @property
    def has_titles(self) -> bool:
        """Whether some line that is not known ends like no sentence: most pages' stories have none."""
        return any(kind is None and not line.is_sentence for line, kind in zip(self.lines, self.kinds, strict=True))

    @property
    def leaves_text(self) -> bool:
        """Whether something with letters is left that is not furniture."""
        return any(
            kind is None and any(map(str.isalpha, line.text)) for line, kind in zip(self.lines, self.kinds, strict=True)
        )


def judge_by_place(judgement: Judgement, cues: list[Cue | None]) -> None:
    """Say of the lines that are not yet known what they are by what stands around them; ``cues``: line by line."""
    if any(cues):
        _take_galleries(judgement)
    _take_listed(judgement, cues)
    first = next(iter(judgement.paragraphs()), None)
    if first is None:
        return
    if judgement.has_titles:
        _take_timed(judgement, first)
        _take_captions(judgement, first)
        _take_signed(judgement, first)
        _take_run(judgement, first)
        _take_repeated(judgement, first)
        _take_menu_in_lines(judgement, first)
        _take_links_of_html(judgement, first)
    _take_end(judgement)


def _take_galleries(judgement: Judgement) -> None:
    story = judgement.paragraphs()
    for gallery in list(galleries(judgement.lines, judgement.kinds)):
        is_counted = counter(judgement.lines[gallery[-1]]) is not None
        inside = sum(at in gallery for at in story)
        # Without a counter, pictures at the beginning may be the story itself, unless there is more below them.
        least = 1 if is_counted or story[0] not in gallery else inside + 1
        if len(story) - inside < least:
            continue
        for at in gallery:
            judgement.kinds[at] = judgement.kinds[at] or Furniture.GALLERY


def _take_listed(judgement: Judgement, cues: list[Cue | None]) -> None:
    """Take what stands under a heading of links, as far as the next paragraph."""
    open_kind: Furniture | None = None
    for at, line in enumerate(judgement.lines):
        cue = cues[at]
        if cue:
            open_kind = cue.kind if cue.is_heading else open_kind
        elif judgement.kinds[at] is not None:
            continue
        elif open_kind and (line.is_title or _NUMBERED.match(line.text)) and not line.is_paragraph:
            judgement.kinds[at] = open_kind
        else:
            open_kind = _closing_kind(line.text) if line.announces else None


def _closing_kind(text: str) -> Furniture | None:
    """Return what a paragraph announces at its end: "... said. Read also:"; None for what is the story's."""
    closed = closing(text)
    return closed[1] if closed and closed[1] is Furniture.LINK else None


_NUMBERED: Final = re.compile(r"(?:\d{1,2}[.)]?|[•·*–-])\s")  # noqa: RUF001 - a dash
_TICKER: Final = 3


def _take_timed(judgement: Judgement, first: int) -> None:
    """Take durations and numbers under titles: films, and stories with their comments. Times of a ticker are none."""
    lines, kinds = judgement.lines, judgement.kinds
    durations = [at for at, line in enumerate(lines) if kinds[at] is None and is_duration(line)]
    timed = [at for at in durations if at + 1 < len(lines) and lines[at + 1].is_paragraph]
    if len(timed) < _TICKER:
        _take_under_titles(judgement, durations, first)
    numbers = {at for at, line in enumerate(lines) if kinds[at] is None and is_number(line)}
    pairs = [at for at in sorted(numbers) if at - 2 in numbers or at + 2 in numbers]
    _take_under_titles(judgement, pairs, first)


def _take_under_titles(judgement: Judgement, under: list[int], first: int) -> None:
    """Take lines with the title over each; what stands over a time before the story is the story's own title."""
    for at in under:
        if at <= first + 1:
            continue
        judgement.kinds[at] = Furniture.LINK
        if judgement.kinds[at - 1] is None and judgement.lines[at - 1].is_title:
            judgement.kinds[at - 1] = Furniture.LINK


_LEAST_CAPTION_WORDS: Final = 6


def _take_captions(judgement: Judgement, first: int) -> None:
    """Take a line over a picture's credit that is too long for a heading and ends like no sentence."""
    lines, kinds = judgement.lines, judgement.kinds
    for at in range(first + 1, len(lines) - 1):
        line = lines[at]
        if kinds[at + 1] is not Furniture.CREDIT or kinds[at] is not None or line.is_sentence:
            continue
        if line.is_title and line.words >= _LEAST_CAPTION_WORDS:
            kinds[at] = Furniture.CAPTION


_LONGEST_CAPTION: Final = 280


def _take_signed(judgement: Judgement, first: int) -> None:
    """Take short lines with a credit at their end: captions."""
    for at in range(first + 1, len(judgement.lines)):
        line = judgement.lines[at]
        if judgement.kinds[at] is None and line.weight <= _LONGEST_CAPTION and is_signed(line):
            judgement.kinds[at] = Furniture.CAPTION


_LEAST_RUN: Final = 3
_LEAST_RUN_WORDS: Final = 4
_LEAST_RUN_WEIGHT: Final = 24


def _take_run(judgement: Judgement, first: int) -> None:
    """Take three titles or more on end, next to other furniture: links to other stories. Alone they may be verse."""
    lines, kinds = judgement.lines, judgement.kinds
    run: list[int] = []
    for at in range(first + 1, len(lines) + 1):
        if at < len(lines) and kinds[at] is None and _is_like_other_titles(lines[at]):
            run.append(at)
            continue
        if len(run) >= _LEAST_RUN and (kinds[run[0] - 1] or (at < len(lines) and kinds[at])):
            for title in run:
                kinds[title] = Furniture.LINK
        run = []


def _is_like_other_titles(line: Line) -> bool:
    if not line.is_title or line.words < _LEAST_RUN_WORDS or line.weight < _LEAST_RUN_WEIGHT:
        return False
    return (
        line.text[0].isalnum() and not line.text[0].islower() and sum(map(str.isdigit, line.text)) <= _MOST_LONE_DIGITS
    )


_REPEATED: Final = re.compile(r"([^:：|]{4,40}[:：|])\s*\S")  # noqa: RUF001 - a colon


def _take_repeated(judgement: Judgement, first: int) -> None:
    """Take titles on end with one and the same label before them, in whatever language."""
    lines, kinds = judgement.lines, judgement.kinds
    labels = [_label(line) if at > first and kinds[at] is None else "" for at, line in enumerate(lines)]
    for at, (label, following) in enumerate(pairwise(labels)):
        if label and label == following:
            kinds[at] = kinds[at + 1] = Furniture.LINK


def _label(line: Line) -> str:
    found = _REPEATED.match(line.text) if line.is_title and not line.is_sentence else None
    return found[1] if found else ""


_LEAST_MENU: Final = 4
_LONGEST_MENU_WORDS: Final = 3


def _take_menu_in_lines(judgement: Judgement, first: int) -> None:
    """Take a run of four lines or more of at most three words each before the story: a menu, an entry a line."""
    run: list[int] = []
    for at in range(first + 1):
        line = judgement.lines[at]
        if at < first and line.is_title and line.weight <= 30 and line.words <= _LONGEST_MENU_WORDS:  # noqa: PLR2004
            run.append(at)
            continue
        if len(run) >= _LEAST_MENU:
            for entry in run:
                judgement.kinds[entry] = judgement.kinds[entry] or Furniture.NAVIGATION
        run = []


def _take_links_of_html(judgement: Judgement, first: int) -> None:
    for at, line in enumerate(judgement.lines):
        if at > first and line.linked and judgement.kinds[at] is None and not line.is_sentence:
            judgement.kinds[at] = Furniture.LINK


_LEAST_STORY: Final = 3
_LEAST_TITLE_WORDS, _MOST_TITLE_WORDS = 3, 12
_LONGEST_LONE_TITLE: Final = 90
_MOST_DIGITS: Final = 8
_MOST_LONE_DIGITS: Final = 4
_ABOUT_AUTHOR: Final = re.compile(
    r"(?:[A-Z]\S+ ){1,4}(?:(?:is|was) (?:an?|the|our) [^.]{0,80}(?:reporter|correspondent|journalist|editor|columnist|"
    r"contributor|writer|bureau chief|author)\b|(?:reported|contributed) (?:from|to|reporting)\b|ist [^.]{0,60}"
    r"(?:Korrespondent|Redakteur|Journalist|Reporter|Autor)|est [^.]{0,60}(?:journaliste|correspondant|chroniqueu)|"
    r"es [^.]{0,60}(?:periodista|corresponsal)|è [^.]{0,60}(?:giornalista|corrispondente))"
)


def _take_end(judgement: Judgement) -> None:
    """Take what follows the last sentence of a story: titles of others, lines on the author."""
    lines, kinds = judgement.lines, judgement.kinds
    if len(judgement.paragraphs()) < _LEAST_STORY:
        return
    last = _last_sentence(judgement)
    while _ABOUT_AUTHOR.match(lines[last].text) and lines[last].weight <= _LONGEST:
        kinds[last] = Furniture.BYLINE
        last = _last_sentence(judgement)
    if lines[last].announces:
        return
    is_known = False
    for at in range(last + 1, len(lines)):
        is_known = is_known or kinds[at] is not None
        if kinds[at] is None and _is_title_of_another(lines[at], is_known=is_known):
            kinds[at] = Furniture.LINK


def _is_title_of_another(line: Line, *, is_known: bool) -> bool:
    """Whether a line below the story is the title of another one.

    Without other furniture above (``is_known``), it may be the story's last words without their stop, or an address.
    """
    if not line.is_title or line.is_sentence or line.words < _LEAST_TITLE_WORDS:
        return False
    digits = sum(map(str.isdigit, line.text))
    if is_known:
        return digits <= _MOST_DIGITS
    is_short = line.weight <= _LONGEST_LONE_TITLE and line.words <= _MOST_TITLE_WORDS and digits <= _MOST_LONE_DIGITS
    return is_short and not line.text[0].islower() and not _PAUSE.search(line.text)


_PAUSE: Final = re.compile("[,;،؛、，；]")  # noqa: RUF001


def _last_sentence(judgement: Judgement) -> int:
    """Return the last line that is running text, a sentence, or announces what follows; the first if none is."""
    for at in range(len(judgement.lines) - 1, 0, -1):
        line = judgement.lines[at]
        if judgement.kinds[at] is None and (line.is_sentence or line.is_paragraph or line.announces):
            return at
    return 0
