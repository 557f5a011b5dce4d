"""How Arab names (and Persian and Urdu ones) are written in Latin letters, by rules.

Arabic has sounds that English, French and German papers each write in their own way, and vowels that speakers place
differently. The rules change one sound at a time; none of them knows a name. Works on folded words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tocsin.matching.names.spelling import MOST, SHORT, Sound, Spelling, cheapest, in_one_manner, respell, sound

_K = "q, k, g, gh and kh"
_J = "j, dj, dsch and g"
_SH = "sh, ch and sch"
_H = "kh, ch and h"
_TH = "th and t"
_DH = "d, dh and z"
_S = "s, ss and z"
_DOUBLED = "doubled letters"
_OU = "ou, u, o and oo"
_EI = "ei, ai, ay and ey"
_AW = "aw, au, ao and ou"
_I = "i, e, ee and y"
_A = "a and e"
_LONG = "long a: aa and a'a"
_AYN = "the apostrophe for ayn and hamza"
_FINAL_H = "final -a, -ah and -eh"
_WY = "w and v, y and j"
_GOD = "-allah, -ollah and -ullah"
_DIN = "-uddin, -eddine and -iddin"
_IYA = "-iya, -ia and -iyya"
_AWI = "-awi and -aoui"
_ARTICLE = "the article al-, el-, its assimilation, with or without hyphen"
_NO_ARTICLE = "the article left out or put in"
_BIN = "bin, ben and ibn"
_ABU = "abu and abou"
_ABD = "abd al-, abdul and abdel"

_SUN_LETTERS = ("th", "dh", "sh", "t", "d", "r", "z", "s", "n")
"""Consonants that the article takes on (al-Raqqa is spoken ar-Raqqa), longest first."""

_PLAIN_ARTICLES = frozenset(("al", "el", "ul", "il"))
_ASSIMILATED = re.compile(r"[aeu](th|dh|sh|t|d|r|z|s|n)")
_BINS = frozenset(("bin", "ben", "ibn"))
_ABUS = frozenset(("abu", "abou", "abo"))
_ABDS = frozenset(("abd", "abdul", "abdel", "abdal"))
_JOINED_ABD = re.compile(r"abd[uea]l(?=[^l]\w{3})(?!lah)")

_OPEN_TO_ARTICLE = 3
"""Letters from which a word may be given an article."""

_UNSURE = 0.6

_MANNERS = re.compile(
    r"(?P<mixed>.*(?:(?<!^y)ou.*[^aoq]u[^aeiou]|[^aoq]u.*ou|oo.*[^aoq]u|(?:[^aoq]|^)u.*oo)"
    r"|(?=.*sch)(?=.*(?:(?<!c)[dgkt]h|sh|ou|oo|q))|(?=.*dj)(?=.*(?:sh|oo|ee))|(?=.*ou)(?=.*(?:oo|ee)))"
    r"|(?P<german>.*sch)|(?P<french>.*(?:ou|dj))"
)
"""Two manners within a word: Mosul is Mossoul, but hardly Musoul, nor Shadjar. Yousuf is common."""

_KEPT = 128
"""Words whose spellings are remembered; one takes up to 40 kB."""

_IN_COMPANY, _AFTER_ARTICLE, _OF_PLACE = 1.0, 1.4, 0.6
"""How much further the spellings of a word may be from it that is a part of the name, has an article, or is a place."""


@lru_cache(maxsize=1)
def _sounds() -> tuple[Sound, ...]:
    """Return the sounds, those that depend on more neighbours first."""
    return (*_endings(), *_consonants(), *_doubled(), *_vowels())


def _endings() -> tuple[Sound, ...]:
    return (
        sound(r"(?:ou|o|u|a)llah?$", _GOD, allah=0.6, ollah=0.6, ullah=0.6, oullah=1.0, olla=1.2, ulla=1.2, alla=1.2),
        sound(r"(?:[uaei]|ou)dd?(?:in|ine|een)$", _DIN, uddin=0.6, eddin=0.6, eddine=0.7, addin=0.7, iddin=0.8,
              oddin=1.0, udin=1.0, edin=1.0),
        sound(r"iyy?[ae]h?$|ieh$|(?<=[^aeiou])i[aj]a?h?$", _IYA, iya=0.6, ia=0.6, iyah=0.7, iyya=0.7, iyyah=0.8,
              ieh=0.9, iyeh=0.9, ija=1.0),
        sound(r"aou?i$|aw[iy]$", _AWI, awi=0.6, aoui=0.6, aui=1.0, awy=1.0),
        sound(r"ah$", _FINAL_H, a=0.4, eh=1.0, e=1.8),
        sound(r"eh$", _FINAL_H, ah=0.7, a=0.6, e=0.8),
        sound(r"(?<=[^a])a$", _FINAL_H, ah=0.6, eh=1.3),
    )  # fmt: skip


def _consonants() -> tuple[Sound, ...]:
    return (
        sound(r"qq", _K, kk=0.7, q=0.7, k=1.0, cc=1.2),
        sound(r"^q", _K, k=0.7, g=0.7, gh=1.0, kh=1.2),
        sound(r"q", _K, k=0.7, g=1.2),
        sound(r"^gh", _K, g=0.8, q=1.1, k=1.3),
        sound(r"gh", _K, g=0.7),
        sound(r"^g(?=[aou])", _K, q=0.6, k=0.7, gh=0.8, kh=1.1, j=1.4),
        sound(r"g", _J, j=0.9, gh=0.9, dj=1.3),
        sound(r"kh", _H, ch=0.7, h=0.9, k=1.0, j=1.5),
        # Back from French: Kadhafi.
        sound(r"^k(?=[aou]d?dh)", _K, q=0.6, g=0.6, gh=0.9, kh=1.1),
        sound(r"kk", _K, qq=0.7, k=0.9, q=1.1),
        sound(r"k", _K, q=0.8),
        sound(r"dsch", _J, j=0.6, dj=0.7, g=1.2),
        sound(r"dj", _J, j=0.6, dsch=0.8, g=1.2),
        sound(r"j", _J, dj=0.7, dsch=0.8, g=0.8),
        sound(r"sch", _SH, sh=0.6, ch=0.8),
        sound(r"sh", _SH, ch=0.7, sch=0.7),
        sound(r"ch", _SH, sh=0.7, sch=0.9, kh=1.0),
        sound(r"th", _TH, t=0.8, s=1.5),
        sound(r"ddh|dhdh", _DH, dd=0.7, d=0.9, dh=0.7),
        sound(r"dd", _DH, d=0.7, dh=0.7, ddh=1.2),
        sound(r"dh", _DH, d=0.6, z=1.0, dd=0.9, th=1.4),
        sound(r"(?<=[aeiou])d(?=[aeiou])", _DH, dd=1.2, dh=1.2),
        sound(r"(?<=[aeiou])d$", _DH, dh=1.4),
        sound(r"z", _S, s=0.8, dh=1.4),
        sound(r"ss", _S, s=0.6),
        sound(r"(?<=[aeiou])s(?=[aeiou])", _S, ss=0.6),
        sound(r"v", _WY, w=0.9),
    )


def _doubled() -> tuple[Sound, ...]:
    one = [sound(letter * 2, _DOUBLED, **{letter: 0.7}) for letter in "bfhjlmnrtyz"]
    two = [sound(rf"(?<=[aeiou]){letter}(?=[aeiou])", _DOUBLED, **{letter * 2: 1.1}) for letter in "bflmnrt"]
    return (*one, *two)


def _vowels() -> tuple[Sound, ...]:
    return (
        sound(r"a'a", _AYN, aa=0.4, a=0.8),
        # Not a alone: Sana is a given name.
        sound(r"aa$", _LONG, **{"a'a": 0.5, "'a": 0.8}),
        sound(r"aa", _LONG, **{"a": 0.5, "a'a": 0.9}),
        sound(r"'", _AYN, _=0.3),
        sound(r"ae", _EI, ai=0.6, ay=0.9, e=1.2, **{"a'e": 0.8}),
        sound(r"a[iy](?![aeiou])|e[iy](?![aeiou])", _EI, ai=0.7, ay=0.7, ei=0.7, ey=0.8, ae=1.0, e=1.2),
        sound(r"(?<=[aeou])y(?=[aeiou])", _WY, i=0.9, j=1.1),
        sound(r"^y", _WY, j=0.9),
        sound(r"y$", _I, i=0.4),
        sound(r"(?<=[^aeiou])y(?=[^aeiou])", _I, i=0.6),
        sound(r"aou|awou|awu|awoo", _AW, aou=0.7, awu=0.7, awou=0.8, au=0.8),
        sound(r"(?:aw|au|ao)(?![aeiou])", _AW, aw=0.7, au=0.7, ao=0.9, ou=1.1, o=1.2),
        sound(r"oua", _OU, wa=0.5),
        sound(r"w(?=[aeiou])", _WY, ou=1.0, v=1.2),
        sound(r"(?<=^m)(?:u|o|ou)(?=[^aeiou]h?[aeiou]|[^aeiou]{2}|a)", _OU, u=0.4, o=0.5, ou=0.5, oo=1.4),
        sound(r"ou", _OU, u=0.4, o=0.8, oo=1.1),
        sound(r"oo", _OU, u=0.5, ou=0.6, o=0.9),
        sound(r"o(?=[^aeiou]$)", _OU, u=0.6, ou=0.6, aw=1.1),
        sound(r"u", _OU, ou=0.6, o=0.8, oo=1.2),
        sound(r"o(?=.)", _OU, u=0.7, ou=0.8),
        sound(r"(?<=i)y(?=a)", _IYA, _=0.6),
        sound(r"ee", _I, i=0.5),
        sound(r"^i(?=[^aeiou])", _I, e=1.3),
        sound(r"^e(?=[^aeiou])", _I, i=1.3),
        sound(r"i$", _I, y=0.9, ee=1.4),
        sound(r"i(?=[^aeiouy]{1,2}$)", _I, e=0.8, ee=1.1),
        sound(r"i(?=[^aeiouy])", _I, e=0.9, ee=1.3),
        sound(r"(?<=.)e(?=[^aeiouy]h?$)", _A, a=0.7, i=0.8),
        sound(r"(?<=.)e(?=[^aeiouy])", _A, a=1.1, i=0.8),
        sound(r"(?<=.)a(?=[^aeiouy]h?$)", _A, e=0.7, aa=1.3),
        sound(r"(?<=.)a(?=h)", _A, e=1.0),
        sound(r"(?<=.)a(?=[^aeiouy'])", _A, e=1.6),
    )


def reach_of(word: str) -> float:
    """Return how far a word's spellings may be from it: little for a short one, which soon becomes another name."""
    if len(word) <= SHORT:
        return 0.6 if len(word) == SHORT else 0.0
    return min(3.0, 0.5 * len(word) - 1.1)


