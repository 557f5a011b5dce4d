"""How Slavic names are written in Latin letters, by rules: English, French, German and Slavic papers, and Ukrainian and
Russian forms of one name.

The rules change one sound at a time; none of them knows a name. Works on folded words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tocsin.matching.names.spelling import SHORT, Sound, Spelling, in_one_manner, respell, sound

_MANNERS = re.compile(
    "(?P<mixed>(?=.*(?:sch|w))(?=.*(?:sh|zh|kh|tch|ou|v|y[aeou]))|(?=.*ou)(?=.*(?:sh|zh|cz|sz)))"
    "|(?P<german>.*(?:sch|w|kyj$|^j[aeu]))|(?P<french>.*(?:ou|tch))"
)
"""Sounds written as German or French papers do: Lukaschenko, Loukachenko, hardly Loukaschenko."""

_OF_A_MANNER = 4
"""Spellings of each word that are combined with those of the same manner."""

_KEPT = 128
"""Words whose spellings are remembered; one takes up to 40 kB."""

_SKY = "-sky, -ski, -skyi and -skiy"
_SKAYA = "-skaya and -skaja"
_YIV = "-yiv and -iev"
_IV = "-iv and -ov"
_EV = "-ev, -yev and -jew"
_VICH = "-vich, -vych and -witsch"
_CHUK = "-chuk and -tschuk"
_IN = "-in and -ine"
_EY = "-ei, -ey and -ej"
_Y = "-y, -iy, -yi and -yy"
_IA = "-ia, -iya and -ja"
_VLAD = "Volod- and Vlad-, Nik- and Myk-, Ale- and Ole-"
_SHCH = "shch and schtsch"
_CH = "ch, tch, tsch and cz"
_ZH = "zh, j and sch"
_SH = "sh, ch and sch"
_KH = "kh, ch and h"
_TS = "ts, c, z and tz"
_X = "x and ks"
_V = "v and w"
_Z = "z and s"
_SS = "s and ss"
_YA = "ya, ja and ia; yu, ju and iu; ye, je and e"
_YO = "yo, jo and e"
_OU = "u and ou"
_G = "g and h"
_SOFT = "the apostrophe for a soft sign"


@lru_cache(maxsize=1)
def _sounds() -> tuple[Sound, ...]:
    """Return the sounds, those that depend on more neighbours first."""
    return (*_endings(), *_beginnings(), *_consonants(), *_vowels())


def _endings() -> tuple[Sound, ...]:
    return (
        sound(r"(?:ts|c|tz)k(?:yy|yi|yj|iy|ii|ij|y|i)$", _SKY, tsky=0.4, cki=0.5, tskyi=0.5, tskyy=0.6, tski=0.5,
              tskiy=0.5, zki=0.8, ckyj=0.8, zkyj=0.9),
        sound(r"(?<=s)k(?:yy|yi|yj|iy|ii|ij|y|i)$", _SKY, ky=0.3, ki=0.4, kyi=0.4, kyy=0.5, kiy=0.5, kyj=0.5, kij=0.6,
              kii=0.6),
        sound(r"(?<=s)k(?:aya|aia|aja)$", _SKAYA, kaya=0.3, kaia=0.5, kaja=0.5),
        sound(r"(?<=[^aeiouy])(?:yy?iv|iyiv|yjiw|yiw|iy?ev|ij?ew|ijiv)$", _YIV, yiv=0.4, iev=0.4, yyiv=0.8, yjiw=0.6,
              iew=0.6, yjev=0.6, iyev=0.8, ijev=0.8, yjiv=0.9),
        sound(r"a(?:[yj]?i[vw]|[yj]?e[vw])$", _YIV, aiv=0.4, aev=0.4, ayev=0.5, ajew=0.6, ajiw=0.6, ayiv=0.7, aiw=0.9),
        sound(r"(?<=[^aeiouy])i[vw]$", _IV, iv=0.4, ov=0.5, iw=0.6, ow=0.6),
        sound(r"(?<=[^aeiouyj])o[vw]$", _IV, ov=0.4, ow=0.5, iv=0.9, iw=1.0, off=1.1),
        sound(r"(?:[yji]?e[vw])$", _EV, ev=0.3, yev=0.5, ew=0.6, jew=0.6, iev=0.7, yov=0.9, jow=1.0, ow=1.1, iov=1.2,
              eff=1.2),
        sound(r"[yji]o[vw]$", _EV, yov=0.4, ev=0.4, jow=0.7, ow=1.0, iov=0.8, ew=0.9),
        sound(r"(?:v[iy]t?ch|w[iy]tsch|vic|wicz|vyc)$", _VICH, vich=0.4, vych=0.4, vitch=0.5, witsch=0.5, vic=0.7,
              wicz=0.8, wytsch=0.7, vyc=1.0),
        sound(r"(?:t?chuk|tschuk|tchouk|czuk|cuk)$", _CHUK, chuk=0.4, tschuk=0.5, tchouk=0.5, czuk=0.7, cuk=0.9),
        sound(r"(?<=[a-z]{2}[^aeiouy])ine?$", _IN, **{"in": 0.4, "ine": 0.6}),
        sound(r"e[iyj]$", _EY, ei=0.3, ey=0.3, ej=0.4, ii=1.2, iy=1.1),
        sound(r"(?<=[^aeiouyk])(?:yy|yi|yj|iy|ii|ij|y|i)$", _Y, y=0.4, i=0.4, iy=0.5, ii=0.6, yi=0.7, ij=0.7, yj=0.8,
              yy=0.8),
        sound(r"(?<=[^aeiouy])(?:iia|iya|ija|ya|ia|ja)$", _IA, ia=0.4, iya=0.5, ya=0.5, ja=0.6, ija=0.7, iia=0.8),
    )  # fmt: skip


def _beginnings() -> tuple[Sound, ...]:
    return (
        sound(r"^[vw]olod(?=[iy])", _VLAD, vlad=0.8, wolod=0.7, wlad=1.1),
        sound(r"^[vw]lad(?=[iy])", _VLAD, volod=0.8, wlad=0.7, wolod=1.1),
        sound(r"^n[iy](?=k[oi])", _VLAD, ny=0.9, my=0.9, mi=1.0),
        sound(r"^m[iy](?=k[oy])", _VLAD, my=0.6, ni=0.9, ny=1.2),
        sound(r"^al(?=e(?:ks|x))", _VLAD, ol=0.8),
        sound(r"^ol(?=e(?:ks|x))", _VLAD, al=0.8),
    )


def _consonants() -> tuple[Sound, ...]:
    return (
        sound(r"shch|schtsch|chtch|szcz", _SHCH, shch=0.6, schtsch=0.6, chtch=0.8, szcz=1.0, sc=1.3),
        sound(r"tsch|tch|cz", _CH, ch=0.5, tsch=0.7, tch=0.7, cz=1.0, c=1.1),
        sound(r"zhzh", _ZH, zh=0.5, schsch=0.9, jj=0.9, zz=1.0, z=1.3),
        sound(r"zh", _ZH, sch=0.7, j=0.8, z=0.9, zj=1.3),
        sound(r"sch", _SH, sh=0.7, zh=0.8, ch=0.9),
        sound(r"sh", _SH, sch=0.7, ch=0.9, s=1.1, sz=1.1),
        sound(r"kh", _KH, ch=0.7, h=0.8, k=1.2),
        sound(r"ch", _CH, tsch=0.7, tch=0.7, c=1.1, cz=1.1, kh=1.2),
        sound(r"ts|tz", _TS, ts=0.6, z=0.8, c=0.8, tz=0.9),
        sound(r"x", _X, ks=0.5),
        sound(r"ks", _X, x=0.5),
        sound(r"v", _V, w=0.6),
        sound(r"w", _V, v=0.6),
        sound(r"z(?=[aeiouyn])", _Z, s=0.8),
        # Back from German: Selenskyj.
        sound(r"^s(?=[aeiou].*kyj$)", _Z, z=0.6),
        sound(r"(?<=[aeiou])ss(?=[aeiou]$|$)", _SS, s=0.6),
        sound(r"(?<=[aeiou])s(?=a?$)", _SS, ss=0.7),
        sound(r"g(?=[ei])", _G, gu=0.9, h=1.0),
        sound(r"g(?!h)", _G, h=1.0),
        sound(r"(?<![cktsz])h(?=[aeiouyrln])", _G, g=0.9, kh=1.1, ch=1.2),
        sound(r"'", _SOFT, _=0.2),
    )


def _vowels() -> tuple[Sound, ...]:
    return (
        sound(r"(?:y|j|(?<=[^aeiou])i)a", _YA, ya=0.5, ja=0.6, ia=0.6),
        sound(r"(?:you|iou|y[u]|j[u]|(?<=[^aeiou])iu)", _YA, yu=0.5, ju=0.6, iu=0.6, iou=0.8, you=0.8),
        sound(r"(?:y|j|(?<=[^aeiou])i)o", _YO, yo=0.5, jo=0.6, io=0.7, e=0.7),
        sound(r"^(?:ye|je)", _YA, ye=0.5, je=0.6, e=0.6),
        sound(r"^e(?=[^aeiouy])", _YA, ye=0.7, je=0.9),
        sound(r"[yj]e", _YA, e=0.5, ie=0.7, je=0.7, ye=0.5),
        sound(r"ou", _OU, u=0.5),
        sound(r"u", _OU, ou=0.6),
        sound(r"(?<=[^aeiou])y(?=[^aeiouy])", _Y, i=0.5),
        sound(r"(?<=[^aeiou])i(?=[^aeiouy])", _Y, y=0.7),
    )


def reach_of(word: str) -> float:
    """Return how far a word's spellings may be from it: little for a short one, which soon becomes another name."""
    return 0.0 if len(word) < SHORT else min(3.0, 0.5 * len(word) - 0.8)


def spellings(words: Sequence[str]) -> list[Sequence[Spelling]]:
    """Return, for each word of a name in small letters, the ways to write it."""
    return [_of_word(word) for word in words]


@lru_cache(maxsize=_KEPT)
def _of_word(word: str) -> tuple[Spelling, ...]:
    """Return the ways to write a word; many names share their words."""
    return tuple(in_one_manner(respell(word, _sounds(), reach_of(word)), _MANNERS))


def whole_manners(parts: Sequence[Sequence[Spelling]]) -> Iterator[list[Sequence[Spelling]]]:
    """Yield the parts of a name as papers of one language write all of them: Wolodymyr Selenskyj."""
    for manner in ("german", "french"):
        found = [[one for one in part if _manner_of(one.form) == manner][:_OF_A_MANNER] for part in parts]
        if sum(map(bool, found)) > 1:
            yield [of_manner or part[:1] for of_manner, part in zip(found, parts, strict=True)]


def _manner_of(form: str) -> str:
    found = _MANNERS.match(form)
    return (found.lastgroup or "") if found else ""
