"""The words around a name that tell what it does there: a place that something happens in, an actor, an organisation.

Word lists are of function words and kinds of organisations, by language; all are folded. Takes the folded words next
to a name, returns a `Cue`.
"""

# ruff: noqa: RUF001 - prepositions in Cyrillic

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from tocsin.regions.word_sets import words


class Cue(Enum):
    """What the words around a name make of it."""

    NONE = auto()
    LOCATIVE = auto()
    """Something happens there: "in Syria", "near Homs", "Suriye'de"."""

    POSSESSIVE = auto()
    """Somebody or something of it: "Syria's president"."""

    MODIFIER = auto()
    """It only marks something else: "US-led", "Liberian-flagged"."""

    ORIGIN = auto()
    """Somebody or something comes from there: "a climber from Switzerland"."""


def _table(tables: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {language: words(written) for language, written in tables.items()}


_BEFORE = _table(
    {
        "en": "in at near off across around outside inside within throughout through into to towards toward",
        "de": "in im ins bei nahe nach durch um vor",
        "fr": "a au aux en dans pres vers chez",
        "es": "en cerca hacia a al",
        "pt": "em no na nos nas perto ao a",
        "it": "in nel nella nell nei nelle negli nello a ad al vicino presso",
        "nl": "in te bij nabij naar rond",
        "ca": "a al en prop",
        "ro": "in la langa din spre",
        "sv": "i pa vid nara till", "da": "i pa ved naer til", "no": "i pa ved naer til", "nb": "i pa ved naer til",
        "pl": "w we na pod do kolo przy", "cs": "v ve na u do pri", "sk": "v vo na pri do u",
        "sl": "v na pri blizu ob okoli", "hr": "u na kod blizu", "sr": "u na kod blizu у на код",
        "bs": "u na kod blizu",
        "ru": "в во на под у близ около", "uk": "у в во на під підо біля поблизу", "bg": "в във на край до при",
        "mk": "во на кај", "be": "у ў на пад каля",
        "ar": "في قرب الي ب", "fa": "در نزدیک", "ur": "میں", "he": "ליד ב",
        "id": "di ke dekat", "ms": "di ke dekat", "vi": "o tai", "tl": "sa", "sw": "huko nchini katika mjini",
        "el": "σε στην στο στον στη στα στις", "sq": "ne", "lt": "i prie", "lv": "pie",
        "zh": "在", "ja": "", "ko": "",
    }
)  # fmt: skip
_FROM = _table(
    {
        "en": "from", "de": "aus von", "fr": "de du des d", "es": "desde de", "pt": "de do da dos",
        "it": "da dal dalla dall",
        "nl": "uit",
        "sv": "fran", "da": "fra", "no": "fra", "nb": "fra", "pl": "z ze", "cs": "z ze", "sk": "z zo",
        "sl": "iz",
        "hr": "iz", "sr": "iz из", "bs": "iz", "ru": "из", "uk": "з із зі", "bg": "от", "be": "з",
        "ar": "من",
        "fa": "از",
        "id": "dari", "ms": "dari", "tr": "", "el": "απο", "ro": "din", "vi": "tu", "sw": "kutoka",
    }
)  # fmt: skip
_AFTER = _table(
    {
        "tr": "da de ta te nda nde ya ye na ne daki deki taki teki",
        "hi": "में मे", "bn": "এ তে", "ur": "میں",
        "fi": "ssa ssa lla", "hu": "ban ben",
    }
)  # fmt: skip
_GROWN_AFTER = {"ja": ("で", "に"), "ko": ("에서", "에")}
"""What is written onto a name where there are no gaps: the postpositions of Japanese and Korean."""

_GROWN_BEFORE = {"zh": ("在", "于", "於", "抵达", "抵達")}
"""What is written before a name without a gap: "at", "to arrive in"."""

_GENITIVES = {"ja": "の", "ko": "의", "zh": "的"}

_NOTHING: frozenset[str] = frozenset()
_ALL = frozenset().union(*(_BEFORE[language] for language in ("en", "de", "fr", "es", "it", "ru")))
FILLERS = words(
    "the der die das dem den des le la les l el los las il lo gli o os as de du del della di da do dos das of von van "
    "city town province region state district capital port village county north south east west northern southern "
    "eastern western central northeastern northwestern southeastern southwestern occupied war torn stadt ville ciudad "
    "cidade citta miasto miescie mesto городе город області области провинции района районе مدينة محافظة ولاية قطاع "
    "kota kabupaten provinsi desa kecamatan gmina powiat wojewodztwo landkreis kreis bezirk comune comuna municipio "
    "municipality departamento provincia estado departement commune quartier district prefecture obec okres kraj "
    "obcina zupanija oblast raion село селе посёлке области краю округе селі місті районі області град село nord sud "
    "est ouest norte sur oeste"
)
"""Words that may stand between a preposition and a name."""

_MODIFIES = words(
    "led backed born flagged owned trained educated speaking style made sponsored supported funded allied registered "
    "brokered controlled mediated occupied designed bred"
)


def cue_of(before: Sequence[str], after: Sequence[str], after_text: str, language: str | None) -> Cue:
    """Return what the words around a name make of it; ``after_text`` is the stored text behind it."""
    following = after[0] if after else ""
    if after_text.startswith("-") and following in _MODIFIES:
        return Cue.MODIFIER
    if _is_behind(before, _FROM.get(language or "", _NOTHING)):
        return Cue.ORIGIN
    grown = _GROWN_AFTER.get(language or "")
    if _is_behind(before, _BEFORE.get(language or "", _ALL)) or (grown and after_text.startswith(grown)):
        return Cue.LOCATIVE
    led = _GROWN_BEFORE.get(language or "")
    if following in _AFTER.get(language or "", _NOTHING) or (led and before and before[-1].endswith(led)):
        return Cue.LOCATIVE
    genitive = _GENITIVES.get(language or "")
    is_possessive = following == "s" and after_text[:1] in {"'", "’"}
    return Cue.POSSESSIVE if is_possessive or after_text[:1] == genitive else Cue.NONE


_LEARNED = words(
    "in into from speak speaks spoke speaking spoken learn learning teach teaches taught fluent write wrote"
)
_AFTER_A_LANGUAGE = words(". and or as by for with to at but so when because is was too")
_OF_A_LANGUAGE = words(
    "language languages speaking speakers speaker translation translations class classes teacher teachers lesson "
    "lessons literature version subtitles grammar dictionary alphabet sprache sprachkurs"
)


def is_language(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the name of a people is that of its language: "in English", "a Spanish translation"."""
    following = after[0] if after else "."
    if following in _OF_A_LANGUAGE:
        return True
    return following in _AFTER_A_LANGUAGE and not _LEARNED.isdisjoint(before[-1:])


_HAS_OF = words("of de du d von di do da van")
_OF_A_PLACE = words(
    "mayor council city town port airport streets outskirts suburbs residents citizens inhabitants population police "
    "district governor municipality maire mairie conseil ville habitants rues aeroport burgermeister burgermeisterin "
    "stadtrat oberburgermeister einwohner alcalde alcaldesa ayuntamiento ciudad calles aeropuerto vecinos sindaco "
    "comune citta strade abitanti aeroporto prefeito prefeitura cidade ruas moradores burgemeester gemeenteraad stad"
)
"""What a city has and a person has not: "the mayor of Charlotte", "Denver's airport"."""


def belongs_to_a_place(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the words around a name speak of what only places have."""
    if before[-1:] and before[-1] in _HAS_OF and not _OF_A_PLACE.isdisjoint(before[-2:-1]):
        return True
    return after[:1] == ["s"] and not _OF_A_PLACE.isdisjoint(after[1:2])


def _is_behind(before: Sequence[str], prepositions: frozenset[str]) -> bool:
    for word in reversed(before[-4:]):
        if word in prepositions:
            return True
        if word not in FILLERS:
            return False
    return False


GENERIC = words(
    "north south east west northern southern eastern western central centre center northeast northwest southeast "
    "southwest northeastern northwestern southeastern southwestern north_east north_west south_east south_west upper "
    "lower middle capital free federal jewish union islands island republic coast lakes river delta highlands plateau "
    "hills mountain valley nord sud est ouest norte sur sul leste oeste oriental occidental littoral maritime norden "
    "osten westen mitte zentrum metropolitan olympic commonwealth imperial royal national international west_coast "
    "east_coast north_shore south_coast central_coast gulf red_sea the_valley "
    " march may april june july august mars mai juin "
    "avril مدينة المدينة الجديدة الشمال الجنوب الشرق الغرب الوسط القرية شمال جنوب شرق غرب marzo maggio abril mayo "
    "maio junio julio monday friday sunday"
)
"""Words that are names of provinces and cities somewhere, and anywhere else directions and kinds of places."""
