"""How Slavic languages decline the names of places; in the notation of `declension_tables`."""

from __future__ import annotations

# ruff: noqa: RUF001 - Cyrillic and Latin letters look alike

_RUSSIAN = """
а: ы и е у ои ою еи ам ами ах
я: и е ю еи ею
ия: ии ию иеи
ь: я ю ем е и ью
и: я ю ем е
о: а у ом е
е: я ю ем и
_: а у ом е
ы: _ ов ам ами ах
и: _ ев ов еи ам ами ах ям ями ях
ии: ого ому им ом его ему ем
ыи: ого ому ым ом
ои: ого ому ым ом
ая: ои ую ою
яя: еи юю ею
ое: ого ому ым ом
ее: его ему им ем
ые: ых ым ыми
ие: их им ими
ец: ца цу цом цем це
ет: та ту том те
"""

_BELARUSIAN = """
а: ы и е у аи аю
я: и ю яи еи
ія: іі ію іяи
ь: я ю ем і
_: а у ам е
ы: _ ау ам амі ах
аи: ам ага аму ым
ая: аи ую
"""

_UKRAINIAN = """
а: и і у ою ею ам ами ах
ка: ці
га: зі
ха: сі
я: і ю ею єю
ія: іі ію ією
ь: я ю ем і еві
и: я ю єм і єві
о: а у ом і
е: я ю ем і
_: а у ом ем і ові еві
ів: ева єва ова еві єві ові еву єву ову евом євом овом
іи: ея єю еєм
ід: оду оді одом
г: зі
х: сі
іг: огу озі огом ога
іль: оля олю олем олі
ець: ця цю цем ці
ет: та ту том ті
ок: ку ка ком
и: _ ів ам ами ах
і: _ ів іи ам ами ах ям ями ях
ии: ого ому им ім
а: оі іи
е: ого ому им ім
і: их им ими
"""

_POLISH = """
a: y i e a o ie ii ej iej ach ami om
ka: ce
ga: dze
ra: rze
ta: cie
da: dzie
la: le li
cha: sze
sta: scie
zda: zdzie
ja: ji
_: a u i y em iem ie owi
k: ku ka kiem
t: cie
d: dzie
st: scie
r: rze
x: ksie ksu
l: le
ek: ka ku kiem
iec: ca cu cem
ec: ca cu cem
c: cia ciu ciem
n: nia niu niem
z: zia zi ziu
y: _ ow om ami ach ego emu ym
iny: in
chy: szech
cy: iec czech com cami
ry: ier rzech rom rami rach
ki: ek kach kami kom k
i: _ ow om ami ach iego iemu im ego emu
e: _ om ami ach u a em ego emu ym ych ymi ej
ie: ii i iom iami iach ia iu iem iego iej iemu im ich imi
o: a u em ie iem
to: cie
lo: le
no: nie
"""

_CZECH = """
a: y e u ou o i ach ami am
ka: ce
ha: ze
ga: ze
cha: se
ra: re
ea: eje eji eu eou
e: i u ou ich im emi _ iho imu
ie: ii
o: a u em e eho emu
_: a u e i em ovi
ek: ku ka kem cich
ec: ce ci cem
en: na nu nem ne ni
el: lu le lem
y: _ u um ech ach am ami eho emu em ym
ky: ek cich kach kum
aty: atech atu atum
e: ych ym ymi eho emu em
i: iho imu im ich imi u
um: u a em
s: sse
"""

_SLOVAK = """
a: y u e ou i ej ach ami am
ia: ie ii iu iou
o: a u om e eho emu
_: a u e i om ovi
ec: ca ci com
ok: ku ka kom
e: _ iach iam ami ich ych ym ymi eho emu om ej
ice: ic iciach iciam
y: _ ov och om mi ach am ami eho emu ym
echy: iech echach
i: ich im imi eho emu om
"""

_SLOVENE = """
a: e i o ah am ami
ska: skem
_: a u om em ju ja jem
ec: ca cu cem
er: ra ru rom
ar: ra ru rom
en: na nu nom
el: la lu lom
elj: lja lju ljem
o: a u om em ega emu
e: _ ah am ami ih im imi
i: ov ih im om ega emu em imi
ni: en
"""

_SERBIAN_LATIN = """
a: e i u o om oj ama
ka: ci
ga: zi
_: a u om em e
ac: ca cu cem
ar: ra ru rom
o: a u om em og om
e: _ a ama ih im
i: a ih im ima og oga om ome omu
ski: skog skoga skom skome skim
"""

_SERBIAN_CYRILLIC = """
а: е и у о ом ој ама
ка: ци
га: зи
_: а у ом ем е
ац: ца цу цем
о: а у ом ем ог
е: _ а ама их им
и: а их им има ог ога ом оме
"""

_BULGARIAN = """
_: а ът ят
и: ите
о: ото
а: ата
я: ята
ии: ия ият
"""

SLAVIC = {
    "ru": _RUSSIAN, "be": _BELARUSIAN, "uk": _UKRAINIAN, "bg": _BULGARIAN, "mk": _BULGARIAN,
    "sr": _SERBIAN_CYRILLIC + _SERBIAN_LATIN, "hr": _SERBIAN_LATIN, "bs": _SERBIAN_LATIN, "sh": _SERBIAN_LATIN,
    "sl": _SLOVENE, "cs": _CZECH, "sk": _SLOVAK, "pl": _POLISH,
}  # fmt: skip
"""The tables by language (BCP 47 primary subtag; ``sh`` is what Croatian and Serbian have in common)."""
