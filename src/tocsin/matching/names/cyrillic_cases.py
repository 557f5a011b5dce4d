"""Case endings of Russian and Ukrainian names in Cyrillic script: Путина, Зеленскому, в Москве, до Києва.

Works on small letters that are not folded yet, because й is not и here. Genitive, dative, accusative, instrumental,
prepositional; the order only keeps the words of a name in agreement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tocsin.matching.names.endings import Ending, ending

# ruff: noqa: RUF001 - Cyrillic letters look like Latin ones

_UKRAINIAN = re.compile("[іїєґ]|ьк")
_RUSSIAN = re.compile("[ыэъё]|(?<!ь)ск")


def tables(name: str) -> Iterator[tuple[Ending, ...]]:
    """Yield the tables for a name in small letters: of the language that its letters show, or of both."""
    if not _UKRAINIAN.search(name):
        yield _russian()
    if not _RUSSIAN.search(name):
        yield _ukrainian()


@lru_cache(maxsize=1)
def _russian() -> tuple[Ending, ...]:
    return (
        ending(r"[сц]кий$", 2, "ого", "ому", "ого", "им", "ом"),
        ending(r"ой$", 2, "ого|оя", "ому|ою", "ого|оя", "ым|им|оем", "ом|ое"),
        ending(r"ый$", 2, "ого", "ому", "ого", "ым", "ом"),
        ending(r"ая$", 2, "ой", "ой", "ую", "ой|ою", "ой"),
        ending(r"(?:ов|ев|ёв|ин|ын)$", 0, "а", "у", "а", "ым|ом", "е"),
        ending(r"(?:ов|ев|ёв|ин|ын)а$", 1, "ой|ы", "ой|е", "у", "ой", "ой|е"),
        ending(r"ия$", 1, "и", "и", "ю", "ей", "и"),
        ending(r"я$", 1, "и", "е", "ю", "ей", "е"),
        ending(r"[гкх]а$", 1, "и", "е", "у", "ой", "е"),
        ending(r"[жчшщ]а$", 1, "и", "е", "у", "ей|ой", "е"),
        ending(r"[^аеёиоуыэюя]а$", 1, "ы", "е", "у", "ой", "е"),
        ending(r"ий$", 1, "я", "ю", "я", "ем", "и"),
        ending(r"й$", 1, "я", "ю", "я", "ем", "е"),
        ending(r"ь$", 1, "я|и", "ю|и", "я|ь", "ем|ём|ью", "е|и"),
        ending(r"[оеи][вн]о$", 1, "а", "у", "о", "ом", "е"),
        ending(r"ец$", 2, "ца|еца", "цу|ецу", "ца|еца", "цем|цом|ецом", "це|еце"),
        ending(r"[жчшщц]$", 0, "а", "у", "а", "ем|ом", "е"),
        ending(r"[бвгдзклмнпрстфх]$", 0, "а", "у", "а", "ом", "е"),
    )


@lru_cache(maxsize=1)
def _ukrainian() -> tuple[Ending, ...]:
    return (
        ending(r"ий$", 2, "ого", "ому", "ого", "им", "ому|ім"),
        ending(r"[сцз]ька$", 1, "ої", "ій", "у", "ою", "ій"),
        ending(r"їв$", 2, "єва", "єву|єві", "їв", "євом", "єві"),
        ending(r"ів$", 2, "ова|ева", "ову|ові|еву", "ова|ів", "овом|евом", "ові|еві"),
        ending(r"ія$", 1, "ї", "ї", "ю", "єю", "ї"),
        ending(r"я$", 1, "і", "і", "ю", "ею", "і"),
        ending(r"ка$", 2, "ки", "ці", "ку", "кою", "ці"),
        ending(r"га$", 2, "ги", "зі", "гу", "гою", "зі"),
        ending(r"ха$", 2, "хи", "сі", "ху", "хою", "сі"),
        ending(r"[^аеєиіїоуюя]а$", 1, "и|ої", "і|ій", "у", "ою", "і|ій"),
        ending(r"[^аеєиіїоуюя]о$", 1, "а", "у|ові", "а", "ом", "у|ові"),
        ending(r"й$", 1, "я", "ю|єві", "я", "єм", "ї|єві|ю"),
        ending(r"ь$", 1, "я|і", "ю|еві|і", "я|ь", "ем|ю", "і|ю|еві"),
        ending(r"ець$", 3, "ця", "цю|цеві", "ця", "цем", "ці|цеві"),
        ending(r"(?:ов|ев|єв|ін|їн|ин)$", 0, "а", "у|ові", "а", "им|ом", "і|у|ові"),
        ending(r"[жчшщц]$", 0, "а|у", "у|еві", "а", "ем", "і|у|еві"),
        ending(r"[бвгдзклмнпрстфх]$", 0, "а|у", "у|ові", "а", "ом", "і|у|ові"),
    )
