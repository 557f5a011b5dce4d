"""Picture credits at the end of a line, and in brackets within one: whose a picture is, below what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tocsin.text.credits import PICTURE_LABELS, credits_in
from tocsin.text.furniture_cues import SENTENCES, is_signature
from tocsin.text.furniture_lines import Line

# ruff: noqa: RUF001 - letters of other scripts
_AGENCIES: Final = (
    "REUTERS|Reuters|AP Photo|AP|AFP|EPA|EPA-EFE|EFE|dpa|DPA|ANSA|LaPresse|TASS|ТАСС|РИА Новости|Sputnik|"
    "Xinhua|新华社|Kyodo|共同|Yonhap|연합뉴스|PTI|ANI|IANS|AAP|NTB|Scanpix|Ritzau|TT|Lehtikuva|APA|Keystone|KEYSTONE|"
    "Lusa|LUSA|Belga|BELGA|ANP|ČTK|CTK|PAP|MTI|Agerpres|УНІАН|Укрінформ|AA|Anadolu|Anadolu Agency|WENN|Getty|"
    "Getty Images|Shutterstock|Alamy|Imago|imago|IMAGO|picture alliance|picture-alliance|PA|PA Wire|Bloomberg|"
    "NurPhoto|ZUMA|ZUMAPRESS.com|SIPA|MAXPPP|Abaca|UPI|Rex|Magnum|iStock|Unsplash|Wikimedia Commons|Flickr"
)
"""Agencies and libraries of pictures, as they sign."""

_SIGNATURE: Final = re.compile(
    rf"(?:(?:^|[\s.!?…”\")\]])(?:{_AGENCIES}) ?/ ?[^\s/][^/:.!?]{{1,40}}(?:/[^/:.!?]{{2,30}})?"
    rf"|[^\s/:][^/:.!?]{{1,30}} ?/ ?(?:{_AGENCIES})"
    rf"|\bvia (?:{_AGENCIES})"
    r"|©[^.!?]{2,60}"
    r"|(?:^|[\s.!?…”\")\]]|(?<=[a-zß-öø-ÿа-яё]))"
    rf"(?:{'|'.join(map(re.escape, PICTURE_LABELS))}) ?[:：] ?[^:.!?]{{2,70}})\Z"
)
_AGENCY: Final = re.compile(rf"(?:{_AGENCIES}) ?/ ?[^/]+(?:/[^/]+)?")
_LONGEST_SIGNATURE: Final = 90


def is_signed(line: Line) -> bool:
    """Whether a line of one sentence ends in a picture's credit: "... on Monday. REUTERS/Ann Smith".

    A credit in brackets after a full stop may stand below a paragraph of the story, and says nothing of the line.
    """
    if line.is_sentence or len(SENTENCES.findall(line.text)) > 1:
        return False
    tail = line.text[-_LONGEST_SIGNATURE:]
    if "/" not in tail and ":" not in tail and "：" not in tail and "©" not in tail and "via " not in tail:
        return False
    return _SIGNATURE.search(tail) is not None


# Two patterns, since each begins with a character of its own, which sre then skips to.
_BRACKETED: Final = (re.compile(r"\(([^()\[\]\n]{3,140})\)"), re.compile(r"\[([^()\[\]\n]{3,140})\]"))


def signatures(text: str) -> Iterator[tuple[int, int]]:
    """Yield the credits that stand within lines: names joined by slashes, and "(Photo: Ann Smith)"."""
    if "/" in text:
        yield from credits_in(text)
    for pattern in _BRACKETED:
        for brackets in pattern.finditer(text):
            if is_signature(brackets[1]) or _AGENCY.fullmatch(brackets[1]):
                yield brackets.span()
