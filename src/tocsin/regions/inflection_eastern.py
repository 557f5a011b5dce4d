"""Adjectives and peoples in Uralic, Turkic, Semitic and Iranian languages; endings are folded.

Notation: `inflection_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# ruff: noqa: RUF001 - Arabic letters look like Latin ones

_FINNISH = """
nen: nen s~en,ta,essa,esta,een,ella,elta,elle,ena,eksi,et,ten,ia,issa,ista,iin,illa,ilta,ille,ina,iksi
i: i~_,n,a,t,en,a,lla,lle,lta,ssa,sta ej~a,en e~illa,ille,ita
: _
"""

_HUNGARIAN = """
: _~_,ak,ek,ok,k,t,at,et,ot,nak,nek,akat,eket,okat,aknak,eknek,oknak,akkal,ekkel,okkal,as,es
"""

_TURKISH = """
: _~_,ler,lar,lerin,larin,lere,lara,leri,lari,lerle,larla,lerden,lardan,in,un,nin,nun
"""

_PERSIAN = """
(?<=ي): _~_,ها,هاي,ان
: _~_,ها,هاي,ان,ي
"""

EASTERN = {"fi": _FINNISH, "hu": _HUNGARIAN, "tr": _TURKISH, "fa": _PERSIAN}
"""The tables by language (BCP 47 primary subtag)."""

_ARTICLE = "ال"
_ARABIC_ENDINGS = ("", "ه", "ون", "ين", "ات", "ا")
_HEBREW_ENDINGS = ("", "ת", "ם", "ים", "ות")
_HEBREW_ARTICLE = "ה"
_RELATIVE = re.compile("ي(?: |$)")


def arabic(word: str) -> Iterator[str]:
    """Yield the genders and numbers of a relative adjective, bare, with the article and behind the preposition li-.

    Each word of several takes the same ending and the article: "الكورية الجنوبية". A word that is no relative
    adjective (a broken plural, "أتراك") takes the article only.
    """
    for ending in _ARABIC_ENDINGS if _RELATIVE.search(word) else ("",):
        form = " ".join(part + ending if part.endswith("ي") else part for part in word.split())
        with_article = " ".join(_ARTICLE + part for part in form.split())
        yield from (form, with_article, "لل" + with_article.removeprefix(_ARTICLE))


def hebrew(word: str) -> Iterator[str]:
    """Yield the genders and numbers of an adjective, bare and with the article on its last word."""
    for ending in _HEBREW_ENDINGS:
        form = word + ending
        yield form
        first, _, last = form.rpartition(" ")
        if first:
            yield f"{first} {_HEBREW_ARTICLE}{last}"
