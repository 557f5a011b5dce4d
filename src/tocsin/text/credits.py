"""Credits of pictures, "Image: picture-alliance/Reuters/J. Moore": they say whose a picture is, not what is told.

A credit is known by its shape, names joined by slashes, and by a label before or among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.text.controls import STOP

# What pictures and their makers, and what sources are called under pictures; no agency is named here.
_PICTURE = (
    "Image|Images|Picture|Pictures|Pic|Photo|Photos|Photograph|Photographs|Photographer|Photography|Credit|"
    "Credits|Still|Screenshot|Bild|Bilder|Bildquelle|Foto|Fotos|Fotograf|Fotografin|Grafik|Symbolbild|Archivbild|"
    "Archivfoto|Beeld|Fotograaf|Kuva|Valokuva|Fotot|Foto's|Photographie|Photographe|Crédit|Crédits|Illustration|"
    "Imagen|Imágenes|Fotografía|Crédito|Créditos|Imagem|Imagens|Fotografia|Immagine|Immagini|Zdjęcie|Zdjęcia|Fot|"
    "Obrázek|Snímek|Fotka|Ilustrační foto|Fotoğraf|Fotoğraflar|Görsel|Kép|Fotó|Imagine|Slika|Фото|Фотография|"
    "Фотографии|Снимка|Фотограф|Иллюстрация|Ілюстрація|Зображення|Слика|Φωτογραφία|Φωτογραφίες|Εικόνα|صورة|"
    "الصورة|الصور|صور|تصوير|عکس|تصویر|عکاس|תמונה|תמונות|צילום|צילומים|फ़ोटो|फोटो|तस्वीर|इमेज|চিত্র|ছবি|图|图片|圖|圖片|"
    "摄影|攝影|配图|图为|图说|写真|画像|撮影|사진|ภาพ|ảnh|hình ảnh|gambar|picha"
)
_SOURCE = (
    "Source|Sources|Quelle|Quellen|Bron|Kilde|Källa|Fuente|Fonte|Źródło|Zdroj|Kaynak|Forrás|Источник|Джерело|"
    "Извор|Πηγή|المصدر|منبع|מקור|स्रोत|图源|来源|來源|提供|출처|자료|Lähde|Sumber|Sursa|Nguồn|ที่มา"
)
PICTURE_LABELS = tuple(_PICTURE.split("|"))
SOURCE_LABELS = tuple(_SOURCE.split("|"))

_LABELS = f"(?i:{_PICTURE}|{_SOURCE})"
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

_MOST_LOOKS = 200
"""A text with slashes in more places is a list of paths or figures, or made to take time."""

_BEFORE, _AFTER, _AGAIN = 80, 160, 60
"""Characters before and after a slash that are looked at, and how far on the next look is worth it."""


def without_credits(text: str) -> str:
    """Return the text, at the same length, with stops where names joined by slashes are marked as a credit."""
    pieces: list[str] = []
    done = 0
    for start, end in credits_in(text):
        pieces += [text[done:start], STOP * (end - start)]
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


def credits_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open range of each credit with a slash, in the order of the text."""
    done = again = looks = 0
    for slash in _SLASH.finditer(text):
        if slash.start() < again:
            continue
        looks += 1
        if looks > _MOST_LOOKS:
            return
        start, end = _around(text, slash.start(), done)
        again = slash.start() + _AGAIN
        credit = _credit(text, start, end)
        if credit:
            yield credit.span()
            done = credit.end()
            again = max(done, slash.end())


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
