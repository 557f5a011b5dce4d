"""Numbers, lists and languages in English words."""

from __future__ import annotations

from collections.abc import Sequence

_PLURALS = {"copy": "copies", "match": "matches", "story": "stories", "watch": "watches"}

_LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ms": "Malay",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "so": "Somali",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def plural(noun: str, number: int) -> str:
    """Give the noun in the form that goes with the number.

    >>> plural("more story", 2)
    'more stories'
    """
    if number == 1:
        return noun
    *before, last = noun.split()
    return " ".join([*before, _PLURALS.get(last, f"{last}s")])


def count(noun: str, number: int) -> str:
    """Give number and noun.

    >>> count("story", 5), count("article", 1200)
    ('5 stories', '1,200 articles')
    """
    return f"{number:,} {plural(noun, number)}"


def listed(items: Sequence[str]) -> str:
    """Join as a sentence does.

    >>> listed(["Mon", "Wed", "Fri"])
    'Mon, Wed and Fri'
    """
    if len(items) < 2:  # noqa: PLR2004 - two is what "and" stands between
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def language_name(code: str | None) -> str:
    """Name a language (BCP 47 primary subtag) in English; a rare one by its code; "" for none."""
    return _LANGUAGES.get(code, code) if code else ""
