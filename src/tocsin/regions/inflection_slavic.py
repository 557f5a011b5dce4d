"""Adjectives and peoples in Slavic languages; endings are folded (й is и, ą is a).

Notation: `inflection_rules`.
"""

from __future__ import annotations

# ruff: noqa: RUF001 - Cyrillic letters look like Latin ones

_RUSSIAN = """
(?<=[кгх])-: ии ая ое ие ого ои ому ую им ом ых их ими ою
-: ыи ая ое ые ого ои ому ую ым ом ых ыми ою
(?<=[аеио])ец: ец иц~а,у,ем,ом,е,ы,ев,ам,ами,ах ик~а,и,е,у,ои,ам,ами,ах
ец: ец ц~а,у,ем,ом,е,ы,ев,ам,ами,ах к~а,и,е,у,ои,ам,ами,ах
(?<=[ая]н)ин: ин~_,а,у,ом,е е _ ам ами ах к~а,и,е,у,ои,ам,ами,ах
ин: ин~_,а,у,ом,е ы _ ам ами ах к~а,и,е,у,ои
(?<=р)ок: ок к~а,у,ом,е,и,ов,ам,ами,ах
(?<=[кгх]): _~_,а,у,ом,е,и,ов,ам,ами,ах
(?<=[шжч]): _~_,а,у,ем,е,и,еи,ам,ами,ах
: _~_,а,у,ом,е,ы,ов,ам,ами,ах
"""

_UKRAINIAN = """
-: ии а е і ого оі ому ім іи у ою их им ими
(?<=[аеиіо])єць: єць иц~я,ю,еві,ем,і,ів,ям,ями,ях ик~а,и,у,ою,ам,ами,ах иці
ець: ець ц~я,ю,еві,ем,і,ів,ям,ями,ях к~а,и,у,ою,ам,ами,ах ці
ин: ин~_,а,у,ові,ом,і и _ ам ами ах к~а,и,у,ою ці
(?<=р)ок: ок к~а,у,ові,ом,и,ів,ам,ами,ах
: _~_,а,у,ові,ом,ем,і,и,ів,ам,ами,ах
"""

_POLISH = """
k-: k~i,a,ie,iego,iej,iemu,im,ich,imi cy
czyk: czyk~_,a,owi,iem,u,ow,om,ami,ach czycy k~a,i,e,om,ami,ach ce
(?<=an)in: in~_,a,owi,em,ie ie _ om ami ach k~a,i,e,om,ami,ach ce
in: in~_,a,owi,em,ie,i,ow,om,ami,ach
(?<=n)iec: iec c~a,owi,em,u,y,ow,om,ami,ach
(?<=tur)ek: ek k~a,owi,iem,u,ow,om,ami,ach cy
k: k~_,a,owi,iem,u,ow,om,ami,ach cy
ka: k~a,i,e,o,om,ami,ach ce ek
ec: ec c~a,owi,em,u,y,ow,om,ami,ach
ier: ier r~a,owi,em,ze,zy,ow,om,ami,ach
er: er~_,a,owi,em,ow,om,ami,ach r~zy,ow,a,om,ami,ach
r: r~_,a,owi,em,ze,zy,ow,om,ami,ach
t: t~_,a,owi,em,ow,om,ami,ach cie ci
d: d~_,a,owi,em,ow,om,ami,ach dzie dzi owie
ch: ch~_,a,owi,em,u,ow,om,ami,ach si
ni: ni~_,a,e,ego,ej,emu,m,ch,mi
g: g~_,a,owi,iem,u,owie,ow,om,ami,ach dzy
[yl]: y~_
: _~_,a,owi,em,ie,u,i,y,e,owie,ow,om,ami,ach
"""

_CZECH = """
k-: k~y,a,e,eho,emu,em,ym,ou,ych,ymi ti
ec: ec c~e,i,ovi,em,u,um,ich k~a,y,u,ou,am ce
ek: ek k~a,u,ovi,em,y,u,um ci cich
ka: k~a,y,u,ou,am,ami,ach ce ek
ch: ch~_,a,u,ovi,em,y,u,um si sich
k: k~_,a,u,ovi,em,y,u,um ci cich
an: an~_,a,u,ovi,em,e,y,um,ech ank~a,y,u,ou ance
: _~_,a,u,ovi,em,e,i,ove,y,um,ech,ich
"""

_SLOVAK = """
k-: k~y,a,e,eho,emu,om,ej,ou,u,ych,ym,ymi,i
ec: ec c~a,ovi,om,i,ov,och,ami k~a,y,u,ou ke
ek: ek k~a,ovi,om,ov,och,mi ci
ka: k~a,y,u,ou,am,ami,ach,e iek
k: k~_,a,ovi,om,ov,och,mi ci
an: an~_,a,ovi,om,ia,i,ov,och,mi ank~a,y,u,ou,e
: _~_,a,ovi,om,i,ia,ov,och,mi,mi
"""

_SLOVENE = """
-: i a o e ega emu em im ih imi
ec: ec c~a,u,em,i,ev,e,ih k~a,e,i,o,ah
ek: ek k~a,u,om,i,ov,e,ih
ka: k~a,e,i,o,ah,am
: _~_,a,u,om,em,i,je,ov,ev,e,ih
"""

_SERBIAN_LATIN = """
-: i a o e og oga om ome omu oj u im ih ima
ac: ac c~a,u,em,i,e,ima k~a,e,i,u,om,ama
in: in~_,a,u,om,e i a e ima k~a,e,i,u,om,ama
k: k~_,a,u,om,e,a ci cima
: _~_,a,u,om,em,i,e,ima,ovi,ova,ove
"""

_SERBIAN_CYRILLIC = """
-: и а о е ог ога ом оме ому ој у им их има иот ата ото ите
ац: ац ц~а,у,ем,и,е,има к~а,е,и,у,ом,ама
ин: ин~_,а,у,ом,е и а е има к~а,е,и,у,ом,ама
к: к~_,а,у,ом,е,а ци цима
: _~_,а,у,ом,ем,и,е,има,ови,ова,ове
"""

_BULGARIAN = """
-: и ия ият а ата о ото ите
(?<=[аеио])ец: ец~_,а,ът иц~и,ите,ито ик~а,ата,и,ите
ец: ец~_,а,ът ц~и,ите к~а,ата,и,ите
ин: ин~_,а,ът и ите к~а,ата,и,ите
к: к~_,а,ът ци ците
ка: к~а,ата,и,ите
я: я~_,та и ите
: _~_,а,ът,и,ите,ят
"""

SLAVIC = {
    "ru": _RUSSIAN, "uk": _UKRAINIAN, "pl": _POLISH, "cs": _CZECH, "sk": _SLOVAK, "sl": _SLOVENE, "hr": _SERBIAN_LATIN,
    "bs": _SERBIAN_LATIN, "sh": _SERBIAN_LATIN, "sr": _SERBIAN_CYRILLIC, "mk": _SERBIAN_CYRILLIC, "bg": _BULGARIAN,
}  # fmt: skip
"""The tables by language (BCP 47 primary subtag)."""
