"""What the names of places become behind prepositions and in the cases of languages that decline them.

A line is ``ending of the citation form: endings in the other cases``; ``_`` is no ending. Everything is folded: ą is a,
й is и, ů is u. Sources: the school grammars of these languages; alternations at the end of a stem (Praha, Praze) are
endings of their own. Read backwards by `declension`.
"""

from __future__ import annotations

from tocsin.regions.declension_slavic import SLAVIC

# ruff: noqa: RUF001 - Greek and Latin letters look alike

_LITHUANIAN = """
a: os oje ai
ija: ijos ijoje ijai
e: es eje ei
as: o ui a u e
is: io iui i iu yje iuje iai
ys: io iui i yje
us: aus ui u uje
ai: u ams us ais uose
os: u oms as omis ose
"""

_LATVIAN = """
a: as ai u am
e: es ei i em
s: a am u
is: ja im i
i: u iem us os
as: u am
us: us u um
"""

_FINNISH = """
a: n an ssa sta aan lla lta lle ksi na ta assa asta alla alta alle aksi ana
_: n a ssa sta lla lta lle ta ksi in issa ista iin illa ilta ille ia
o: on ossa osta oon oa
u: un ussa usta uun ua
e: en essa esta een ea
y: yn yssa ysta yyn ya
oo: oon oossa oosta ooseen oota
aa: aan aassa aasta aahan aata aalla aalle
nki: ngin ngissa ngista nkiin nkia
nti: nnin nnissa nnista ntiin ntia
nta: nnan nnassa nnasta ntaan ntaa
lta: llan llassa llasta ltaan ltaa
rta: rran rrassa rrasta rtaan
kka: kan kassa kasta kkaan kkaa
kki: kin kissa kista kkiin
tti: tin tissa tista ttiin
ppi: pin pissa pista ppiin
pa: van vassa vasta paan
ta: dan dassa dasta taan
ti: din dissa dista tiin
mi: men messa mesta meen mea
llat: ltain ltojen lloissa lloista ltoihin lloille ltoja lloilla lloilta
aat: aiden aissa aista aihin aille aita
"""

_ESTONIAN = """
_: s st sse l lt le ga ks i is ist isse il ile iga a as ast asse aga u us ust usse e es est esse
a: as ast asse aga
i: is ist isse iga
"""

_HUNGARIAN = """
_: ban ben bol rol tol ra re ba be n on en ot et at t nak nek val vel ig hoz hez
"""

_GREEK = """
α: ασ αν
η: ησ ην
οσ: ου ο
ο: ου
ι: ιου
εσ: ων
οι: ων ουσ
"""

_ROMANIAN = """
_: ul ului
a: ei
ia: iei
e: ea ei
"""

_GENITIVE_S = """
_: s
"""

_KOREAN = """
_: 의 에 에서 에게 은 는 이 가 을 를 와 과 도 로 으로 만 까지 부터 서 인 인들 군 산 측 발 행 계 식 당국 정부 대통령 총리
"""

_BENGALI = """
_: ের র ে তে য় কে য়ের
"""

TABLES = {
    **SLAVIC, "lt": _LITHUANIAN, "lv": _LATVIAN, "fi": _FINNISH, "et": _ESTONIAN, "hu": _HUNGARIAN, "el": _GREEK,
    "ro": _ROMANIAN, "de": _GENITIVE_S, "sv": _GENITIVE_S, "da": _GENITIVE_S, "no": _GENITIVE_S, "nb": _GENITIVE_S,
    "nn": _GENITIVE_S, "ko": _KOREAN, "bn": _BENGALI,
}  # fmt: skip
"""The tables by language (BCP 47 primary subtag)."""

SPOKEN_IN = {
    "ru": "RU BY KZ KG", "be": "BY", "uk": "UA", "bg": "BG", "mk": "MK", "sr": "RS ME BA", "hr": "HR BA", "bs": "BA",
    "sh": "HR RS BA ME", "sl": "SI", "cs": "CZ", "sk": "SK", "pl": "PL", "lt": "LT", "lv": "LV", "fi": "FI",
    "et": "EE", "hu": "HU", "el": "GR CY", "ro": "RO MD", "de": "DE AT CH LI", "sv": "SE FI", "da": "DK", "no": "NO",
    "nb": "NO", "nn": "NO", "ko": "KR KP", "bn": "BD IN",
}  # fmt: skip
"""The countries whose small towns too are named in papers of a language (ISO 3166-1, parted by spaces)."""
