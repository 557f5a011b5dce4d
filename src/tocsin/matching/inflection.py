"""The other grammatical number of a common noun in seven languages, by the regular rules of each.

Works on folded words (no accents, lower case) when a watchlist is compiled; the text is never stemmed. A form may be no
word at all ("Kriege, Kriegen, Kriegs, Krieges"): what nobody writes is found nowhere. What must not be made are forms
that are other words, so rules that often do that ("Politik", "Politiker") hold for closed lists of nouns only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_VOWELS = "aeiou"

# English

_EN_ES = ("s", "x", "z", "ch", "sh")
# Words that only look like plurals, and plurals that mean something else than many of their singular.
_EN_UNCHANGED = frozenset(
    ("news", "lens", "always", "perhaps", "politics", "series", "species", "yes", "this", "was", "has", "its",
     "does", "goes", "says", "ours", "yours", "theirs", "basis", "headquarters", "economics", "physics", "mathematics",
     "ethics", "athletics", "logistics", "arms", "goods", "customs", "means", "odds", "thanks", "clothes", "premises",
     "proceeds", "remains", "savings", "belongings", "damages", "outskirts", "riches", "ashes", "looks", "times",
     "ones", "others", "securities", "police")
)  # fmt: skip
_EN_IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "wife": "wives", "life": "lives", "knife": "knives",
    "thief": "thieves", "half": "halves", "wolf": "wolves", "leaf": "leaves", "loaf": "loaves", "shelf": "shelves",
    "foot": "feet", "tooth": "teeth", "mouse": "mice", "gas": "gases",
}  # fmt: skip
_EN_REGULAR = {plural: singular for singular, plural in _EN_IRREGULAR.items()}
_EN_NO_MEN = frozenset(("human", "german", "roman", "norman", "ottoman", "shaman", "talisman", "caiman", "women"))
_EN_MAN = re.compile(r"[a-z]{2,}m[ae]n")


def english(word: str) -> Iterator[str]:
    """Yield the plural of a word, or its singular where it looks like a plural.

    >>> [*english("refugee"), *english("refugees"), *english("army"), *english("gunman"), *english("crises")]
    ['refugees', 'refugee', 'armies', 'gunmen', 'crise', 'cris', 'crisis']
    """
    if word in _EN_UNCHANGED:
        return
    irregular = _EN_IRREGULAR.get(word) or _EN_REGULAR.get(word)
    if irregular:
        yield irregular
    elif _EN_MAN.fullmatch(word) and word not in _EN_NO_MEN:
        yield word[:-2] + ("e" if word[-2] == "a" else "a") + "n"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield from _english_singulars(word)
    else:
        yield from _english_plurals(word)


def _english_singulars(word: str) -> Iterator[str]:
    if word.endswith("ies") and len(word) > len("ties"):
        yield word[:-3] + "y"
        return
    yield word[:-1]
    if word.endswith("es") and word[:-2].endswith(_EN_ES):
        yield word[:-2]
    if word.endswith("oes") and len(word) > len("shoes"):
        yield word[:-2]
    if word.endswith(("ises", "eses", "yses")):
        yield word[:-2] + "is"


def _english_plurals(word: str) -> Iterator[str]:
    if word.endswith("sis"):
        yield word[:-2] + "es"
    elif word.endswith("is"):
        return
    elif word.endswith("y") and word[-2] not in _VOWELS:
        yield word[:-1] + "ies"
    elif word.endswith("o") and word[-2] not in _VOWELS:
        yield from (word + "s", word + "es")
    else:
        yield word + ("es" if word.endswith(_EN_ES) else "s")


# German: nouns stand with a capital, which `tocsin.matching.objections` asks for.

# Nouns that take -er, alone or at the end of compounds ("Bundesland"); the rule would make agents of others (Musiker).
_DE_ER = re.compile(
    r".*(?:land|haus|mann|bild|kind|volk|dorf|wort|amt|rad|glas|feld|geld|glied|gut|buch|wald|tal|dach|loch|grab|schloss"
    r"|lied|kleid|licht|schild|gesicht|geist|leib|bad|blatt|brett|fach|fass|haupt|holz|horn|huhn|kraut|nest|rind"
    r"|schwert|weib|ei|gespenst|regiment|hospital|denkmal|irrtum|reichtum|tum)"
)
_DE_ENDINGS = (
    (("ung", "heit", "keit", "schaft", "tat", "ion", "tur", "ik", "ei", "anz", "enz"), ("en",)),
    (("nis",), ("se", "ses", "sen")),
    (("in",), ("nen", "s", "e", "en")),
    (("e",), ("n",)),
    (("en", "chen", "lein"), ("s",)),
    (("er", "el"), ("s", "n")),
    (("a", "i", "o", "u", "y"), ("s",)),
    (("haus", "glas", "gras", "schloss", "fass", "holz"), ("er", "ern", "e", "es")),
    (("s", "x", "z"), ("e", "en", "es")),
)
"""What is added to nouns by how they end; the first that fits."""


def german(word: str) -> Iterator[str]:
    """Yield plurals and cases of a noun, or its singular where it looks like a plural; umlauts are folded already.

    >>> list(german("angriff")), list(german("regierungen"))
    (['angriffe', 'angriffen', 'angriffs', 'angriffes'], ['regierung'])
    """
    for ending in ("ungen", "heiten", "keiten", "schaften", "ionen"):
        if word.endswith(ending):
            yield word[:-2]
            return
    yield from (word + ending for ending in _german_endings(word))
    if word.endswith("linge"):
        yield word[:-1]


def _german_endings(word: str) -> tuple[str, ...]:
    for endings, added in _DE_ENDINGS:
        if word.endswith(endings):
            return added
    return ("er", "ern", "e", "es", "s") if _DE_ER.fullmatch(word) else ("e", "en", "s", "es")


# French, Spanish, Portuguese, Italian


def french(word: str) -> Iterator[str]:
    """Yield the plural of a noun, or its singular.

    >>> [*french("cheval"), *french("bateaux"), *french("migrants")]
    ['chevaux', 'chevals', 'bateau', 'migrant']
    """
    if word.endswith("aux"):
        yield word[:-1] if word.endswith("eaux") else word[:-3] + "al"
    elif word.endswith(("eux", "oux")) or (word.endswith("s") and not word.endswith("ss")):
        yield word[:-1]
    elif word.endswith("al"):
        yield from (word[:-2] + "aux", word + "s")
    elif word.endswith(("au", "eu")):
        yield word + "x"
    elif not word.endswith(("x", "z")):
        yield word + "s"


# Stressed on the last syllable, by an accent that folding drops, so that they do not look like plurals.
_ES_STRESSED = frozenset(("pais", "interes", "autobus", "compas", "marques", "frances", "ingles", "portugues",
                          "japones", "holandes", "irlandes", "danes", "escoces", "libanes", "sudanes"))  # fmt: skip


def spanish(word: str) -> Iterator[str]:
    """Yield the plural of a noun, or its singular.

    >>> [*spanish("misil"), *spanish("voces"), *spanish("ataques")]
    ['misiles', 'voz', 'voce', 'ataque']
    """
    if word in _ES_STRESSED:
        yield word + "es"
    elif word.endswith("ces"):
        yield from (word[:-3] + "z", word[:-1])
    elif word.endswith("es"):
        yield word[:-2] if word[-3] in "ldrnjys" else word[:-1]
    elif word.endswith("s"):
        yield word[:-1]
    elif word.endswith("z"):
        yield word[:-1] + "ces"
    else:
        yield word + ("s" if word[-1] in _VOWELS else "es")


_PT_PLURALS = {"ao": ("oes", "aos", "aes"), "m": ("ns",), "al": ("ais",), "el": ("eis",), "ol": ("ois",),
               "ul": ("uis",), "il": ("is", "eis"), "r": ("res",), "z": ("zes",)}  # fmt: skip
_PT_SINGULARS = {"oes": ("ao",), "aes": ("ao",), "ns": ("m",), "ais": ("al",), "eis": ("el", "il"), "ois": ("ol",),
                 "res": ("r", "re"), "zes": ("z",)}  # fmt: skip


def portuguese(word: str) -> Iterator[str]:
    """Yield the plural of a noun, or its singular.

    >>> [*portuguese("eleicao"), *portuguese("jornais"), *portuguese("bomba")]
    ['eleicoes', 'eleicaos', 'eleicaes', 'jornal', 'bombas']
    """
    for endings in (_PT_PLURALS, _PT_SINGULARS):
        for ending, others in endings.items():
            if word.endswith(ending):
                yield from (word[: -len(ending)] + other for other in others)
                return
    if word.endswith("s"):
        yield word[:-1]
    elif word[-1] in _VOWELS:
        yield word + "s"


_IT_ENDINGS = {
    "chi": ("co",), "ghi": ("go",), "che": ("ca",), "ghe": ("ga",), "co": ("chi", "ci"), "go": ("ghi", "gi"),
    "ca": ("che",), "ga": ("ghe",), "cia": ("ce", "cie"), "gia": ("ge", "gie"), "ista": ("isti", "iste"),
    "ema": ("emi",), "amma": ("ammi",), "io": ("i",), "o": ("i",), "a": ("e",), "e": ("i",), "i": ("o", "e"),
}  # fmt: skip


def italian(word: str) -> Iterator[str]:
    """Yield the plural of a noun, or its singular.

    >>> [*italian("attacco"), *italian("presidente"), *italian("soldati"), *italian("guerra")]
    ['attacchi', 'attacci', 'presidenti', 'soldato', 'soldate', 'guerre']
    """
    for ending, others in _IT_ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield from (word[: -len(ending)] + other for other in others)
            return


# Dutch

_NL_SHORT = re.compile(r"(?:.*[^aeiou])?[aeiou][bdfgklmnprst]")
_NL_LONG = re.compile(r".*(aa|ee|oo|uu)[bdfgklmnprst]")
_NL_UNSTRESSED = ("el", "em", "en", "er", "je", "ie")


def dutch(word: str) -> Iterator[str]:
    """Yield the plural of a noun, or its singular where it looks like a plural.

    >>> [*dutch("aanval"), *dutch("brief"), *dutch("staat"), *dutch("vluchtelingen")]
    ['aanvallen', 'brieven', 'staten', 'vluchteling']
    """
    if word.endswith("heid"):
        yield word[:-2] + "den"
    elif word.endswith(("ingen", "isten", "anten", "enten")):
        yield word[:-2]
    elif word.endswith("s"):
        yield from (word[:-1] + "zen", word + "en")
    elif word.endswith(_NL_UNSTRESSED):
        yield word + "s"
    elif _NL_LONG.fullmatch(word):
        yield _voiced(word[:-2] + word[-1]) + "en"
    elif _NL_SHORT.fullmatch(word):
        yield word + word[-1] + "en"
    elif word[-1] in _VOWELS:
        yield from (word + "s", word + "n")
    else:
        yield _voiced(word) + "en"


def _voiced(word: str) -> str:
    return word[:-1] + "v" if word.endswith("f") else word


NUMBERS: dict[str, Callable[[str], Iterator[str]]] = {
    "de": german,
    "fr": french,
    "es": spanish,
    "pt": portuguese,
    "it": italian,
    "nl": dutch,
}
"""The languages beside English, by their BCP 47 subtags; their forms count in articles of the language only."""

POSSESSIVE_S = frozenset(("de", "nl", "sv", "da", "no", "nb", "nn"))
"""Languages that put the s of the possessive to a name without an apostrophe ("Assads Truppen")."""
