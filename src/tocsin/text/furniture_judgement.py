"""Which lines of a page are furniture: by their words first, then by where they stand among the others."""

from __future__ import annotations

from typing import Final

from tocsin.text.furniture_cues import Cue, cue_of
from tocsin.text.furniture_lines import Line, counter, is_count, is_menu, is_wrapped
from tocsin.text.furniture_places import Judgement, judge_by_place
from tocsin.text.furniture_words import Furniture, contained, contains_some

_LONGEST: Final = 320
"""Weight of the longest line that is looked at for cues: a paragraph of more is read as text."""
_LONGEST_SENTENCES: Final = {
    Furniture.CREDIT: 300,
    Furniture.LINK: 110,
    Furniture.SIGN_UP: _LONGEST,
    Furniture.NOTICE: _LONGEST,
    Furniture.BYLINE: 240,
    Furniture.ADVERTISEMENT: 140,
    Furniture.SHARING: 140,
    Furniture.TAGS: 0,
    Furniture.NAVIGATION: 30,
}
_LONGEST_LABELLED: Final = {Furniture.LINK: 220, Furniture.BYLINE: 160, Furniture.ADVERTISEMENT: 140}


def judged(text: str, lines: list[Line]) -> list[Furniture | None]:
    """Return what each line of the text is; never says of all lines with letters that they are furniture."""
    nothing: list[Furniture | None] = [None] * len(lines)
    if len(lines) <= 1 or is_wrapped(lines):
        return nothing
    contains = contains_some(text)
    cues = [_cue(line, contains=contains) for line in lines]
    if cues[0] and cues[0].kind is Furniture.LINK:
        # The text may begin with its title again, and that with "Video:" or "More:".
        cues[0] = None
    by_words = Judgement(lines, [cue.kind if cue else None for cue in cues])
    if not by_words.leaves_text:
        return nothing
    judgement = Judgement(lines, list(by_words.kinds))
    if judgement.paragraphs():
        judge_by_place(judgement, cues)
    return judgement.kinds if judgement.leaves_text else by_words.kinds


def _cue(line: Line, *, contains: bool) -> Cue | None:
    """Return what the line is by its own words and shape."""
    if line.weight > _LONGEST:
        return None if line.is_sentence or not is_menu(line) else Cue(Furniture.NAVIGATION)
    cue = cue_of(line.text)
    if cue and _fits(line, cue.kind):
        return cue
    if not line.is_sentence:
        if counter(line) is not None or is_count(line) or is_menu(line):
            return Cue(Furniture.NAVIGATION)
        if _is_byline(line):
            return Cue(Furniture.BYLINE)
    kind = contained(line.text) if contains else None
    return Cue(kind) if kind else None


def _fits(line: Line, kind: Furniture) -> bool:
    longest = _LONGEST_SENTENCES if line.is_sentence else _LONGEST_LABELLED
    return line.weight <= longest.get(kind, _LONGEST)


_BY: Final = frozenset(("By", "BY", "by", "Von", "VON", "Par", "PAR", "Por", "POR", "Di", "Door", "Av", "Af"))
_JOINING_WORDS: Final = (
    "a à al an and at aus bin bint abu correspondent correspondents corresponsal correspondant correspondante "
    "corrispondente contributor da dal de del della den der di do dos du e editor el en enviado envoyé envoyée "
    "especial et for from i ibn in inviato korrespondent korrespondentin och of og reporter reporters special "
    "spécial spéciale staff ter the to und van von writer writers y & AND FOR IN"
)
_JOINING: Final = frozenset(_JOINING_WORDS.split())
_LONGEST_BYLINE: Final = 90
_LEAST_NAMES, _MOST_NAMES = 2, 12


def _is_byline(line: Line) -> bool:
    """Whether the line says by whom the story is: "By Ann Smith and John Doe in Ghent"."""
    if line.weight > _LONGEST_BYLINE:
        return False
    first, *names = line.text.split()
    if first not in _BY or not _LEAST_NAMES <= len(names) <= _MOST_NAMES:
        return False
    return names[0][0].isupper() and all(name[0].isupper() or name.strip(",|") in _JOINING for name in names)
