"""Page furniture: what stands on a news page and is not the story, found in plain text (a block a line) and in HTML.

Captions, picture credits, galleries, links to other stories, advertisements, invitations, menus, tags, imprints, lines
on the author. Datelines and subheadings are the story's. What is doubtful is content: running text is taken only in a
picture gallery, or where its first words say what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from tocsin.text.furniture_cues import closing
from tocsin.text.furniture_html import flattened, looks_like_html
from tocsin.text.furniture_judgement import judged
from tocsin.text.furniture_lines import lines_of
from tocsin.text.furniture_signatures import signatures
from tocsin.text.furniture_words import Furniture

_MOST_LINES: Final = 3000
"""A text of more lines is no page."""


class Part(NamedTuple):
    """A piece of furniture: the half-open range of the text, in code points, and what it is."""

    start: int
    end: int
    kind: Furniture


def furniture(text: str, *, is_html: bool | None = None) -> tuple[tuple[int, int], ...]:
    r"""Return the half-open ranges of page furniture in a text, in code points, sorted and apart; never all of it.

    ``is_html`` None: as it looks.

    >>> furniture("The ferry sank.\nPhoto: Ann Smith\nAll were saved.")
    ((16, 32),)
    """
    ranges: list[tuple[int, int]] = []
    for start, end, _ in furniture_parts(text, is_html=is_html):
        if ranges and not text[ranges[-1][1] : start].strip():
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))
    return tuple(ranges)


def furniture_parts(text: str, *, is_html: bool | None = None) -> tuple[Part, ...]:
    """Return the pieces of furniture with what they are; sorted, apart, never all of the text."""
    if looks_like_html(text) if is_html is None else is_html:
        flat = flattened(text)
        return _parts(flat.text, flat.links, list(_apart(flat.parts)))
    return _parts(text, [], [])


def _parts(text: str, links: list[tuple[int, int]], elements: list[Part]) -> tuple[Part, ...]:
    """Return the furniture of lines, given that of elements, which the lines are then judged without."""
    rest = _blanked(text, elements)
    found: list[Part] = []
    if rest.count("\n") <= _MOST_LINES:
        lines = lines_of(rest, links)
        for line, kind in zip(lines, judged(rest, lines), strict=True):
            if kind:
                found.append(Part(line.start, line.end, kind))
            elif closed := closing(rest[line.start : line.end]):
                found.append(Part(line.start + closed[0], line.end, closed[1]))
    signed = [Part(start, end, Furniture.CREDIT) for start, end in signatures(rest)]
    parts = list(_apart([*elements, *found, *signed]))
    return tuple(parts) if any(map(str.isalpha, _blanked(text, parts))) else ()


def _blanked(text: str, parts: list[Part]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, _ in parts:
        pieces += [text[done:start], " " * (end - start)]
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _apart(parts: Iterable[tuple[int, int, Furniture]]) -> Iterator[Part]:
    """Yield the parts without those within others, and without what two have in common."""
    done = 0
    for start, end, kind in sorted(parts, key=_outermost_first):
        if end > max(start, done):
            yield Part(max(start, done), end, kind)
            done = end


def _outermost_first(part: tuple[int, int, Furniture]) -> tuple[int, int]:
    return part[0], -part[1]
