"""Case endings that Slavic languages of Latin script put on any name: Tuska, Putinem, Zelenského, v Moskvě.

Each table counts in articles of its languages alone: "Putina" is no form of Putin in an English text. Endings are
folded (ě is e, ą is a). Genitive, dative, accusative, instrumental, locative; the order only keeps words in agreement.
"""

from __future__ import annotations

from functools import lru_cache

from tocsin.matching.names.endings import Ending, ending

POLISH = frozenset(("pl",))
CZECH = frozenset(("cs", "sk"))
SOUTH = frozenset(("sl", "hr", "bs", "sr"))


@lru_cache(maxsize=1)
def tables() -> tuple[tuple[frozenset[str], tuple[Ending, ...]], ...]:
    """Return the tables with the languages (BCP 47 primary subtags) that they belong to."""
    return ((POLISH, _polish()), (CZECH, _czech()), (SOUTH, _south()))


def _polish() -> tuple[Ending, ...]:
    return (
        ending(r"[scd]z?ki$", 1, "iego", "iemu", "iego", "im", "im"),
        ending(r"[sc]ka$", 1, "iej", "iej", "a", "a", "iej"),
        ending(r"[nltw]y$", 1, "ego", "emu", "ego", "ym", "ym"),
        ending(r"ia$", 2, "ii|i", "ii|i", "ie", "ia", "ii|i"),
        ending(r"ka$", 2, "ki", "ce", "ke", "ka", "ce"),
        ending(r"ga$", 2, "gi", "dze", "ge", "ga", "dze"),
        ending(r"ra$", 2, "ry", "rze", "re", "ra", "rze"),
        ending(r"ta$", 2, "ty", "cie", "te", "ta", "cie"),
        ending(r"da$", 2, "dy", "dzie", "de", "da", "dzie"),
        ending(r"la$", 2, "ly|li", "le|li", "le", "la", "le|li"),
        ending(r"[bfmnpswz]a$", 1, "y", "ie", "e", "a", "ie"),
        ending(r"ek$", 2, "ka", "kowi", "ka", "kiem", "ku"),
        ending(r"ec$|iec$", 2, "ca", "cowi", "ca", "cem", "cu"),
        ending(r"[kg]$", 0, "a|u", "owi", "a", "iem", "u"),
        ending(r"t$", 1, "ta|tu", "towi", "ta", "tem", "cie"),
        ending(r"d$", 1, "da|du", "dowi", "da", "dem", "dzie"),
        ending(r"r$", 1, "ra|ru", "rowi", "ra", "rem", "rze"),
        ending(r"(?:[cj]|[csrd]z|ch|l|sh)$", 0, "a|u", "owi", "a", "em", "u"),
        ending(r"[bfmnpswvz]$", 0, "a|u", "owi", "a", "em", "ie"),
    )


def _czech() -> tuple[Ending, ...]:
    return (
        ending(r"[sc]ky$|[nltv]y$", 1, "eho", "emu", "eho", "ym", "em|om"),
        ending(r"(?:ova|ska|cka)$", 1, "e|ej", "e|ej", "ou|u", "ou", "e|ej"),
        ending(r"ie$", 2, "ie", "ii", "ii", "ii", "ii"),
        ending(r"ia$", 2, "ie", "ii", "iu", "iou", "ii"),
        ending(r"ka$", 2, "ky", "ce|ke|kovi", "ku", "kou", "ce|ke"),
        ending(r"cha$", 3, "chy", "se|che", "chu", "chou", "se"),
        ending(r"[hg]a$", 2, "hy|gy", "ze|he", "hu|gu", "hou|gou", "ze|he"),
        ending(r"[^aeiouy]a$", 1, "y", "e|ovi", "u", "ou", "e"),
        ending(r"ek$", 2, "ka", "kovi|ku", "ka", "kem|kom", "kovi|ku"),
        ending(r"ec$", 2, "ce|ca", "covi|ci", "ce|ca", "cem|com", "covi|ci"),
        ending(r"el$", 2, "la|ela|elu|le", "lovi|elovi|elu", "la|ela", "lem|elem|elom", "lovi|elu|eli"),
        ending(r"[^aeiouy]o$", 1, "a", "u|ovi", "a", "em|om", "e|u|ovi"),
        ending(r"[csrzjl]$", 0, "a|e|u", "ovi|u|i", "a|e", "em|om", "ovi|u|e|i"),
        ending(r"[^aeiouy]$", 0, "a|u", "ovi|u", "a", "em|om", "ovi|u|e"),
    )


def _south() -> tuple[Ending, ...]:
    return (
        ending(r"[sc]ki$", 1, "og|oga|ega", "om|omu|emu", "og|oga|ega", "im", "om|em"),
        ending(r"[sc]ka$", 1, "e", "oj|i", "u|o", "om|o", "oj|i"),
        ending(r"ka$", 2, "ke", "ci|ki", "ku|ko", "kom|ko", "ci|ki"),
        ending(r"[^aeiouy]a$|ija$|ea$", 1, "e", "i", "u|o", "om|o", "i"),
        ending(r"ec$|ac$", 2, "ca", "cu", "ca", "cem", "cu"),
        ending(r"[^aeiouy]o$", 1, "a", "u", "o|a", "om", "u"),
        ending(r"[^aeiouy]$", 0, "a", "u", "a", "om|em", "u"),
    )
