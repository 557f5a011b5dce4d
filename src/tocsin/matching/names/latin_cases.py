"""Case endings that Slavic languages of Latin script put on any name: Tuska, Putinem, Zelenského, v Moskvě.

Each table counts in articles of its languages alone: "Putina" is no form of Putin in an English text. Endings are
folded (ě is e, ą is a). Genitive, dative, accusative, instrumental, locative; the order only keeps words in agreement.
"""

from __future__ import annotations

from functools import lru_cache

from tocsin.matching.names.endings import Ending, table

POLISH = frozenset(("pl",))
CZECH = frozenset(("cs", "sk"))
SOUTH = frozenset(("sl", "hr", "bs", "sr"))


_POLISH_ENDINGS = r"""
[scd]z?ki$  1  iego iemu iego im im
[sc]ka$  1  iej iej a a iej
[nltw]y$  1  ego emu ego ym ym
[^aeiouy]ja$  1  i i e a i
cia$  2  ii ii ie ia ii
ia$  2  ii|i ii|i ie ia ii|i
ka$  2  ki ce ke ka ce
ga$  2  gi dze ge ga dze
ra$  2  ry rze re ra rze
ta$  2  ty cie te ta cie
da$  2  dy dzie de da dzie
la$  2  ly|li le|li le la le|li
[bfmnpswz]a$  1  y ie e a ie
ek$  2  ka kowi ka kiem ku
ec$|iec$  2  ca cowi ca cem cu
[kg]$  0  a|u owi a iem u
t$  1  ta|tu towi ta tem cie
d$  1  da|du dowi da dem dzie
r$  1  ra|ru rowi ra rem rze
(?:[cj]|[csrd]z|ch|l|sh)$  0  a|u owi a em u
[bfmnpswvz]$  0  a|u owi a em ie
"""

_CZECH_ENDINGS = r"""
[sc]ky$|[nltv]y$  1  eho emu eho ym em|om
(?:ova|ska|cka)$  1  e|ej e|ej ou|u ou e|ej
ie$  2  ie ii ii ii ii
ia$  2  ie ii iu iou ii
ka$  2  ky ce|ke|kovi ku kou ce|ke
cha$  3  chy se|che chu chou se
[hg]a$  2  hy|gy ze|he hu|gu hou|gou ze|he
[^aeiouy]a$  1  y e|ovi u ou e
ek$  2  ka kovi|ku ka kem|kom kovi|ku
ec$  2  ce|ca covi|ci ce|ca cem|com covi|ci
el$  2  la|ela|elu|le lovi|elovi|elu la|ela lem|elem|elom lovi|elu|eli
[^aeiouy]o$  1  a u|ovi a em|om e|u|ovi
[csrzjl]$  0  a|e|u ovi|u|i a|e em|om ovi|u|e|i
[^aeiouy]$  0  a|u ovi|u a em|om ovi|u|e
"""

_SOUTH_ENDINGS = r"""
[sc]ki$  1  og|oga|ega om|omu|emu og|oga|ega im om|em
[sc]ka$  1  e oj|i u|o om|o oj|i
ka$  2  ke ci|ki ku|ko kom|ko ci|ki
[^aeiouy]a$|ija$|ea$  1  e i u|o om|o i
ec$|ac$  2  ca cu ca cem cu
[^aeiouy]o$  1  a u o|a om u
[^aeiouy]$  0  a u a om|em u
"""


@lru_cache(maxsize=1)
def tables() -> tuple[tuple[frozenset[str], tuple[Ending, ...]], ...]:
    """Return the tables with the languages (BCP 47 primary subtags) that they belong to."""
    return ((POLISH, table(_POLISH_ENDINGS)), (CZECH, table(_CZECH_ENDINGS)), (SOUTH, table(_SOUTH_ENDINGS)))
