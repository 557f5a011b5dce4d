"""The codes of languages that may be asked for: BCP 47 primary subtags."""

from __future__ import annotations

_TWO_LETTERS = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv
    ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - a page of quotes and commas would be read by nobody
)
"""ISO 639-1, with the two that the detector of languages has beside it (bh, sh)."""

_MEANT = {
    # Countries, and codes that were given up.
    "cn": "zh", "cz": "cs", "dk": "da", "gb": "en", "gr": "el", "il": "he", "in": "id", "ir": "fa", "iw": "he",
    "ji": "yi", "jp": "ja", "jw": "jv", "mo": "ro", "pk": "ur", "rs": "sr", "sy": "ar", "ua": "uk", "us": "en",
    "vn": "vi",
    # Three letters where BCP 47 asks for two.
    "ara": "ar", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de", "dut": "nl", "ell": "el",
    "eng": "en", "fas": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "heb": "he",
    "hin": "hi", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "kur": "ku", "nld": "nl",
    "nor": "no", "per": "fa", "pol": "pl", "por": "pt", "pus": "ps", "ron": "ro", "rum": "ro", "rus": "ru",
    "spa": "es", "srp": "sr", "swa": "sw", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur",
    "vie": "vi", "zho": "zh",
}  # fmt: skip


def problem_of(code: str) -> str | None:
    """Return the remedy for two or three letters that are no code of a language; None for one that is.

    Codes of three letters are too many to be known.

    >>> problem_of("jp")
    'did you mean lang:ja?'
    """
    code = code.lower()
    if code in _MEANT:
        return f"did you mean lang:{_MEANT[code]}?"
    if len(code) == len("en") and code not in _TWO_LETTERS:
        return "write a code of ISO 639-1, such as lang:en, lang:de or lang:ar"
    return None
