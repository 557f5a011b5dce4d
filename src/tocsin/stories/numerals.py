"""Numbers, in digits or in words, as values that are the same in every language.

Number words are generated from short tables of units and tens (after the spellout rules of Unicode CLDR) for English,
German, French, Spanish, Italian, Portuguese, Russian and Arabic. Works on the folded words of `tocsin.stories.tokens`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tocsin.stories.tokens import Token

_LONGEST_PHRASE = 4
"""Words of a number below a hundred: "quatre vingt dix neuf"."""

_UNITS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
          "eighteen nineteen",
    "de": "ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn "
          "achtzehn neunzehn",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
          "dix-neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
          "dieciocho diecinueve",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
          "diciassette diciotto diciannove",
    "pt": "um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
          "dezoito dezenove",
}  # fmt: skip
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
_MORE = {
    "de": {"eins": 1, "zwo": 2},
    "es": {"veintiun": 21, "dieciseis": 16},
    "pt": {"duas": 2, "catorze": 14, "dezasseis": 16, "dezassete": 17, "dezanove": 19},
    "fr": {"quatre vingts": 80, "septante": 70, "huitante": 80, "nonante": 90},
}
_RUSSIAN = {
    1: "", 2: "два две двух двум двумя", 3: "три трех трем тремя", 4: "четыре четырех четырем четырьмя",
    5: "пять пяти пятью", 6: "шесть шести шестью", 7: "семь семи семью", 8: "восемь восьми восемью", 9: "девять девяти",
    10: "десять десяти десятью", 11: "одиннадцать одиннадцати", 12: "двенадцать двенадцати",
    13: "тринадцать тринадцати", 14: "четырнадцать четырнадцати", 15: "пятнадцать пятнадцати",
    16: "шестнадцать шестнадцати", 17: "семнадцать семнадцати", 18: "восемнадцать восемнадцати",
    19: "девятнадцать девятнадцати", 20: "двадцать двадцати", 30: "тридцать тридцати", 40: "сорок сорока",
    50: "пятьдесят пятидесяти", 60: "шестьдесят шестидесяти", 70: "семьдесят семидесяти",
    80: "восемьдесят восьмидесяти", 90: "девяносто девяноста", 100: "сто ста", 200: "двести двухсот",
    300: "триста трехсот", 400: "четыреста четырехсот", 500: "пятьсот пятисот", 600: "шестьсот шестисот",
}  # fmt: skip
_ARABIC = {
    3: "ثلاثه ثلاث", 4: "اربعه اربع", 5: "خمسه خمس", 6: "سته ست", 7: "سبعه سبع", 8: "ثمانيه ثماني ثمان",
    9: "تسعه تسع", 10: "عشره عشر", 20: "عشرون عشرين", 30: "ثلاثون ثلاثين", 40: "اربعون اربعين",
    50: "خمسون خمسين", 60: "ستون ستين", 70: "سبعون سبعين", 80: "ثمانون ثمانين", 90: "تسعون تسعين",
    100: "ميه ماءه ماية مءه", 200: "ميتا ميتي ميتين ماءتا ماءتي ماءتين مءتي مءتين", 300: "ثلاثميه ثلاثماءه",
    400: "اربعميه اربعماءه", 500: "خمسميه خمسماءه", 600: "ستميه ستماءه", 700: "سبعميه سبعماءه",
    800: "ثمانميه ثمانماءه ثمانيميه", 900: "تسعميه تسعماءه",
}  # fmt: skip
_MULTIPLIERS = {
    "en": {"hundred": 100, "thousand": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9,
           "dozen": 12},
    "de": {"hundert": 100, "tausend": 1e3, "million": 1e6, "millionen": 1e6, "mio": 1e6, "milliarde": 1e9,
           "milliarden": 1e9, "mrd": 1e9, "dutzend": 12},
    "fr": {"cent": 100, "cents": 100, "mille": 1e3, "million": 1e6, "millions": 1e6, "milliard": 1e9, "milliards": 1e9,
           "douzaine": 12},
    "es": {"cien": 100, "ciento": 100, "cientos": 100, "mil": 1e3, "millon": 1e6, "millones": 1e6, "docena": 12},
    "it": {"cento": 100, "mila": 1e3, "mille": 1e3, "milione": 1e6, "milioni": 1e6, "miliardo": 1e9, "miliardi": 1e9,
           "dozzina": 12},
    "pt": {"cem": 100, "mil": 1e3, "milhao": 1e6, "milhoes": 1e6, "bilhao": 1e9, "bilhoes": 1e9, "duzia": 12},
    "ru": {"тысяча": 1e3, "тысячи": 1e3, "тысяч": 1e3, "тыс": 1e3, "миллион": 1e6, "миллиона": 1e6, "миллионов": 1e6,
           "млн": 1e6, "миллиард": 1e9, "миллиарда": 1e9, "миллиардов": 1e9, "млрд": 1e9},
    "ar": {"الف": 1e3, "الاف": 1e3, "مليون": 1e6, "ملايين": 1e6, "مليار": 1e9, "مليارات": 1e9},
}  # fmt: skip
_GROUPS = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+")  # noqa: RUF001 - separators
_SCORE = re.compile(r"\d{1,3}[-–:]\d{1,3}")  # noqa: RUF001 - a dash
_NOT_DIGIT = re.compile(r"\D")
_MOST_DIGITS = 15


class Number(NamedTuple):
    """A value, written plainly ("240000", "5.8", a score "2-1"), and the half-open range of tokens where it stands."""

    value: str
    start: int
    end: int


class _Words(NamedTuple):
    """Phrases with their values, and the words that one may begin with."""

    values: dict[str, int]
    beginnings: frozenset[str]


def numbers_of(tokens: Sequence[Token], language: str | None) -> Iterator[Number]:
    """Yield the numbers of a text, the longest phrase first at each place; "one" alone is none.

    >>> from tocsin.stories.tokens import tokens_of
    >>> [one.value for one in numbers_of(list(tokens_of("Twenty-one of 240,000; 2.5 million; 2-1")), "en")]
    ['21', '240000', '2500000', '2-1']
    """
    words, multipliers = _words(language), _MULTIPLIERS.get(language or "", {})
    at = 0
    while at < len(tokens):
        found = _simple(tokens, at, words)
        if found is None:
            at += 1
            continue
        value, end = found
        while isinstance(value, float) and end < len(tokens) and tokens[end].folded in multipliers:
            value *= multipliers[tokens[end].folded]
            end += 1
        if value != 1:
            yield Number(value if isinstance(value, str) else f"{value:.12g}", at, end)
        at = end


def _simple(tokens: Sequence[Token], at: int, words: _Words) -> tuple[float | str, int] | None:
    """Return the number that begins at a token, without multipliers, and where it ends."""
    token = tokens[at]
    if token.is_number:
        value = _of_digits(token.folded)
        return None if value is None else (value, at + 1)
    if token.folded not in words.beginnings:
        return None
    for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
        phrase = " ".join([one.folded for one in tokens[at : at + length]])
        if phrase in words.values:
            return float(words.values[phrase]), at + length
    return None


def _of_digits(written: str) -> float | str | None:
    """Return the value of digits with separators: groups of three are thousands, anything else is a decimal.

    A score stays as it is. None for longer numbers than anything is counted in.
    """
    if _SCORE.fullmatch(written):
        return "-".join(str(int(part)) for part in _NOT_DIGIT.split(written))
    if _GROUPS.fullmatch(written):
        written = _NOT_DIGIT.sub("", written)
    return None if len(written) > _MOST_DIGITS else float(written.replace(",", "."))


@lru_cache(maxsize=16)
def _words(language: str | None) -> _Words:
    values = _phrases(language)
    return _Words(values, frozenset(phrase.split(" ")[0] for phrase in values))


def _phrases(language: str | None) -> dict[str, int]:
    """Return the phrases for 1 to 99 in a language, and what more it writes as one word."""
    if language == "ru":
        return _russian()
    if language == "ar":
        return _arabic()
    if language not in _UNITS:
        return {}
    units = [unit.replace("-", " ") for unit in _UNITS[language].split()]
    found = {unit: at for at, unit in enumerate(units, 1)}
    for ten, name in enumerate(_TENS[language].replace("-", " ").split(" "), 2) if language != "fr" else ():
        found[name] = 10 * ten
        for unit in range(1, 10):
            for phrase in _composed(language, name, units[unit - 1]):
                found[phrase] = 10 * ten + unit
    if language == "fr":
        found |= _french(units)
    found |= _MORE.get(language, {})
    found.pop("", None)
    return found


def _composed(language: str, ten: str, unit: str) -> tuple[str, ...]:
    if language == "de":
        return (f"{unit}und{ten}",)
    if language == "es":
        return (f"veinti{unit}",) if ten == "veinte" else (f"{ten} y {unit}",)
    if language == "it":
        stem = ten[:-1] if unit[0] in "uo" else ten
        return (f"{stem}{unit}",)
    if language == "pt":
        return (f"{ten} e {unit}",)
    return (f"{ten} {unit}", f"{ten}{unit}")


def _french(units: list[str]) -> dict[str, int]:
    found = {}
    for ten, name, most in (
        (20, "vingt", 9), (30, "trente", 9), (40, "quarante", 9), (50, "cinquante", 9), (60, "soixante", 19),
        (80, "quatre vingt", 19),
    ):  # fmt: skip
        found[name] = ten
        for unit in range(1, most + 1):
            for phrase in (f"{name} {units[unit - 1]}", f"{name} et {units[unit - 1]}"):
                found[phrase] = ten + unit
    return found


def _russian() -> dict[str, int]:
    names = {value: forms.split() for value, forms in _RUSSIAN.items()}
    found = {form: value for value, forms in names.items() for form in forms}
    for ten in range(20, 100, 10):
        for unit in range(2, 10):
            found |= {f"{one} {other}": ten + unit for one in names[ten] for other in names[unit]}
    return found


def _arabic() -> dict[str, int]:
    names = {value: forms.split() for value, forms in _ARABIC.items()}
    found = {form: value for value, forms in names.items() for form in forms}
    for unit in range(3, 10):
        for form in names[unit]:
            found |= {f"{form} {ten}": 10 + unit for ten in names[10]}
            found |= {f"{form} و{ten}": value + unit for value in range(20, 100, 10) for ten in names[value]}
    return found
