"""Adjectives and peoples in Germanic and Romance languages and in Greek; endings are folded.

Notation: `inflection_rules`.
"""

from __future__ import annotations

# ruff: noqa: RUF001 - Greek letters look like Latin ones

_ENGLISH = """
(?<=[hstcx])man: man men woman women
(?<=[sz])|(?<=[cs]h)|(?<=ese)|(?<=ic): _
: _~_,s
"""

_GERMAN = """
-: _~_,e,en,er,es,em
er: er~_,n,s,in,innen
deutsche: deutsche~_,n,r,m
e: e~_,n in innen
ar: ar~_,n,in,innen
i: i~_,s
in: in innen
: _~_,en,in,innen
"""

_DUTCH = """
ees: ees ese ezen
aan: aan~_,s,se anen
ijn: ijn~_,s,se,en
er: er~_,s
ier: ier~_,s
man: man men
e: e~_,n
: _~_,e,en,s,se
"""

_NORDIC = """
sk: sk~_,a,e,t,as
are: are~_,n,ns,na,nas,s
er: er~_,s,e,ne,nes,en,ens,na,nas,ne
(?<=m[ae]n)|(?<=mand)|(?<=mann)|(?<=maend): _
: _~_,en,er,erna,ar,arna,e,erne,s,ens,ene
"""

_FRENCH = """
grec: grec~_,s,que,ques
turc: turc~_,s turqu~e,es
(?<=[oe]n): _~_,s,ne,nes
s: s~_,e,es
e: e~_,s
eu: eu~_,x
: _~_,s,e,es
"""

_SPANISH = """
co: co~_,s ca~_,s
o: o~_,s a~_,s
es: es~_,es,a,as
an: an~_,a,es,as
in: in~_,a,es,as
z: z za zas ces
i: i~_,s,es
(?<=[ae]): _~_,s
: _~_,a,es,as
"""

_ITALIAN = """
co: co ca ci chi che
go: go ga ghi ghe gi
io: io ia i ie
o: o a i e
e: e i
a: a i e
: _
"""

_PORTUGUESE = """
ao: ao a aos oes aes as ana anas
o: o~_,s a~_,s
es: es~_,a,es,as
eu: eu~_,s eia~_,s
ol: ol~_,a,as ois
z: z zes
(?<=[aei]): _~_,s
l: l is
: _~_,es,a,as
"""

_ROMANIAN = """
ean: ean~_,a,e,ul,ului,ca en~i,ii,ilor
an: an~_,a,e,i,ii,ilor,ul,ului,ca en~i,ii,ilor
: _~_,a,e,i,ii,ilor,ul,ului,ei,easca,esc,esti,oaica
"""

_GREEK = """
κοσ: κ~οσ,η,ο,ου,ησ,οι,εσ,α,ων,ουσ
οσ: _~οσ,ο,ου,οι,ων,ουσ,η,ησ,εσ,α,ασ,ιδα,ιδεσ
[αη]σ: _~ασ,ησ,α,η,εσ,ων
: _
"""

WESTERN = {
    "en": _ENGLISH, "de": _GERMAN, "nl": _DUTCH, "sv": _NORDIC, "da": _NORDIC, "no": _NORDIC, "nb": _NORDIC,
    "nn": _NORDIC, "fr": _FRENCH, "es": _SPANISH, "it": _ITALIAN, "pt": _PORTUGUESE, "ro": _ROMANIAN, "el": _GREEK,
}  # fmt: skip
"""The tables by language (BCP 47 primary subtag)."""
