"""Case endings of Russian and Ukrainian names in Cyrillic script: Путина, Зеленскому, в Москве, до Києва.

Works on small letters that are not folded yet, because й is not и here. Genitive, dative, accusative, instrumental,
prepositional; the order only keeps the words of a name in agreement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.matching.names.endings import Ending, table

# ruff: noqa: RUF001 - Cyrillic letters look like Latin ones

_UKRAINIAN = re.compile("[іїєґ]|ьк")
_RUSSIAN = re.compile("[ыэъё]|(?<!ь)ск")


_RUSSIAN_ENDINGS = r"""
[сц]кий$  2  ого ому ого им ом
ой$  2  ого|оя ому|ою ого|оя ым|им|оем ом|ое
ый$  2  ого ому ого ым ом
ая$  2  ой ой ую ой|ою ой
(?:ов|ев|ёв|ин|ын)$  0  а у а ым|ом е
(?:ов|ев|ёв|ин|ын)а$  1  ой|ы ой|е у ой ой|е
ия$  1  и и ю ей и
я$  1  и е ю ей е
[гкх]а$  1  и е у ой е
[жчшщ]а$  1  и е у ей|ой е
[^аеёиоуыэюя]а$  1  ы е у ой е
ий$  1  я ю я ем и
й$  1  я ю я ем е
ь$  1  я|и ю|и я|ь ем|ём|ью е|и
[оеи][вн]о$  1  а у о ом е
ец$  2  ца|еца цу|ецу ца|еца цем|цом|ецом це|еце
[жчшщц]$  0  а у а ем|ом е
[бвгдзклмнпрстфх]$  0  а у а ом е
"""

_UKRAINIAN_ENDINGS = r"""
ий$  2  ого ому ого им ому|ім
[сцз]ька$  1  ої ій у ою ій
їв$  2  єва єву|єві їв євом єві
ів$  2  ова|ева ову|ові|еву ова|ів овом|евом ові|еві
ія$  1  ї ї ю єю ї
я$  1  і і ю ею і
ка$  2  ки ці ку кою ці
га$  2  ги зі гу гою зі
ха$  2  хи сі ху хою сі
[^аеєиіїоуюя]а$  1  и|ої і|ій у ою і|ій
[^аеєиіїоуюя]о$  1  а у|ові а ом у|ові
й$  1  я ю|єві я єм ї|єві|ю
ь$  1  я|і ю|еві|і я|ь ем|ю і|ю|еві
ець$  3  ця цю|цеві ця цем ці|цеві
(?:ов|ев|єв|ін|їн|ин)$  0  а у|ові а им|ом і|у|ові
[жчшщц]$  0  а|у у|еві а ем і|у|еві
[бвгдзклмнпрстфх]$  0  а|у у|ові а ом і|у|ові
"""


def tables(name: str) -> Iterator[tuple[Ending, ...]]:
    """Yield the tables for a name in small letters: of the language that its letters show, or of both."""
    if not _UKRAINIAN.search(name):
        yield table(_RUSSIAN_ENDINGS)
    if not _RUSSIAN.search(name):
        yield table(_UKRAINIAN_ENDINGS)
