"""Dishes, breeds, games and goods that are called after a place and say nothing of it: "French toast", "café turco".

Closed lists of fixed expressions; a noun that is also traded or fought over ("coffee", "rice") is there only with the
one people that makes a thing of it.
"""

# ruff: noqa: RUF001 - Cyrillic

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tocsin.text.fold import fold_term


def _folded(written: str) -> frozenset[str]:
    return frozenset(map(fold_term, written.split()))


def _table(written: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {fold_term(word): _folded(others) for word, others in written.items()}


_THINGS = _folded(
    # Breeds.
    "terrier terriers setter setters spaniel spaniels shepherd mastiff mastiffs bulldog bulldogs sheepdog sheepdogs "
    "wolfhound greyhound ridgeback retriever retrievers collie pony ponies shorthair longhair poodle pinscher "
    "schnauzer dogge schaferhund schaferhunde vorstehhund овчарка овчарки терьер сеттер спаниель бульдог борзая "
    # Dishes and drinks.
    "toast fries pastry pastries muffin muffins omelette omelet salad salads sprouts goulash waffles meatballs "
    "dressing pancakes salat rosenkohl eintopf hackballchen салат солянка pilavi kahvesi lokumu salatasi "
    # Games, clothes and goods.
    "roulette checkers braid braids rug rugs doll dolls teppich teppiche рулетка рулетку ковер матрешка "
    "gambit roulett "
)
"""What makes a thing of any place or people before it."""

_PAIRS = _table({
    "french": "horn kiss kissing window windows door doors bean beans onion manicure chalk plait",
    "turkish": "coffee delight bath baths towel towels angora", "danish": "pastry blue",
    "swiss": "cheese roll chard", "guinea": "pig pigs fowl", "jersey": "cow cows cattle",
    "chinese": "whispers lantern cabbage zodiac takeaway checkers", "russian": "doll dolls blue",
    "persian": "cat cats rug carpet carpets", "siamese": "cat cats twin twins", "bermuda": "shorts triangle",
    "german": "shepherds measles pointer", "english": "breakfast horn rose", "irish": "coffee stew cream",
    "brussels": "sprout sprouts", "belgian": "waffle waffles", "scotch": "egg eggs tape",
    "greek": "yogurt yoghurt", "dutch": "oven courage uncle auction", "indian": "summer ink", "spanish": "flu fly",
    "vienna": "sausage", "hamburg": "steak", "bengal": "tiger cat", "cayenne": "pepper",
    "italian": "dressing seasoning", "mexican": "standoff wave", "peking": "duck", "bombay": "duck mix",
    "dijon": "mustard", "boston": "terrier baked cream", "canary": "bird", "cuban": "heel",
    "panama": "hat hats", "roman": "numeral numerals candle", "arabic": "numeral numerals gum",
    "tasmanian": "devil", "japanese": "maple knotweed",
    "turkischer": "kaffee mokka honig", "turkischen": "kaffee mokka honig", "schweizer": "messer kase taschenmesser",
    "schwarzwalder": "kirschtorte schinken", "wiener": "schnitzel wurstchen walzer", "russischer": "zupfkuchen",
    "griechischer": "salat joghurt", "griechischen": "salat joghurt", "deutscher": "schaferhund",
    "deutsche": "dogge schaferhunde", "berliner": "pfannkuchen", "spanische": "grippe", "perser": "katze",
    "турецкии": "кофе", "турецкого": "кофе", "греческии": "салат орех", "русская": "рулетка", "персидская": "кошка",
    "сиамская": "кошка", "морская": "свинка", "turk": "kahvesi lokumu", "rus": "ruleti salatasi",
})  # fmt: skip
"""By the name before it, in the languages that put it first."""

_BEFORE = _folded(
    "perro gato gatos gata ensalada ensaladilla ruleta tortilla sombrero muneca alfombra "
    "chien chats chat berger roulette salade poupee tapis cochon epagneul biscuit "
    "cane gatto insalata tappeto bambola cachorro salada roleta boneca tapete "
    "سلطة قهوة قطة كلب سجادة"
)
"""What is a thing with any people behind it, in the languages that put the noun first."""

_NOUN_FIRST = frozenset(("es", "fr", "it", "pt", "ca", "gl", "ro", "ar", "fa"))

_BEFORE_PAIRS = _table({
    "cafe": "turco turc turca irlandes irlandais", "te": "marroqui", "bano": "turco", "banos": "turcos",
    "toilettes": "turques", "montana": "rusa", "montanas": "rusas", "montagnes": "russes", "queso": "suizo",
    "caffe": "turco", "bagno": "turco", "montanha": "russa", "banho": "turco", "gripe": "espanola",
    "grippe": "espagnole", "cerdo": "guinea", "cuy": "guinea", "الديك": "الرومي", "القهوة": "التركية",
})  # fmt: skip

_NONE: frozenset[str] = frozenset()


def is_thing(name: str, before: Sequence[str], after: Sequence[str], language: str | None) -> bool:
    """Whether a folded name is a part of that of a thing; the folded words next to it tell."""
    following, last = (after[0] if after else ""), (before[-1] if before else "")
    if language in _NOUN_FIRST:
        return last in _BEFORE or name in _BEFORE_PAIRS.get(last, _NONE)
    if following == "hat" and language not in {"en", None}:
        # "Panama hat gewählt".
        return False
    return following in _THINGS or following in _PAIRS.get(name, _NONE)
