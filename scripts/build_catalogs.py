"""Bring the catalogs of the readers' languages up to date with the messages that stand in code and templates.

    python scripts/build_catalogs.py

New messages are added without a translation, those that nothing says any more are taken out; what has to be translated
is listed, and the script ends with 1 while there is any. Needs nothing but what Tocsin itself needs.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from tocsin.models.watchlist import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
CATALOGS = ROOT / "src" / "tocsin" / "rendering" / "locales"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "text": None,  # Locale.text
    "counted": (1, 2),  # Locale.counted
    "to_say": None,
    "to_count": (1, 2),
}
SAYING = ("src/tocsin/rendering", "src/tocsin/digests", "src/tocsin/delivery", "web/tocsin_web", "worker/tocsin_worker")
TEMPLATE_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}

# CLDR's forms in CLDR's order; Babel's own rule for Arabic has two of them the other way round.
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}


def main() -> int:
    """Rewrite the catalogs; return 1 if anything in them lacks a translation."""
    wanted, missing = extracted(), 0
    for code in LANGUAGES:
        if code == "en":
            continue
        catalog = brought_up_to_date(code, wanted)
        (CATALOGS / f"{code}.po").write_bytes(written(catalog))
        lacking = [message for message in catalog if message.id and not is_translated(message, catalog.num_plurals)]
        missing += len(lacking)
        print(f"{code}: {len(catalog)} messages, {len(lacking)} without a translation")
        for message in lacking:
            print(f"  {message.id!r}  {', '.join(place for place, _ in message.locations)}")
    return 1 if missing else 0


def extracted() -> Catalog:
    """Collect the messages of code and templates, each with the files that say it."""
    catalog = Catalog()
    for file, message, comments, context in _found():
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def _found() -> Iterator[tuple[str, str | tuple[str, ...], list[str], str | None]]:
    python = [file for folder in SAYING for file in sorted((ROOT / folder).rglob("*.py"))]
    templates = [file for file in sorted((ROOT / "templates").rglob("*")) if file.suffix in {".html", ".txt"}]
    for files, method, options in ((python, "python", None), (templates, "jinja2", TEMPLATE_OPTIONS)):
        for file in files:
            for _, message, comments, context in extract_from_file(
                method, file, keywords=KEYWORDS, comment_tags=("Translators:",), options=options
            ):
                yield file.relative_to(ROOT).as_posix(), message, comments, context


def known(code: str) -> Catalog:
    """Read a catalog as it stands; a new language begins with an empty one."""
    file = CATALOGS / f"{code}.po"
    text = file.read_bytes() if file.is_file() else header(code).encode()
    return read_po(io.BytesIO(text), locale=code)


def brought_up_to_date(code: str, wanted: Catalog) -> Catalog:
    """Give a catalog that has each message that is said, with the translation that is known, and no other."""
    old = known(code)
    new = Catalog(locale=code, header_comment="")
    new.mime_headers = old.mime_headers
    for message in wanted:
        if not message.id:
            continue
        before = old.get(message.id, context=message.context)
        new.add(
            message.id,
            before.string if before else None,
            locations=sorted(set(message.locations)),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return new


def is_translated(message: Message, plurals: int) -> bool:
    """Tell whether a message has all of its forms."""
    if isinstance(message.id, tuple):
        return isinstance(message.string, tuple) and len(message.string) == plurals and all(message.string)
    return bool(message.string)


def header(code: str) -> str:
    """Give the first entry of a catalog, without dates and names, which would change for nothing."""
    lines = ("Content-Type: text/plain; charset=utf-8", f"Language: {code}", f"Plural-Forms: {PLURALS[code]}")
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines), "", ""])


def written(catalog: Catalog) -> bytes:
    """Write a catalog, sorted by message, with the files but not the lines."""
    body = io.BytesIO()
    write_po(body, catalog, width=0, sort_output=True, omit_header=True, include_lineno=False, ignore_obsolete=True)
    return header(str(catalog.locale)).encode() + body.getvalue()


if __name__ == "__main__":
    sys.exit(main())
