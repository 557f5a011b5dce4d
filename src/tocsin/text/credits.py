"""Credits of pictures, "Image: picture-alliance/Reuters/J. Moore": they say whose a picture is, not what is told.

A credit is known by its shape, names joined by slashes, and by a label before or among them.
"""

from __future__ import annotations

import re

from tocsin.text.controls import STOP

# What "picture", "photograph" and "source" are called under pictures; no agency is named here.
_LABELS = (
    "(?i:Image|Images|Picture|Pictures|Photo|Photos|Photograph|Photographer|Credit|Credits|Source|Still|"
    "Bild|Bilder|Bildquelle|Foto|Fotos|Fotograf|Quelle|Grafik|Beeld|Bron|Kilde|Kuva|"
    "Photographie|Crédit|Crédits|Imagen|Fotografía|Crédito|Créditos|Fuente|Imagem|Immagine|Fonte|"
    "Zdjęcie|Fot|Źródło|Zdroj|Fotoğraf|Kaynak|Kép|Forrás|Фото|Снимка|Источник|Джерело|Извор|Φωτογραφία|Πηγή|"
    "صورة|الصورة|المصدر|تصوير|عکس|منبع|תמונה|צילום|图|图片|圖|圖片|图源|来源|來源|写真|画像|提供|사진|출처|ภาพ)"
)
_WORD = r"(?:[^\W\d_]\.|[\w'’&-]+)"  # noqa: RUF001 - an apostrophe
_NEXT_WORD = r"(?: (?![a-zß-öø-ÿа-яёα-ω])" + _WORD + ")"
_PART = f"{_WORD}{_NEXT_WORD}{{0,3}}"
_JOINED = rf"{_PART}(?: ?/ ?{_PART}){{1,6}}"

_LABELLED = re.compile(
    rf"(?<![\w-])(?:{_LABELS})(?: [^\W\d_]{{1,12}}){{0,2}}\.? ?[:：] ?{_JOINED}"  # noqa: RUF001 - a colon
)
_BY_THEMSELVES = re.compile(rf"(?:(?<=\()|(?<=\[)|^[ \t]*+)(?:© ?)?{_JOINED}(?=[)\]]|[ \t]*$)", re.MULTILINE)
_LABEL_AMONG = re.compile(rf"(?<![^\W\d_])(?:{_LABELS})(?![^\W\d_])")
_SLASH = re.compile(r"/(?:(?<=[\w.]/)|(?<=\w /))(?= ?\w)")

_BEFORE, _AFTER, _AGAIN = 80, 160, 60
"""Characters before and after a slash that are looked at, and how far on the next look is worth it."""


def without_credits(text: str) -> str:
    """Return the text, at the same length, with stops where names joined by slashes are marked as a credit."""
    pieces: list[str] = []
    done = again = 0
    for slash in _SLASH.finditer(text):
        if slash.start() < again:
            continue
        start, end = _around(text, slash.start(), done)
        again = slash.start() + _AGAIN
        credit = _credit(text, start, end)
        if credit:
            pieces += [text[done : credit.start()], STOP * (credit.end() - credit.start())]
            done = credit.end()
            again = max(done, slash.end())
    return "".join((*pieces, text[done:])) if pieces else text


def _around(text: str, slash: int, done: int) -> tuple[int, int]:
    """Return the range of the slash's line that is looked at."""
    start, end = max(done, slash - _BEFORE), min(len(text), slash + _AFTER)
    start = max(start, text.rfind("\n", start, slash) + 1)
    line_end = text.find("\n", slash, end)
    return start, end if line_end < 0 else line_end


def _credit(text: str, start: int, end: int) -> re.Match[str] | None:
    labelled = _LABELLED.search(text, start, end)
    if labelled:
        return labelled
    alone = _BY_THEMSELVES.search(text, start, end)
    return alone if alone and _LABEL_AMONG.search(alone[0]) else None