def spellings(words: Sequence[str], *, sure: bool, is_place: bool = False) -> list[Sequence[Spelling]]:
    """Return, for each part of a name (a word with its article or bin before it), the ways to write it.

    Takes the words in small letters, apostrophes kept. Of a name that is not surely Arab less is changed, of
    a place more, for few names are as well known.
    """
    parts = list(_parts(words))
    several = len(parts) > 1
    return [
        _of_part(kind, word, sure=sure, is_place=is_place, several=several, is_last=at == len(parts) - 1)
        for at, (kind, word) in enumerate(parts)
    ]


@lru_cache(maxsize=_KEPT)
def _of_part(kind: str, word: str, *, sure: bool, is_place: bool, several: bool, is_last: bool) -> tuple[Spelling, ...]:
    """Return the ways to write a word with what stands before it; many names share their words."""
    further = _OF_PLACE if is_place and len(word) > SHORT else 0.0
    if kind or several:
        further = _AFTER_ARTICLE if kind else _IN_COMPANY
    reach = reach_of(word) * (1.0 if sure else _UNSURE) + further
    bare = in_one_manner(respell(word, _sounds(), reach, MOST // 3 if several else MOST), _MANNERS)
    return tuple(cheapest(_written(kind, word, bare, several=several, open_to_article=several and is_last), MOST))


def _parts(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands before a word (article, bin, abu, abd, or nothing), with the word."""
    before = ""
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if joined := _JOINED_ABD.match(word):
            yield f"{before} abd".strip(), word[joined.end() :]
        elif following and (kind := _particle(word, following)):
            # "abd al Rahman": the article belongs to abd.
            before = before if before.endswith("abd") and kind == "article" else f"{before} {kind}".strip()
            continue
        else:
            yield before, word
        before = ""


def _particle(word: str, following: str) -> str:
    if word in _BINS:
        return "bin"
    if word in _ABUS:
        return "abu"
    if word in _ABDS:
        return "abd"
    assimilated = _ASSIMILATED.fullmatch(word)
    if word in _PLAIN_ARTICLES or (assimilated and following.startswith(assimilated[1])):
        return "article"
    return ""


def _written(
    kind: str, word: str, bare: Sequence[Spelling], *, several: bool, open_to_article: bool
) -> Iterator[Spelling]:
    """Yield the spellings of a word with what stands before it, each in its own ways."""
    heads = _heads(kind, word, several=several, open_to_article=open_to_article)
    for one in bare:
        for head, cost, rule in heads:
            sun = next((letters for letters in _SUN_LETTERS if one.form.startswith(letters)), "")
            if "*" in head and not sun:
                continue
            rules = (*one.rules, rule) if rule and rule not in one.rules else one.rules
            yield Spelling(one.cost + cost, head.replace("*", sun) + one.form, rules)


def _heads(kind: str, word: str, *, several: bool, open_to_article: bool) -> tuple[tuple[str, int, str], ...]:
    """Return the ways to write what stands before a word, with cost and rule; ``*`` is the letter the article takes."""
    head, _, rest = kind.partition(" ")
    if rest:
        first = _heads(head, word, several=several, open_to_article=False)
        second = _heads(rest, word, several=several, open_to_article=False)
        return tuple((a + b, x + y, r or s) for a, x, r in first for b, y, s in second)
    if head == "article":
        return (*_HEADS[head], ("", 90, _NO_ARTICLE)) if several else _HEADS[head]
    if head:
        return _HEADS[head]
    put_in = (("al-", 130, _NO_ARTICLE), ("el-", 150, _NO_ARTICLE))
    return (("", 0, ""), *put_in) if open_to_article and len(word) >= _OPEN_TO_ARTICLE else (("", 0, ""),)


def _ways(rule: str, **costs: float) -> tuple[tuple[str, int, str], ...]:
    return tuple((head, round(100 * cost), rule) for head, cost in costs.items())


_HEADS = {
    "article": _ways(_ARTICLE, **{"al-": 0.0, "el-": 0.2, "a*-": 0.3, "e*-": 0.5, "al": 0.8, "el": 1.1, "a*": 0.9,
                                  "e*": 0.9}),
    "bin": _ways(_BIN, **{"bin ": 0.0, "ben ": 0.4, "ibn ": 0.7, "bin": 1.2, "ben": 1.3}),
    "abu": _ways(_ABU, **{"abu ": 0.0, "abou ": 0.5, "abu": 1.1, "abou": 1.3, "abo ": 1.2}),
    "abd": _ways(_ABD, **{"abdul ": 0.0, "abdel ": 0.2, "abd al-": 0.3, "abd el-": 0.5, "abdul": 0.4, "abdel": 0.5,
                          "abd a*-": 0.7, "abdu*": 0.8, "abde*": 0.9, "abdal": 1.2}),
}  # fmt: skip
"""What may stand before a word; ``*`` is the letter that the article takes on."""
